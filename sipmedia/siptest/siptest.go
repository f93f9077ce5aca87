// Package siptest is a real SIP phone on loopback for tests: it dials, answers,
// sends keys and finds out which tones it hears.
//
// It is never imported outside tests, and it fails the test instead of
// returning errors.
package siptest

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"testing"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sipua"
)

// Patience is how long a phone waits for what a test expects. Nothing that works
// comes near it, even on a busy machine.
const Patience = 10 * time.Second

// Loopback is 127.0.0.1.
var Loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// Engine is an RTP engine for all phones of a test, closed at its end.
func Engine(t testing.TB) *rtpio.Engine {
	t.Helper()
	e, err := rtpio.New(rtpio.Config{
		Addr: Loopback, MinPort: 30000, MaxPort: 39999, Shards: 1, Quarantine: 10 * time.Second, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// Phone is a phone that is switched off at the end of its test.
type Phone struct{ *phone.Phone }

// NewPhone switches a phone on. Config.Server is the node; what is left open is
// filled for a quiet phone on loopback.
func NewPhone(t testing.TB, cfg phone.Config) *Phone {
	t.Helper()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	p, err := phone.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), Patience)
		defer cancel()
		if err := p.Close(ctx); err != nil {
			t.Errorf("switch off phone %s: %v", cfg.User, err)
		}
	})
	return &Phone{p}
}

// Register makes the phone reachable.
func (p *Phone) Register(t testing.TB) *Phone {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Patience)
	defer cancel()
	if err := p.Phone.Register(ctx); err != nil {
		t.Fatal(err)
	}
	return p
}

// Dial places a call.
func (p *Phone) Dial(t testing.TB, to string) *Call { return p.DialWith(t, to, phone.DialOptions{}) }

// DialWith places a call in a rarer way.
func (p *Phone) DialWith(t testing.TB, to string, o phone.DialOptions) *Call {
	t.Helper()
	c, err := p.Phone.Dial(to, o)
	if err != nil {
		t.Fatal(err)
	}
	return newCall(c)
}

// Called waits for a call to reach the phone.
func (p *Phone) Called(t testing.TB) *Call {
	t.Helper()
	select {
	case c := <-p.Incoming():
		return newCall(c)
	case <-time.After(Patience):
		t.Fatal("nobody calls")
		return nil
	}
}

// NotCalled fails if a call is waiting.
func (p *Phone) NotCalled(t testing.TB) {
	t.Helper()
	select {
	case c := <-p.Incoming():
		number, _ := c.From()
		t.Fatalf("%s calls", number)
	default:
	}
}

// Call is a call of a phone, with an ear on it.
type Call struct {
	*phone.Call
	Ear *phone.Ear
}

// earMemory is how far back a phone remembers what it heard.
const earMemory = 10 * time.Second

func newCall(c *phone.Call) *Call {
	out := &Call{c, phone.NewEar(earMemory)}
	c.Listen(out.Ear)
	return out
}

// Says makes the phone send a tone until further notice. Its frequency is best a
// whole number, so that the second that is repeated has no seam.
func (c *Call) Says(freq float64) *Call {
	c.Speak(audio.Pattern{Freqs: []float64{freq}, Level: -10}.Clip(8000).Source(true))
	return c
}

// Tone is a tone of a certain length, for Speak.
func Tone(d time.Duration, freq float64) codec.Source {
	return audio.Tone(8000, d, -10, freq).Source(false)
}

// Answers takes the call and waits until it stands.
func (c *Call) Answers(t testing.TB) *Call {
	t.Helper()
	if err := c.Answer(); err != nil {
		t.Fatal(err)
	}
	c.Await(t, phone.Answered)
	return c
}

// Rings tells the caller that the phone rings.
func (c *Call) Rings(t testing.TB) *Call {
	t.Helper()
	if err := c.Ring(); err != nil {
		t.Fatal(err)
	}
	return c
}

// Keys keys.
func (c *Call) Keys(t testing.TB, keys string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Patience)
	defer cancel()
	if err := c.SendKeys(ctx, keys); err != nil {
		t.Fatal(err)
	}
}

