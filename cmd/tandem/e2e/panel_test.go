package e2e

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"tandem/db"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/sipmedia/audio"
	sipphone "tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
	"tandem/ui/browsertest"
)

// Tones of this story: each party and each audio file has its own.
const (
	welcomeTone, otherTone, closedTone = 700, 1100, 900
	callerTone, deskTone               = 440, 600
)

// Numbers that are free for the flows drawn here.
const (
	drawnNumber = "+15550120"
	keyedNumber = "+15550121"
)

// drawing is a person before the panel, and the phones that call what they
// have drawn.
type drawing struct {
	*installation
	store   *db.Store
	tab     *browsertest.Tab
	carrier *siptest.Phone
	desk    *siptest.Phone
}

// The product as a person meets it: a flow drawn by mouse, and again by keys
// alone, is published and walked by real calls whose parties hear each other;
// what is published during a call is for the next one.
func TestAFlowIsDrawnPublishedAndCalled(t *testing.T) {
	d := newDrawing(start(t))
	d.signIn()
	t.Run("by mouse, and a running call keeps its version", d.sub(drawnByMouse))
	t.Run("by keys alone", d.sub(drawnByKeys))
}

func (d *drawing) sub(f func(*drawing)) func(*testing.T) {
	return func(t *testing.T) {
		in := *d.installation
		in.t = t
		mine := *d
		mine.installation, mine.tab = &in, d.tab.For(t)
		f(&mine)
	}
}

func newDrawing(in *installation) *drawing {
	in.t.Helper()
	d := &drawing{installation: in, store: in.openStore()}
	for name, freq := range map[string]float64{"Welcome": welcomeTone, "Other welcome": otherTone, "Closed": closedTone} {
		length := 20 * time.Second
		if name == "Closed" {
			length = 2 * time.Second
		}
		_, err := d.store.AddAudio(in.t.Context(), directory.AudioFile{ID: strings.ToLower(strings.ReplaceAll(name, " ", "-")), Name: name, MediaType: "audio/wav", Bytes: audio.Tone(8000, length, -10, freq).WAV()})
		d.done(err)
	}
	for _, text := range []string{drawnNumber, keyedNumber} {
		number, err := dialplan.ParseNumber(text)
		d.done(err)
		d.done(d.store.SaveNumber(in.t.Context(), directory.Number{E164: number, Label: "Free", Trunks: []string{"loopback"}}))
	}
	d.done(d.store.SaveContactMethod(in.t.Context(), directory.ContactMethod{ID: "desk", Kind: directory.SIPAccount, Name: "Desk of Ann", Username: "desk", Password: castPassword}))
	d.carrier = siptest.NewPhone(in.t, sipphone.Config{Addr: carrierAddr, Server: in.server(), User: "carrier"})
	d.desk = siptest.NewPhone(in.t, sipphone.Config{Server: in.server(), User: "desk", Password: castPassword})
	in.eventually("the desk is registered", func() error { return d.desk.Phone.Register(in.t.Context()) }) // the node hears of a new account a moment later
	d.tab = browsertest.Open(in.t, 4*time.Minute)
	d.tab.Size(1800, 1000)
	return d
}

func (d *drawing) done(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *drawing) signIn() {
	d.t.Helper()
	d.tab.Show(d.HTTP + "/sign-in")
	d.tab.Type("#email", "admin@tandem.local")
	d.tab.Type("#password", adminPassword)
	d.tab.Keys(kb.Enter)
	d.tab.Until("the dashboard", `document.querySelector(".side") && location.pathname === "/"`)
}

const (
	canvasReady  = `document.querySelector(".fe-root[data-status=ready]")`
	draftSaved   = `document.querySelector("[data-save=saved]")`
	throughDone  = "phone-number:next voice-menu:key:1 ring-group:"
	throughOther = "phone-number:next voice-menu:key:1 audio-playback:next hangup:"
)

