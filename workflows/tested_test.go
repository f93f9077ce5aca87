package workflows

import (
	"strings"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/queue"
)

const testAccount = "test-0123456789abcdef0123456789abcdef"

func TestTheDirectionOfACallIsHowItCameAbout(t *testing.T) {
	for want, in := range map[string]call.Incoming{
		"inbound":  {Trunk: "t1"},
		"internal": {Account: "ann"},
		"test":     {Account: testAccount},
		"callback": {Account: testAccount, Callback: &call.Callback{}},
	} {
		if got := direction(in); got != want {
			t.Errorf("%+v is %s, want %s", in, got, want)
		}
	}
}

func TestATestCallPassesForWhoItWasAskedToBe(t *testing.T) {
	_, s := load(t, "testdata/test_call_back.txtar")
	s.run()
	e := s.saved
	if e.Caller != (call.Party{Number: "201", Name: "Ann"}) || e.Called != "+15550100" || e.Direction != "test" {
		t.Errorf("the ledger says %s call of %+v to %s", e.Direction, e.Caller, e.Called)
	}
	if e.Flow != (call.FlowRef{ID: "f", Name: "Main line", Draft: 7, Test: testAccount[len("test-"):]}) {
		t.Errorf("it walked %+v", e.Flow)
	}
	w := walk{entry: e}
	if got := w.title(); got != "**Test of a draft: Ann (201) → +15550100**" {
		t.Errorf("its details begin %q", got)
	}
}

func TestALineOfATestIsForgottenSoon(t *testing.T) {
	own := queue.NewID("f", "line")
	for id, want := range map[queue.ID]time.Duration{own: queueIdle, own.Tested(strings.Repeat("a", 32)): testIdle} {
		if got := (&line{state: queue.New(id)}).idle(); got != want {
			t.Errorf("%s is remembered for %v, want %v", id, got, want)
		}
	}
}

func TestARevisionNamesItselfWhole(t *testing.T) {
	r := flow.Revision{ID: "f", Draft: 7, Test: "x", Flow: flow.Flow{Name: "Main"}}
	if got := r.Ref(); got != (call.FlowRef{ID: "f", Name: "Main", Draft: 7, Test: "x"}) || got.Edition() != "draft 7" {
		t.Errorf("got %+v, %s", got, got.Edition())
	}
}