// Await waits for an event of a kind, passing over others, and returns it.
func (c *Call) Await(t testing.TB, kind phone.EventKind) phone.Event {
	t.Helper()
	var passed []string
	deadline := time.After(Patience)
	for {
		select {
		case e, open := <-c.Events():
			switch {
			case !open:
				t.Fatalf("call is over, no %s; before that %v", kind, passed)
			case e.Kind == kind:
				return e
			case e.Kind == phone.Ended:
				passed = append(passed, fmt.Sprintf("ended %+v", e.End))
			default:
				passed = append(passed, string(e.Kind))
			}
		case <-deadline:
			t.Fatalf("no %s; so far %v", kind, passed)
		}
	}
}

// AwaitKeys waits until the phone has been sent these keys.
func (c *Call) AwaitKeys(t testing.TB, keys string) {
	t.Helper()
	for _, want := range []byte(keys) {
		if got := c.Await(t, phone.KeyHeard).Key; got != dtmf.Key(want) {
			t.Fatalf("hears key %v, want %c", got, want)
		}
	}
}

// NoKeys fails if the phone has been sent a key since somebody last looked.
func (c *Call) NoKeys(t testing.TB) {
	t.Helper()
	for {
		select {
		case e, open := <-c.Events():
			if !open {
				return
			}
			if e.Kind == phone.KeyHeard {
				t.Fatalf("hears key %v", e.Key)
			}
		default:
			return
		}
	}
}

// AwaitEnd waits for the end of the call and returns it.
func (c *Call) AwaitEnd(t testing.TB) sipua.End {
	t.Helper()
	select {
	case <-c.Done():
		return c.End()
	case <-time.After(Patience):
		t.Fatal("the call does not end")
		return sipua.End{}
	}
}

// A tone counts as heard above loud and as absent below quiet, dBm0. The window
// is long enough to tell tones 40 Hz apart.
const (
	loud   = -30.0
	quiet  = -45.0
	window = 200 * time.Millisecond
)

// Hears waits until the phone hears a tone clearly, and no other of those given.
func (c *Call) Hears(t testing.TB, freq float64, others ...float64) {
	t.Helper()
	freqs := append([]float64{freq}, others...)
	c.listen(t, fmt.Sprintf("%.0f Hz without %v", freq, others), func(clip audio.Clip) bool {
		levels := audio.Detect(clip, freqs...)
		if levels[0] < loud {
			return false
		}
		for _, l := range levels[1:] {
			if l > quiet {
				return false
			}
		}
		return true
	}, freqs...)
}

// In a crowd each tone is quieter, and a longer window tells tones 10 Hz apart.
const (
	crowdLoud   = -36.0
	crowdQuiet  = -50.0
	crowdWindow = 400 * time.Millisecond
)

// HearsAll waits until the phone hears all of some tones at once, and none of
// the others.
func (c *Call) HearsAll(t testing.TB, freqs []float64, others ...float64) {
	t.Helper()
	all := append(slices.Clone(freqs), others...)
	c.listenFor(t, crowdWindow, fmt.Sprintf("%v Hz without %v", freqs, others), func(clip audio.Clip) bool {
		levels := audio.Detect(clip, all...)
		return slices.Min(append(levels[:len(freqs):len(freqs)], 0)) >= crowdLoud &&
			slices.Max(append(levels[len(freqs):], audio.Silent)) <= crowdQuiet
	}, all...)
}

// HearsSilence waits until the phone is sent nothing loud, or nothing at all.
func (c *Call) HearsSilence(t testing.TB) {
	t.Helper()
	c.listen(t, "silence", func(clip audio.Clip) bool { return audio.Level(clip) < quiet })
}

// listen waits until the last moment of what was heard pleases. When nothing is
// sent, the jitter buffer goes on with silence, so that too is heard.
func (c *Call) listen(t testing.TB, what string, pleases func(audio.Clip) bool, freqs ...float64) {
	t.Helper()
	c.listenFor(t, window, what, pleases, freqs...)
}

func (c *Call) listenFor(t testing.TB, window time.Duration, what string, pleases func(audio.Clip) bool, freqs ...float64) {
	t.Helper()
	deadline := time.After(Patience)
	for {
		clip := c.Ear.Last(window)
		if clip.Duration() == window && pleases(clip) {
			return
		}
		select {
		case <-c.Ear.More():
		case <-c.Done():
			t.Fatalf("call ended before the phone heard %s", what)
		case <-deadline:
			t.Fatalf("hears not %s: level %.0f dBm0, tones %v at %.0f", what, audio.Level(clip), freqs, audio.Detect(clip, freqs...))
		}
	}
}
