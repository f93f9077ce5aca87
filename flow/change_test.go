package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func item(t *testing.T, value any) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAChangeIsComparedByValue(t *testing.T) {
	f := parsed(t, mainLine)
	got, err := Apply(f, []Change{{In: InModule, Key: "bye",
		Before: json.RawMessage(` {"settings":{}, "x":0, "name":"Bye","kind":"hangup","id":"bye"}`),
		After:  json.RawMessage(`{"id":"bye","kind":"hangup","name":"Goodbye","settings":{"cause":"busy"}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if m, _ := got.Module("bye"); m.Name != "Goodbye" || m.Settings.(*Hangup).Cause != "busy" {
		t.Errorf("the module is %+v", m)
	}
	if m, _ := f.Module("bye"); m.Name != "Bye" {
		t.Error("the flow that was given has changed")
	}
}

func TestAChangeOfWhatSomebodyElseChangedIsRefused(t *testing.T) {
	f := parsed(t, mainLine)
	change := Change{In: InCable, Key: "sorry next", Before: item(t, Cable{"sorry", "next", "menu"})}
	_, err := Apply(f, []Change{{In: InName, Before: item(t, "Main line"), After: item(t, "New")}, change})
	var conflict *ConflictError
	if !errors.As(err, &conflict) || conflict.Change.Key != "sorry next" || string(conflict.Now) != `{"from":"sorry","exit":"next","to":"bye"}` {
		t.Errorf("got %v", err)
	}
}

func TestChangesThatCannotBeReadAreRefused(t *testing.T) {
	f := parsed(t, mainLine)
	for name, c := range map[string]Change{
		"no part":          {In: "modules", Key: "bye"},
		"no JSON":          {In: InModule, Key: "x", After: json.RawMessage(`{"id":"x"`)},
		"other key":        {In: InModule, Key: "x", After: json.RawMessage(`{"id":"y","kind":"hangup","name":"y","settings":{}}`)},
		"unknown kind":     {In: InModule, Key: "x", After: json.RawMessage(`{"id":"x","kind":"fax","name":"x","settings":{}}`)},
		"misspelt setting": {In: InModule, Key: "x", After: json.RawMessage(`{"id":"x","kind":"hangup","name":"x","settings":{"casue":"busy"}}`)},
		"key of a name":    {In: InName, Key: "x", Before: item(t, "Main line"), After: item(t, "x")},
		"long name":        {In: InName, Before: item(t, "Main line"), After: item(t, strings.Repeat("x", MaxName+1))},
		"long note":        {In: InNote, Key: "n", After: item(t, Note{ID: "n", Text: strings.Repeat("x", MaxNote+1)})},
		"too many tabs":    {In: InTabs, After: item(t, slices.Repeat([]Tab{{"a", "A"}}, MaxTabs+1))},
		"id for a URL":     {In: InFrame, Key: "../x", After: item(t, Frame{ID: "../x"})},
		"exit with space":  {In: InCable, Key: "bye a b", After: item(t, Cable{"bye", "a b", "menu"})},
	} {
		if _, err := Apply(f, []Change{c}); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: got %v, want ErrFormat", name, err)
		}
	}
	var many []Change
	for i := range MaxModules {
		id := fmt.Sprintf("m%d", i)
		many = append(many, Change{In: InModule, Key: id, After: item(t, Module{ID: id, Kind: "hangup", Name: id, Settings: &Hangup{}})})
	}
	if _, err := Apply(f, many); !errors.Is(err, ErrFormat) {
		t.Errorf("more than %d modules: got %v, want ErrFormat", MaxModules, err)
	}
}

func TestNewItemsComeLastAndOthersStay(t *testing.T) {
	f := parsed(t, mainLine)
	added := Module{ID: "aaa", Kind: "hangup", Name: "First by name", Settings: &Hangup{}}
	menu, _ := f.Module("menu")
	renamed := *menu
	renamed.Name = "Renamed"
	got, err := Apply(f, []Change{
		{In: InModule, Key: "aaa", After: item(t, added)},
		{In: InModule, Key: "menu", Before: item(t, menu), After: item(t, renamed)},
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range got.Modules {
		ids = append(ids, m.ID)
	}
	if want := []string{"in", "menu", "ring", "sorry", "bye", "aaa"}; !slices.Equal(ids, want) {
		t.Errorf("modules stand as %v, want %v", ids, want)
	}
}

func TestAnEmptyListOfTabsIsNoTabs(t *testing.T) {
	f := parsed(t, mainLine)
	got, err := Apply(f, []Change{{In: InTabs, Before: json.RawMessage(`[]`), After: item(t, []Tab{{"a", "Day"}})}})
	if err != nil || len(got.Tabs) != 1 {
		t.Fatalf("tabs %v, %v", got.Tabs, err)
	}
	if f.Tabs = []Tab{}; len(Diff(f, parsed(t, mainLine))) != 0 {
		t.Error("an empty list of tabs differs from none")
	}
}

// edit changes a flow at random where free allows it.
func edit(r *rand.Rand, f Flow, free func(string) bool) Flow {
	f.Modules, f.Cables = slices.Clone(f.Modules), slices.Clone(f.Cables)
	f.Frames, f.Notes, f.Tests = slices.Clone(f.Frames), slices.Clone(f.Notes), slices.Clone(f.Tests)
	for range 1 + r.IntN(6) {
		id := fmt.Sprintf("m%d", r.IntN(12))
		if !free(id) {
			continue
		}
		switch r.IntN(8) {
		case 0, 1:
			f.Modules = put(f.Modules, randomModule(r, id), func(m Module) bool { return m.ID == id })
		case 2:
			f.Modules = slices.DeleteFunc(f.Modules, func(m Module) bool { return m.ID == id })
			f.Cables = slices.DeleteFunc(f.Cables, func(c Cable) bool { return c.From == id || c.To == id })
		case 3:
			f.Cables = put(f.Cables, Cable{id, "next", id}, func(c Cable) bool { return c.From == id && c.Exit == "next" })
		case 4:
			f.Cables = slices.DeleteFunc(f.Cables, func(c Cable) bool { return c.From == id })
		case 5:
			f.Notes = put(f.Notes, Note{ID: id, Text: fmt.Sprint(r.IntN(9)), X: r.IntN(99)}, func(n Note) bool { return n.ID == id })
		case 6:
			f.Frames = put(f.Frames, Frame{ID: id, Text: "frame", W: r.IntN(99)}, func(x Frame) bool { return x.ID == id })
		case 7:
			f.Tests = put(f.Tests, Test{ID: id, Name: id, Want: []TestStep{{Module: id}}}, func(x Test) bool { return x.ID == id })
		}
	}
	return f
}

// editAll changes what is no item of its own as well.
func editAll(r *rand.Rand, f Flow) Flow {
	f = edit(r, f, func(string) bool { return true })
	if r.IntN(3) == 0 {
		f.Name = fmt.Sprintf("flow %d", r.IntN(9))
	}
	if r.IntN(3) == 0 {
		f.Tabs = []Tab{{"a", fmt.Sprint(r.IntN(9))}}
	}
	return f
}

func put[T any](all []T, x T, is func(T) bool) []T {
	if i := slices.IndexFunc(all, is); i >= 0 {
		all[i] = x
		return all
	}
	return append(all, x)
}

func randomModule(r *rand.Rand, id string) Module {
	settings := []Settings{&Hangup{Cause: "busy"}, &AudioPlayback{Audio: "a", Times: r.IntN(9)}, &VoiceMenu{Entries: []string{"1", "2"}},
		&RingGroup{Destinations: []RingDestination{{ContactMethod: "101", Start: r.IntN(50)}}}}
	kinds := []string{"hangup", "audio-playback", "voice-menu", "ring-group"}
	i := r.IntN(len(kinds))
	return Module{ID: id, Kind: kinds[i], Name: id, X: r.IntN(999), Settings: settings[i]}
}

func TestWhatWasFoundToDifferLeadsThereAndBack(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		a := editAll(r, editAll(r, Flow{ID: "f"}))
		b := editAll(r, a)
		changes := Diff(a, b)
		got, err := Apply(a, changes)
		if err != nil || !Equal(got, b) {
			t.Fatalf("seed %d: there: %v\n%+v\nwant\n%+v", seed, err, got, b)
		}
		slices.Reverse(changes)
		for i := range changes {
			changes[i] = changes[i].Reverse()
		}
		if got, err = Apply(got, changes); err != nil || !Equal(got, a) {
			t.Fatalf("seed %d: back: %v\n%+v\nwant\n%+v", seed, err, got, a)
		}
	}
}

func TestAMergeOfOneSideIsThatSide(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		base := editAll(r, editAll(r, Flow{ID: "f"}))
		x := editAll(r, base)
		for name, sides := range map[string][2]Flow{"mine": {x, base}, "theirs": {base, x}, "both": {x, x}} {
			if got, conflicts := Merge(base, sides[0], sides[1]); len(conflicts) > 0 || !Equal(got, x) {
				t.Fatalf("seed %d, %s: conflicts %v, merged\n%+v\nwant\n%+v", seed, name, conflicts, got, x)
			}
		}
	}
}

func TestEditsOfDifferentItemsMerge(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 3))
		base := editAll(r, editAll(r, Flow{ID: "f"}))
		odd := func(id string) bool { return id[len(id)-1]%2 == 1 }
		mine, theirs := edit(r, base, odd), edit(r, base, func(id string) bool { return !odd(id) })
		got, conflicts := Merge(base, mine, theirs)
		if len(conflicts) > 0 {
			t.Fatalf("seed %d: %+v", seed, conflicts)
		}
		want, err := Apply(theirs, Diff(base, mine))
		if err != nil || !Equal(got, want) {
			t.Fatalf("seed %d: %v, merged\n%+v\nwant\n%+v", seed, err, got, want)
		}
	}
}

func TestWhatBothChangedIsReportedAndTheirsStays(t *testing.T) {
	base := parsed(t, mainLine)
	mine, theirs := parsed(t, strings.Replace(mainLine, `"Menu"`, `"Mine"`, 1)), parsed(t, strings.Replace(mainLine, `"Menu"`, `"Theirs"`, 1))
	got, conflicts := Merge(base, mine, theirs)
	if len(conflicts) != 1 || conflicts[0].Key != "menu" || conflicts[0].Label != "module “Theirs”" ||
		!strings.Contains(string(conflicts[0].Base), `"Menu"`) || !strings.Contains(string(conflicts[0].Mine), `"Mine"`) {
		t.Fatalf("conflicts %+v", conflicts)
	}
	if m, _ := got.Module("menu"); m.Name != "Theirs" {
		t.Errorf("merged to %q", m.Name)
	}
}

func TestACableToAModuleThatTheOtherSideRemovedIsAConflict(t *testing.T) {
	base := parsed(t, mainLine)
	mine := parsed(t, strings.Replace(mainLine, `{"from":"menu","exit":"no-input","to":"sorry"}`, `{"from":"menu","exit":"no-input","to":"bye"}`, 1))
	theirs := base
	theirs.Modules = slices.DeleteFunc(slices.Clone(base.Modules), func(m Module) bool { return m.ID == "bye" })
	theirs.Cables = slices.DeleteFunc(slices.Clone(base.Cables), func(c Cable) bool { return c.To == "bye" })
	for name, sides := range map[string][2]Flow{"they removed": {mine, theirs}, "I removed": {theirs, mine}} {
		got, conflicts := Merge(base, sides[0], sides[1])
		if len(conflicts) != 1 || conflicts[0].Key != "menu no-input" || conflicts[0].Label != "cable from “Menu” by “no input”" {
			t.Errorf("%s: conflicts %+v", name, conflicts)
		}
		if got.Cabled("menu", "no-input") || len(got.Cables) != len(base.Cables)-2 {
			t.Errorf("%s: cables %+v", name, got.Cables)
		}
	}
}

func FuzzApply(f *testing.F) {
	main, err := Parse([]byte(mainLine))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`[{"in":"name","key":"","before":"Main line","after":"x"}]`))
	f.Add([]byte(`[{"in":"tabs","key":"","before":null,"after":[{"id":"a","name":"A"}]},{"in":"note","key":"n","before":null,"after":{"id":"n","text":"a","x":1,"y":2,"w":3,"h":4}}]`))
	f.Add([]byte(`[{"in":"cable","key":"sorry next","before":{"from":"sorry","exit":"next","to":"bye"},"after":null},{"in":"module","key":"bye","before":{"id":"bye","kind":"hangup","name":"Bye","settings":{}},"after":null}]`))
	f.Add([]byte(`[{"in":"module","key":"a","after":{"id":"a","kind":"ring-group","name":"","settings":{"destinations":[{}]}}},{"in":"module","key":"a","after":null}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var changes []Change
		if json.Unmarshal(data, &changes) != nil {
			return
		}
		got, err := Apply(main, changes)
		var conflict *ConflictError
		if err != nil {
			if !errors.As(err, &conflict) && !errors.Is(err, ErrFormat) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if again, err := Parse(printed(got)); err != nil || !Equal(again, got) {
			t.Fatalf("what was applied does not parse to the same: %v", err)
		}
		slices.Reverse(changes)
		for i := range changes {
			changes[i] = changes[i].Reverse()
		}
		if back, err := Apply(got, changes); err != nil || !Equal(back, main) {
			t.Fatalf("does not lead back: %v, %+v", err, Diff(back, main))
		}
	})
}
