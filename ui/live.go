package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// liveRoutes are the calls that run now, and what can be done to one.
func liveRoutes() []route {
	return []route{
		shows("GET /live", seeCalls, (*Panel).livePage),
		shows("GET /live/moves", seeCalls, (*Panel).moves),
		shows("GET /flows/{id}/live", seeFlows, (*Panel).liveFlow),
		reads("GET /api/conferences", seeCalls, "List conferences and who is in them", (*Panel).apiConferences),
		reads("GET /api/live", seeCalls, "List running calls and where they are", (*Panel).apiLive),
		{pattern: "GET /api/live/stream", right: seeCalls, area: api, serve: (*Panel).apiLiveStream,
			doc: doc{summary: "Follow running calls: server-sent events, each with all of them", out: reflect.TypeFor[liveList]()}},
		{pattern: "GET /api/flows/{id}/live", right: seeFlows, area: api, serve: (*Panel).apiFlowLive,
			doc: doc{summary: "Follow the calls in a flow: server-sent events, each with all of them; another tells which version is published and which time routers are held", out: reflect.TypeFor[[]mark]()}},
		acts("POST /api/calls/{id}/hangup", overrideCalls, "Hang up a call", action[none, hungUp]{do: (*Panel).hangup, done: hungUpToast}),
		acts("POST /api/calls/{id}/move", overrideCalls, "Move a call to another module", moveAction),
	}
}

// liveList is the body of /api/live.
type liveList struct {
	Calls []call.Position `json:"calls"`
	Stale bool            `json:"stale,omitempty"` // they cannot be read now: this is what was known last
}

// mark is one running call on the canvas of its flow.
type mark struct {
	Call    call.ID   `json:"call"`
	Caller  string    `json:"caller"`
	Called  string    `json:"called"`
	Module  string    `json:"module"`
	Name    string    `json:"name"` // of the module
	Since   time.Time `json:"since"`
	Started time.Time `json:"started"`
	From    string    `json:"from,omitempty"`  // module it came from
	Exit    string    `json:"exit,omitempty"`  // by this exit of it
	Version int       `json:"version"`         // 0: a draft
	Draft   int       `json:"draft,omitempty"` // its revision: a test call
	Ringing []string  `json:"ringing,omitempty"`
	Talking string    `json:"talking,omitempty"`
}

// inForce is what callers of a flow meet from now on.
type inForce struct {
	Published int               `json:"published"` // version; 0: none
	Held      map[string]string `json:"held"`      // open or closed, by time router that somebody holds
}

// positionWait bounds the look at running calls: no page waits long for it.
const positionWait = 1500 * time.Millisecond

// running is where calls are and what goes on in conferences: what the hub knows
// while somebody watches, and else what the database says.
func (p *Panel) running(ctx context.Context) (moment, error) {
	if m := p.hub.now(); m.known && !m.fault {
		return m, nil
	}
	ctx, end := context.WithTimeout(ctx, positionWait)
	defer end()
	m, err := look(ctx, p.cfg.Live)
	if err != nil {
		return m, fmt.Errorf("reading running calls: %w", err)
	}
	return m, nil
}

// positions is where running calls are.
func (p *Panel) positions(ctx context.Context) ([]call.Position, error) {
	m, err := p.running(ctx)
	return m.calls, err
}

func (p *Panel) apiLive(r *http.Request) (liveList, error) {
	may, err := p.sightOf(r)
	if err != nil {
		return liveList{}, err
	}
	all, err := p.positions(r.Context())
	return liveList{Calls: listedCalls(moment{calls: all}.of(may.position))}, err
}

func (p *Panel) apiLiveStream(w http.ResponseWriter, r *http.Request) error {
	may, err := p.sightOf(r)
	if err != nil {
		return err
	}
	return p.follow(w, r, "state", func(m moment) any {
		return liveList{Calls: listedCalls(m.of(may.position)), Stale: m.fault}
	})
}

// listedCalls prints as [] where no call runs.
func listedCalls(all []call.Position) []call.Position {
	if all == nil {
		return []call.Position{}
	}
	return all
}

