package flow

import (
	"encoding/json"
	"errors"
	"testing"
)

// salesGroup is a flow with a ring group of four, cabled all round.
func salesGroup() Flow {
	return Flow{ID: "main", Name: "Main",
		Modules: []Module{
			{ID: "in", Kind: "internal-number", Name: "In", Settings: &InternalNumber{InternalNumber: "600"}},
			{ID: "sales", Kind: "ring-group", Name: "Sales", X: 320, Y: 64, Tab: "t", Note: "ours", HangUpHere: []Exit{"no-answer"}, Settings: &RingGroup{
				Destinations: []RingDestination{
					{ContactMethod: "ann", Length: 30}, {ContactMethod: "bob", Start: 5, Length: 25, IgnoreSchedule: true},
					{ContactMethod: "eve", Length: 70}, {ContactMethod: ""}},
				Ringback: "bells", HoldMusic: "piano", Confirm: "on", CallerNameRules: []NameRule{{Match: "prefix", Result: "Sales: "}}}},
			{ID: "bye", Kind: "hangup", Name: "Bye", Settings: &Hangup{}},
			{ID: "away", Kind: "hangup", Name: "Away", Settings: &Hangup{}},
		},
		Cables: []Cable{{"in", "next", "sales"}, {"sales", "unavailable", "away"}, {"sales", ExitError, "bye"}},
		Tests:  []Test{{ID: "t1", Name: "Nobody", Want: []TestStep{{"in", "next"}, {"sales", "no-answer"}}}},
	}
}

func turned(t *testing.T, f Flow, module string) (Flow, []Change) {
	t.Helper()
	changes, err := IntoQueue(f, module)
	if err != nil {
		t.Fatal(err)
	}
	next, err := Apply(f, changes)
	if err != nil {
		t.Fatal(err)
	}
	return next, changes
}

func TestARingGroupTurnsIntoAQueueInItsPlace(t *testing.T) {
	next, _ := turned(t, salesGroup(), "sales")
	m, _ := next.Module("sales")
	if m.Kind != "queue" || m.Name != "Sales" || m.X != 320 || m.Y != 64 || m.Tab != "t" || m.Note != "ours" {
		t.Errorf("the module is now %+v", m)
	}
	want := `{"members":[{"contact_method":"ann","ring":30},{"contact_method":"eve","ring":60},` +
		`{"contact_method":"bob","ring":25,"ignore_schedule":true},{"contact_method":"","ring":20}],"hold_music":"piano","ringback":"bells","leave_when_empty":true,` +
		`"caller_name_rules":[{"match":"prefix","result":"Sales: "}],"confirm":"on"}`
	if got, _ := json.Marshal(m.Settings); string(got) != want {
		t.Errorf("the settings are\n%s, want\n%s", got, want)
	}
}

func TestCablesOfARingGroupAreKeptByTheQueue(t *testing.T) {
	next, changes := turned(t, salesGroup(), "sales")
	for _, c := range []Cable{{"in", "next", "sales"}, {"sales", "no-members", "away"}, {"sales", ExitError, "bye"}} {
		if to, ok := next.cabled(c.From, c.Exit); !ok || to.ID != c.To {
			t.Errorf("%s of %s leads to %v, want %s", c.Exit, c.From, to, c.To)
		}
	}
	if m, _ := next.Module("sales"); len(next.Cables) != 3 || len(m.HangUpHere) != 1 || m.HangUpHere[0] != "timeout" {
		t.Errorf("it has %d cables and hangs up at %v", len(next.Cables), m.HangUpHere)
	}
	if step := next.Tests[0].Want[1]; step != (TestStep{"sales", "timeout"}) {
		t.Errorf("its test expects %v", step)
	}
	for i := range changes {
		changes[i] = changes[i].Reverse()
	}
	if back, err := Apply(next, changes); err != nil || !Equal(back, salesGroup()) {
		t.Errorf("undone it is %+v, %v", back, err)
	}
}

func TestAQueueRingsInOrderWhereTheBarsDid(t *testing.T) {
	bar := func(who string, start int) RingDestination { return RingDestination{ContactMethod: who, Start: start} }
	for _, c := range []struct {
		claim, strategy string
		bars            []RingDestination
		members         int
	}{
		{"one after the other", "in-order", []RingDestination{bar("c", 40), bar("a", 0), bar("b", 20)}, 3},
		{"a new bar where nobody stands", "in-order", []RingDestination{bar("a", 0), bar("b", 20), bar("c", 40), bar("", 0)}, 4},
		{"together", "", []RingDestination{bar("a", 0), bar("b", 10), bar("c", 20)}, 3},
		{"alone", "", []RingDestination{bar("a", 0)}, 1},
		{"the same person later", "", []RingDestination{bar("a", 0), bar("b", 0), bar("a", 20)}, 2},
		{"nobody", "", nil, 0},
	} {
		q := (&RingGroup{Destinations: c.bars}).queue(false)
		if q.Strategy != c.strategy || len(q.Members) != c.members || q.LeaveWhenEmpty {
			t.Errorf("%s: %+v, want strategy %q and %d members", c.claim, q, c.strategy, c.members)
		}
		if c.members > 2 && (q.Members[0].ContactMethod != "a" || q.Members[2].ContactMethod != "c") {
			t.Errorf("%s: the order is %+v", c.claim, q.Members)
		}
	}
}

func TestOnlyARingGroupTurnsIntoAQueue(t *testing.T) {
	for _, module := range []string{"in", "gone"} {
		if _, err := IntoQueue(salesGroup(), module); !errors.Is(err, ErrNoRingGroup) {
			t.Errorf("%s: %v", module, err)
		}
	}
}
