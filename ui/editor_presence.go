package ui

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"net/http"
	"time"

	"tandem/flow/directory"
)

// presence is one open editor: it says that it is there, and hears who else is,
// who saved, and which time routers are held.
type presence struct {
	p       *Panel
	flow    string
	session string
	email   string
	out     *events
	at      int               // revision last told of
	held    map[string]string // time routers last told of
}

// beatEvery is how often an open editor says that it is there.
const beatEvery = 5 * time.Second

// presenceBody is who edits a flow.
type presenceBody struct {
	Editors []directory.Editor `json:"editors"`
}

// savedBody tells that a draft was saved.
type savedBody struct {
	Revision int    `json:"revision"`
	By       string `json:"by"`
}

// heldBody tells which time routers somebody holds open or closed, by module.
type heldBody struct {
	Held map[string]string `json:"held"`
}

// apiPresence is the stream of an open editor; the stream itself is the
// presence, and ends with it.
func (p *Panel) apiPresence(w http.ResponseWriter, r *http.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	r, end := p.whileAllowed(r)
	defer end()
	out, err := openEvents(w)
	if err != nil {
		return err
	}
	e := &presence{p: p, flow: id, session: rand.Text(), email: loginOf(r).Email, out: out, at: d.Revision}
	if err := e.follow(r.Context()); err != nil && r.Context().Err() == nil {
		p.log.Warn("presence of an editor ended", "flow", id, "err", err)
	}
	return nil // the head is sent: there is no other answer any more
}

// follow beats and tells until the editor is closed or the panel stops.
func (e *presence) follow(ctx context.Context) error {
	news, end := e.p.news.subscribe(e.p.cfg.Store.Watch, directory.FamilyPresence, directory.FamilyFlows)
	defer end()
	defer e.leave(ctx)
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		if err := e.tell(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-e.p.cfg.Done:
			return nil
		case <-news:
		case <-beat.C:
		}
	}
}

func (e *presence) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := e.p.cfg.Store.Left(ctx, e.flow, e.session); err != nil {
		e.p.log.Warn("an editor could not be signed off", "flow", e.flow, "err", err)
	}
}

// tell says what has changed since it last did.
func (e *presence) tell(ctx context.Context) error {
	if err := e.p.cfg.Store.Editing(ctx, e.flow, e.session, e.email); err != nil {
		return err
	}
	editors, err := e.p.cfg.Store.Editors(ctx, e.flow)
	if err != nil {
		return err
	}
	if err := e.out.send("presence", presenceBody{listed(editors)}); err != nil {
		return err
	}
	return e.tellDraft(ctx)
}

func (e *presence) tellDraft(ctx context.Context) error {
	d, err := e.p.cfg.Store.Draft(ctx, e.flow)
	if errors.Is(err, directory.ErrNotFound) {
		return errors.New("the flow was removed")
	}
	if err != nil {
		return err
	}
	if d.Revision != e.at {
		e.at = d.Revision
		if err := e.out.send("draft", savedBody{d.Revision, d.UpdatedBy}); err != nil {
			return err
		}
	}
	held, err := e.p.held(ctx, d.Flow)
	if err != nil || e.held != nil && maps.Equal(held, e.held) {
		return err
	}
	e.held = held
	return e.out.send("held", heldBody{held})
}
