package flow

import (
	"slices"
	"strings"
	"testing"
)

// answered answers everything a template asks with something of its own.
func answered(tpl Template) map[string]string {
	by := map[RefKind]string{RefNumber: "+15550100", RefContactMethod: "account-", RefAudio: "audio-"}
	answers := map[string]string{}
	for _, a := range tpl.Asks {
		answers[a.Key()] = by[a.Kind]
		if a.Kind != RefNumber {
			answers[a.Key()] += strings.ReplaceAll(a.Key(), ".", "-")
		}
	}
	return answers
}

func TestFiveTemplatesAreOffered(t *testing.T) {
	ids := map[string]bool{}
	for _, tpl := range Templates() {
		if ids[tpl.ID] || tpl.Title == "" || tpl.Text == "" || len(tpl.Asks) == 0 {
			t.Errorf("template %q is not whole: %+v", tpl.ID, tpl)
		}
		ids[tpl.ID] = true
	}
	if len(ids) != 5 {
		t.Errorf("%d templates, want 5", len(ids))
	}
}

func TestAnAnsweredTemplateIsReadyToPublish(t *testing.T) {
	for _, tpl := range Templates() {
		f, err := tpl.Flow("My flow", answered(tpl))
		if err != nil {
			t.Fatalf("%s: %v", tpl.ID, err)
		}
		if got := Validate(f, office{}); len(got) > 0 || f.Name != "My flow" {
			t.Errorf("%s, called %q: %+v", tpl.ID, f.Name, got)
		}
		if _, err := Parse(printed(f)); err != nil {
			t.Errorf("%s: %v", tpl.ID, err)
		}
	}
}

// What a template leaves open and what it asks for are the same.
func TestATemplateAsksForWhatItLeavesOpen(t *testing.T) {
	for _, tpl := range Templates() {
		answers := answered(tpl)
		for _, ask := range tpl.Asks {
			less := map[string]string{}
			for key, value := range answers {
				if key != ask.Key() {
					less[key] = value
				}
			}
			f, err := tpl.Flow("x", less)
			if err != nil {
				t.Fatal(err)
			}
			got := Errors(Validate(f, office{}))
			if len(got) != 1 || got[0].Module != ask.Module || got[0].Field != ask.Field {
				t.Errorf("%s without %s: %+v", tpl.ID, ask.Key(), got)
			}
			whole, _ := tpl.Flow("x", answers)
			m, _ := whole.Module(ask.Module)
			if want := (Ref{ask.Kind, answers[ask.Key()], ask.Field}); !slices.Contains(m.Settings.Refs(), want) || ask.Label == "" {
				t.Errorf("%s: %+v does not arrive in %+v", tpl.ID, ask, m.Settings)
			}
		}
	}
}

func TestATemplateRefusesAnswersThatItDidNotAskFor(t *testing.T) {
	tpl := Templates()[0]
	if _, err := tpl.Flow("x", map[string]string{"menu.colour": "red"}); err == nil {
		t.Error("an answer to no question was taken")
	}
	if _, err := tpl.Flow(strings.Repeat("x", MaxName+1), nil); err == nil {
		t.Error("a name that is too long was taken")
	}
}

func TestASupportQueueOffersToCallBack(t *testing.T) {
	tpl := Templates()[slices.IndexFunc(Templates(), func(tpl Template) bool { return tpl.ID == "support-queue" })]
	f, err := tpl.Flow("x", answered(tpl))
	if err != nil {
		t.Fatal(err)
	}
	team, _ := f.Module("team")
	for _, exit := range []Exit{"escape", "timeout", "full", "no-members"} {
		if to, ok := f.Next(team, exit); !ok || to.Kind != KindCallback {
			t.Errorf("exit %s leads to %+v", exit, to)
		}
	}
}

// A template reads from left to right on the grid and no two boxes overlap.
func TestATemplateIsLaidOutOnTheGrid(t *testing.T) {
	for _, tpl := range Templates() {
		f, _ := tpl.Flow("x", nil)
		for i, m := range f.Modules {
			if m.X%16 != 0 || m.Y%16 != 0 {
				t.Errorf("%s: %q lies at %d, %d", tpl.ID, m.Name, m.X, m.Y)
			}
			for _, o := range f.Modules[:i] {
				if m.X-o.X < columnWidth && o.X-m.X < columnWidth && m.Y-o.Y < rowHeight && o.Y-m.Y < rowHeight {
					t.Errorf("%s: %q lies on %q", tpl.ID, m.Name, o.Name)
				}
			}
		}
		back := 0
		for _, c := range f.Cables {
			from, _ := f.Module(c.From)
			if to, _ := f.Module(c.To); to.X <= from.X {
				back++
			}
		}
		if back > 1 {
			t.Errorf("%s: %d cables lead back", tpl.ID, back)
		}
	}
}