func (p *Panel) apiFlowLive(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	may, err := p.sightOf(r)
	switch {
	case err != nil:
		return err
	case !may.flow(id):
		return ErrNotFound
	}
	changed, end := p.news.subscribe(p.cfg.Store.Watch, directory.FamilyFlows)
	defer end()
	return p.followWith(w, r, changed, func(out *events, m moment, afresh bool) error {
		if afresh {
			now, err := p.inForce(r.Context(), id)
			if err == nil {
				err = out.send("flow", now)
			}
			if err != nil {
				return err
			}
		}
		return out.send("state", marksOf(id, m.of(may.position)))
	})
}

// marksOf are the calls in a flow, as its canvas shows them.
func marksOf(id string, all []call.Position) []mark {
	marks := []mark{}
	for _, at := range all {
		if at.Flow.ID == id && at.Module != "" {
			marks = append(marks, mark{Call: at.Call, Caller: party(at.Caller).Number, Called: at.Called, Module: at.Module, Name: shown(at.Name), Since: at.Since,
				Started: at.Started, From: at.From, Exit: at.Exit, Version: at.Flow.Version, Draft: at.Flow.Draft, Ringing: at.Ringing, Talking: at.Talking})
		}
	}
	return marks
}

func (p *Panel) inForce(ctx context.Context, id string) (inForce, error) {
	d, err := p.cfg.Store.Draft(ctx, id)
	if err != nil {
		return inForce{}, fmt.Errorf("reading the draft: %w", err)
	}
	f, err := p.current(ctx, d)
	if err != nil {
		return inForce{}, fmt.Errorf("reading the version in force: %w", err)
	}
	held, err := p.held(ctx, f)
	return inForce{d.Published, held}, err
}

// moves tells pages that it is time to look again: what they show, they ask
// for themselves.
func (p *Panel) moves(w http.ResponseWriter, r *http.Request) error {
	return p.follow(w, r, "moved", func(m moment) any { return m.version })
}

func (p *Panel) livePage(w http.ResponseWriter, r *http.Request) error {
	may, err := p.sightOf(r)
	if err != nil {
		return err
	}
	v := pages.LiveView{Frame: p.frame(r, "Live", "live"), Stream: movesPath, Now: p.cfg.Now()}
	v.Extra = p.extra("watch.css", "watch.js")
	now, err := p.running(r.Context())
	if err != nil {
		p.log.Warn("running calls cannot be read", "err", err)
		v.Fault = liveFault
	}
	seen := now.of(may.position)
	v.Rooms = liveRooms(conferencesOf(seen, now.rooms), v.Now)
	for _, at := range seen {
		v.Calls = append(v.Calls, liveRow(at, v.Now, allowed(overrideCalls, loginOf(r))))
	}
	if len(v.Calls) == 0 {
		first, err := p.firstCall(r.Context())
		if err != nil {
			return err
		}
		v.DialHint = first.Code
	}
	return p.render(w, r, http.StatusOK, pages.Live(v))
}

const movesPath = "/live/moves"

func liveRow(at call.Position, now time.Time, control bool) pages.LiveRow {
	row := pages.LiveRow{Link: callLink(at.Call), Caller: party(at.Caller), Called: shown(at.Called), Flow: flowLabel(at.Flow),
		Where: shown(at.Name), Kind: at.Kind, Doing: doing(at), Since: at.Since, Started: at.Started,
		Here: clock(until(at.Since, time.Time{}, now)), Length: clock(until(at.Started, time.Time{}, now))}
	row.Back, row.Test = at.Direction == callback, at.Direction == test
	switch {
	case at.Module != "":
		row.Canvas = "/flows/" + at.Flow.ID + "/live"
	case row.Back:
		row.Where = "Callback"
	default:
		row.Where = "Direct"
	}
	if kind, ok := flow.Catalog[at.Kind]; ok {
		row.Title = kind.Title
	}
	if control {
		row.HangUp = "/api/calls/" + string(at.Call) + "/hangup"
		if at.Module != "" {
			row.Move = row.Link + "#control"
		}
	}
	return row
}

