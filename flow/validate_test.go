package flow

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// office is a world in which something is amiss with whatever has an odd name.
type office struct{ Anything }

var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func (office) Now() time.Time { return today }

func (office) Exists(r Ref) bool { return r.ID != "gone" && r.ID != "+15550199" }

func (office) Claimed(r Ref) (string, bool) {
	return `flow "Other"`, r.ID == "+15550101" || r.Kind == RefInternalNumber && r.ID == "7"
}

func (office) External(id string) bool { return strings.HasSuffix(id, "mobile") }

func (office) LastBinding(id string) (time.Time, bool) {
	if id == "asleep" {
		return today.Add(-8 * 24 * time.Hour), true
	}
	return today.Add(-time.Hour), true
}

func (office) AtOnce(id string) int {
	if id == "one line" {
		return 1
	}
	return 0
}

func (office) Silent(audio string) bool { return audio == "empty list" }

type strictOffice struct{ office }

func (strictOffice) StrictRingGroups() bool { return true }

// Each row breaks the main line in one place and names what must be found there.
func TestBrokenFlowsAreRefusedAtTheirField(t *testing.T) {
	tests := map[string]struct {
		old, new string
		id       string
		module   string
		field    string
	}{
		"no audio":                       {`"audio":"welcome"`, `"audio":""`, "no-audio", "menu", "audio"},
		"no entries":                     {`"entries":["1","2"]`, `"entries":[]`, "setting-missing", "menu", "entries"},
		"entry twice":                    {`"entries":["1","2"]`, `"entries":["1","2","1"]`, "menu-clash", "menu", "entries.2"},
		"entry symbol":                   {`"entries":["1","2"]`, `"entries":["1","2","x"]`, "setting-range", "menu", "entries.2"},
		"hash ends an entry that is one": {`"entries":["1","2"]`, `"entries":["1","2","2#"]`, "menu-clash", "menu", "entries.2"},
		"hash beside a prefix":           {`"entries":["1","2"]`, `"entries":["1","2","12","#"]`, "menu-clash", "menu", "entries.3"},
		"hash beside internal numbers":   {`"entries":["1","2"]`, `"direct_dial":true,"entries":["1","2","#"]`, "menu-clash", "menu", "entries.2"},
		"empty playlist":                 {`"audio":"welcome"`, `"audio":"empty list"`, "no-audio", "menu", "audio"},
		"empty playlist to play":         {`"audio":"sorry"`, `"audio":"empty list"`, "no-audio", "sorry", "audio"},
		"menu prefix":                    {`"entries":["1","2"]`, `"entries":["1","2","12"]`, "menu-prefix", "menu", "entries.0"},
		"timeout":                        {`"audio":"welcome",`, `"audio":"welcome","timeout":121,`, "setting-range", "menu", "timeout"},
		"playbacks":                      {`"audio":"welcome",`, `"audio":"welcome","playbacks":12,`, "setting-range", "menu", "playbacks"},
		"inter digit":                    {`"audio":"welcome",`, `"audio":"welcome","inter_digit":11,`, "setting-range", "menu", "inter_digit"},
		"nobody to ring":                 {`[{"contact_method":"101"}]`, `[]`, "ring-empty", "ring", "destinations"},
		"late start":                     {`{"contact_method":"101"}`, `{"contact_method":"101","start":5}`, "ring-start", "ring", "destinations"},
		"past the line":                  {`{"contact_method":"101"}`, `{"contact_method":"101","length":60},{"contact_method":"100","start":50}`, "ring-length", "ring", "destinations.1.length"},
		"too short":                      {`{"contact_method":"101"}`, `{"contact_method":"101","length":4}`, "setting-range", "ring", "destinations.0.length"},
		"four to ring":                   {`{"contact_method":"101"}`, `{"contact_method":"1"},{"contact_method":"2"},{"contact_method":"3"},{"contact_method":"4"}`, "ring-many", "ring", "destinations"},
		"no number":                      {`"+15550100"`, `""`, "setting-missing", "in", "number"},
		"cause":                          {`"settings":{}}]`, `"settings":{"cause":"bored"}}]`, "setting-range", "bye", "cause"},
		"times":                          {`{"audio":"sorry"}`, `{"audio":"sorry","times":11}`, "setting-range", "sorry", "times"},
		"skip key":                       {`{"audio":"sorry"}`, `{"audio":"sorry","skip_key":"12"}`, "setting-range", "sorry", "skip_key"},
		"dead end":                       {`,{"from":"sorry","exit":"next","to":"bye"}`, ``, "dead-end", "sorry", "exits.next"},
		"unreachable":                    {`,{"from":"sorry","exit":"next","to":"bye"}`, ``, "unreachable", "bye", ""},
		"no such exit":                   {`"exit":"key:2"`, `"exit":"key:9"`, "setting-range", "menu", "cables"},
		"two cables":                     {`"exit":"key:2"`, `"exit":"key:1"`, "setting-range", "menu", "cables"},
		"into an entry":                  {`"exit":"next","to":"bye"`, `"exit":"next","to":"in"`, "setting-range", "sorry", "cables"},
		"tight loop":                     {`"exit":"next","to":"bye"`, `"exit":"next","to":"sorry"`, "tight-loop", "sorry", "exits.next"},
		"name twice":                     {`"name":"Bye"`, `"name":"Sorry"`, "setting-range", "bye", "name"},
		"no name":                        {`"name":"Bye"`, `"name":""`, "setting-range", "bye", "name"},
		"id twice":                       {`"id":"bye"`, `"id":"sorry"`, "setting-range", "sorry", "id"},
		"no entry":                       {`"kind":"phone-number","name":"Number","settings":{"number":"+15550100"}`, `"kind":"hangup","name":"Number"`, "no-entry", "", ""},
		"audio is missing":               {`"audio":"welcome"`, `"audio":"gone"`, "ref-missing", "menu", "audio"},
		"person is missing":              {`"contact_method":"101"`, `"contact_method":"gone"`, "ref-missing", "ring", "destinations.0.contact_method"},
		"hold audio is missing":          {`"settings":{}}]`, `"settings":{"audio":"gone"}}]`, "ref-missing", "bye", "audio"},
		"number is missing":              {`"+15550100"`, `"+15550199"`, "ref-missing", "in", "number"},
		"number without plus":            {`"+15550100"`, `"15550100"`, "setting-range", "in", "number"},
		"number with spaces":             {`"+15550100"`, `"+1 555 0100"`, "setting-range", "in", "number"},
		"number taken":                   {`"+15550100"`, `"+15550101"`, "number-taken", "in", "number"},
		"number twice here":              {`{"id":"bye"`, `{"id":"in2","kind":"phone-number","name":"In 2","hang_up_here":["next"],"settings":{"number":"+15550100"}},{"id":"bye"`, "number-taken", "in2", "number"},
		"internal number":                {`"kind":"phone-number","name":"Number","settings":{"number":"+15550100"}`, `"kind":"internal-number","name":"Number","settings":{"internal_number":"12345"}`, "setting-range", "in", "internal_number"},
		"no internal number":             {`"kind":"phone-number","name":"Number","settings":{"number":"+15550100"}`, `"kind":"internal-number","name":"Number","settings":{"internal_number":""}`, "setting-missing", "in", "internal_number"},
		"emergency number":               {`"kind":"phone-number","name":"Number","settings":{"number":"+15550100"}`, `"kind":"internal-number","name":"Number","settings":{"internal_number":"112"}`, "setting-range", "in", "internal_number"},
		"internal number taken":          {`"kind":"phone-number","name":"Number","settings":{"number":"+15550100"}`, `"kind":"internal-number","name":"Number","settings":{"internal_number":"7"}`, "internal-number-taken", "in", "internal_number"},
		"internal number twice":          {`{"id":"bye"`, `{"id":"a","kind":"internal-number","name":"A","hang_up_here":["next"],"settings":{"internal_number":"8"}},{"id":"b","kind":"internal-number","name":"B","hang_up_here":["next"],"settings":{"internal_number":"8"}},{"id":"bye"`, "internal-number-taken", "b", "internal_number"},
		"two forwardings":                {`{"contact_method":"101"}`, `{"contact_method":"mobile"},{"contact_method":"away-mobile"}`, "ring-several-external", "ring", "destinations"},
		"phone is gone":                  {`{"contact_method":"101"}`, `{"contact_method":"101"},{"contact_method":"asleep"}`, "no-binding", "ring", "destinations.1.contact_method"},
		"over its limit":                 {`{"contact_method":"101"}`, `{"contact_method":"one line","length":20},{"contact_method":"101"},{"contact_method":"one line","start":19}`, "ring-over-limit", "ring", "destinations.2.contact_method"},
		"confirms somehow":               {`"destinations":[`, `"confirm":"perhaps","destinations":[`, "setting-range", "ring", "confirm"},
		"hold music is gone":             {`"destinations":[`, `"hold_music":"gone","destinations":[`, "ref-missing", "ring", "hold_music"},
		"a rule that does nothing":       {`"destinations":[`, `"caller_name_rules":[{"match":"prefix","result":""}],"destinations":[`, "setting-missing", "ring", "caller_name_rules.0.result"},
		"nobody named":                   {`"contact_method":"101"`, `"contact_method":""`, "setting-missing", "ring", "destinations.0.contact_method"},
		"eleven to ring":                 {`{"contact_method":"101"}`, strings.Repeat(`{"contact_method":"101"},`, 10) + `{"contact_method":"101"}`, "setting-range", "ring", "destinations"},
		"too many entries":               {`"entries":["1","2"]`, `"entries":["1","2"` + strings.Repeat(`,"3"`, 39) + `]`, "setting-range", "menu", "entries"},
		"menu cabled to nobody":          {`"exit":"no-input","to":"sorry"`, `"exit":"no-input","to":"nobody"`, "ref-missing", "menu", "cables"},
		"cable from nobody":              {`{"from":"ring"`, `{"from":"nobody"`, "ref-missing", "", "cables"},
		"dead end behind a gone module":  {`"exit":"no-input","to":"sorry"`, `"exit":"no-input","to":"nobody"`, "dead-end", "menu", "exits.no-input"},
		"playback cabled to itself":      {`"exit":"next","to":"bye"`, `"exit":"next","to":"sorry"`, "tight-loop", "sorry", "exits.next"},
		"nobody rings in the circle":     {`"exit":"no-answer","to":"sorry"}`, `"exit":"no-answer","to":"sorry"},{"from":"ring","exit":"unavailable","to":"ring"}`, "tight-loop", "ring", "exits.unavailable"},
		"errors in the circle":           {`"exit":"no-answer","to":"sorry"}`, `"exit":"no-answer","to":"sorry"},{"from":"menu","exit":"error","to":"menu"}`, "tight-loop", "menu", "exits.error"},
		"flow without name":              {`"name":"Main line"`, `"name":""`, "setting-range", "", "name"},
		"tab is missing":                 {`"id":"bye",`, `"id":"bye","tab":"night",`, "ref-missing", "bye", "tab"},
		"tab without name":               {`"cables":[`, `"tabs":[{"id":"a","name":"A"},{"id":"b","name":""}],"cables":[`, "setting-range", "", "tabs.1"},
		"tab name twice":                 {`"cables":[`, `"tabs":[{"id":"a","name":"A"},{"id":"b","name":"A"}],"cables":[`, "setting-range", "", "tabs.1"},
		"tab id twice":                   {`"cables":[`, `"tabs":[{"id":"a","name":"A"},{"id":"a","name":"B"}],"cables":[`, "setting-range", "", "tabs.1"},
		"frame on no tab":                {`"cables":[`, `"frames":[{"id":"a","tab":"night","text":"A","x":0,"y":0,"w":1,"h":1}],"cables":[`, "ref-missing", "", "frames.0"},
		"note on no tab":                 {`"cables":[`, `"notes":[{"id":"a","tab":"night","text":"A","x":0,"y":0,"w":1,"h":1}],"cables":[`, "ref-missing", "", "notes.0"},
		"note id twice":                  {`"cables":[`, `"notes":[{"id":"a"},{"id":"a"}],"cables":[`, "setting-range", "", "notes.1"},
		"frame id twice":                 {`"cables":[`, `"frames":[{"id":"a"},{"id":"a"}],"cables":[`, "setting-range", "", "frames.1"},
		"test id twice":                  {`"cables":[`, `"tests":[{"id":"a","name":"A","scenario":{"entry":"in"}},{"id":"a","name":"B","scenario":{"entry":"in"}}],"cables":[`, "setting-range", "", "tests.1"},
		"test enters nowhere":            {`"cables":[`, `"tests":[{"id":"a","name":"A","scenario":{"entry":"gone"}}],"cables":[`, "ref-missing", "", "tests.0"},
		"test enters a menu":             {`"cables":[`, `"tests":[{"id":"a","name":"A","scenario":{"entry":"menu"}}],"cables":[`, "setting-range", "", "tests.0"},
		"test wants a ghost":             {`"cables":[`, `"tests":[{"id":"a","name":"A","scenario":{"entry":"in"},"want":[{"module":"in","exit":"next"},{"module":"gone","exit":""}]}],"cables":[`, "ref-missing", "", "tests.0"},
		"test of a full queue":           {`"cables":[`, `"tests":[{"id":"a","name":"A","scenario":{"entry":"in","queues":{"q":{"waiting":101}}}}],"cables":[`, "setting-range", "", "tests.0"},
		"test of a sleeping member":      {`"cables":[`, `"tests":[{"id":"a","name":"A","scenario":{"entry":"in","queues":{"q":{"away":{"101":"asleep"}}}}}],"cables":[`, "setting-range", "", "tests.0"},
		"test of odd phones":             {`"cables":[`, `"tests":[{"id":"a","name":"A","scenario":{"entry":"in","phones":{"101":{"does":"sings"}}}}],"cables":[`, "setting-range", "", "tests.0"},
	}
	known := office{}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(mainLine, tt.old, tt.new, 1)
			if broken == mainLine {
				t.Fatal("the row changes nothing")
			}
			got := Validate(parsed(t, broken), known)
			if !slices.ContainsFunc(got, func(p Problem) bool { return p.ID == tt.id && p.Module == tt.module && p.Field == tt.field }) {
				t.Errorf("got %+v, want %s at %s.%s", got, tt.id, tt.module, tt.field)
			}
			for _, p := range got {
				rule := slices.IndexFunc(Rules, func(r Rule) bool { return r.ID == p.ID })
				if rule < 0 || Rules[rule].Level != p.Level {
					t.Errorf("%s as %s is not in the table of rules", p.ID, p.Level)
				}
			}
		})
	}
}

