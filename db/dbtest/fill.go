package dbtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

// Size of what Fill makes: modules of a flow that are menus, and the days over
// which the calls are spread.
const (
	fillMenus = 20
	fillDays  = 30
)

// Fill gives a store of this package a busy office: flows of some forty
// modules, each published on a number of its own and ringing a phone of its
// own, and calls of the last 30 days that walked them. The same counts always
// make the same office.
func Fill(t testing.TB, s *db.Store, calls, flows int) {
	t.Helper()
	in := db.Installation{
		Trunks: []directory.Trunk{{ID: "carrier", Name: "Carrier"}},
		Audio:  []directory.AudioFile{{ID: "welcome", Name: "Welcome", Bytes: []byte("RIFF")}},
	}
	for i := range flows {
		in.Numbers = append(in.Numbers, directory.Number{E164: fillNumber(t, i), Label: fmt.Sprintf("Office %d", i), Trunks: []string{"carrier"}})
		in.ContactMethods = append(in.ContactMethods, directory.ContactMethod{ID: fillPhone(i), Kind: directory.SIPAccount,
			Name: fmt.Sprintf("Desk %d", i), Username: fillPhone(i), Password: "a-phone-of-the-office"})
		in.Flows = append(in.Flows, fillFlow(t, i))
	}
	if err := s.Load(t.Context(), in, "owner@example.org"); err != nil {
		t.Fatal(err)
	}
	copyCalls(t, connect(t, s), calls, max(flows, 1))
	Exec(t, s, "analyze")
}

func fillPhone(i int) string { return fmt.Sprintf("desk-%d", i) }

func fillNumber(t testing.TB, i int) dialplan.Number {
	t.Helper()
	n, err := dialplan.ParseNumber(fmt.Sprintf("+4687%06d", i))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fillFlow is a number, a chain of menus with a message on key 1 of each, and
// a ring group at its end.
func fillFlow(t testing.TB, i int) flow.Flow {
	f := flow.Flow{ID: fmt.Sprintf("office-%d", i), Name: fmt.Sprintf("Office %d", i), Modules: []flow.Module{
		{ID: "in", Kind: "phone-number", Name: "Number", Settings: &flow.PhoneNumber{Number: fillNumber(t, i).String()}},
		{ID: "ring", Kind: "ring-group", Name: "Ring", HangUpHere: []flow.Exit{"no-answer"},
			Settings: &flow.RingGroup{Destinations: []flow.RingDestination{{ContactMethod: fillPhone(i), Length: 30}}}},
	}}
	from, exit := "in", flow.Exit("next")
	for m := range fillMenus {
		menu, message := fmt.Sprintf("menu-%d", m), fmt.Sprintf("message-%d", m)
		f.Modules = append(f.Modules,
			flow.Module{ID: menu, Kind: "voice-menu", Name: fmt.Sprintf("Menu %d", m), X: 240 * m,
				Settings: &flow.VoiceMenu{Audio: "welcome", Entries: []string{"1"}}},
			flow.Module{ID: message, Kind: "audio-playback", Name: fmt.Sprintf("Message %d", m), X: 240 * m, Y: 200,
				HangUpHere: []flow.Exit{"next"}, Settings: &flow.AudioPlayback{Audio: "welcome"}})
		f.Cables = append(f.Cables, flow.Cable{From: from, Exit: exit, To: menu}, flow.Cable{From: menu, Exit: flow.KeyExit("1"), To: message})
		from, exit = menu, "no-input"
	}
	f.Cables = append(f.Cables, flow.Cable{From: from, Exit: exit, To: "ring"})
	return f
}

// outcomes of every ten calls.
var outcomes = [10]struct {
	outcome string
	cause   call.Cause
}{
	{"talked", call.CauseCallerHangup}, {"talked", call.CauseCalleeHangup}, {"talked", call.CauseCallerHangup}, {"talked", call.CauseCalleeHangup},
	{"talked", call.CauseCallerHangup}, {"answered", call.CauseCallerHangup}, {"missed", call.CauseCallerCancelled},
	{"missed", call.CauseNoAnswer}, {"refused", call.CauseNotFound}, {"failed", call.CauseNoMedia},
}

// office is the rows of many calls, by table.
type office struct{ calls, paths, legs, attempts [][]any }

func copyCalls(t testing.TB, conn *pgx.Conn, calls, flows int) {
	t.Helper()
	var o office
	now := time.Now().UTC().Truncate(time.Second)
	apart := fillDays * 24 * time.Hour / time.Duration(max(calls, 1))
	for i := range calls {
		o.add(i, i%flows, now.Add(-time.Duration(i)*apart))
	}
	for _, c := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"calls", []string{"id", "live", "direction", "caller_number", "caller_name", "called", "trunk", "flow_id", "flow_name", "flow_version",
			"node", "started", "answered", "ended", "answered_by", "outcome", "cause", "talk_ms"}, o.calls},
		{"path_entries", []string{"call", "seq", "module", "name", "kind", "entered", "left_at", "exit", "reason"}, o.paths},
		{"legs", []string{"call", "seq", "id", "side", "node", "state", "party_number", "party_name", "contact_method", "trunk", "remote",
			"sip_call_id", "started", "ended", "status", "cause", "media"}, o.legs},
		{"attempts", []string{"call", "seq", "leg", "module", "contact_method", "name", "binding", "started", "ended", "status", "cause", "skipped"}, o.attempts},
	} {
		if _, err := conn.CopyFrom(t.Context(), pgx.Identifier{c.table}, c.columns, pgx.CopyFromRows(c.rows)); err != nil {
			t.Fatalf("%s: %v", c.table, err)
		}
	}
}

func (o *office) add(i, office int, at time.Time) {
	what := outcomes[i%len(outcomes)]
	id := fmt.Sprintf("%s-%07d", at.Format("20060102-150405"), i)
	caller, ended := fmt.Sprintf("+4670%07d", i%997), at.Add(time.Duration(20+i%280)*time.Second)
	var answered *time.Time
	var talk int64
	by := ""
	if what.outcome == "talked" || what.outcome == "answered" {
		a := at.Add(5 * time.Second)
		answered, by = &a, fmt.Sprintf("Desk %d", office)
	}
	if what.outcome == "talked" {
		talk = ended.Sub(*answered).Milliseconds()
	}
	o.calls = append(o.calls, []any{id, false, "inbound", caller, "Caller", fmt.Sprintf("+4687%06d", office), "carrier",
		fmt.Sprintf("office-%d", office), fmt.Sprintf("Office %d", office), 1, "n1", at, answered, ended, by, what.outcome, string(what.cause), talk})
	for seq, module := range []string{"in", "menu-0", "menu-1", "ring"} {
		o.paths = append(o.paths, []any{id, seq, module, module, "voice-menu", at, ended, "next", map[string]string{"code": "", "text": ""}})
	}
	for seq, side := range []string{"a", "b"} {
		method := ""
		if side == "b" {
			method = fillPhone(office)
		}
		o.legs = append(o.legs, []any{id, seq, id + "." + side, side, "n1", "ended", caller, "", method, "", "192.0.2.1:5060",
			id + side, at, ended, 200, string(what.cause), map[string]int{}})
	}
	o.attempts = append(o.attempts, []any{id, 0, id + ".b", "ring", fillPhone(office), "Desk", "", at, ended, 200, string(what.cause), false})
}
