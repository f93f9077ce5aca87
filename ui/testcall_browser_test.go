package ui

import (
	"context"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
	"tandem/workflows/simulate"
)

// The tones of a test call: what the person at the browser says, and what the
// line says.
const (
	saidTone  = 1000.0
	heardTone = 440.0
)

// muLaw is every byte of G.711 μ-law as a sample between -1 and 1, written down
// apart from the handset's own way.
var muLaw = func() (out [256]float64) {
	for b := range out {
		v := ^byte(b)
		size := (float64(v&15)*2+33)*math.Exp2(float64(v>>4&7)) - 33
		out[b] = size * 4 / 32768
		if v&0x80 != 0 {
			out[b] = -out[b]
		}
	}
	return out
}()

// muLawOf is the byte that comes nearest to a sample.
func muLawOf(x float64) byte {
	best := 0
	for b := range muLaw {
		if math.Abs(muLaw[b]-x) < math.Abs(muLaw[best]-x) {
			best = b
		}
	}
	return byte(best)
}

// speaks lets a line say a tone, a frame each 20 ms, until the call ends.
func (l *fakeLine) speaks(tone float64) (stop func()) {
	ctx, end := context.WithCancel(l.ctx)
	var speaking sync.WaitGroup
	speaking.Go(func() {
		pace := time.NewTicker(20 * time.Millisecond)
		defer pace.Stop()
		for n := 0; ; n += TestFrame {
			frame := make([]byte, TestFrame)
			for i := range frame {
				frame[i] = muLawOf(0.5 * math.Sin(2*math.Pi*tone*float64(n+i)/8000))
			}
			select {
			case <-ctx.Done():
				return
			case <-pace.C:
			}
			select {
			case l.heard <- frame:
			default: // nobody takes it in time
			}
		}
	})
	return func() { end(); speaking.Wait() }
}

// shareOf is how loud a tone is in what was said, and how loud all of it is.
func shareOf(samples []float64, tone float64) (of, all float64) {
	var re, im, sum float64
	for i, x := range samples {
		angle := 2 * math.Pi * tone * float64(i) / 8000
		re, im, sum = re+x*math.Cos(angle), im+x*math.Sin(angle), sum+x*x
	}
	n := float64(len(samples))
	return 2 * (re*re + im*im) / (n * n), sum / n
}

// says waits until the line hears a tone that is most of what it hears.
func (l *fakeLine) says(t *testing.T, tone float64) {
	t.Helper()
	patience := time.After(15 * time.Second)
	const window = 8 // frames: 160 ms
	var samples []float64
	loudest := ""
	for {
		select {
		case frame := <-l.said:
			for _, b := range frame {
				samples = append(samples, muLaw[b])
			}
		case <-patience:
			t.Fatalf("the line does not hear %v Hz; the best it heard was %s", tone, loudest)
		}
		if len(samples) < window*TestFrame {
			continue
		}
		of, all := shareOf(samples, tone)
		if of > 0.8*all && all > 1e-4 {
			return
		}
		if all > 1e-4 {
			loudest = fmt.Sprintf("%.0f %% of a level of %.4f", 100*of/all, math.Sqrt(all))
		}
		samples = samples[TestFrame:]
	}
}

// quiet tells whether a frame is silence.
func quiet(frame []byte) bool {
	return !slices.ContainsFunc(frame, func(b byte) bool { return muLaw[b] != 0 })
}

// phoneDesk is a flow editor who may call the draft, and the engine's side.
type phoneDesk struct {
	desk
	exchange *fakeExchange
	engine   *engine
}