func TestTheMainLineIsRightInTheOffice(t *testing.T) {
	if got := Validate(parsed(t, mainLine), office{}); len(got) != 0 {
		t.Errorf("problems: %+v", got)
	}
}

func TestAHashMayBeAnEntryWhereNothingCanGoOn(t *testing.T) {
	for _, entries := range [][]string{{"1", "2", "#"}, {"12", "34", "#"}, {"1", "2#"}} {
		m := VoiceMenu{Audio: "welcome", Entries: entries}
		if got := m.Validate(); len(got) != 0 {
			t.Errorf("%v: %+v", entries, got)
		}
	}
}

func TestStrictRingGroupsRefuseAFourthDestination(t *testing.T) {
	f := changed(t, `{"contact_method":"101"}`, `{"contact_method":"1"},{"contact_method":"2"},{"contact_method":"3"},{"contact_method":"4"}`)
	if got := Validate(f, office{}); len(got) != 1 || got[0].ID != "ring-many" || got[0].Level != Warning {
		t.Errorf("as a rule: %+v", got)
	}
	if got := Errors(Validate(f, strictOffice{})); len(got) != 1 || got[0].ID != "ring-many" {
		t.Errorf("strict: %+v", got)
	}
}

// A circle is right when whoever goes round it waits.
func TestACircleThatWaitsIsRight(t *testing.T) {
	for name, f := range map[string]Flow{
		"a menu cabled to itself":    changed(t, `"exit":"no-input","to":"sorry"`, `"exit":"no-input","to":"menu"`),
		"back to the menu":           changed(t, `"exit":"next","to":"bye"}`, `"exit":"next","to":"menu"}`, `"exit":"no-input","to":"sorry"`, `"exit":"no-input","to":"bye"`),
		"ring again after no answer": changed(t, `"exit":"next","to":"bye"}`, `"exit":"next","to":"ring"}`, `"exit":"no-input","to":"sorry"`, `"exit":"no-input","to":"bye"`),
	} {
		if got := Validate(f, office{}); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAShelvedModuleIsNotValidated(t *testing.T) {
	f := changed(t, `{"id":"bye"`, `{"id":"draft","kind":"voice-menu","name":"Menu","shelved":true,"tab":"gone","settings":{}},{"id":"bye"`,
		`"cables":[`, `"cables":[{"from":"draft","exit":"no-input","to":"bye"},`)
	if got := Validate(f, office{}); len(got) != 0 {
		t.Errorf("problems: %+v", got)
	}
}

func TestEveryProblemOfThePackageIsInTheTableOfRules(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`(?:ID: +|Problem\{\{?|: +)"([a-z]+(?:-[a-z]+)*)", (?:Level: )?(?:Error|Warning)|: "([a-z-]+-(?:taken|moves))"`)
	found := map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "rules.go" || strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range id.FindAllStringSubmatch(string(text), -1) {
			found[m[1]+m[2]] = true
		}
	}
	for _, r := range Rules {
		if !found[r.ID] {
			t.Errorf("%s stands in the table and is never reported", r.ID)
		}
		if r.Text == "" {
			t.Errorf("%s has no words", r.ID)
		}
		delete(found, r.ID)
	}
	for id := range found {
		t.Errorf("%s is reported and does not stand in the table", id)
	}
}

