package ui

import (
	"context"
	"sync"

	"tandem/flow/call"
	"tandem/flow/directory"
)

// fakeExchange is a TestCalls in memory. Each call that is placed comes out of
// lines, for the test to play the engine.
type fakeExchange struct {
	lines chan *fakeLine
	away  error // Dial answers it
	slow  bool  // Dial waits until it is given up
}

func newExchange() *fakeExchange { return &fakeExchange{lines: make(chan *fakeLine, 8)} }

// Dial implements TestCalls.
func (x *fakeExchange) Dial(ctx context.Context, t directory.TestCall) (TestLine, error) {
	if x.slow {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}
	if x.away != nil {
		return nil, x.away
	}
	l := &fakeLine{call: t, ctx: ctx, events: make(chan TestEvent, 16), heard: make(chan []byte, 16), said: make(chan []byte, 4096), keys: make(chan rune, 16)}
	x.lines <- l
	return l, nil
}

// fakeLine is a TestLine in memory.
type fakeLine struct {
	call   directory.TestCall
	ctx    context.Context
	events chan TestEvent
	heard  chan []byte
	said   chan []byte
	keys   chan rune
	hung   sync.Once
}

func (l *fakeLine) Events() <-chan TestEvent { return l.events }
func (l *fakeLine) Heard() <-chan []byte     { return l.heard }

// Say implements TestLine: what the test does not take is dropped.
func (l *fakeLine) Say(frame []byte) {
	select {
	case l.said <- frame:
	default:
	}
}

func (l *fakeLine) Key(_ context.Context, key rune) error {
	l.keys <- key
	return nil
}

func (l *fakeLine) Hangup() { l.end(TestEvent{Kind: TestEnded, Cause: call.CauseCallerHangup}) }

// end ends the call once, from either side.
func (l *fakeLine) end(e TestEvent) {
	l.hung.Do(func() {
		l.events <- e
		close(l.events)
	})
}
