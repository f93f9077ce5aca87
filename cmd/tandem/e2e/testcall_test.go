package e2e

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tandem/cmd/tandem/internal/testline"
	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/sipmedia/audio"
	sipphone "tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
	"tandem/ui"
)

// What is heard in the published flow, in its draft, and of its parties.
const (
	publishedTone, draftTone = 1100.0, 700.0
	triedTone, answererTone  = 440.0, 600.0
	triedNumber              = "+15550130"
)

// trial is a flow in force, a draft of it that is different, and a desk that can
// be rung from the draft alone.
type trial struct {
	*installation
	store    *db.Store
	desk     *testline.Desk
	phone    *siptest.Phone
	carrier  *siptest.Phone
	draft    flow.Flow
	revision int
}

func openTrial(in *installation) *trial {
	in.t.Helper()
	x := &trial{installation: in, store: in.openStore()}
	x.desk = openDesk(in, x.store)
	for id, hz := range map[string]float64{"published": publishedTone, "draft": draftTone} {
		_, err := x.store.AddAudio(in.t.Context(), directory.AudioFile{ID: id, Name: id, Bytes: audio.Tone(8000, 20*time.Second, -10, hz).WAV()})
		x.done(err)
	}
	number, err := dialplan.ParseNumber(triedNumber)
	x.done(err)
	x.done(x.store.SaveNumber(in.t.Context(), directory.Number{E164: number, Label: "Tried", Trunks: []string{"loopback"}}))
	x.done(x.store.SaveContactMethod(in.t.Context(), directory.ContactMethod{ID: "desk", Kind: directory.SIPAccount, Name: "Desk of Ann", Username: "desk", Password: castPassword}))
	x.phone = siptest.NewPhone(in.t, sipphone.Config{Server: in.server(), User: "desk", Password: castPassword})
	in.eventually("the desk is registered", func() error { return x.phone.Phone.Register(in.t.Context()) })
	x.carrier = siptest.NewPhone(in.t, sipphone.Config{Addr: carrierAddr, Server: in.server(), User: "carrier"})

	menu := func(prompt string) *flow.VoiceMenu { return &flow.VoiceMenu{Audio: prompt, Entries: []string{"1"}} }
	f := flow.Flow{ID: "tried", Name: "Tried", Modules: []flow.Module{
		{ID: "in", Kind: "phone-number", Name: "Number", Settings: &flow.PhoneNumber{Number: triedNumber}},
		{ID: "menu", Kind: "voice-menu", Name: "Menu", HangUpHere: []flow.Exit{"no-input"}, Settings: menu("published")},
		{ID: "bye", Kind: "hangup", Name: "Bye", Settings: &flow.Hangup{}},
	}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "menu"}, {From: "menu", Exit: "key:1", To: "bye"}}}
	x.done(x.store.CreateFlow(in.t.Context(), f, "tests"))
	_, err = x.store.Publish(in.t.Context(), f.ID, 1, "tests", "in force")
	x.done(err)

	x.draft = f
	x.draft.Modules = append([]flow.Module{}, f.Modules...)
	x.draft.Modules[1].Settings = menu("draft")
	x.draft.Modules = append(x.draft.Modules, flow.Module{ID: "ring", Kind: "ring-group", Name: "Ring", HangUpHere: []flow.Exit{"no-answer"},
		Settings: &flow.RingGroup{Destinations: []flow.RingDestination{{ContactMethod: "desk", Length: 60}}}})
	x.draft.Cables = []flow.Cable{f.Cables[0], {From: "menu", Exit: "key:1", To: "ring"}}
	x.revision = in.edit(x.store, x.draft)
	return x
}

func (x *trial) done(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *trial) asked() directory.TestCall {
	return directory.TestCall{Flow: x.draft, Revision: x.revision, Entry: "in", Caller: "+46700000009", CallerName: "Åsa \"at\" home", By: "admin@tandem.local"}
}

// A draft is called from the panel: it is walked as a published flow is, by real
// audio to a real phone, and what is in force stays as it is.
func TestADraftIsCalledBeforeItIsPublished(t *testing.T) {
	x := openTrial(start(t))
	x.walked()
	x.inForce()
	x.strangers()
}

