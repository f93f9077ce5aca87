package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

const (
	firstTest  = "00000000000000000000000000000001"
	secondTest = "00000000000000000000000000000002"
)

// tried is a test call of the draft of main, in which nothing is as published.
func tried(id string) directory.TestCall {
	f := byNumber("main", "+4687000001")
	f.Modules[0].Note = "for people"
	f.Modules[1].Settings = &flow.Hangup{Cause: "declined"}
	f.Modules = append(f.Modules, flow.Module{ID: "away", Kind: "hangup", Name: "Away", Shelved: true, Settings: &flow.Hangup{}})
	f.Cables = append(f.Cables, flow.Cable{From: f.Modules[0].ID, Exit: "overflow", To: "away"})
	return directory.TestCall{ID: id, Flow: f, Revision: 7, Entry: f.Modules[0].ID, Caller: "+46700000001", CallerName: "Åsa", By: "ada@example.org"}
}

// trying is a town in which these test calls were asked for, and its address.
func trying(t *testing.T, calls ...directory.TestCall) (*db.Store, string) {
	t.Helper()
	s := townStore(t, dbtest.Store(t))
	for _, c := range calls {
		if err := s.SaveTestCall(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	return s, dbtest.Address(t, s)
}

func placed(id string, as call.ID) call.Incoming {
	return call.Incoming{Call: as, Leg: call.ALeg(as), Node: "n1", Called: "anything", Caller: "claimed", Account: call.TestAccount(id), At: sunday}
}

func TestATestCallWalksTheDraftThatWasKeptForIt(t *testing.T) {
	s, _ := trying(t, tried(firstTest))
	got, err := s.Route(t.Context(), placed(firstTest, "c1"))
	if err != nil || got.Revision == nil {
		t.Fatalf("got %+v, %v", got, err)
	}
	if ref := got.Revision.Ref(); ref != (call.FlowRef{ID: "main", Name: "Flow main", Draft: 7, Test: firstTest}) || got.Entry != "in" {
		t.Errorf("it walks %+v from %q", ref, got.Entry)
	}
	if f := got.Revision.Flow; len(f.Modules) != 2 || len(f.Cables) != 1 || f.Modules[0].Note != "" || f.Modules[1].Settings.(*flow.Hangup).Cause != "declined" {
		t.Errorf("the draft is walked as %+v", f)
	}
	if orZero(got.Test) != (flow.Tested{Caller: call.Party{Number: "+46700000001", Name: "Åsa"}, Called: "+4687000001"}) || got.Number != "+4687000001" {
		t.Errorf("it passes for %+v, number %q", got.Test, got.Number)
	}
	if now, err := s.Route(t.Context(), call.Incoming{Called: "+4687000001", Trunk: "north"}); err != nil || now.Revision.Version != 1 {
		t.Errorf("the number leads to %+v, %v", now.Revision, err)
	}
	kept, err := s.TestCall(t.Context(), firstTest)
	if err != nil || kept.Call != "c1" || kept.Revision != 7 || kept.By != "ada@example.org" || len(kept.Flow.Modules) != 2 || time.Since(kept.At) > time.Minute {
		t.Errorf("kept is %+v, %v", kept, err)
	}
}

func TestATestCallIsPlacedOnceAndSoon(t *testing.T) {
	s, url := trying(t, tried(firstTest), tried(secondTest))
	leads := func(id string, as call.ID) bool {
		t.Helper()
		got, err := s.Route(t.Context(), placed(id, as))
		if err != nil || (got.Refused != "" && got.Refused != call.CauseForbidden) {
			t.Fatalf("got %+v, %v", got, err)
		}
		return got.Revision != nil
	}
	if !leads(firstTest, "c1") || leads(firstTest, "c2") || !leads(firstTest, "c1") {
		t.Error("a test call is not one call's own")
	}
	admin(t, url, "update test_calls set at = now() - interval '61 seconds'")
	if leads(secondTest, "c3") {
		t.Error("it is placed too late")
	}
	if !leads(firstTest, "c1") {
		t.Error("a call that has begun in time asks again and is refused")
	}
	if leads(strings.Repeat("f", 32), "c4") {
		t.Error("a test call that nobody has asked for leads somewhere")
	}
}

func TestOfTwoCallsAtOnceOneHasTheTest(t *testing.T) {
	s, _ := trying(t, tried(firstTest))
	var wg sync.WaitGroup
	var mu sync.Mutex
	in := 0
	for _, as := range []call.ID{"c1", "c2", "c3", "c4"} {
		wg.Go(func() {
			got, err := s.Route(t.Context(), placed(firstTest, as))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if got.Revision != nil {
				in++
			}
		})
	}
	if wg.Wait(); in != 1 {
		t.Errorf("%d calls walk it", in)
	}
}

func TestWhatATestCallAsksAboutIsNotTheTest(t *testing.T) {
	s, _ := trying(t, tried(firstTest))
	got, err := s.Route(t.Context(), call.Incoming{Called: "201", Account: call.TestAccount(firstTest), At: sunday})
	if err != nil || got.Direct == nil || got.Direct.ContactMethod != "desk" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestACallbackOfATestCallGoesOnInItsDraft(t *testing.T) {
	s, _ := trying(t, tried(firstTest))
	back := call.Incoming{Call: "c9", Called: "+4687000001", At: sunday, Account: "desk", Callback: &call.Callback{ID: "t1", Try: 1, ContactMethod: "desk",
		Flow: call.FlowRef{ID: "main", Draft: 7, Test: firstTest}, Module: "bye"}}
	got, err := s.Route(t.Context(), back)
	if err != nil || got.Revision == nil || got.Revision.Draft != 7 || got.Entry != "bye" || got.Test != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	back.Callback.Flow.Test = secondTest
	if got, err := s.Route(t.Context(), back); err != nil || got.Refused != call.CauseNotFound {
		t.Errorf("got %+v, %v; want not-found", got, err)
	}
}

func TestATestCallNeedsAnEntryThatIsHeard(t *testing.T) {
	s, _ := trying(t)
	c := tried(firstTest)
	c.Entry = "away"
	if err := s.SaveTestCall(t.Context(), c); !errors.Is(err, directory.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
}

func TestWhoPlacesATestCallHearsWhichCallItIs(t *testing.T) {
	s, _ := trying(t, tried(firstTest))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for range 2 { // one of them may come after the call
		wg.Go(func() {
			if id, err := s.AwaitTestCall(ctx, firstTest); err != nil || id != "c1" {
				t.Errorf("got %q, %v", id, err)
			}
		})
	}
	if _, err := s.Route(t.Context(), placed(firstTest, "c1")); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if _, err := s.AwaitTestCall(ctx, secondTest); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("nobody's test call: %v", err)
	}
	bound, end := context.WithTimeout(ctx, 50*time.Millisecond)
	defer end()
	if err := s.SaveTestCall(ctx, tried(secondTest)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AwaitTestCall(bound, secondTest); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call that does not come: %v", err)
	}
}

// testEntry is a call that walked a draft; back, one that kept its promise.
func testEntry(id call.ID, direction string) call.LedgerEntry {
	e := talk(id)
	e.Direction, e.Started = direction, time.Now().Add(-time.Minute)
	e.Answered, e.Ended = e.Started.Add(time.Second), e.Started.Add(30*time.Second)
	e.Called, e.Flow = "+4687000001", call.FlowRef{ID: "main", Name: "Flow main", Draft: 7, Test: firstTest}
	return e
}

func TestTestCallsAreShownAndCountNowhere(t *testing.T) {
	s, _ := trying(t, tried(firstTest))
	for id, direction := range map[call.ID]string{"20261122-120000-aaaaaaa": "test", "20261122-120001-aaaaaaa": "callback"} {
		if err := s.SaveLedger(t.Context(), testEntry(id, direction)); err != nil {
			t.Fatal(err)
		}
	}
	refused := testEntry("20261122-120002-aaaaaaa", "test")
	refused.Flow, refused.Outcome = call.FlowRef{}, "failed"
	if err := s.SaveLedger(t.Context(), refused); err != nil {
		t.Fatal(err)
	}
	since := time.Now().Add(-time.Hour)
	got, err := s.Dashboard(t.Context(), since, time.UTC, nil)
	if err != nil || got.Offered+got.Answered+got.Missed+got.Refused+got.Failed != 0 || got.LongestTalk != 0 || len(got.Numbers)+len(got.Failing) != 0 {
		t.Errorf("the dashboard counts %+v, %v", got, err)
	}
	if use, err := s.NumbersUse(t.Context(), since); err != nil || len(use) != 0 {
		t.Errorf("numbers count %+v, %v", use, err)
	}
	if wait, err := s.AverageWait(t.Context(), since, nil); err != nil || wait != 0 {
		t.Errorf("the wait is %v, %v", wait, err)
	}
	flows, err := s.FlowList(t.Context())
	for _, f := range flows {
		if f.Calls != 0 || err != nil {
			t.Errorf("flow %q counts %d calls, %v", f.Name, f.Calls, err)
		}
	}
	page, err := s.Calls(t.Context(), directory.CallFilter{Direction: "test"})
	if err != nil || page.Total != 2 {
		t.Errorf("listed are %+v, %v", page, err)
	}
	if page, err := s.Calls(t.Context(), directory.CallFilter{Earnest: true}); err != nil || page.Total != 0 || len(page.Calls) != 0 {
		t.Errorf("in earnest there are %+v, %v", page, err)
	}
	if e, err := s.Ledger(t.Context(), "20261122-120000-aaaaaaa"); err != nil || e.Flow != testEntry("", "").Flow {
		t.Errorf("the ledger says %+v, %v", e.Flow, err)
	}
}

func TestADraftIsKeptAsLongAsACallThatWalkedIt(t *testing.T) {
	s, url := trying(t, tried(firstTest), tried(secondTest))
	const id = "20261122-120000-aaaaaaa"
	if err := s.SaveLedger(t.Context(), testEntry(id, "test")); err != nil {
		t.Fatal(err)
	}
	admin(t, url, "update test_calls set at = now() - interval '2 days'")
	prune := func(age time.Duration) {
		t.Helper()
		if _, err := s.PruneHistory(t.Context(), time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	prune(24 * time.Hour)
	if _, err := s.TestCall(t.Context(), firstTest); err != nil {
		t.Errorf("the draft of a call that is kept: %v", err)
	}
	if _, err := s.TestCall(t.Context(), secondTest); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("the draft that no call walked: %v", err)
	}
	prune(0)
	if _, err := s.TestCall(t.Context(), firstTest); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("the draft of a call that is forgotten: %v", err)
	}
}