func drawnByMouse(d *drawing) {
	id := d.newFlow("Drawn by mouse")
	d.drop("phone-number", browsertest.Point{X: 340, Y: 300})
	d.choose("[data-form] [name=number]", drawnNumber)
	d.formDone("phone-number", drawnNumber)
	d.drop("voice-menu", browsertest.Point{X: 640, Y: 300})
	d.choose("[data-form] audio-field .pick", "Welcome")
	d.tab.Click(".padkey[aria-label='Key 1']")
	d.tab.Until("the exit of key 1", `document.querySelector("[data-kind=voice-menu] [data-exit='key:1']")`)
	d.formDone("voice-menu", "Welcome")
	d.drop("ring-group", browsertest.Point{X: 980, Y: 220})
	if browsertest.Eval[bool](d.tab, `!document.querySelector("[data-form] .bars .pick")`) {
		d.tab.Click("ring-line > button")
	}
	d.choose("[data-form] .bars .pick", "Desk of Ann")
	d.formDone("ring-group", "Desk of Ann")
	d.drop("audio-playback", browsertest.Point{X: 980, Y: 520})
	d.choose("[data-form] audio-field .pick", "Closed")
	d.formDone("audio-playback", "Closed")
	d.drop("hangup", browsertest.Point{X: 1290, Y: 620})
	d.formDone("hangup", "")

	d.cable("phone-number", "next", "voice-menu")
	d.cable("voice-menu", "key:1", "ring-group")
	d.cable("voice-menu", "no-input", "audio-playback")
	d.cable("ring-group", "no-answer", "audio-playback")
	d.cable("audio-playback", "next", "hangup")
	d.publish(1)
	d.editedDuringACall(id)
}

// editedDuringACall publishes anew while a caller listens to the menu.
func (d *drawing) editedDuringACall(id string) {
	d.t.Helper()
	d.last = time.Now()
	caller := d.carrier.DialWith(d.t, drawnNumber, sipphone.DialOptions{Number: "+46700000001"}).Says(callerTone)
	caller.Hears(d.t, welcomeTone)
	d.tab.Show(d.HTTP + "/live")
	d.tab.Until("the call on the live page", `document.querySelector("#live .where")?.textContent.includes("Voice Menu")`)
	d.tab.Show(d.HTTP + "/flows/" + url.PathEscape(id) + "/live")
	d.tab.Until("the call on the live canvas", `document.querySelector("[data-kind=voice-menu].fe-now, [data-kind=voice-menu] .fe-calls") && document.querySelector("[data-call]")`)

	d.tab.Show(d.HTTP + "/flows/" + url.PathEscape(id))
	d.tab.Until("the canvas", canvasReady)
	d.tab.Click("[data-kind=voice-menu] .fe-head")
	d.choose("[data-form] audio-field .pick", "Other welcome")
	d.tab.Until("the other prompt", `document.querySelector("[data-kind=voice-menu] .fe-sub").textContent.includes("Other welcome")`)
	d.tab.Click("[aria-label='Close settings']")
	d.cable("voice-menu", "key:1", "audio-playback")
	d.cable("voice-menu", "no-input", "ring-group")
	d.publish(2)

	caller.Keys(d.t, "1")
	desk := d.desk.Called(d.t).Rings(d.t).Answers(d.t).Says(deskTone)
	caller.Hears(d.t, deskTone, welcomeTone)
	desk.Hears(d.t, callerTone)
	caller.Hangup()
	desk.AwaitEnd(d.t)
	first := d.lastCall()
	if first.Flow.ID != id || first.Flow.Version != 1 || exits(first) != throughDone {
		d.t.Errorf("the call that was running walked version %d by %q, want version 1 by %q", first.Flow.Version, exits(first), throughDone)
	}
	d.traced(first)

	d.last = time.Now()
	next := d.carrier.DialWith(d.t, drawnNumber, sipphone.DialOptions{Number: "+46700000002"}).Says(callerTone)
	next.Hears(d.t, otherTone, welcomeTone)
	next.Keys(d.t, "1")
	next.Hears(d.t, closedTone)
	next.AwaitEnd(d.t)
	if second := d.lastCall(); second.Flow.Version != 2 || exits(second) != throughOther {
		d.t.Errorf("the next call walked version %d by %q, want version 2 by %q", second.Flow.Version, exits(second), throughOther)
	}
}

