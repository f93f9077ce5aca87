package db_test

import (
	"cmp"
	"testing"

	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

func TestRouteLeadsWhereTheTableSays(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	for _, c := range []struct {
		says, called, trunk, account string

		number, flow, entry, direct, feature string
		skip, refused                        call.Cause
	}{
		{says: "trunk, number in a flow", called: "+4687000001", trunk: "north", number: "+4687000001", flow: "main", entry: "in"},
		{says: "trunk, number without plus", called: "4687000001", trunk: "north", number: "+4687000001", flow: "main", entry: "in"},
		{says: "trunk, number with 00", called: "004687000001", trunk: "north", number: "+4687000001", flow: "main", entry: "in"},
		{says: "trunk, number of another trunk", called: "+4687000001", trunk: "south", number: "+4687000001", refused: call.CauseNotFound},
		{says: "trunk, direct number", called: "+4687000002", trunk: "north", number: "+4687000002", direct: "desk"},
		{says: "trunk, direct number of another trunk", called: "+4687000002", trunk: "south", number: "+4687000002", refused: call.CauseNotFound},
		{says: "trunk, disabled number", called: "+4687000003", trunk: "north", number: "+4687000003", refused: call.CauseNotFound},
		{says: "trunk, number without claimant", called: "+4687000004", trunk: "north", number: "+4687000004", refused: call.CauseNotFound},
		{says: "trunk, number not ours", called: "+4687999999", trunk: "north", number: "+4687999999", refused: call.CauseNotFound},
		{says: "trunk, internal number", called: "201", trunk: "north", number: "201", refused: call.CauseNotFound},
		{says: "trunk, feature code", called: "*11", trunk: "north", number: "*11", refused: call.CauseNotFound},
		{says: "trunk, nonsense", called: "alice", trunk: "north", refused: call.CauseIncomplete},
		{says: "account, number in a flow", called: "+4687000001", account: "desk", number: "+4687000001", flow: "main", entry: "in"},
		{says: "account, direct number", called: "4687000002", account: "desk", number: "+4687000002", direct: "desk"},
		{says: "account, disabled number", called: "+4687000003", account: "desk", number: "+4687000003", refused: call.CauseNotFound},
		{says: "account, number without claimant", called: "+4687000004", account: "desk", number: "+4687000004", refused: call.CauseNotFound},
		{says: "account, number not ours", called: "+4687999999", account: "desk", number: "+4687999999", refused: call.CauseForbidden},
		{says: "account, internal number of an account", called: "201", account: "desk", number: "201", direct: "desk"},
		{says: "account, internal number of a forwarding", called: "202", account: "desk", number: "202", direct: "away"},
		{says: "account, internal number of an e-mail", called: "203", account: "desk", number: "203", direct: "post", skip: call.CauseUnavailable},
		{says: "account, internal number of a disabled account", called: "204", account: "desk", number: "204", direct: "off", skip: call.CauseUnavailable},
		{says: "account, internal number of a flow", called: "300", account: "desk", number: "300", flow: "inside", entry: "in"},
		{says: "account, unknown internal number", called: "999", account: "desk", number: "999", refused: call.CauseNotFound},
		{says: "account, feature code", called: "*11", account: "desk", number: "*11", refused: call.CauseNotFound},
		{says: "account, log in", called: "*55", account: "desk", number: "*55", feature: "queue-log-in"},
		{says: "account, override with its digits", called: "*7742", account: "desk", number: "*7742", feature: "override"},
		{says: "trunk, log in", called: "*55", trunk: "north", number: "*55", refused: call.CauseNotFound},
		{says: "account, code with too many digits", called: "*774211", account: "desk", refused: call.CauseIncomplete},
		{says: "account, five digits", called: "12345", account: "desk", refused: call.CauseIncomplete},
		{says: "account, nothing", called: "", account: "desk", refused: call.CauseIncomplete},
		{says: "nobody we know", called: "201", number: "201", refused: call.CauseForbidden},
	} {
		t.Run(c.says, func(t *testing.T) {
			got, err := s.Route(t.Context(), call.Incoming{Called: c.called, Trunk: c.trunk, Account: c.account})
			if err != nil {
				t.Fatal(err)
			}
			direct, revision := orZero(got.Direct), orZero(got.Revision)
			if got.Number != c.number || revision.ID != c.flow || got.Entry != c.entry ||
				orZero(got.Feature).ID != c.feature || direct.ContactMethod != c.direct || direct.Skip != c.skip || got.Refused != c.refused {
				t.Errorf("got %+v, direct %+v", got, direct)
			}
			if c.flow != "" && (revision.Version != 1 || len(revision.Flow.Modules) != 2) {
				t.Errorf("revision %+v is not the published flow", revision)
			}
		})
	}
}

func orZero[T any](p *T) T { return *cmp.Or(p, new(T)) }

func TestRouteFollowsUnpublish(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := s.Unpublish(t.Context(), "main"); err != nil {
		t.Fatal(err)
	}
	got, err := s.Route(t.Context(), call.Incoming{Called: "+4687000001", Trunk: "north"})
	if err != nil || got.Refused != call.CauseNotFound {
		t.Errorf("got %+v, %v; want not-found", got, err)
	}
}

func TestRouteGivesTheNewestVersion(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	f := byNumber("main", "+4687000001")
	f.Modules[1].Settings = &flow.Hangup{Cause: "declined"}
	if _, err := s.SaveDraft(t.Context(), f, 1, "me"); err != nil {
		t.Fatal(err)
	}
	before, err := s.Route(t.Context(), call.Incoming{Called: "+4687000001", Trunk: "north"})
	if err != nil || before.Revision.Version != 1 {
		t.Fatalf("a draft reached a caller: %+v, %v", before, err)
	}
	if _, err := s.Publish(t.Context(), "main", 2, "me", ""); err != nil {
		t.Fatal(err)
	}
	after, err := s.Route(t.Context(), call.Incoming{Called: "+4687000001", Trunk: "north"})
	if err != nil || after.Revision.Version != 2 {
		t.Errorf("got %+v, %v; want version 2", after, err)
	}
}

// A promise is kept in the flow in which it was given.
func TestACallbackGoesOnInTheVersionInWhichItWasPromised(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	back := call.Incoming{Called: "+4687000001", At: sunday, Callback: &call.Callback{ID: "t1", Try: 1, ContactMethod: "desk",
		Flow: call.FlowRef{ID: "main", Version: 1}, Module: "bye"}}
	f := byNumber("main", "+4687000001")
	f.Modules[1].Settings = &flow.Hangup{Cause: "declined"}
	if _, err := s.SaveDraft(t.Context(), f, 1, "me"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), "main", 2, "me", ""); err != nil {
		t.Fatal(err)
	}
	general, err := s.General(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	general.LongestCall, general.Zone = 15, "Europe/Stockholm"
	if err := s.SaveGeneral(t.Context(), general); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		says string
		do   func() error
	}{
		{"a newer version is published", func() error { return nil }},
		{"nothing is published", func() error { return s.Unpublish(t.Context(), "main") }},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		got, err := s.Route(t.Context(), back)
		if err != nil || got.Refused != "" || orZero(got.Revision).Version != 1 || got.Entry != "bye" || got.Number != "+4687000001" {
			t.Fatalf("while %s: %+v, %v", step.says, got, err)
		}
		if got.Longest != call.Seconds(15*60) || got.Zone != "Europe/Stockholm" || !got.At.Equal(sunday) {
			t.Errorf("the rules of the house are not in %+v", got)
		}
	}
}

