package sipmedia_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/siptest"
	"tandem/sipmedia/sipua"
)

// The tones of a test: each party sends its own, each prompt is one.
const (
	callerTone  = 500.0
	calleeTone  = 900.0
	otherTone   = 1300.0
	promptTone  = 1700.0
	musicTone   = 2100.0
	laterTone   = 2500.0
	confirmTone = 2300.0
	whisperTone = 2700.0
	euRingback  = 425.0
)

// world is a switch on loopback with a test in place of the workflow.
type world struct {
	*sipmedia.Switch
	engine   *rtpio.Engine // of the phones
	arrivals chan call.Incoming
	events   chan call.Event
	ops      atomic.Int64

	mu     sync.Mutex
	ladder []call.SIPMessage
	calls  []call.ID // that have no workflow to end them
}

// people are the accounts; the password is the username.
var people = []string{"100", "101", "102"}

type directory struct{}

func (directory) Account(username string) (sipua.Account, bool) {
	for _, p := range people {
		if p == username {
			return sipua.Account{ID: "cm-" + p, Username: p, Password: p, InternalNumber: p, DisplayName: "Phone " + p}, true
		}
	}
	return sipua.Account{}, false
}

func (directory) Trunk(source netip.Addr) (sipua.Trunk, bool) {
	return sipua.Trunk{ID: "trunk", Name: "Trunk", NoEarlyMedia: source == deafTrunkAddr}, source == trunkAddr || source == deafTrunkAddr
}

var (
	trunkAddr     = netip.MustParseAddr("127.0.0.2")
	deafTrunkAddr = netip.MustParseAddr("127.0.0.3") // of a trunk without early media
)

// sounds are tones by name, and lists of them.
type sounds struct{}

func (sounds) List(_ context.Context, id string) (sipmedia.Playlist, error) {
	list, ok := map[string]sipmedia.Playlist{
		"news":  {Files: []string{"short", "lost", "whisper"}},
		"songs": {Files: []string{"short", "whisper"}, Loop: true},
		"empty": {},
		"ruins": {Files: []string{"lost", "gone"}},
	}[id]
	if !ok {
		list.Files = []string{id}
	}
	return list, nil
}

func (sounds) Clip(_ context.Context, id string) (*audio.Clip, error) {
	clip, ok := map[string]audio.Clip{
		"prompt":          audio.Tone(8000, 30*time.Second, -10, promptTone),
		"short":           audio.Tone(8000, 200*time.Millisecond, -10, promptTone),
		"music":           audio.Tone(8000, time.Second, -10, musicTone),
		"parade":          parade(),
		"whisper":         audio.Tone(8000, 400*time.Millisecond, -10, whisperTone),
		call.AudioHold:    audio.Tone(8000, time.Second, -10, musicTone),
		call.AudioConfirm: audio.Tone(8000, 10*time.Second, -10, confirmTone),
	}[id]
	if !ok {
		return nil, os.ErrNotExist
	}
	return &clip, nil
}

// parade is music that changes for good after a moment.
func parade() audio.Clip {
	clip := audio.Tone(8000, 600*time.Millisecond, -10, musicTone)
	clip.Samples = append(clip.Samples, audio.Tone(8000, time.Minute, -10, laterTone).Samples...)
	return clip
}

