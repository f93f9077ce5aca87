package testline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/siptest"
	"tandem/ui"
)

// house is a database that knows nodes, test calls and how calls have ended.
type house struct {
	mu    sync.Mutex
	nodes []directory.Process
	saved []directory.TestCall
	taken map[string]call.ID
	cause call.Cause // of every call; empty: the ledger does not tell
	news  chan struct{}
}

func (h *house) SaveTestCall(_ context.Context, t directory.TestCall) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.saved = append(h.saved, t)
	return nil
}

func (h *house) TestCall(_ context.Context, id string) (directory.TestCall, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return directory.TestCall{ID: id, Call: h.taken[id]}, nil
}

func (h *house) AwaitTestCall(ctx context.Context, id string) (call.ID, error) {
	for {
		if t, _ := h.TestCall(ctx, id); t.Call != "" {
			return t.Call, nil
		}
		select {
		case <-h.news:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func (h *house) Roles(context.Context) ([]directory.Process, error) { return h.nodes, nil }

func (h *house) Ledger(_ context.Context, id call.ID) (call.LedgerEntry, error) {
	return call.LedgerEntry{Call: id, Live: h.cause == "", Cause: h.cause}, nil
}

func (h *house) WatchPositions(ctx context.Context, seen func()) error {
	seen()
	<-ctx.Done()
	return ctx.Err()
}

// takes lets a call take the newest test call, as the route of a node's call does.
func (h *house) takes(id call.ID) {
	h.mu.Lock()
	h.taken[h.saved[len(h.saved)-1].ID] = id
	h.mu.Unlock()
	h.news <- struct{}{}
}

func (h *house) asked() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.saved)
}

// node is a phone in the place of a node: it takes what is dialled.
func (h *house) node(t *testing.T) *siptest.Phone {
	t.Helper()
	p := siptest.NewPhone(t, phone.Config{User: "node"})
	h.ready(p.Addr())
	return p
}

func (h *house) ready(at netip.AddrPort) {
	h.nodes = append(h.nodes, directory.Process{Role: "node", Addr: at.String(), Ready: true})
}

func newHouse() *house {
	return &house{taken: map[string]call.ID{}, news: make(chan struct{}, 8), cause: call.CauseCalleeHangup}
}

func (h *house) desk(t *testing.T) *Desk {
	t.Helper()
	d := Open(t.Context(), Config{Store: h, Secret: []byte("secret"), RTP: rtpio.Config{MinPort: 51_000, MaxPort: 51_999}, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(d.Close)
	return d
}

func asked() directory.TestCall {
	return directory.TestCall{Entry: "in", Caller: "+46700000001", CallerName: "Åsa", Flow: flow.Flow{Modules: []flow.Module{
		{ID: "in", Kind: "phone-number", Name: "In", Settings: &flow.PhoneNumber{Number: "+15550100"}}}}}
}

// dials places a call that the node takes as "c1".
func dials(t *testing.T, ctx context.Context, h *house, d *Desk, node *siptest.Phone) (ui.TestLine, *siptest.Call) {
	t.Helper()
	var line ui.TestLine
	var err error
	var wg sync.WaitGroup
	wg.Go(func() { line, err = d.Dial(ctx, asked()) })
	there := node.Called(t)
	h.takes("c1")
	if wg.Wait(); err != nil {
		t.Fatal(err)
	}
	return line, there
}

// hears waits until what is heard is a tone.
func hears(t *testing.T, line ui.TestLine, freq float64) {
	t.Helper()
	ear, samples := phone.NewEar(time.Second), codec.NewFrame(8000)
	for bound := time.After(siptest.Patience); ; {
		select {
		case frame := <-line.Heard():
			codec.PCMU.Decode(samples.Samples, frame)
			_ = ear.WriteFrame(&samples)
		case <-bound:
			t.Fatalf("%.0f Hz is not heard", freq)
		}
		if clip := ear.Last(200 * time.Millisecond); clip.Duration() == 200*time.Millisecond && audio.Detect(clip, freq)[0] > -20 {
			return
		}
	}
}

// says says a tone until the test ends.
func says(t *testing.T, line ui.TestLine, freq float64) {
	tone, samples, frame := audio.Pattern{Freqs: []float64{freq}, Level: -10}.Clip(8000).Source(true), codec.NewFrame(8000), make([]byte, ui.TestFrame)
	over := make(chan struct{})
	var wg sync.WaitGroup
	t.Cleanup(func() { close(over); wg.Wait() })
	wg.Go(func() {
		tick := time.NewTicker(codec.FrameTime * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = tone.ReadFrame(&samples)
				codec.PCMU.Encode(frame, samples.Samples)
				line.Say(frame)
			case <-over:
				return
			}
		}
	})
}

// told are the events of a line until its end.
func told(t *testing.T, line ui.TestLine) []ui.TestEvent {
	t.Helper()
	var out []ui.TestEvent
	for bound := time.After(siptest.Patience); ; {
		select {
		case e, ok := <-line.Events():
			if !ok {
				return out
			}
			out = append(out, e)
		case <-bound:
			t.Fatalf("the line goes on after %+v", out)
		}
	}
}

func TestWhoTriesSpeaksListensAndKeys(t *testing.T) {
	h := newHouse()
	node := h.node(t)
	line, there := dials(t, t.Context(), h, h.desk(t), node)
	if number, name := there.From(); number != call.TestAccount(h.saved[0].ID) || name != "" {
		t.Errorf("it calls as %q %q", number, name)
	}
	if f := there.Dialog().Facts(); f.Identity != "+46700000001" || f.IdentityName != "Åsa" || f.RequestUser != "+15550100" {
		t.Errorf("it asserts %q %q and dials %q", f.Identity, f.IdentityName, f.RequestUser)
	}
	there.Rings(t)
	there.Answers(t).Says(900)
	hears(t, line, 900)
	says(t, line, 500)
	there.Hears(t, 500, 900)
	for _, k := range "4*#" {
		if err := line.Key(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	there.AwaitKeys(t, "4*#")
	if err := line.Key(t.Context(), 'A'); !errors.Is(err, ErrKey) {
		t.Errorf("the key A: %v", err)
	}
	there.Hangup()
	got := told(t, line)
	want := []ui.TestEvent{{Kind: ui.TestPlaced, Call: "c1"}, {Kind: ui.TestRinging}, {Kind: ui.TestAnswered}, {Kind: ui.TestEnded, Cause: call.CauseCalleeHangup}}
	if len(got) != len(want) {
		t.Fatalf("told is %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("event %d is %+v, want %+v", i, got[i], want[i])
		}
	}
	line.Hangup() // once more
}

func TestACallerWhoWithholdsANumberAssertsNone(t *testing.T) {
	h := newHouse()
	node := h.node(t)
	c := asked()
	c.Caller, c.CallerName = "", ""
	var wg sync.WaitGroup
	wg.Go(func() {
		if line, err := h.desk(t).Dial(t.Context(), c); err == nil {
			line.Hangup()
		}
	})
	there := node.Called(t)
	if f := there.Dialog().Facts(); f.Identity != "" || f.Privacy != "id" {
		t.Errorf("the facts are %+v", f)
	}
	h.takes("c1")
	wg.Wait()
}

func TestARefusalOfTheFlowEndsALineThatWasPlaced(t *testing.T) {
	h := newHouse()
	h.cause = call.CauseBusy
	node := h.node(t)
	line, there := dials(t, t.Context(), h, h.desk(t), node)
	if err := there.Reject(486); err != nil {
		t.Fatal(err)
	}
	if got := told(t, line); len(got) != 2 || got[1] != (ui.TestEvent{Kind: ui.TestEnded, Cause: call.CauseBusy, Status: 486}) {
		t.Errorf("told is %+v", got)
	}
}

func TestALineEndsWithItsContextAndItsDesk(t *testing.T) {
	for claim, end := range map[string]func(ui.TestLine, context.CancelFunc, *Desk){
		"the browser is gone": func(_ ui.TestLine, gone context.CancelFunc, _ *Desk) { gone() },
		"the process stops":   func(_ ui.TestLine, _ context.CancelFunc, d *Desk) { d.Close() },
		"who tries hangs up":  func(l ui.TestLine, _ context.CancelFunc, _ *Desk) { l.Hangup() },
	} {
		t.Run(claim, func(t *testing.T) {
			h := newHouse()
			node, d := h.node(t), h.desk(t)
			ctx, gone := context.WithCancel(t.Context())
			defer gone()
			line, there := dials(t, ctx, h, d, node)
			there.Answers(t)
			end(line, gone, d)
			there.AwaitEnd(t)
			if got := told(t, line); got[len(got)-1].Kind != ui.TestEnded {
				t.Errorf("told is %+v", got)
			}
		})
	}
}

func TestAnotherNodeIsTriedWhereOneIsFullOrSilent(t *testing.T) {
	t.Parallel()
	for claim, first := range map[string]func(*testing.T, *house){
		"it is full": func(t *testing.T, h *house) {
			full := h.node(t)
			go func() {
				for {
					select {
					case c := <-full.Incoming():
						_ = c.Reject(503)
					case <-t.Context().Done():
						return
					}
				}
			}()
		},
		"it is silent": func(t *testing.T, h *house) {
			deaf, err := net.ListenPacket("udp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = deaf.Close() })
			h.ready(netip.MustParseAddrPort(deaf.LocalAddr().String()))
		},
	} {
		t.Run(claim, func(t *testing.T) {
			h := newHouse()
			first(t, h)
			node := h.node(t)
			line, there := dials(t, t.Context(), h, h.desk(t), node) // in either order
			there.Answers(t)
			line.Hangup()
			if got := told(t, line); got[0].Call != "c1" {
				t.Errorf("told is %+v", got)
			}
			ids := map[string]bool{}
			for _, c := range h.saved {
				ids[c.ID] = call.IsTestID(c.ID)
			}
			if len(ids) != h.asked() {
				t.Errorf("the nodes were asked for %v", ids)
			}
		})
	}
}

func TestANodeOfThisMachineIsFoundAtHomeToo(t *testing.T) {
	t.Parallel()
	h := newHouse()
	node := h.node(t)
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	h.nodes[0].Host, h.nodes[0].Addr = host, fmt.Sprintf("127.0.0.9:%d", node.Addr().Port())
	line, there := dials(t, t.Context(), h, h.desk(t), node)
	there.Answers(t)
	line.Hangup()
	told(t, line)
}

func TestNoNodeIsSaid(t *testing.T) {
	h := newHouse()
	h.nodes = []directory.Process{{Role: "node", Addr: "127.0.0.1:5060"}, {Role: "worker", Addr: "127.0.0.1:1", Ready: true}}
	if _, err := h.desk(t).Dial(t.Context(), asked()); !errors.Is(err, ErrNoNode) || h.asked() != 0 {
		t.Errorf("got %v", err)
	}
	d := h.desk(t)
	d.Close()
	d.Close() // once more
	if _, err := d.Dial(t.Context(), asked()); !errors.Is(err, ErrClosed) {
		t.Errorf("after its end: %v", err)
	}
}

func TestAPasswordIsThatOfOneAccount(t *testing.T) {
	one, other := call.TestAccount(NewID()), call.TestAccount(NewID())
	if one == other || Password([]byte("a"), one) == Password([]byte("b"), one) || Password([]byte("a"), one) == Password([]byte("a"), other) {
		t.Error("two accounts share a password")
	}
	if _, ok := call.ParseTestAccount(one); !ok {
		t.Errorf("%q is not known again", one)
	}
}
