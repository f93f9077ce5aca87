package flow

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const mainLine = `{"id":"main","name":"Main line","modules":[
 {"id":"in","kind":"phone-number","name":"Number","settings":{"number":"+15550100"}},
 {"id":"menu","kind":"voice-menu","name":"Menu","settings":{"audio":"welcome","entries":["1","2"]}},
 {"id":"ring","kind":"ring-group","name":"Ring","settings":{"destinations":[{"contact_method":"101"}]}},
 {"id":"sorry","kind":"audio-playback","name":"Sorry","settings":{"audio":"sorry"}},
 {"id":"bye","kind":"hangup","name":"Bye","settings":{}}],
 "cables":[{"from":"in","exit":"next","to":"menu"},{"from":"menu","exit":"key:1","to":"ring"},
 {"from":"menu","exit":"key:2","to":"sorry"},{"from":"menu","exit":"no-input","to":"sorry"},
 {"from":"ring","exit":"no-answer","to":"sorry"},{"from":"sorry","exit":"next","to":"bye"}]}`

func parsed(t *testing.T, text string) Flow {
	t.Helper()
	f, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestATestWithoutStepsIsPrintedWithAnEmptyList(t *testing.T) {
	text, err := json.Marshal(Flow{Tests: []Test{{ID: "t"}}})
	if err != nil || !strings.Contains(string(text), `"want":[]`) {
		t.Errorf("printed %s, %v", text, err)
	}
}

func TestAFlowPrintsAndParsesToTheSame(t *testing.T) {
	first := parsed(t, mainLine)
	text, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	if again := parsed(t, string(text)); !reflect.DeepEqual(first, again) {
		t.Errorf("printed and parsed again:\n%+v\nwas\n%+v", again, first)
	}
}

func TestTheMainLineIsValid(t *testing.T) {
	if got := Validate(parsed(t, mainLine), nil); len(got) != 0 {
		t.Errorf("problems: %+v", got)
	}
}

func TestAShelvedModuleIsNotPublished(t *testing.T) {
	f := parsed(t, strings.Replace(mainLine, `"id":"ring",`, `"id":"ring","shelved":true,`, 1))
	p := f.Published()
	if _, ok := p.Module("ring"); ok || len(p.Cables) != len(f.Cables)-2 {
		t.Errorf("published %d modules and %d cables of %d and %d", len(p.Modules), len(p.Cables), len(f.Modules), len(f.Cables))
	}
}

func TestAnOptionalExitFallsBack(t *testing.T) {
	f := parsed(t, mainLine)
	menu, _ := f.Module("menu")
	ring, _ := f.Module("ring")
	for _, tt := range []struct {
		m    *Module
		exit Exit
		want string
	}{{menu, "invalid", "sorry"}, {menu, "key:1", "ring"}, {ring, "unavailable", "sorry"}, {ring, ExitError, ""}} {
		got, ok := f.Next(tt.m, tt.exit)
		if ok != (tt.want != "") || ok && got.ID != tt.want {
			t.Errorf("%s by %s leads to %+v, want %q", tt.m.ID, tt.exit, got, tt.want)
		}
	}
}

func TestEveryKindIsDescribedForThePalette(t *testing.T) {
	for name, k := range Catalog {
		if k.Title == "" || k.Family == "" || k.Text == "" || len(k.Synonyms) < 3 {
			t.Errorf("%s: %+v", name, k)
		}
		for _, e := range k.AtOnce {
			m := Module{Kind: name, Settings: k.New()}
			if _, ok := m.Exit(e); !ok || !k.Waits {
				t.Errorf("%s is left at once by %q, which it does not have", name, e)
			}
		}
	}
}
