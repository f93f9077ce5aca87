package e2e

import (
	"errors"
	"testing"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui"
	"tandem/workflows/callclient"
)

// A draft of a queue is tried in a line of its own, with the people of the real
// one, and a promise given there is kept in the draft, which nobody publishes.
func TestAPromiseGivenToATestCallIsKeptInItsDraft(t *testing.T) {
	l := openCallbackLine(start(t))
	d, err := l.store.Draft(t.Context(), "hotline")
	l.done(err)
	draft := d.Flow
	draft.Modules[1].Name = "Line of the draft"
	revision := l.edit(l.store, draft)

	tester := testCall(l.installation, openDesk(l.installation, l.store), directory.TestCall{Flow: draft, Revision: revision, Entry: "in",
		Caller: doraNumber, CallerName: "Dora", By: "admin@tandem.local"}, pleaTone)
	asked := tester.awaits(ui.TestPlaced).Call
	tester.hears(musicTone)
	ann := l.members["ann"].Called(t)
	tester.keys("9")
	ann.AwaitEnd(t)
	tester.hears(promptTone, musicTone)
	tester.keys("#")
	tester.hears(acceptedTone, promptTone)
	tester.line.Hangup()
	tester.awaits(ui.TestEnded)

	dora := l.dora.Called(t)
	if number, name := dora.From(); number != hotlineNumber || name != "Line of the draft" {
		t.Errorf("dora is called by %q %q", number, name)
	}
	dora.Rings(t).Says(doraTone).Answers(t)
	dora.Hears(t, hereTone, musicTone)
	ann = l.members["ann"].Called(t).Rings(t).Says(memberTones["ann"]).Answers(t)
	ann.Hears(t, doraTone, musicTone)
	dora.Hears(t, memberTones["ann"], musicTone)
	dora.Hangup()
	ann.AwaitEnd(t)
	l.tellsOfTheTest(asked, revision)
}

// tellsOfTheTest looks at both calls, and at the queue, which knows of neither.
func (l *callbackLine) tellsOfTheTest(asked call.ID, revision int) {
	l.t.Helper()
	for claim, c := range map[string]struct {
		direction, path string
		is              bool
	}{
		"the test":     {"test", "phone-number:next queue:escape callback:", true},
		"the callback": {"callback", "queue:", false},
	} {
		var e call.LedgerEntry
		l.eventually(claim+" is over", func() error {
			page, err := l.store.Calls(l.t.Context(), directory.CallFilter{Direction: c.direction})
			if err != nil || len(page.Calls) != 1 || page.Calls[0].Live {
				return errors.Join(err, errors.New("it runs"))
			}
			e, err = l.store.Ledger(l.t.Context(), page.Calls[0].Call)
			return err
		})
		if exits(e) != c.path || (e.Call == asked) != c.is || e.Called != hotlineNumber || e.Flow.Draft != revision || e.Flow.Version != 0 {
			l.t.Errorf("%s: call %s of %s by %q in %+v", claim, e.Call, e.Called, exits(e), e.Flow)
		}
	}
	lines := callclient.Lines{Client: l.client()}
	defer lines.Close()
	if view, err := lines.View(l.t.Context(), l.queue); !errors.Is(err, callclient.ErrNotFound) {
		l.t.Errorf("the queue in force knows of it: %+v, %v", view, err)
	}
	flows, err := l.store.FlowList(l.t.Context())
	l.done(err)
	for _, f := range flows {
		if f.Calls != 0 {
			l.t.Errorf("flow %q counts %d calls", f.Name, f.Calls)
		}
	}
}
