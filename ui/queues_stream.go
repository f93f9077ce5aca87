package ui

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"tandem/flow/directory"
)

// settling is how long after a change a queue is looked at once more: it hears
// of a call's end a moment after everybody else does.
const settling = time.Second

// queueStream sends how a queue stands, each time something of it has moved and
// when somebody's rest ends. It asks the queue then and at no other time.
func (p *Panel) queueStream(w http.ResponseWriter, r *http.Request) error {
	q, may, err := p.queueFor(r)
	if err != nil {
		return err
	}
	r, end := p.whileAllowed(r)
	defer end()
	news, leave := p.hub.join()
	defer leave()
	stream, err := openEvents(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	again := time.NewTimer(0)
	defer again.Stop()
	for seen := ""; err == nil; {
		after := time.Duration(0)
		select {
		case <-r.Context().Done():
			return nil
		case <-p.cfg.Done:
			return nil
		case <-beat.C:
			err = stream.beat()
			continue
		case <-again.C:
		case <-news:
			now := p.hub.now().ofQueue(q)
			if now == seen {
				continue
			}
			seen, after = now, settling
		}
		var state queueState
		if state, err = p.queueState(r.Context(), q, may); err != nil {
			p.log.Warn("a queue cannot be followed", "queue", q.ID, "err", err)
			return nil // the viewer asks again
		}
		if err = stream.send("moved", state); err == nil {
			again.Reset(state.next(p.cfg.Now(), after))
			p.rest(r)
		}
	}
	return nil // the viewer has gone
}

// ofQueue is all of a moment that concerns a queue, for comparison: its own
// calls, and those that its members are in.
func (m moment) ofQueue(q directory.Queue) string {
	var b strings.Builder
	fmt.Fprint(&b, m.members)
	for _, at := range m.calls {
		if at.Flow.ID == q.Flow && at.Module == q.Module || q.Holds(at.Account) || slices.ContainsFunc(at.With, q.Holds) {
			fmt.Fprint(&b, " ", at.Call, at.Seq)
		}
	}
	return b.String()
}

// quietly is how long a queue is not looked at where nothing is to happen.
const quietly = time.Hour

// callbackLook is how often a queue is looked at that has promised to call: a
// promise has no call of its own whose moves would tell.
const callbackLook = 5 * time.Second

// next is how long it takes until something happens by itself.
func (s queueState) next(now time.Time, after time.Duration) time.Duration {
	wait := quietly
	if after > 0 {
		wait = after
	}
	if s.Callbacks > 0 {
		wait = min(wait, callbackLook)
	}
	for _, m := range s.Team {
		if m.Until.After(now) {
			wait = min(wait, m.Until.Sub(now)+time.Second/4) // the queue's own clock first
		}
	}
	return wait
}