// chain is a flow of n modules: a menu with three keys, each of which rings
// somebody, again and again.
func chain(n int) Flow {
	f := Flow{ID: "chain", Name: "Chain", Modules: []Module{{ID: "in", Kind: "phone-number", Name: "In", Settings: &PhoneNumber{Number: "+15550100"}},
		{ID: "end", Kind: "hangup", Name: "End", Settings: &Hangup{}}}}
	from, exit := "in", Exit("next")
	for i := 0; len(f.Modules)+5 <= n; i++ {
		menu := fmt.Sprintf("menu%d", i)
		f.Modules = append(f.Modules, Module{ID: menu, Kind: "voice-menu", Name: menu, Settings: &VoiceMenu{Audio: "a", Entries: []string{"1", "2", "3"}}})
		f.Cables = append(f.Cables, Cable{from, exit, menu})
		say := fmt.Sprintf("say%d", i)
		f.Modules = append(f.Modules, Module{ID: say, Kind: "audio-playback", Name: say, Settings: &AudioPlayback{Audio: "a"}})
		for _, key := range []string{"1", "2", "3"} {
			ring := fmt.Sprintf("ring%d-%s", i, key)
			f.Modules = append(f.Modules, Module{ID: ring, Kind: "ring-group", Name: ring,
				Settings: &RingGroup{Destinations: []RingDestination{{ContactMethod: "101"}, {ContactMethod: "102", Start: 20}}}})
			f.Cables = append(f.Cables, Cable{menu, KeyExit(key), ring}, Cable{ring, "no-answer", say})
		}
		from, exit = menu, "no-input"
		f.Cables = append(f.Cables, Cable{say, "next", menu})
	}
	f.Cables = append(f.Cables, Cable{from, exit, "end"})
	return f
}

func TestTheWorkOfAValidateGrowsWithTheFlow(t *testing.T) {
	if got := Validate(chain(2000), office{}); len(got) != 0 {
		t.Fatalf("problems: %+v", got[0])
	}
	cost := func(n int) float64 { f := chain(n); return testing.AllocsPerRun(3, func() { Validate(f, office{}) }) }
	if small, large := cost(200), cost(2000); large > 15*small {
		t.Errorf("10 times the modules cost %.0f allocations, not 10 times %.0f", large, small)
	}
}

func BenchmarkValidate(b *testing.B) {
	for _, n := range []int{300, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := chain(n)
			b.ReportAllocs()
			for b.Loop() {
				Validate(f, office{})
			}
		})
	}
}