// newWorld starts a switch; change may be nil.
func newWorld(t testing.TB, change func(*sipmedia.Config)) *world {
	t.Helper()
	w := &world{arrivals: make(chan call.Incoming, 256), events: make(chan call.Event, 256)}
	quiet := slog.New(slog.DiscardHandler)
	if testing.Verbose() {
		quiet = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	at := netip.AddrPortFrom(siptest.Loopback, 0)
	cfg := sipmedia.Config{
		Node: "n1", Log: quiet, Sounds: sounds{},
		SIP: sipua.Config{Node: "n1", Directory: directory{}, Log: quiet, Listen: []sipua.Listen{{Network: "udp", Addr: at}, {Network: "tcp", Addr: at}}},
		RTP: rtpio.Config{Addr: siptest.Loopback, MinPort: 20000, MaxPort: 29999, Log: quiet, Quarantine: 10 * time.Second},
		Feed: sipmedia.Feed{
			Incoming: func(_ context.Context, in call.Incoming) error { w.owes(in.Call); w.arrivals <- in; return nil },
			Event:    func(e call.Event, _ call.ID) { w.events <- e },
			Messages: func(m []call.SIPMessage) { w.mu.Lock(); defer w.mu.Unlock(); w.ladder = append(w.ladder, m...) },
		},
		Waits: sipmedia.Waits{Close: siptest.Patience}, // for machines that are busy with other things
	}
	if change != nil {
		change(&cfg)
	}
	s, err := sipmedia.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.Switch = s
	t.Cleanup(func() {
		w.endCalls()
		over, cancel := context.WithCancel(context.Background())
		cancel()
		if err := s.Close(over); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	w.engine = siptest.Engine(t)
	return w
}

// withoutWorkflows closes the switch before anybody could end its calls: no use
// to wait long for that.
func withoutWorkflows(c *sipmedia.Config) { c.Waits.Close = time.Second }

// owes notes a call that is to be ended with the test.
func (w *world) owes(id call.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, id)
}

// endCalls asks for the end of all calls, as their workflows would: a switch that
// closes waits for it.
func (w *world) endCalls() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, id := range w.calls {
		in := call.End{Call: id, Cause: call.CauseNormal}
		w.End(call.OpID(fmt.Sprintf("end/%d", i)), in, func(call.Ended, error) {}) // one that is over already refuses
	}
}

func (w *world) server() netip.AddrPort { return w.Addrs()[0].Addr }

// phone is the phone of an account, not registered.
func (w *world) phone(t testing.TB, user string, change func(*phone.Config)) *siptest.Phone {
	t.Helper()
	cfg := phone.Config{Server: w.server(), User: user, Password: user, Engine: w.engine}
	if change != nil {
		change(&cfg)
	}
	t.Cleanup(func() {
		if t.Failed() {
		}
	})
	return siptest.NewPhone(t, cfg)
}

// registered is the phone of an account that can be rung.
func (w *world) registered(t testing.TB, user string) *siptest.Phone {
	t.Helper()
	return w.phone(t, user, nil).Register(t)
}

// arrived waits for a call to reach the switch.
func (w *world) arrived(t testing.TB) call.Incoming {
	t.Helper()
	select {
	case in := <-w.arrivals:
		return in
	case <-time.After(siptest.Patience):
		t.Fatal("no call arrives")
		return call.Incoming{}
	}
}

// event waits for news that nobody asked for.
func (w *world) event(t testing.TB) call.Event {
	t.Helper()
	select {
	case e := <-w.events:
		return e
	case <-time.After(siptest.Patience):
		t.Fatal("no event")
		return call.Event{}
	}
}

func (w *world) noEvent(t testing.TB) {
	t.Helper()
	select {
	case e := <-w.events:
		t.Fatalf("unexpected event %+v", e)
	default:
	}
}

// asked is an operation that was asked for.
type asked[Out any] struct{ results chan answer[Out] }

type answer[Out any] struct {
	out Out
	err error
}

// ask asks for an operation under a new id.
func ask[In, Out any](t testing.TB, w *world, op func(call.OpID, In, func(Out, error)) error, in In) asked[Out] {
	t.Helper()
	return askAs(t, call.OpID(fmt.Sprintf("call-x/%d", w.ops.Add(1))), op, in)
}

func askAs[In, Out any](t testing.TB, id call.OpID, op func(call.OpID, In, func(Out, error)) error, in In) asked[Out] {
	t.Helper()
	a := asked[Out]{make(chan answer[Out], 4)}
	if err := op(id, in, func(out Out, err error) { a.results <- answer[Out]{out, err} }); err != nil {
		t.Fatal(err)
	}
	return a
}

// result waits for the operation to end well.
func (a asked[Out]) result(t testing.TB) Out {
	t.Helper()
	r := a.answer(t)
	if r.err != nil {
		t.Fatal(r.err)
	}
	return r.out
}

func (a asked[Out]) answer(t testing.TB) answer[Out] {
	t.Helper()
	select {
	case r := <-a.results:
		return r
	case <-time.After(siptest.Patience):
		t.Fatal("the operation does not end")
		return answer[Out]{}
	}
}

// running fails if the operation has ended.
func (a asked[Out]) running(t testing.TB) {
	t.Helper()
	select {
	case r := <-a.results:
		t.Fatalf("ended already: %+v", r)
	default:
	}
}

// target is the contact method of an account.
func target(user string) call.Target {
	return call.Target{ContactMethod: "cm-" + user, Name: "Phone " + user, Account: "cm-" + user}
}

func bar(user string, start, length int) call.Bar {
	return call.Bar{Target: target(user), Start: call.Seconds(start), Length: call.Seconds(length)}
}

func menuOf(leg call.LegID) call.Gather {
	return call.Gather{
		Leg: leg, Prompt: "prompt", Entries: []call.Digits{"1", "2"}, Playbacks: 3,
		Timeout: call.Seconds(5), InterDigit: call.Seconds(2), BargeIn: true,
	}
}

// ended asks for the end of a call and returns the account of its legs.
func (w *world) ended(t testing.TB, id call.ID, cause call.Cause) []call.Leg {
	t.Helper()
	return ask(t, w, w.End, call.End{Call: id, Cause: cause}).result(t).Legs
}

// talking is a call of 100 to 101, answered and joined, each saying its tone.
type talking struct {
	id             call.ID
	caller, callee *siptest.Call
	a, b           call.LegID
}

func (w *world) talk(t testing.TB, caller, callee *siptest.Phone) talking {
	t.Helper()
	c := talking{caller: caller.Dial(t, "101").Says(callerTone)}
	in := w.arrived(t)
	ring := ask(t, w, w.Ring, call.Ring{Leg: in.Leg, From: call.Party{Number: "100"}, Bars: []call.Bar{bar("101", 0, 20)}})
	c.callee = callee.Called(t).Says(calleeTone).Rings(t)
	c.caller.Await(t, phone.Ringing)
	c.callee.Answers(t)
	c.caller.Await(t, phone.Answered)
	rang := ring.result(t)
	if rang.Outcome != call.OutcomeAnswered {
		t.Fatalf("ring ended %+v", rang)
	}
	c.id, c.a, c.b = in.Call, in.Leg, rang.Leg
	return c
}

func (c talking) hearEachOther(t testing.TB) {
	t.Helper()
	c.caller.Hears(t, calleeTone, callerTone, otherTone, promptTone, musicTone)
	c.callee.Hears(t, callerTone, calleeTone, otherTone, promptTone, musicTone)
}

// legCause finds the cause of a leg in the account of a call.
func legCause(t testing.TB, legs []call.Leg, id call.LegID) call.Cause {
	t.Helper()
	for _, l := range legs {
		if l.ID == id {
			return l.Cause
		}
	}
	t.Fatalf("no leg %s in %+v", id, legs)
	return ""
}
