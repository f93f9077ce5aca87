package db_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/directory"
)

func TestAPublishTakesTheRevisionThatWasLookedAt(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	for _, revision := range []int{0, 2, 9} {
		if _, err := s.Publish(t.Context(), "main", revision, "me", ""); !errors.Is(err, directory.ErrStale) {
			t.Errorf("revision %d: got %v, want ErrStale", revision, err)
		}
	}
	if d, err := s.DraftAt(t.Context(), "main", 1); err != nil || d.Newer {
		t.Errorf("got %+v, %v; want the published draft", d, err)
	}
	if _, err := s.SaveDraft(t.Context(), byNumber("main", "+4687000001"), 1, "ada"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DraftAt(t.Context(), "main", 1); !errors.Is(err, directory.ErrStale) {
		t.Errorf("got %v, want ErrStale", err)
	}
	if d, err := s.Draft(t.Context(), "main"); err != nil || !d.Newer || d.UpdatedBy != "ada" {
		t.Errorf("got %+v, %v; want a newer draft by ada", d, err)
	}
}

func TestASaveAndAPublishAtOnceNeverMix(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	changed := byNumber("main", "+4687000001")
	changed.Modules[1].Name = "Changed"
	for revision := 1; revision <= 10; revision++ {
		var wg sync.WaitGroup
		var published error
		var done directory.Publication
		wg.Go(func() {
			if _, err := s.SaveDraft(t.Context(), changed, revision, "me"); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() { done, published = s.Publish(t.Context(), "main", revision, "me", "") })
		wg.Wait()
		if published != nil && !errors.Is(published, directory.ErrStale) {
			t.Fatal(published)
		}
		if published == nil && revision == 1 {
			if r, err := s.Version(t.Context(), "main", done.Version); err != nil || r.Flow.Modules[1].Name == "Changed" {
				t.Errorf("a publish of revision 1 took what was saved after it: %v", err)
			}
		}
	}
}

func TestARollBackIsANewVersionThroughTheSameChecks(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if _, err := s.SaveDraft(t.Context(), byNumber("main", "+4687000004"), 1, "me"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(t.Context(), "main", 2, "me", ""); err != nil {
		t.Fatal(err)
	}
	if v, err := s.PublishVersion(t.Context(), "main", 1, "ada", "back"); err != nil || v != 3 {
		t.Fatal(v, err)
	}
	versions, err := s.Versions(t.Context(), "main")
	if err != nil || len(versions) != 3 || !versions[0].Current || versions[0].Author != "ada" || versions[1].Current {
		t.Errorf("got %+v, %v", versions, err)
	}
	if d, err := s.Draft(t.Context(), "main"); err != nil || !d.Newer || d.Revision != 2 {
		t.Errorf("got %+v, %v; want the draft as it was", d, err)
	}
	if err := s.ClaimNumber(t.Context(), "+4687000004", "away"); err != nil {
		t.Fatal(err)
	}
	_, err = s.PublishVersion(t.Context(), "main", 2, "me", "")
	taken(t, err)
	if !strings.Contains(err.Error(), `contact method "Away"`) {
		t.Errorf("got %v, want who claims the number", err)
	}
	if _, err := s.PublishVersion(t.Context(), "main", 9, "me", ""); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestTheListOfFlowsTellsWhatIsInForce(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := s.CreateFlow(t.Context(), byInternal("idea", "77"), "ada"); err != nil {
		t.Fatal(err)
	}
	if err := s.CreateFlow(t.Context(), byInternal("idea", "77"), "ada"); !errors.Is(err, directory.ErrTaken) {
		t.Errorf("got %v, want ErrTaken", err)
	}
	if err := s.CopyFlow(t.Context(), "main", "twin", "ada"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetPublishOnSave(t.Context(), "main", true); err != nil {
		t.Fatal(err)
	}
	e := talk("20261122-120000-aaaaaaa")
	e.Flow.ID = "main"
	if err := s.SaveLedger(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	dbtest.Exec(t, s, "update calls set started = now()")
	all, err := s.FlowList(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]directory.FlowLine{}
	for _, l := range all {
		got[l.ID] = l
	}
	main, idea, twin := got["main"], got["idea"], got["twin"]
	if main.Version != 1 || main.Newer || !main.PublishOnSave || main.PublishedBy != "test" || main.PublishedAt.IsZero() || main.Calls != 1 || !slices.Equal(main.Entries, []string{"+4687000001"}) {
		t.Errorf("got %+v", main)
	}
	if idea.Version != 0 || !idea.Newer || idea.UpdatedBy != "ada" || !slices.Equal(idea.Entries, []string{"77"}) {
		t.Errorf("got %+v", idea)
	}
	if twin.Name != "Copy of Flow main" || !slices.Equal(twin.Entries, []string{""}) {
		t.Errorf("got %+v, want a copy without number", twin)
	}
}

func TestKnownAnswersFromOneMoment(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	if err := s.SavePlaylist(t.Context(), directory.Playlist{ID: "empty", Name: "Empty"}); err != nil {
		t.Fatal(err)
	}
	known, err := s.Known(t.Context(), "main")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		ref           flow.Ref
		exists, taken bool
	}{
		{flow.Ref{Kind: flow.RefNumber, ID: "+4687000001"}, true, false}, // its own
		{flow.Ref{Kind: flow.RefNumber, ID: "+4687000002"}, true, true},
		{flow.Ref{Kind: flow.RefNumber, ID: "+4687999999"}, false, false},
		{flow.Ref{Kind: flow.RefInternalNumber, ID: "201"}, true, true},
		{flow.Ref{Kind: flow.RefInternalNumber, ID: "999"}, true, false},
		{flow.Ref{Kind: flow.RefContactMethod, ID: "away", Field: "any"}, true, false},
		{flow.Ref{Kind: flow.RefAudio, ID: "empty"}, true, false},
		{flow.Ref{Kind: flow.RefAudio, ID: "nowhere"}, false, false},
	} {
		if _, taken := known.Claimed(c.ref); known.Exists(c.ref) != c.exists || taken != c.taken {
			t.Errorf("%+v: exists %v, taken %v", c.ref, known.Exists(c.ref), taken)
		}
	}
	if !known.Silent("empty") || known.Silent("welcome") {
		t.Error("a playlist without files is silent")
	}
	if _, registers := known.LastBinding("desk"); !registers || !known.External("away") || known.External("desk") {
		t.Error("a phone registers, a forwarding is external")
	}
}

func TestTwoWindowsOfOnePersonAreOneEditor(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	for session, email := range map[string]string{"1": "ada@example.org", "2": "ada@example.org", "3": "bob@example.org"} {
		for range 2 {
			if err := s.Editing(t.Context(), "main", session, email); err != nil {
				t.Fatal(err)
			}
		}
	}
	emails := func() (out []string) {
		t.Helper()
		editors, err := s.Editors(t.Context(), "main")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range editors {
			out = append(out, e.Email)
		}
		slices.Sort(out)
		return out
	}
	if got := emails(); !slices.Equal(got, []string{"ada@example.org", "bob@example.org"}) {
		t.Errorf("got %v", got)
	}
	if err := s.Left(t.Context(), "main", "1"); err != nil || len(emails()) != 2 {
		t.Errorf("one window closed: got %v, %v", emails(), err)
	}
	dbtest.Exec(t, s, "update flow_editors set beat = now() - interval '16 seconds' where session = '2'")
	if got := emails(); !slices.Equal(got, []string{"bob@example.org"}) {
		t.Errorf("a dead process left %v", got)
	}
}

func TestSettingsHaveDefaultsAndRanges(t *testing.T) {
	s := dbtest.Store(t)
	g, err := s.General(t.Context())
	if err != nil || g.OverLimitDecline != 480 || g.LongestCall != 240 || g.HistoryDays != 400 || g.StrictRingGroups {
		t.Fatalf("got %+v, %v", g, err)
	}
	for _, break1 := range []func(*directory.General){
		func(g *directory.General) { g.Zone = "Middle/Earth" }, func(g *directory.General) { g.OverLimitDecline = 404 },
		func(g *directory.General) { g.LongestCall = 9 }, func(g *directory.General) { g.Name = "" },
	} {
		bad := g
		break1(&bad)
		if err := s.SaveGeneral(t.Context(), bad); !errors.Is(err, directory.ErrInvalid) {
			t.Errorf("%+v: got %v, want ErrInvalid", bad, err)
		}
	}
	g.StrictRingGroups = true
	if err := s.SaveGeneral(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	if known, err := s.Known(t.Context(), "x"); err != nil || !known.StrictRingGroups() {
		t.Errorf("a publish does not know the setting: %v", err)
	}
}

func TestAContactMethodClaimsItsDirectNumbers(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	desk, err := s.ContactMethod(t.Context(), "desk")
	if err != nil || len(desk.DirectNumbers) != 1 || desk.Password != "" {
		t.Fatalf("got %+v, %v", desk, err)
	}
	desk.DirectNumbers = append(desk.DirectNumbers, number(t, "+4687000001"))
	var refused *directory.TakenError
	if err := s.SaveContactMethod(t.Context(), desk); !errors.As(err, &refused) || refused.By.Flow != "main" {
		t.Fatalf("got %v, want the flow that claims it", err)
	}
	if err := s.MoveNumber(t.Context(), "+4687000001", "desk"); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveContactMethod(t.Context(), desk); err != nil {
		t.Error(err)
	}
	if n, err := s.Number(t.Context(), "+4687000001"); err != nil || n.Claimant.ContactMethod != "desk" {
		t.Errorf("got %+v, %v", n, err)
	}
	accounts, err := s.Accounts(t.Context())
	if err != nil || accounts[0].Password != "phone-secret" {
		t.Errorf("a blank password did not keep the stored one: %v", err)
	}
	desk.DirectNumbers = nil
	if err := s.SaveContactMethod(t.Context(), desk); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Number(t.Context(), "+4687000002"); err != nil || !n.Claimant.IsZero() {
		t.Errorf("got %+v, %v; want a free number", n, err)
	}
}

func TestOfManyWhoMoveANumberOneHasIt(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	methods := []string{"desk", "away", "post", "off"}
	var wg sync.WaitGroup
	for _, m := range methods {
		wg.Go(func() {
			if err := s.MoveNumber(t.Context(), "+4687000004", m); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, err := s.Number(t.Context(), "+4687000004"); err != nil || !slices.Contains(methods, n.Claimant.ContactMethod) {
		t.Errorf("got %+v, %v", n, err)
	}
	if err := s.MoveNumber(t.Context(), "+4687999999", "desk"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}
