package testline

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/sdp"
	"tandem/sipmedia/sipua"
	"tandem/ui"
)

// Line is one test call. It implements ui.TestLine.
type Line struct {
	store   Store
	phone   *phone.Phone
	call    *phone.Call
	mouth   mouth
	ear     ear
	events  chan ui.TestEvent
	alive   chan struct{} // closed when the node has said anything
	told    map[ui.TestEventKind]bool
	unheard sync.Once
	off     sync.Once
}

const (
	longest     = 30 * time.Minute // of a test call
	hangUpBound = 3 * time.Second  // for BYE and its answer
	ledgerBound = 2 * time.Second  // for the ledger to tell why a call has ended
)

// once is how often each kind of event is told at most, which bounds them all.
var once = []ui.TestEventKind{ui.TestPlaced, ui.TestRinging, ui.TestEarly, ui.TestAnswered, ui.TestEnded}

// open switches a phone on and dials.
func (d *Desk) open(ctx context.Context, t directory.TestCall, node netip.AddrPort) (*Line, error) {
	local, err := localAddr(ctx, node)
	if err != nil {
		return nil, err
	}
	l := &Line{store: d.cfg.Store, ear: newEar(), events: make(chan ui.TestEvent, len(once)), alive: make(chan struct{}), told: map[ui.TestEventKind]bool{}}
	account := call.TestAccount(t.ID)
	l.phone, err = phone.New(phone.Config{Addr: local, Server: node, User: account, Password: Password(d.cfg.Secret, account),
		Codecs: []sdp.Codec{sdp.PCMU}, RTP: d.cfg.RTP, Log: d.cfg.Log,
		Trace: func(m sipua.Message) {
			if m.In {
				l.unheard.Do(func() { close(l.alive) })
			}
		}})
	if err != nil {
		return nil, err
	}
	if l.call, err = l.phone.Dial(dialled(t), identity(t)); err != nil {
		l.switchOff()
		return nil, err
	}
	l.call.Speak(&l.mouth)
	l.call.Listen(l.ear)
	return l, nil
}

// dialled is what of a test call can be dialled. Where it leads says its id, and
// this is for people who read traces.
func dialled(t directory.TestCall) string {
	if m, ok := t.Flow.Module(t.Entry); ok && strings.Trim(m.Called(), "+0123456789") == "" {
		return m.Called()
	}
	return "test"
}

// identity is as whom it calls.
func identity(t directory.TestCall) phone.DialOptions {
	if t.Caller == "" {
		return phone.DialOptions{Privacy: "id"}
	}
	return phone.DialOptions{Identity: t.Caller, Name: t.CallerName}
}

// placed waits until a call of the engine has taken this test, and tells which.
func (l *Line) placed(ctx context.Context, test string) (call.ID, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	var asked sync.WaitGroup
	defer asked.Wait()
	defer cancel()
	type answer struct {
		id  call.ID
		err error
	}
	answers := make(chan answer, 1)
	asked.Go(func() {
		id, err := l.store.AwaitTestCall(ctx, test)
		answers <- answer{id, err}
	})
	mute := time.NewTimer(silence)
	defer mute.Stop()
	for {
		select {
		case a := <-answers:
			if a.err != nil {
				return "", fmt.Errorf("place a test call: %w", a.err)
			}
			return a.id, nil
		case <-l.call.Done():
			return l.refused(ctx, test)
		case <-mute.C:
			select {
			case <-l.alive: // it works on it
			default:
				return "", fmt.Errorf("%w: it does not answer", errElsewhere)
			}
		}
	}
}

// refused is what became of a call that was over before it was known. A flow may
// have refused it, and then it was placed.
func (l *Line) refused(ctx context.Context, test string) (call.ID, error) {
	t, err := l.store.TestCall(ctx, test)
	switch end := l.call.End(); {
	case err != nil:
		return "", err
	case t.Call != "":
		return t.Call, nil
	case end.Status == call.CauseCongestion.Status(), end.Why != sipua.EndRejected:
		return "", fmt.Errorf("%w: status %d", errElsewhere, end.Status)
	default:
		return "", fmt.Errorf("place a test call: the node refuses it with status %d", end.Status)
	}
}

// run tells what becomes of the call until it is over, and ends it with ctx.
func (l *Line) run(ctx context.Context, id call.ID) {
	defer close(l.events)
	defer context.AfterFunc(ctx, l.switchOff)()
	l.tell(ui.TestEvent{Kind: ui.TestPlaced, Call: id})
	for e := range l.call.Events() {
		if kind, ok := kinds[e.Kind]; ok {
			l.tell(ui.TestEvent{Kind: kind})
		}
	}
	l.tell(l.ended(ctx, id))
	l.switchOff()
}

// kinds are the events of a phone that are told on the way.
var kinds = map[phone.EventKind]ui.TestEventKind{
	phone.Ringing: ui.TestRinging, phone.EarlyMedia: ui.TestEarly, phone.Answered: ui.TestAnswered,
}

// tell never blocks: every kind is told once, and there is room for all.
func (l *Line) tell(e ui.TestEvent) {
	if !l.told[e.Kind] {
		l.told[e.Kind] = true
		l.events <- e
	}
}

// ended says why the call is over: as the ledger does, if it tells in time.
func (l *Line) ended(ctx context.Context, id call.ID) ui.TestEvent {
	out := ui.TestEvent{Kind: ui.TestEnded, Cause: call.CauseNormal}
	if end := l.call.End(); end.Why == sipua.EndRejected {
		out.Cause, out.Status = call.CauseOf(end.Status), end.Status
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ledgerBound)
	defer cancel()
	var cause call.Cause
	_ = l.store.WatchPositions(ctx, func() { // it ends with ctx, one way or the other
		if e, err := l.store.Ledger(ctx, id); err == nil && !e.Live {
			cause = e.Cause
			cancel()
		}
	})
	if cause != "" {
		out.Cause = cause
	}
	return out
}

// switchOff hangs up, within a bound. Who comes second waits for it.
func (l *Line) switchOff() {
	l.off.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), hangUpBound)
		defer cancel()
		_ = l.phone.Close(ctx) // who did not answer the BYE notices that no audio comes
	})
}

// Events implements ui.TestLine.
func (l *Line) Events() <-chan ui.TestEvent { return l.events }

// Heard implements ui.TestLine.
func (l *Line) Heard() <-chan []byte { return l.ear.heard }

// Say implements ui.TestLine.
func (l *Line) Say(frame []byte) { l.mouth.say(frame) }

// ErrKey is wrapped where what was pressed is no key of a telephone.
var ErrKey = errors.New("no key")

// Key implements ui.TestLine.
func (l *Line) Key(ctx context.Context, key rune) error {
	if !strings.ContainsRune("0123456789*#", key) {
		return fmt.Errorf("%q: %w", key, ErrKey)
	}
	k, err := dtmf.ParseKey(byte(key))
	if err == nil {
		err = l.call.SendKey(ctx, k)
	}
	if err != nil {
		return fmt.Errorf("press a key: %w", err) // not which: callers key PINs
	}
	return nil
}

// Hangup implements ui.TestLine.
func (l *Line) Hangup() { l.call.Hangup() }
