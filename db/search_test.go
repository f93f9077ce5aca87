package db_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// everyKind is all that is searched.
var everyKind = []directory.Kind{directory.KindFlow, directory.KindModule, directory.KindNumber, directory.KindInternalNumber, directory.KindContactMethod,
	directory.KindUser, directory.KindLogin, directory.KindTrunk, directory.KindSchedule, directory.KindAudio, directory.KindPlaylist, directory.KindList,
	directory.KindToken, directory.KindCall}

// searchTown has one of everything, and one more of everything for a second flow.
func searchTown(t *testing.T) *db.Store {
	t.Helper()
	s := dbtest.Store(t)
	dbtest.Fill(t, s, 0, 12) // Office 0 to 11 on +46870000xx, each ringing its Desk
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	must(s.SaveUser(ctx, directory.User{ID: "bo", FirstName: "Bo", LastName: "Öztürk-Ek", Department: "Support", Email: "bo@example.org"}))
	must(s.SaveContactMethod(ctx, directory.ContactMethod{ID: "bo-desk", Kind: directory.SIPAccount, Name: "Reception", Owner: "bo", Username: "reception", Password: "a-phone-of-bo", InternalNumber: internal(t, "207")}))
	must(s.SavePlaylist(ctx, directory.Playlist{ID: "waiting", Name: "Waiting music", Files: []string{"welcome"}}))
	must(s.SaveList(ctx, directory.List{ID: "pests", Name: "Nuisance callers"}))
	_, err := s.CreateToken(ctx, directory.Token{Name: "Wallboard", Role: directory.ReadOnly, By: "me"})
	must(err)
	_, err = s.CreateOwner(ctx, "owner@example.org", "seven green bicycles sing")
	must(err)
	begun := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	for i, c := range []struct{ from, name, flow, phone string }{
		{"+46701112233", "Ada", "office-1", "bo-desk"}, {"+46701112244", "Grace", "office-2", "desk-2"}, {"", "", "office-1", "desk-1"},
	} {
		at := begun.Add(time.Duration(i) * time.Minute)
		id := call.NewID(at, [7]byte{byte(i)})
		must(s.SaveLedger(ctx, call.LedgerEntry{Call: id, Direction: "inbound", Caller: call.Party{Number: c.from, Name: c.name}, Called: "+4687000001", Started: at, Ended: at,
			Flow: call.FlowRef{ID: c.flow, Name: c.flow, Version: 1}, Legs: []call.Leg{{ID: call.LegID(string(id) + ".b1"), Side: "b", ContactMethod: c.phone, Started: at}}}))
	}
	return s
}

// finds is what a search finds, as kind and id.
func finds(t *testing.T, s *db.Store, q directory.Search) string {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 3
	}
	all, err := s.Search(t.Context(), everyKind, q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range all {
		if f.Kind == directory.KindLogin || f.Kind == directory.KindToken {
			f.ID = f.Name
		}
		out = append(out, string(f.Kind)+" "+f.ID)
	}
	return strings.Join(out, ", ")
}

func TestEverythingIsFoundByItsNameOrAnyPartOfItsNumber(t *testing.T) {
	s := searchTown(t)
	for text, want := range map[string]string{
		"office 11":           "flow office-11, number +4687000011",
		"Ozturk":              "contact-method bo-desk, user bo",
		"support":             "user bo",
		"reception":           "contact-method bo-desk",
		"waiting":             "playlist waiting",
		"nuisance":            "list pests",
		"carrier":             "trunk carrier",
		"wallb":               "token Wallboard",
		"owner@":              "login owner@example.org",
		"welcome":             "audio welcome",
		"207":                 "internal-number 207",
		"0046 8 700 00 11":    "number +4687000011",
		"08-700 00 11":        "number +4687000011",
		"0011":                "number +4687000011",
		"+46 70 111 22 33":    "call 20261122-140000-0000000",
		"1112244":             "call 20261122-140100-1000000",
		"grace":               "call 20261122-140100-1000000",
		"20261122-140200-200": "call 20261122-140200-2000000",
		"message 19":          "module message-19, module message-19, module message-19",
		"%":                   "",
		"_":                   "",
		"\x00":                "",
		"":                    "",
		"'; drop table users": "",
	} {
		if got := finds(t, s, directory.ReadSearch(text)); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
}

func TestASearchIsBoundedAndListsTheBestFirst(t *testing.T) {
	s := searchTown(t)
	q := directory.ReadSearch("office 1")
	if got, want := finds(t, s, q), "flow office-1, flow office-10, flow office-11, number +4687000001, number +4687000010, number +4687000011"; got != want {
		t.Errorf("finds %q, want %q", got, want)
	}
	q = directory.ReadSearch("ivr")
	q.ModuleKinds, q.Limit = []string{"voice-menu"}, 5
	if got := strings.Count(finds(t, s, q), "module menu-"); got != 5 {
		t.Errorf("%d menus are found by their kind, want 5", got)
	}
}

func TestASearchStaysInTheScopeOfWhoAsks(t *testing.T) {
	s := searchTown(t)
	limited := func(text string) directory.Search {
		q := directory.ReadSearch(text)
		q.Scope = []string{"office-1"}
		return q
	}
	for text, want := range map[string]string{
		"office": "flow office-1, number +4687000001", "desk": "contact-method desk-1", "reception": "", "207": "", "7011122": "call 20261122-140000-0000000",
		"+46701112244": "", "20261122-140100-1000000": "", "menu 13": "module menu-13",
	} {
		q := limited(text)
		if got := finds(t, s, q); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	own := directory.ReadSearch("+46701112244")
	own.User = "bo"
	if got := finds(t, s, own); got != "" {
		t.Errorf("an agent finds %q, which rang somebody else", got)
	}
	own = directory.ReadSearch("2026")
	own.User = "bo"
	if got, want := finds(t, s, own), "call 20261122-140000-0000000"; got != want {
		t.Errorf("an agent finds %q, want %q", got, want)
	}
}

func TestAModuleIsFoundByTheNameThatTheDraftGivesIt(t *testing.T) {
	s := searchTown(t)
	d, err := s.Draft(t.Context(), "office-3")
	if err != nil {
		t.Fatal(err)
	}
	finds(t, s, directory.ReadSearch("message")) // what it was is remembered
	d.Flow.Modules = append(d.Flow.Modules, flow.Module{ID: "bye", Kind: "hangup", Name: "Farvel, Ærø", Settings: &flow.Hangup{}})
	if _, err := s.SaveDraft(t.Context(), d.Flow, d.Revision, "me"); err != nil {
		t.Fatal(err)
	}
	if got, want := finds(t, s, directory.ReadSearch("farvel")), "module bye"; got != want {
		t.Errorf("finds %q, want %q", got, want)
	}
}

// A number that called long ago is found whole, by any part only among the newest.
func TestAnOldCallIsFoundByItsWholeNumber(t *testing.T) {
	s := searchTown(t)
	dbtest.Exec(t, s, fmt.Sprintf(`insert into calls select 'x' || i, false, 'inbound', '+1555' || 1000000 + i, '', '+4687000001', '', 'office-1', 'Office 1', 1, 'n', now(), null, now(), '', 'missed', 'no-answer', 0
		from generate_series(1, %d) i`, 2100))
	if got, want := finds(t, s, directory.ReadSearch("+46701112233")), "call 20261122-140000-0000000"; got != want {
		t.Errorf("finds %q, want %q", got, want)
	}
	if got, want := finds(t, s, directory.ReadSearch("20261122-140000-0000000")), "call 20261122-140000-0000000"; got != want {
		t.Errorf("finds %q, want %q", got, want)
	}
}
