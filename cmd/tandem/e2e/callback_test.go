package e2e

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/sipmedia/audio"
	sipphone "tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
	"tandem/sipmedia/sipua"
)

// What somebody hears who is promised a call, and then called.
const (
	promptTone   = 1000.0
	acceptedTone = 1200.0
	hereTone     = 1800.0
	doraTone     = 700.0
	doraNumber   = "9001"
)

// callbackLine is a hotline that can be left by 9 to be called back, and somebody
// of the house who calls it.
type callbackLine struct {
	*hotline
	dora *siptest.Phone
}

func openCallbackLine(in *installation) *callbackLine {
	in.t.Helper()
	settings := flow.Queue{Strategy: "round-robin", EscapeKey: "9", WrapUp: int(wrapUp / time.Second), Members: []flow.QueueMember{{ContactMethod: "ann", Ring: 30}}}
	h := openQueue(in, musicTone, settings, func(f *flow.Flow) {
		f.Modules = append(f.Modules, flow.Module{ID: "back", Kind: flow.KindCallback, Name: "Call back", X: 320,
			HangUpHere: []flow.Exit{flow.ExitAccepted, flow.ExitDeclined}, Settings: &flow.Callback{}})
		f.Cables = append(f.Cables, flow.Cable{From: "line", Exit: "escape", To: "back"})
	})
	for id, tone := range map[string]float64{call.AudioCallbackPrompt: promptTone, call.AudioCallbackAccepted: acceptedTone, call.AudioCallbackHere: hereTone} {
		_, err := h.store.AddAudio(in.t.Context(), directory.AudioFile{ID: id, Name: id, Bytes: audio.Tone(8000, 3*time.Second, -10, tone).WAV()})
		h.done(err)
	}
	number, err := dialplan.ParseInternalNumber(doraNumber)
	h.done(err)
	h.done(h.store.SaveContactMethod(in.t.Context(), directory.ContactMethod{ID: "dora", Kind: directory.SIPAccount, Name: "Dora", Username: "dora", Password: castPassword, InternalNumber: number}))
	dora := siptest.NewPhone(in.t, sipphone.Config{Engine: siptest.Engine(in.t), Server: in.server(), User: "dora", Password: castPassword})
	in.eventually("dora is registered", func() error { return dora.Phone.Register(in.t.Context()) })
	return &callbackLine{h, dora}
}

// promised lets dora call, wait, and be promised a call.
func (l *callbackLine) promised() {
	l.t.Helper()
	c := l.dora.Dial(l.t, hotlineNumber).Says(doraTone)
	c.Hears(l.t, musicTone)
	c.Keys(l.t, "9")
	c.Hears(l.t, promptTone, musicTone)
	c.Keys(l.t, "#")
	c.Hears(l.t, acceptedTone, promptTone)
	c.Hangup()
	c.AwaitEnd(l.t)
}

// calledBack lets dora take the promised call.
func (l *callbackLine) calledBack() *siptest.Call {
	l.t.Helper()
	c := l.dora.Called(l.t)
	if number, name := c.From(); number != hotlineNumber || name != "Line" {
		l.t.Errorf("dora is called by %q %q", number, name)
	}
	c.Rings(l.t).Says(doraTone).Answers(l.t)
	c.Hears(l.t, hereTone, musicTone)
	c.Hears(l.t, musicTone, hereTone)
	return c
}

// Somebody leaves a queue for the promise of a call, and is called once: before
// whoever has come later, and whatever dies meanwhile.
func TestWhoIsPromisedACallIsCalledOnceAndKeepsThePlace(t *testing.T) {
	for claim, meanwhile := range map[string]func(*callbackLine){
		"nothing happens": func(*callbackLine) {},
		"the worker dies": func(l *callbackLine) { l.kill("worker"); l.ready() },
	} {
		t.Run(claim, func(t *testing.T) {
			l := openCallbackLine(start(t))
			first := l.calls(1)
			ann := l.taken("ann", 1, first)
			l.promised()
			later := l.calls(2)
			if w := l.waiting(); len(w) != 2 || !w[0].Callback || w[0].Caller.Number != doraNumber || w[1].Caller.Number != callerNumber(2) {
				t.Errorf("waiting are %+v, want dora to be called back before caller 2", w)
			}
			meanwhile(l)
			l.dora.NotCalled(t)
			first.Hangup()
			ann.AwaitEnd(t)

			offered := l.members["ann"].Called(t) // nobody is held for dora meanwhile
			dora := l.calledBack()
			l.done(offered.Reject(486))
			ann = l.members["ann"].Called(t)
			if from, _ := ann.From(); from != doraNumber {
				t.Fatalf("ann is rung for %s, want dora, who was there before", from)
			}
			ann.Rings(t).Says(memberTones["ann"]).Answers(t)
			ann.Hears(t, doraTone, pleaTone, musicTone)
			dora.Hears(t, memberTones["ann"], musicTone)
			later.Hears(t, musicTone)
			dora.Hangup()
			ann.AwaitEnd(t)
			ann = l.taken("ann", 2, later)
			later.Hangup()
			ann.AwaitEnd(t)
			l.dora.NotCalled(t)
			asked, back := l.isTold()
			l.leavesHistories(asked, back)
		})
	}
}

