package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	heartbeat  = 15 * time.Second // keeps proxies from closing a quiet stream
	eventWrite = 10 * time.Second // a viewer that takes longer has gone
)

// events is one open stream of server-sent events (HTML Living Standard, 9.2).
type events struct {
	w    http.ResponseWriter
	ctl  *http.ResponseController
	last map[string][]byte // data of the last event of each name
}

// openEvents begins the stream. The viewer tries again after 2 s when it breaks.
func openEvents(w http.ResponseWriter) (*events, error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx would keep events to itself
	e := &events{w: w, ctl: http.NewResponseController(w), last: map[string][]byte{}}
	w.WriteHeader(http.StatusOK)
	return e, e.write([]byte("retry: 2000\n\n"))
}

// send sends a value as one event, unless it is what was sent last by that name.
func (e *events) send(name string, v any) error {
	data, err := json.Marshal(v) // one line
	if err != nil {
		return fmt.Errorf("writing an event: %w", err)
	}
	if bytes.Equal(data, e.last[name]) {
		return nil
	}
	e.last[name] = data
	return e.write(fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, data))
}

// beat says that the stream is still there.
func (e *events) beat() error { return e.write([]byte(": still here\n\n")) }

func (e *events) write(b []byte) error {
	_ = e.ctl.SetWriteDeadline(time.Now().Add(eventWrite)) // a writer without deadlines is a test's
	if _, err := e.w.Write(b); err != nil {
		return err
	}
	return e.ctl.Flush()
}

// follow sends a view of each newer moment of the hub as an event, at most one
// each updateEvery, until the viewer goes or the panel closes.
func (p *Panel) follow(w http.ResponseWriter, r *http.Request, name string, view func(moment) any) error {
	return p.followWith(w, r, nil, func(out *events, m moment, _ bool) error { return out.send(name, view(m)) })
}

// followWith is follow for a viewer that shows more than calls: afresh says that
// something else may have changed, as it does at first, when changed says so, and
// now and then, since time alone changes some things.
func (p *Panel) followWith(w http.ResponseWriter, r *http.Request, changed <-chan struct{}, show func(out *events, m moment, afresh bool) error) error {
	r, end := p.whileAllowed(r)
	defer end()
	news, leave := p.hub.join()
	defer leave()
	stream, err := openEvents(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	afresh := true
	for err == nil {
		select {
		case <-r.Context().Done():
			return nil
		case <-p.cfg.Done:
			return nil
		case <-beat.C:
			if err = stream.beat(); err == nil && changed != nil {
				err = show(stream, p.hub.now(), true)
			}
		case <-changed:
			afresh = true
			if !p.hub.now().known {
				continue // the first moment of the hub is about to come
			}
			err = show(stream, p.hub.now(), true)
			p.rest(r)
		case <-news:
			err = show(stream, p.hub.now(), afresh)
			afresh = false
			p.rest(r)
		}
	}
	return nil // the viewer has gone
}

// rest waits until another update may be sent.
func (p *Panel) rest(r *http.Request) {
	pause := time.NewTimer(updateEvery)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-r.Context().Done():
	case <-p.cfg.Done:
	}
}

// whileAllowed gives a request that ends when whoever asks may not ask any
// more: a stream would else outlive the session, the role or the token that
// opened it. The caller must say when it has ended by itself.
func (p *Panel) whileAllowed(r *http.Request) (*http.Request, func()) {
	ctx, cancel := context.WithCancel(r.Context())
	watched := r.WithContext(ctx)
	var looking sync.WaitGroup
	looking.Go(func() {
		look := time.NewTicker(p.cfg.recheck)
		defer look.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
				if !p.stillAllowed(watched) {
					cancel()
				}
			}
		}
	})
	return watched, func() { cancel(); looking.Wait() }
}

// stillAllowed asks again who a request comes from, and what they may. A fault
// takes nothing away: the stream may be all that still works.
func (p *Panel) stillAllowed(r *http.Request) bool {
	was := callerOf(r)
	now, err := p.identity(r, was.where)
	if err != nil {
		return true
	}
	return now != nil && allowed(was.need, &now.login) && now.login.Role == was.login.Role && now.login.User == was.login.User &&
		slices.Equal(now.login.Flows, was.login.Flows)
}
