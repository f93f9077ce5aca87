package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	"tandem/flow/call"
)

// trail tells where the engine leads a test call, as soon as the hub knows, and
// when the call is over once more what became of it as a whole.
func (s *testSocket) trail(ctx context.Context, id call.ID, over <-chan struct{}) error {
	news, leave := s.p.hub.join()
	defer leave()
	told := -1 // step that was told last
	var again <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-over:
			return s.tale(ctx, id)
		case <-news:
		case <-again:
		}
		again = nil
		at, there := whereIs(s.p.hub.now(), id)
		if !there || at.Seq == told {
			continue
		}
		e, err := s.p.ledger(ctx, id)
		if err != nil { // its workflow is busy: it is asked again
			again = time.After(retryEvery)
			continue
		}
		told = at.Seq
		if err := s.tell(testTold{TestEvent: TestEvent{Kind: testWalked}, Path: e.Path, Ringing: at.Ringing, Talking: at.Talking}); err != nil {
			return err
		}
	}
}

// whereIs finds one call among all that run.
func whereIs(m moment, id call.ID) (call.Position, bool) {
	i := slices.IndexFunc(m.calls, func(at call.Position) bool { return at.Call == id })
	if i < 0 {
		return call.Position{}, false
	}
	return m.calls[i], true
}

// tale waits for the engine to write the call down, and tells it.
func (s *testSocket) tale(ctx context.Context, id call.ID) error {
	ctx, cancel := context.WithTimeout(ctx, testTaleWait)
	defer cancel()
	again := time.NewTicker(updateEvery)
	defer again.Stop()
	for {
		if e, err := s.p.ledger(ctx, id); err == nil && !e.Live {
			return s.tell(testTold{TestEvent: TestEvent{Kind: testOver, Call: id}, Path: e.Path, Text: strings.Join(story(e, s.p.cfg.Now()), " ")})
		}
		select {
		case <-ctx.Done():
			return nil // the page of the call will have it
		case <-again.C:
		}
	}
}