func atThePhone(t *testing.T, change ...browsertest.Option) phoneDesk {
	t.Helper()
	w := flowWorld(t)
	p := phoneDesk{exchange: newExchange(), engine: &engine{}}
	panel, err := New(Config{Store: w.store, Simulator: simulate.New(facts{w.store}), TestCalls: p.exchange, Live: p.engine})
	if err != nil {
		t.Fatal(err)
	}
	w.panel = panel
	server := httptest.NewServer(panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	p.desk = desk{browsertest.Open(t, 2*time.Minute, change...), t, w.as(directory.FlowEditor), "main-line"}
	p.Size(1440, 900)
	p.Cookie(server.URL, "tandem", p.who.cookies["tandem"].Value)
	p.Show(server.URL + flowPage(p.flow))
	p.Until("the flow is drawn", canvasReady)
	p.ListenIn()
	return p
}

// calls dials by the drawer's button, and answers the engine's end.
func (p phoneDesk) calls() *fakeLine {
	p.t.Helper()
	p.Click("[data-action=test-call]")
	p.Click("[data-action=call]")
	select {
	case line := <-p.exchange.lines:
		return line
	case <-time.After(15 * time.Second):
		p.t.Fatalf("no call comes; the console says %q and the page %.600q", p.Complaints(), browsertest.Eval[string](p.Tab, `document.querySelector(".fe-drawer").innerText`))
		return nil
	}
}

// happened waits for a line of what happened.
func (p phoneDesk) happened(text string) {
	p.t.Helper()
	p.Until(text, `document.querySelector(".fe-testcall ol").innerText.replace(/\s+/g, " ").includes("`+text+`")`)
}

func TestAPersonTalksAndKeysThroughTheDraftFromTheBrowser(t *testing.T) {
	p := atThePhone(t, browsertest.Speaks(t, saidTone))
	line := p.calls()
	if c := line.call; c.Entry == "" || c.Caller != "+15550123" || c.Flow.ID != "main-line" {
		t.Errorf("the call asked for is %+v", c)
	}
	line.events <- TestEvent{Kind: TestPlaced, Call: "c"}
	line.events <- TestEvent{Kind: TestRinging}
	p.happened("It rings")
	p.engine.leads("c", "number")
	p.Until("the first module lights up", `document.querySelector("[data-module=number]").matches(".fe-now.fe-on-path") && document.querySelector("[data-calling]")`)
	line.events <- TestEvent{Kind: TestAnswered}
	p.engine.leads("c", "menu")
	p.Until("the light moves on", `document.querySelector("[data-module=menu]").matches(".fe-now") && document.querySelector("[data-module=number]").matches(".fe-on-path:not(.fe-now)")`)
	p.Until("the cable is lit", `document.querySelector(".fe-cable.fe-lit")`)

	defer line.speaks(heardTone)()
	p.Until("the line is heard", `document.querySelector("[data-level=heard]").ariaValueNow > 50`)
	p.Until("it is the tone of the line", browsertest.Hears("440"))
	line.says(t, saidTone)
	p.Until("the meter of the microphone moves", `document.querySelector("[data-level=said]").ariaValueNow > 30`)

	p.Click(`[data-key="5"]`)
	p.Keys("#") // the focus is in the drawer
	for _, want := range "5#" {
		select {
		case got := <-line.keys:
			if got != want {
				t.Errorf("the line gets the key %c, want %c", got, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("the key %c does not come", want)
		}
	}
	p.happened("Keyed 5 #")
	inspect(t, p.Tab)
	p.picture("testcall")
	p.Size(widths[0], 900)
	p.Click("[data-action=test-call]")
	p.Until("the drawer is hidden, and the call goes on", `!document.querySelector(".fe-drawer") && document.querySelector("[data-calling] .fe-under-way")`)
	p.Click("[data-action=test-call]")
	p.Until("the drawer is back", `document.querySelector("[data-stage=answered]") && document.querySelector("[data-level=heard]").ariaValueNow > 50`)
	p.Click("[data-action=hang-up]")
	p.happened("The caller hung up.")
	p.Until("the call is over", `document.querySelector("[data-stage=ended]") && document.querySelector("[data-action=call]") && !document.querySelector("[data-calling]") && document.querySelector("[data-level=heard]").ariaValueNow === "0"`)
	line.hungUp()
	p.clean()
}

// picture keeps what is seen, in both themes and on a phone, for a person to
// look at, where UI_SHOTS names a folder.
func (p phoneDesk) picture(name string) {
	p.t.Helper()
	dir := os.Getenv("UI_SHOTS")
	if dir == "" {
		return
	}
	for _, width := range widths {
		p.Size(width, 900)
		for theme := range lightings {
			p.Theme(theme)
			p.Picture(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme)))
		}
	}
}

func TestWithoutAMicrophoneTheCallGoesOnInSilence(t *testing.T) {
	p := atThePhone(t, browsertest.NoMicrophone)
	line := p.calls()
	line.events <- TestEvent{Kind: TestPlaced, Call: "c"}
	line.events <- TestEvent{Kind: TestAnswered}
	p.Until("it says so", `document.querySelector("[data-note]").textContent.includes("line hears silence")`)
	for range 10 {
		if frame := <-line.said; !quiet(frame) {
			t.Fatalf("the line hears %x, want silence", frame)
		}
	}
	defer line.speaks(heardTone)()
	p.Until("the line is heard", `document.querySelector("[data-level=heard]").ariaValueNow > 50`)
	line.end(TestEvent{Kind: TestEnded, Cause: call.CauseBusy, Status: 486})
	p.happened("Refused with 486: busy.")
	p.clean()
}

func TestMutedTheLineHearsSilence(t *testing.T) {
	p := atThePhone(t, browsertest.Speaks(t, saidTone))
	line := p.calls()
	line.events <- TestEvent{Kind: TestPlaced, Call: "c"}
	line.events <- TestEvent{Kind: TestAnswered}
	line.says(t, saidTone)
	p.Click("[data-action=mute]")
	p.Until("it is muted", `document.querySelector("[data-action=mute]").ariaPressed === "true" && document.querySelector("[data-level=said]").ariaValueNow === "0"`)
	for silent, heard := 0, 0; silent < 40; heard++ { // longer than from pulse to pulse
		if silent++; !quiet(<-line.said) {
			silent = 0 // said before
		}
		if heard > 200 {
			t.Fatal("the line still hears the microphone")
		}
	}
	p.Click("[data-action=mute]")
	line.says(t, saidTone)
	p.Click(`[aria-label="Close test call"]`)
	line.hungUp()
	p.clean()
}

func TestACallThatIsRefusedSaysWhyAndOpensTheProblems(t *testing.T) {
	p := atThePhone(t)
	p.exchange.away = errTestFull
	p.Click("[data-action=test-call]")
	p.Click("[data-action=call]")
	p.Until("it says why", `document.querySelector(".fe-testcall [role=alert]").textContent.includes("Try again")`)
	d := p.who.draft(p.flow)
	p.who.want(p.who.patch(p.flow, d.Revision, edit(t, d, func(f *flow.Flow) { f.Cables = f.Cables[1:] })...), 200)
	p.Until("the editor knows of the change", `document.querySelector("[data-action=problems] .fe-bad")`)
	p.ClickUntil("[data-action=call]", "the problems open", `document.querySelector(".fe-problems li")`)
	if text := browsertest.Eval[string](p.Tab, `document.querySelector(".fe-toast").innerText`); !strings.Contains(text, "stop") {
		t.Errorf("the editor says %q", text)
	}
	p.clean()
}

func TestWhoMayNotEditIsOfferedNoCall(t *testing.T) {
	w := flowWorld(t)
	panel, err := New(Config{Store: w.store, TestCalls: newExchange()})
	if err != nil {
		t.Fatal(err)
	}
	w.panel = panel
	for path, role := range map[string]directory.Role{"/flows/main-line": directory.ReadOnly, "/flows/main-line/1": directory.Owner} {
		server := httptest.NewServer(panel)
		tab := browsertest.Open(t, time.Minute)
		tab.Cookie(server.URL, "tandem", w.as(role).cookies["tandem"].Value)
		tab.Show(server.URL + path)
		tab.Until("the flow is drawn", canvasReady)
		if tab.Is(`document.querySelector("[data-action=test-call]")`) {
			t.Errorf("%s offers %s a call", path, role)
		}
		server.CloseClientConnections()
		server.Close()
	}
}