// traced looks at a past call on its canvas, and asks why it did not come to
// the message.
func (d *drawing) traced(e call.LedgerEntry) {
	d.t.Helper()
	d.tab.Show(d.HTTP + "/calls/" + string(e.Call) + "/trace")
	d.tab.Until("the way of the call", `["phone-number", "voice-menu", "ring-group"].every((k) => document.querySelector("[data-kind=" + k + "].fe-on-path")) && !document.querySelector("[data-kind=audio-playback].fe-on-path")`)
	d.tab.ClickUntil("[data-kind=audio-playback] .fe-head", "the answer", `document.querySelector("[data-why]").textContent.length > 10`)
	d.t.Log("why not there:", browsertest.Eval[string](d.tab, `document.querySelector("[data-why]").textContent`))
}

func drawnByKeys(d *drawing) {
	tab := d.tab
	tab.Show(d.HTTP + "/flows/new")
	d.tabTo("the name", `document.activeElement.name === "name"`)
	tab.Keys("Drawn by keys", kb.Enter)
	tab.Until("the canvas", canvasReady)
	d.tabTo("the canvas", `document.activeElement.matches("[data-canvas]")`)

	d.add("/", "Phone Number", "phone-number")
	tab.Keys(keyedNumber)
	d.leave("phone-number", keyedNumber)
	d.add("n", "IVR", "voice-menu")
	d.pick("Welcome")
	d.tabTo("the key pad", `document.activeElement.matches(".padkey[aria-label='Key 1']")`)
	tab.Keys(kb.Enter)
	tab.Until("the exit of key 1", `document.querySelector("[data-kind=voice-menu] [data-exit='key:1']")`)
	d.leave("voice-menu", "Welcome")
	tab.Keys(kb.ArrowRight)
	d.add("n", "Ring Group", "ring-group")
	d.tabTo("who rings", `document.activeElement.matches(".bars .pick, ring-line > button")`)
	if browsertest.Eval[bool](tab, `document.activeElement.matches("button")`) {
		tab.Keys(kb.Enter)
		tab.Until("the new bar", `document.querySelector(".bars .pick") === document.activeElement`)
	}
	d.pick("Desk of Ann")
	d.leave("ring-group", "Desk of Ann")
	tab.Keys(kb.ArrowRight)
	d.add("n", "Audio Playback", "audio-playback")
	d.pick("Closed")
	d.leave("audio-playback", "Closed")
	tab.Keys(kb.ArrowRight)
	d.add("n", "Hang", "hangup")
	d.leave("hangup", "")
	// Back along the cables to the menu, and to the exit below the key.
	tab.Keys(kb.ArrowLeft, kb.ArrowLeft, kb.ArrowLeft, kb.ArrowLeft, kb.ArrowLeft, kb.ArrowDown)
	tab.Until("the exit no input", `document.querySelector("[data-kind=voice-menu] .fe-exit.fe-chosen")?.dataset.exit === "no-input"`)
	tab.Keys("c")
	tab.Until("the list of modules", `document.activeElement.matches("[role=combobox]")`)
	tab.Keys("Audio", kb.Enter)
	tab.Until("five cables", `document.querySelectorAll("[data-cable]").length === 5`)
	d.publishByKeys()

	d.last = time.Now()
	caller := d.carrier.DialWith(d.t, keyedNumber, sipphone.DialOptions{Number: "+46700000003"}).Says(callerTone)
	caller.Hears(d.t, welcomeTone)
	caller.Keys(d.t, "1")
	desk := d.desk.Called(d.t).Rings(d.t).Answers(d.t).Says(deskTone)
	caller.Hears(d.t, deskTone, welcomeTone)
	desk.Hears(d.t, callerTone)
	caller.Hangup()
	desk.AwaitEnd(d.t)
	if e := d.lastCall(); e.Flow.Version != 1 || exits(e) != throughDone {
		d.t.Errorf("the call walked version %d by %q, want version 1 by %q", e.Flow.Version, exits(e), throughDone)
	}
	for _, line := range tab.Complaints() {
		d.t.Error("the console says", line)
	}
}