func TestACallbackIsRefusedWhereItsVersionIsGone(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	for _, ref := range []call.FlowRef{{ID: "main", Version: 9}, {ID: "gone", Version: 1}} {
		got, err := s.Route(t.Context(), call.Incoming{Called: "+4687000001", Callback: &call.Callback{Flow: ref, Module: "bye"}})
		if err != nil || got.Refused != call.CauseNotFound || got.Revision != nil {
			t.Errorf("%+v: got %+v, %v", ref, got, err)
		}
	}
}

func TestARouteCarriesTheLongestCall(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	longest := func(called string) call.Duration {
		got, err := s.Route(t.Context(), call.Incoming{Called: called, Account: "desk"})
		if err != nil {
			t.Fatal(err)
		}
		return got.Longest
	}
	if got := longest("300"); got != 0 {
		t.Errorf("%v before anything is set", got)
	}
	general, err := s.General(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	general.LongestCall = 15
	if err := s.SaveGeneral(t.Context(), general); err != nil {
		t.Fatal(err)
	}
	for _, called := range []string{"300", "201", "+4687000001"} {
		if got := longest(called); got != call.Seconds(15*60) {
			t.Errorf("%s: got %v, want 15 minutes", called, got)
		}
	}
}

func TestWhatOnlyPeopleReadStaysOutOfARoute(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	f := byNumber("noted", "+4687000004")
	f.Notes, f.Frames = []flow.Note{{ID: "n", Text: "call Ada first"}}, []flow.Frame{{ID: "r", Text: "night"}}
	f.Modules[0].Note = "ordered in May"
	if err := publish(t, s, f); err != nil {
		t.Fatal(err)
	}
	got, err := s.Route(t.Context(), call.Incoming{Called: "+4687000004", Account: "desk"})
	if err != nil || got.Revision.Flow.Notes != nil || got.Revision.Flow.Frames != nil || got.Revision.Flow.Modules[0].Note != "" {
		t.Errorf("got %+v, %v", got.Revision, err)
	}
	whole, err := s.Version(t.Context(), "noted", 1)
	if err != nil || len(whole.Flow.Notes) != 1 || len(whole.Flow.Frames) != 1 || whole.Flow.Modules[0].Note == "" {
		t.Errorf("the version itself: %+v, %v", whole, err)
	}
}

func TestTargetsComeInTheOrderAsked(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	got, err := s.Targets(t.Context(), []string{"away", "gone", "desk", "away"}, sunday)
	if err != nil {
		t.Fatal(err)
	}
	want := []call.Target{
		{ContactMethod: "away", Name: "Away", Number: "202", URI: "sip:me@192.0.2.9", Ring: call.Seconds(30)},
		{ContactMethod: "gone", Skip: call.CauseNotFound},
		{ContactMethod: "desk", Name: "Desk", Number: "201", Account: "desk", Ring: call.Seconds(25)},
		{ContactMethod: "away", Name: "Away", Number: "202", URI: "sip:me@192.0.2.9", Ring: call.Seconds(30)},
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("target %d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestACodeThatIsOffIsNotAssigned(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	codes := directory.DefaultFeatureCodes()
	for i := range codes {
		codes[i].On = codes[i].ID != directory.FeatureQueueLogIn
	}
	if err := s.SaveSetting(t.Context(), "feature-codes", codes); err != nil {
		t.Fatal(err)
	}
	got, err := s.Route(t.Context(), call.Incoming{Called: "*55", Account: "desk"})
	if err != nil || got.Refused != call.CauseNotFound || got.Feature != nil {
		t.Errorf("got %+v, %v", got, err)
	}
}