// doing says who rings or talks, that a caller is in a conference, or of one in
// a queue that it waits.
func doing(at call.Position) string {
	rings := ""
	switch {
	case at.Host:
		return "host of the conference"
	case at.Room != "":
		return "in the conference"
	case at.Talking != "":
		return "talks with " + shown(at.Talking)
	case len(at.Ringing) == 1:
		rings = "rings " + shown(at.Ringing[0])
	case len(at.Ringing) > 1:
		rings = fmt.Sprintf("rings %s and %d more", shown(at.Ringing[0]), len(at.Ringing)-1)
	}
	switch {
	case at.Kind != "queue":
		return rings
	case rings == "":
		return "waits"
	}
	return "waits, " + rings
}

// liveFlow shows the calls in a flow on its canvas.
func (p *Panel) liveFlow(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if !mayFlow(loginOf(r), id) {
		return ErrNotFound
	}
	name, err := p.flowName(r.Context(), id)
	if err != nil {
		return err
	}
	v := pages.CanvasView{Frame: p.frame(r, shown(name)+", live", "live"), Flow: id, Mode: "live", Title: shown(name),
		Back: "/live", BackName: "Live calls", Hint: "Every mark is a call. The table of live calls shows the same."}
	return p.renderCanvas(w, r, v)
}

func (p *Panel) flowName(ctx context.Context, id string) (string, error) {
	all, err := p.cfg.Store.Flows(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the flows: %w", err)
	}
	for _, f := range all {
		if f.ID == id {
			return f.Name, nil
		}
	}
	return "", ErrNotFound
}

// hungUp is the answer to a hang-up.
type hungUp struct {
	Call call.ID `json:"call"`
	Live bool    `json:"live"` // false: it had ended before
}

// hangup ends a call. Asked again, or too late, it does nothing: what was
// wanted is so.
func (p *Panel) hangup(r *http.Request, _ none) (hungUp, error) {
	e, err := p.callFor(r)
	if err != nil || !e.Live {
		return hungUp{Call: e.Call}, err
	}
	err = p.cfg.Live.Hangup(r.Context(), e.Call)
	switch {
	case errors.Is(err, ErrNotFound):
		return hungUp{Call: e.Call}, nil
	case err != nil:
		return hungUp{}, fmt.Errorf("hanging up: %w", err)
	}
	p.audit(r, "hang up", "call "+string(e.Call), whereOf(e), nil)
	return hungUp{Call: e.Call, Live: true}, nil
}

func hungUpToast(r *http.Request, out hungUp) (location, toast string) {
	if !out.Live {
		return cameFrom(r), "The call had ended already."
	}
	return cameFrom(r), "The call is being hung up."
}

// whereOf is what the audit log keeps of a call that somebody interferes with.
func whereOf(e call.LedgerEntry) map[string]string {
	out := map[string]string{"caller": e.Caller.Number, "called": e.Called}
	if n := len(e.Path); n > 0 {
		out["module"] = e.Path[n-1].Module
	}
	return out
}

// moving is the input of a move.
type moving struct {
	Module string `json:"module"` // id
}

var moveAction = action[moving, none]{
	do: func(p *Panel, r *http.Request, in moving) (none, error) {
		e, err := p.callFor(r)
		switch {
		case err != nil:
			return none{}, err
		case !e.Live:
			return none{}, &Refusal{Status: http.StatusConflict, Text: "The call has ended."}
		case in.Module == "":
			return none{}, refuse("module", "Choose a module.")
		}
		if err := p.cfg.Live.Move(r.Context(), e.Call, in.Module, whoOf(r)); err != nil {
			return none{}, fmt.Errorf("moving the call: %w", err)
		}
		p.audit(r, "move call", "call "+string(e.Call), whereOf(e), in)
		return none{}, nil
	},
	done: func(r *http.Request, _ none) (location, toast string) {
		return callLink(call.ID(r.PathValue("id"))), "The call has been moved."
	},
}
