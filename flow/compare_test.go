package flow

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// changed replaces parts of the main line, pairwise.
func changed(t *testing.T, pairs ...string) Flow {
	t.Helper()
	text := mainLine
	for i := 0; i < len(pairs); i += 2 {
		next := strings.Replace(text, pairs[i], pairs[i+1], 1)
		if next == text {
			t.Fatalf("%q changes nothing", pairs[i])
		}
		text = next
	}
	return parsed(t, text)
}

func TestACompareNamesEveryField(t *testing.T) {
	a := changed(t, `{"contact_method":"101"}`, `{"contact_method":"101"},{"contact_method":"100","length":20}`)
	b := changed(t,
		`"name":"Main line"`, `"name":"Front desk"`,
		`"entries":["1","2"]`, `"entries":["1","2","3"],"no_barge_in":true`,
		`{"contact_method":"101"}`, `{"contact_method":"101"},{"contact_method":"100","length":25}`,
		`"id":"sorry",`, `"id":"sorry","x":320,`,
		`{"id":"bye","kind":"hangup","name":"Bye","settings":{}}`, `{"id":"end","kind":"hangup","name":"End","settings":{}}`,
		`"exit":"next","to":"bye"`, `"exit":"next","to":"end"`)
	want := Comparison{
		Name: &FieldChange{"name", "Main line", "Front desk"},
		Modules: []ModuleChange{
			{ID: "menu", Name: "Menu", Kind: "voice-menu", What: Changed, Fields: []FieldChange{{"entries", "1, 2", "1, 2, 3"}, {"no_barge_in", "", "on"}}},
			{ID: "ring", Name: "Ring", Kind: "ring-group", What: Changed, Fields: []FieldChange{{"destinations.1.length", "20", "25"}}},
			{ID: "sorry", Name: "Sorry", Kind: "audio-playback", What: Moved},
			{ID: "bye", Name: "Bye", Kind: "hangup", What: Removed},
			{ID: "end", Name: "End", Kind: "hangup", What: Added},
		},
		Cables: []CableChange{{"sorry", "next", "bye", Removed}, {"sorry", "next", "end", Added}},
	}
	if got := Compare(a, b); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestTabsNotesFramesAndTestsAreCompared(t *testing.T) {
	a := Flow{Tabs: []Tab{{"d", "Day"}, {"n", "Night"}}, Frames: []Frame{{ID: "f", Text: "Sales"}}, Notes: []Note{{ID: "o", Text: "Ask Eva"}},
		Tests: []Test{{ID: "s", Name: "Sunday"}, {ID: "m", Name: "Monday"}}}
	b := Flow{Tabs: []Tab{{"d", "Day"}, {"n", "Nights"}}, Frames: []Frame{{ID: "f", Text: "Sales", X: 16, W: 400}}, Notes: []Note{{ID: "p", Text: "Eva says yes"}},
		Tests: []Test{{ID: "s", Name: "Sunday", Scenario: Scenario{Caller: "+46700000001"}}, {ID: "m", Name: "Monday"}, {ID: "h", Name: "Holiday"}}}
	want := []PartChange{{"tab", "n", "Nights", Changed}, {"note", "o", "Ask Eva", Removed}, {"note", "p", "Eva says yes", Added}, {"test", "s", "Sunday", Changed}, {"test", "h", "Holiday", Added}}
	if got := Compare(a, b).Parts; !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestEqualFlowsCompareToNothing(t *testing.T) {
	if got := Compare(parsed(t, mainLine), parsed(t, mainLine)); len(got.Modules)+len(got.Cables)+len(got.Parts) != 0 || got.Name != nil {
		t.Errorf("got %+v", got)
	}
}

func TestAModulesOwnFieldsAreCompared(t *testing.T) {
	a := changed(t, `"cables":[`, `"tabs":[{"id":"d","name":"Day"},{"id":"t","name":"Night"}],"cables":[`)
	b := changed(t, `"cables":[`, `"tabs":[{"id":"d","name":"Day"},{"id":"t","name":"Nights"}],"cables":[`, `"id":"bye",`, `"id":"bye","tab":"t","shelved":true,"note":"why"`+`,"hang_up_here":["next","a"],`)
	got := Compare(a, b)
	want := "[{bye Bye hangup changed [{hang_up_here  a, next} {note  why} {shelved  on} {tab Day Nights}]}]"
	if text := fmt.Sprint(got.Modules); text != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

func TestFieldsSortAsPeopleCount(t *testing.T) {
	if naturally("destinations.9.start", "destinations.10.length") >= 0 || naturally("a", "a.1") >= 0 {
		t.Error("destinations.10 comes before destinations.9")
	}
}

func BenchmarkEdits(b *testing.B) {
	was := chain(2000)
	is := was
	is.Modules = slices.Clone(was.Modules)
	is.Modules[1000].Name = "Renamed"
	changes := Diff(was, is)
	for name, do := range map[string]func(){
		"diff":    func() { Diff(was, is) },
		"apply":   func() { _, _ = Apply(was, changes) },
		"merge":   func() { Merge(was, is, was) },
		"compare": func() { Compare(was, is) },
		"why":     func() { WhyNot(was, path("in next, menu0 key:1, ring0-1"), "say300") },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				do()
			}
		})
	}
}