// Who calls again while the own phone rings for a callback has the place, and the
// phone does not ring on.
func TestWhoCallsAgainIsNotCalledBack(t *testing.T) {
	l := openCallbackLine(start(t))
	first := l.calls(1)
	ann := l.taken("ann", 1, first)
	l.promised()
	first.Hangup()
	ann.AwaitEnd(t)
	rung := l.dora.Called(t).Rings(t)
	again := l.dora.Dial(t, hotlineNumber).Says(doraTone)
	if end := rung.AwaitEnd(t); end.Why != sipua.EndCancelled || !strings.Contains(end.Cause, "completed elsewhere") {
		t.Errorf("the callback ended %+v", end)
	}
	ann = l.members["ann"].Called(t).Rings(t).Says(memberTones["ann"]).Answers(t)
	ann.Hears(t, doraTone)
	again.Hears(t, memberTones["ann"], musicTone, hereTone)
	again.Hangup()
	ann.AwaitEnd(t)
	l.dora.NotCalled(t)
}

// isTold looks into the ledger: both calls are there, and that is all.
func (l *callbackLine) isTold() (asked, back call.LedgerEntry) {
	l.t.Helper()
	var both []call.LedgerEntry
	l.eventually("both calls of dora are over", func() error {
		both = both[:0]
		page, err := l.store.Calls(l.t.Context(), directory.CallFilter{Text: doraNumber})
		if err != nil {
			return err
		}
		for _, found := range page.Calls {
			e, err := l.store.Ledger(l.t.Context(), found.Call)
			if err != nil || e.Live {
				return fmt.Errorf("%s is live, or not there: %w", found.Call, err)
			}
			both = append(both, e)
		}
		if len(both) < 2 {
			return fmt.Errorf("%d calls of dora", len(both))
		}
		return nil
	})
	slices.SortFunc(both, func(a, b call.LedgerEntry) int { return a.Started.Compare(b.Started) })
	if len(both) != 2 {
		l.t.Fatalf("dora has %d calls: %+v", len(both), both)
	}
	asked, back = both[0], both[1]
	if asked.Direction != "internal" || exits(asked) != "phone-number:next queue:escape callback:" || asked.Path[2].Reason.Code != "accepted" {
		l.t.Errorf("she called %s, path %q, and left for %+v", asked.Direction, exits(asked), asked.Path[len(asked.Path)-1].Reason)
	}
	if back.Direction != "callback" || back.Outcome != "talked" || exits(back) != "queue:" || back.Called != hotlineNumber {
		l.t.Errorf("she was called %s, %s, path %q for %s", back.Direction, back.Outcome, exits(back), back.Called)
	}
	if len(back.Legs) != 2 || back.Legs[0].Side != "a" || back.Legs[0].ContactMethod != "dora" || back.Legs[1].ContactMethod != "ann" {
		l.t.Errorf("the legs of her call are %+v", back.Legs)
	}
	took := slices.DeleteFunc(slices.Clone(back.Attempts), func(a call.Attempt) bool { return !a.Took() })
	if len(took) != 2 || took[0].ContactMethod != "dora" || took[1].ContactMethod != "ann" {
		l.t.Errorf("the attempts of her call are %+v", back.Attempts)
	}
	return asked, back
}

// leavesHistories keeps the call in which it was promised, the promise, and the
// call that was.
func (l *callbackLine) leavesHistories(asked, back call.LedgerEntry) {
	l.t.Helper()
	c := l.client()
	defer c.Close()
	ticket := asked.Path[2].Reason.Facts[slices.IndexFunc(asked.Path[2].Reason.Facts, func(f call.Fact) bool { return f.Name == "promise" })].Value
	var promise []byte
	l.eventually("the promise is kept", func() (err error) {
		if promise, err = c.PromiseHistory(l.t.Context(), ticket); err == nil && !strings.Contains(string(promise), "EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED") {
			err = errors.New("it runs")
		}
		return err
	})
	l.keeps("callback", l.history(asked.Call))
	l.keeps("callback_promise", promise)
	l.keeps("called_back", l.history(back.Call))
}
