package ui

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"tandem/flow/call"
)

// hub knows where running calls are, and what nodes tell of their conferences,
// for as long as somebody watches, and wakes those who do. It hands out whole states, never changes: whoever is slow or
// was away gets the newest, and nothing is queued.
//
// # Why it is told and does not ask
//
// Temporal knows where a call is, and would tell for a query: a workflow task
// for each call and look, some milliseconds of server and worker. With 200
// calls and four looks a second that is a machine. So workers write down each
// step in passing (workflows.Observer) into one small table that says when it
// has changed, and the hub reads that table whole, four times a second at the
// most, for all viewers together. What costs is a call that moves, not one that
// waits, and nothing runs here while nobody looks. Measured on two cores: with
// 200 calls up and three viewers the web process takes 0.15 % of a core and the
// database what it takes without any.
//
// A broker beside the database would spare that read; it would be one more
// thing that can be down. We would think again at thousands of steps a second.
type hub struct {
	calls watched
	log   *slog.Logger

	mu      sync.Mutex
	viewers map[chan struct{}]bool
	members int // counts changes of members of queues
	state   moment
	stop    context.CancelFunc // of the run that watches; nil: nobody watches
	stopped chan struct{}
}

// watched is what the hub listens to.
type watched interface {
	LiveCalls
	LiveQueues
}

// moment is what the hub knew at one time. Nobody changes it.
type moment struct {
	version int             // counts what the hub has read
	calls   []call.Position // newest call first
	rooms   []call.Room     // conferences, as their nodes tell
	members int             // counts changes of members of queues
	fault   bool            // they cannot be read now: calls is what was known last
	known   bool            // something has been read
}

const (
	updateEvery = 250 * time.Millisecond // the shortest time between two updates
	readWait    = 2 * time.Second
	retryEvery  = time.Second
)

func newHub(calls watched, log *slog.Logger) *hub {
	return &hub{calls: calls, log: log, viewers: map[chan struct{}]bool{}}
}

// join makes the caller a viewer. news holds at most one token: there is
// something newer than what was looked at last. Whoever joined must leave.
func (h *hub) join() (news <-chan struct{}, leave func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v := make(chan struct{}, 1)
	h.viewers[v] = true
	if h.stop == nil {
		h.wake()
	}
	if h.state.known {
		v <- struct{}{}
	}
	return v, sync.OnceFunc(func() { h.leave(v) })
}

// wake begins to watch. What was known from an earlier watch is stale.
func (h *hub) wake() {
	ctx, stop := context.WithCancel(context.Background())
	h.stop, h.stopped, h.state = stop, make(chan struct{}), moment{version: h.state.version}
	stopped := h.stopped
	go func() {
		defer close(stopped)
		h.run(ctx)
	}()
}

// leave forgets a viewer; the last one waits until nothing watches any more.
func (h *hub) leave(v chan struct{}) {
	h.mu.Lock()
	delete(h.viewers, v)
	var stop context.CancelFunc
	stopped := h.stopped
	if len(h.viewers) == 0 {
		stop, h.stop = h.stop, nil
	}
	h.mu.Unlock()
	if stop != nil {
		stop()
		<-stopped
	}
}

// now is what is known at this moment.
func (h *hub) now() moment {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

// run reads where calls are each time something has moved, until ctx ends.
func (h *hub) run(ctx context.Context) {
	moved := make(chan struct{}, 1)
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() {
		err := h.calls.WatchPositions(ctx, func() { poke(moved) })
		if ctx.Err() == nil {
			h.log.Error("no longer hearing of calls", "err", err)
		}
	})
	watching.Go(func() {
		err := h.calls.WatchMembers(ctx, func() { h.count(); poke(moved) })
		if ctx.Err() == nil {
			h.log.Error("no longer hearing of members of queues", "err", err)
		}
	})
	for {
		select {
		case <-ctx.Done():
			return
		case <-moved:
		}
		pause := updateEvery
		if !h.read(ctx) {
			pause = retryEvery
			poke(moved)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// count notes that members of queues have changed.
func (h *hub) count() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.members++
}

// read takes the newest positions and rooms and wakes all viewers.
func (h *hub) read(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, readWait)
	defer cancel()
	next, err := look(ctx, h.calls)
	if err != nil && ctx.Err() == nil {
		h.log.Warn("running calls cannot be read", "err", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	next.version, next.members, next.fault, next.known = h.state.version+1, h.members, err != nil, true
	if err != nil {
		next.calls, next.rooms = h.state.calls, h.state.rooms
	}
	h.state = next
	for v := range h.viewers {
		poke(v)
	}
	return err == nil
}

// look asks where calls are and what goes on in conferences.
func look(ctx context.Context, live LiveCalls) (m moment, err error) {
	if m.calls, err = live.Positions(ctx); err != nil {
		return m, err
	}
	m.rooms, err = live.Rooms(ctx)
	return m, err
}

// poke leaves one token; one that is there already says as much.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// of narrows a moment to what a viewer may see.
func (m moment) of(may func(call.Position) bool) []call.Position {
	return slices.DeleteFunc(slices.Clone(m.calls), func(p call.Position) bool { return !may(p) })
}