func (x *trial) walked() {
	x.t.Helper()
	caller := testCall(x.installation, x.desk, x.asked(), triedTone)
	id := caller.awaits(ui.TestPlaced).Call
	caller.awaits(ui.TestAnswered)
	caller.hears(draftTone, publishedTone)
	caller.keys("1")
	ann := x.phone.Called(x.t)
	if number, name := ann.From(); number != "+46700000009" || name != "Åsa \"at\" home" {
		x.t.Errorf("the phone shows %q %q", number, name)
	}
	ann.Rings(x.t).Answers(x.t).Says(answererTone)
	caller.hears(answererTone, draftTone)
	ann.Hears(x.t, triedTone, draftTone)
	x.runs(id)
	caller.line.Hangup()
	if e := caller.awaits(ui.TestEnded); e.Cause != call.CauseCallerHangup || e.Status != 0 {
		x.t.Errorf("it ended with %+v", e)
	}
	ann.AwaitEnd(x.t)

	e := x.lastCall()
	if e.Call != id || e.Direction != "test" || e.Caller.Number != "+46700000009" || e.Called != triedNumber || e.Outcome != "talked" || exits(e) != "phone-number:next voice-menu:key:1 ring-group:" {
		x.t.Errorf("the ledger says %+v", e)
	}
	if f := e.Flow; f.ID != "tried" || f.Version != 0 || f.Draft != x.revision || f.Test == "" {
		x.t.Errorf("it walked %+v", f)
	}
	for _, l := range e.Legs {
		if l.Side == "a" && l.ContactMethod != "" {
			x.t.Errorf("the caller's leg is of the contact method %q", l.ContactMethod)
		}
	}
	x.tellsTheSameStory(e)
	x.drawn(e)
	x.keeps("test_call", x.history(e.Call))
}

// runs looks at the call where it is.
func (x *trial) runs(id call.ID) {
	x.t.Helper()
	x.eventually("the call is seen where it is", func() error {
		all, err := x.store.Positions(x.t.Context())
		for _, at := range all {
			if at.Call == id && at.Module == "ring" && at.Flow.Draft == x.revision && at.Direction == "test" && at.Talking != "" && at.Account == "" {
				return nil
			}
		}
		return errors.Join(err, fmt.Errorf("positions are %+v", all))
	})
}

// drawn looks at the drawing of the call, which a later edit does not change.
func (x *trial) drawn(e call.LedgerEntry) {
	x.t.Helper()
	later := x.draft
	later.Modules = later.Modules[:2]
	later.Cables = later.Cables[:1]
	x.edit(x.store, later)
	var trace struct {
		Flow  flow.Flow
		Draft int
		Path  []call.PathEntry
	}
	x.done(x.get("/api/calls/"+string(e.Call)+"/trace", &trace))
	if _, ok := trace.Flow.Module("ring"); !ok || trace.Draft != x.revision || len(trace.Path) != 3 {
		x.t.Errorf("drawn is %+v", trace)
	}
}

// inForce calls the number by itself.
func (x *trial) inForce() {
	x.t.Helper()
	x.last = time.Now()
	caller := x.carrier.DialWith(x.t, triedNumber, sipphone.DialOptions{Number: "+46700000001"})
	caller.Hears(x.t, publishedTone, draftTone)
	caller.Hangup()
	if e := x.lastCall(); e.Direction != "inbound" || e.Flow.Version != 1 || e.Flow.Draft != 0 {
		x.t.Errorf("the number leads to %+v", e.Flow)
	}
}

// strangers try the accounts of test calls without being asked.
func (x *trial) strangers() {
	x.t.Helper()
	secret, err := x.store.SharedSecret(x.t.Context(), testline.Secret)
	x.done(err)
	account := call.TestAccount(testline.NewID())
	ends := map[string]int{}
	for claim, password := range map[string]string{"guesses": "guess", "knows the secret, but has no test": testline.Password(secret, account)} {
		p := siptest.NewPhone(x.t, sipphone.Config{Server: x.server(), User: account, Password: password})
		ends[claim] = p.Dial(x.t, triedNumber).AwaitEnd(x.t).Status
		if claim != "guesses" {
			if err := p.Phone.Register(x.t.Context()); err == nil {
				x.t.Error("the account of a test call registers")
			}
		}
	}
	nobody := siptest.NewPhone(x.t, sipphone.Config{Server: x.server(), User: "nobody", Password: "guess"})
	if want := nobody.Dial(x.t, triedNumber).AwaitEnd(x.t).Status; ends["guesses"] != want {
		x.t.Errorf("who guesses is refused with %d, who is nobody with %d", ends["guesses"], want)
	}
	if got := ends["knows the secret, but has no test"]; got != 403 {
		x.t.Errorf("a call without a test is refused with %d, want 403", got)
	}
}
