package workflows

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
)

func walking() *walk {
	began := time.Date(2026, 11, 22, 17, 3, 9, 0, time.FixedZone("CET", 3600))
	return &walk{
		in: call.Incoming{Call: "c1"}, clock: began, zone: "Europe/Stockholm",
		from: call.Party{Number: "+4989", Name: "Bob"},
		entry: call.LedgerEntry{Direction: "inbound", Called: "+4930", Flow: call.FlowRef{Name: "Main"},
			Path: []call.PathEntry{{Name: "Help", Kind: "queue"}, {Name: "Tell", Kind: "set-variable"}}},
	}
}

func TestEveryFieldOfATextHasItsValue(t *testing.T) {
	want := map[string]string{
		"call_id": "c1", "date": "2026-11-22", "time": "17:03:09", "zone": "Europe/Stockholm", "direction": "inbound",
		"caller": "+4989", "caller_name": "Bob", "called": "+4930", "flow": "Main", "module": "Tell", "queue": "Help",
	}
	w := walking()
	for _, f := range flow.TextFields {
		if got := w.text("<{" + f.Name + "}>"); got != "<"+want[f.Name]+">" {
			t.Errorf("{%s} became %s, want %q", f.Name, got, want[f.Name])
		}
	}
	if len(want) != len(fields) || len(fields) != len(flow.TextFields) {
		t.Errorf("%d fields have a value, %d are offered", len(fields), len(flow.TextFields))
	}
	w.from.Number = ""
	if got := w.text("{caller}"); got != "anonymous" {
		t.Errorf("a withheld caller is %q", got)
	}
}

func TestAVariableHasItsNewestValue(t *testing.T) {
	w := walking()
	w.set("a", "1")
	w.set("b", "2")
	w.set("a", "3")
	w.set("caller", "nobody") // by an old flow: a field of the call wins
	if got := w.text("{a}{b}{c}{caller}"); got != "32{c}+4989" {
		t.Errorf("the text became %q", got)
	}
}

func TestVariablesHaveTheirLimits(t *testing.T) {
	w := walking()
	for i := range flow.MaxVariables {
		if !w.set(fmt.Sprintf("v%d", i), strings.Repeat("ä", 600)) {
			t.Fatalf("variable %d was refused", i)
		}
	}
	if w.set("more", "x") {
		t.Error("the 51st variable was taken")
	}
	if !w.set("v0", "new") {
		t.Error("a new value for a variable was refused")
	}
	if v, _ := w.variable("v1"); v != strings.Repeat("ä", 512) {
		t.Errorf("a long value has %d bytes", len(v))
	}
}

func TestARenamedCallerLeavesItsFact(t *testing.T) {
	w := walking()
	w.set("team", "Sales")
	w.rename([]flow.NameRule{{Match: "regex", Pattern: "Alice", Result: "no"}, {Match: "prefix", Result: "{team}: "}})
	w.because("entered", "it came in", call.Fact{Name: "number", Value: "+4930"})
	if w.from != (call.Party{Number: "+4989", Name: "Sales: Bob"}) {
		t.Errorf("the caller is shown as %+v", w.from)
	}
	got := fmt.Sprint(w.here().Reason.Facts)
	want := "[{caller_name Sales: Bob} {caller_name_before Bob} {caller_name_rule 2} {number +4930}]"
	if got != want {
		t.Errorf("facts %s, want %s", got, want)
	}
}

func TestEachListOfRulesChangesTheResultBeforeIt(t *testing.T) {
	w := walking()
	w.rename([]flow.NameRule{{Match: "prefix", Result: "Line 1: "}})
	w.rename([]flow.NameRule{{Match: "regex", Pattern: `^Line (\d): (.*)$`, Result: `\2 (\1)`}})
	if w.from.Name != "Bob (1)" {
		t.Errorf("the caller is shown as %q", w.from.Name)
	}
}
