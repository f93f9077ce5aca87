package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"tandem/db"
	"tandem/db/sample"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/schedule"
	"tandem/workflows/simulate"
)

// facts tell the simulator what the database of a test knows.
type facts struct{ store *db.Store }

func (f facts) Targets(ctx context.Context, ids []string, at time.Time) ([]call.Target, error) {
	return f.store.Targets(ctx, ids, at)
}

func (f facts) Internal(ctx context.Context, number string, at time.Time) (flow.Route, error) {
	return f.store.Internal(ctx, number, at)
}

func (f facts) Number(ctx context.Context, number, _ string, at time.Time) (flow.Route, error) {
	return f.store.Route(ctx, call.Incoming{Called: number, Account: "simulated", At: at})
}

func (facts) Loops(context.Context, string) bool { return false }

func (f facts) AudioLength(context.Context, string) (time.Duration, bool) {
	return 2 * time.Second, true
}

func (f facts) Zone(ctx context.Context) (string, error) {
	g, err := f.store.General(ctx)
	return g.Zone, err
}

func (f facts) Hours(ctx context.Context, id string) (string, schedule.Hours, error) {
	s, err := f.store.Schedule(ctx, id)
	return s.Name, s.Hours, err
}

func (f facts) Listed(ctx context.Context, lists, entries []string) (flow.Listed, error) {
	return f.store.Listed(ctx, lists, entries)
}

// flowWorld is a panel on the sample installation, with the real simulator.
func flowWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	if _, err := sample.Load(t.Context(), w.store, sample.Options{}); err != nil {
		t.Fatal(err)
	}
	panel, err := New(Config{Store: w.store, Simulator: simulate.New(facts{w.store})})
	if err != nil {
		t.Fatal(err)
	}
	w.panel = panel
	return w
}

func (c *client) draft(id string) draftBody {
	c.t.Helper()
	var d draftBody
	c.want(c.get("/api/flows/"+id+"/draft"), http.StatusOK).into(c.t, &d)
	return d
}

// patch sends changes made to a revision.
func (c *client) patch(id string, revision int, changes ...flow.Change) answer {
	c.t.Helper()
	return c.json(http.MethodPatch, "/api/flows/"+id+"/draft", editBody{"Edit", changes}, func(r *http.Request) {
		r.Header.Set("If-Match", etag(revision))
	})
}

// edit changes a draft as a person would and answers its changes.
func edit(t *testing.T, d draftBody, change func(*flow.Flow)) []flow.Change {
	t.Helper()
	next, err := clone(d.Flow)
	if err != nil {
		t.Fatal(err)
	}
	change(&next)
	return flow.Diff(d.Flow, next)
}

func TestTheCatalogHasEveryKindWithItsFamilyWordsAndExits(t *testing.T) {
	var c catalogBody
	client := newWorld(t).as(directory.ReadOnly)
	client.want(client.get("/api/catalog"), 200).into(t, &struct {
		*catalogBody
		Kinds []struct{ Kind string } `json:"kinds"`
	}{catalogBody: &c})
	for _, k := range c.Families {
		if k.Title == "" {
			t.Error("a family has no title")
		}
	}
	body := client.get("/api/catalog").body
	for kind := range flow.Catalog {
		if !strings.Contains(body, fmt.Sprintf("%q", kind)) {
			t.Errorf("kind %s is missing", kind)
		}
	}
}

func TestAnEditIsAppliedToTheRevisionItWasMadeFor(t *testing.T) {
	c := flowWorld(t).as(directory.FlowEditor)
	d := c.draft("main-line")
	if len(d.Exits) != len(d.Flow.Modules) || d.Me != c.login.Email || !d.Rights.Edit || len(d.Subtitles) == 0 {
		t.Fatalf("draft lacks what the server knows: %+v", d)
	}
	moved := d.Flow.Modules[0].ID
	var saved editAnswer
	c.want(c.patch("main-line", d.Revision, edit(t, d, func(f *flow.Flow) { f.Modules[0].X += 48 })...), 200).into(t, &saved)
	if saved.Revision != d.Revision+1 || len(saved.Exits) != 1 || saved.Exits[moved] == nil {
		t.Errorf("answer is %+v", saved)
	}
	if now := c.draft("main-line"); now.Flow.Modules[0].X != d.Flow.Modules[0].X+48 {
		t.Error("the change is not in the draft")
	}
}

func TestTwoEditorsNeverOverwriteEachOther(t *testing.T) {
	w := flowWorld(t)
	ann, ben := w.as(directory.FlowEditor), w.as(directory.Admin)
	d := ann.draft("main-line")
	ann.want(ann.patch("main-line", d.Revision, edit(t, d, func(f *flow.Flow) { f.Name = "Ann's" })...), 200)
	var stale staleAnswer
	ben.want(ben.patch("main-line", d.Revision, edit(t, d, func(f *flow.Flow) { f.Name = "Ben's" })...), http.StatusPreconditionFailed).into(t, &stale)
	if stale.Draft.Flow.Name != "Ann's" || stale.Draft.Revision != d.Revision+1 {
		t.Errorf("the refusal brings %q at revision %d", stale.Draft.Flow.Name, stale.Draft.Revision)
	}
	if now := ben.draft("main-line"); now.Flow.Name != "Ann's" {
		t.Errorf("the name is %q: somebody was overwritten", now.Flow.Name)
	}
	ben.want(ben.json(http.MethodPatch, "/api/flows/main-line/draft", editBody{}), http.StatusPreconditionRequired)
}

func TestAPublishIsRefusedAtTheFieldAndTheOldVersionStays(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	d := c.draft("main-line")
	broken := edit(t, d, func(f *flow.Flow) {
		for i := range f.Modules {
			if menu, ok := f.Modules[i].Settings.(*flow.VoiceMenu); ok {
				menu.Audio = ""
			}
		}
	})
	c.want(c.patch("main-line", d.Revision, broken...), 200)
	var why publishRefusal
	c.want(c.json(http.MethodPost, "/api/flows/main-line/publish", publishBody{Note: "broken", Revision: d.Revision + 1}), 422).into(t, &why)
	if len(why.Problems) == 0 || why.Problems[0].ID != "no-audio" || why.Problems[0].Field != "audio" {
		t.Errorf("problems are %+v", why.Problems)
	}
	if now := c.draft("main-line"); now.Published != d.Published {
		t.Errorf("version %d is in force, want %d", now.Published, d.Published)
	}
	c.want(c.json(http.MethodPost, "/api/flows/main-line/publish", publishBody{Revision: d.Revision}), http.StatusPreconditionFailed)
}

func TestASavedTestGatesThePublish(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	d := c.draft("main-line")
	entry := d.Flow.Modules[slices.IndexFunc(d.Flow.Modules, func(m flow.Module) bool { return m.Kind == "phone-number" })].ID
	sc := flow.Scenario{Entry: entry, Caller: "+15551234567", At: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
	var run flow.Run
	c.want(c.json(http.MethodPost, "/api/flows/main-line/simulate", simulateBody{Scenario: sc}), 200).into(t, &run)
	if len(run.Path) == 0 {
		t.Fatal("the simulated call went nowhere")
	}
	wrong := flow.Test{ID: "t1", Name: "Goes elsewhere", Scenario: sc, Want: []flow.TestStep{{Module: entry, Exit: "overflow"}}}
	c.want(c.patch("main-line", d.Revision, edit(t, d, func(f *flow.Flow) { f.Tests = []flow.Test{wrong} })...), 200)
	var why publishRefusal
	c.want(c.json(http.MethodPost, "/api/flows/main-line/publish", publishBody{}), 422).into(t, &why)
	if len(why.Tests) != 1 || why.Tests[0].Text == "" {
		t.Errorf("tests are %+v", why.Tests)
	}
	d = c.draft("main-line")
	right := wrong
	right.Want = []flow.TestStep{{Module: entry, Exit: flow.Exit(run.Path[0].Exit)}}
	for _, e := range run.Path[1:] {
		right.Want = append(right.Want, flow.TestStep{Module: e.Module, Exit: flow.Exit(e.Exit)})
	}
	c.want(c.patch("main-line", d.Revision, edit(t, d, func(f *flow.Flow) { f.Tests = []flow.Test{right} })...), 200)
	var made publishAnswer
	c.want(c.json(http.MethodPost, "/api/flows/main-line/publish", publishBody{Note: "tested"}), 200).into(t, &made)
	if made.Version != d.Published+1 {
		t.Errorf("version %d was made", made.Version)
	}
}

func TestPublishOnSavePublishesWhatIsValidAndKeepsTheRestAsADraft(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	c.want(c.json(http.MethodPut, "/api/flows/main-line/options", flowOptions{PublishOnSave: true}), 204)
	d := c.draft("main-line")
	var saved editAnswer
	c.want(c.patch("main-line", d.Revision, edit(t, d, func(f *flow.Flow) { f.Modules[0].Note = "Live at once." })...), 200).into(t, &saved)
	if saved.Published != d.Published+1 || len(saved.PublishProblems) > 0 {
		t.Fatalf("a valid save answers %+v", saved)
	}
	d = c.draft("main-line")
	c.want(c.patch("main-line", d.Revision, edit(t, d, func(f *flow.Flow) { f.Cables = nil })...), 200).into(t, &saved)
	if now := c.draft("main-line"); len(saved.PublishProblems) == 0 || now.Published != d.Published || len(now.Flow.Cables) != 0 {
		t.Errorf("a broken save left version %d in force with %d problems", now.Published, len(saved.PublishProblems))
	}
}

func TestARollbackToANumberHeldElsewhereNamesWhoHoldsIt(t *testing.T) {
	w := flowWorld(t)
	c := w.as(directory.Admin)
	d := c.draft("main-line")
	first := d.Published
	free := edit(t, d, func(f *flow.Flow) {
		for i := range f.Modules {
			if n, ok := f.Modules[i].Settings.(*flow.PhoneNumber); ok {
				n.Number = "+15550199"
			}
		}
	})
	c.want(c.form("/api/flows", url.Values{"name": {"Thief"}, "template": {"conference"}, "number": {"+15550199"}}), http.StatusSeeOther)
	c.want(c.patch("main-line", d.Revision, free...), 200)
	c.want(c.json(http.MethodPost, "/api/flows/main-line/publish", publishBody{}), 200)
	id := c.flowNamed("Thief")
	thief := c.draft(id)
	c.want(c.patch(id, thief.Revision, edit(t, thief, func(f *flow.Flow) {
		for i := range f.Modules {
			switch s := f.Modules[i].Settings.(type) {
			case *flow.PhoneNumber:
				s.Number = sample.MainNumber
			}
		}
	})...), 200)
	c.want(c.json(http.MethodPost, "/api/flows/"+id+"/publish", publishBody{}), 200)
	a := c.want(c.json(http.MethodPost, fmt.Sprintf("/api/flows/main-line/versions/%d/publish", first), publishBody{}), 422)
	if !strings.Contains(a.body, "Thief") || !strings.Contains(a.body, "number-taken") {
		t.Errorf("the refusal %s does not name the claimant", a.body)
	}
}

func (c *client) flowNamed(name string) string {
	c.t.Helper()
	var all []directory.FlowLine
	c.want(c.get("/api/flows"), 200).into(c.t, &all)
	for _, f := range all {
		if f.Name == name {
			return f.ID
		}
	}
	c.t.Fatalf("there is no flow %q", name)
	return ""
}

func TestALimitedLoginMeetsOnlyItsFlows(t *testing.T) {
	c := flowWorld(t).as(directory.FlowEditor, func(l *directory.Login) { l.Flows = []string{"main-line"}; l.NoPublish = true })
	c.want(c.get("/api/flows/main-line/draft"), 200)
	for _, path := range []string{"/flows/team", "/flows/team/1", "/flows/team/versions", "/flows/team/compare", "/api/flows/team/draft", "/api/flows/team/export", "/api/flows/team/versions", "/api/flows/team/presence"} {
		if a := c.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
	}
	c.want(c.patch("team", 1), http.StatusNotFound)
	c.want(c.json(http.MethodPost, "/api/flows/main-line/publish", publishBody{}), http.StatusForbidden)
	c.want(c.json(http.MethodPost, "/api/flows", newFlow{Name: "Mine"}), http.StatusForbidden)
	if body := c.get("/flows").body; strings.Contains(body, "/flows/team") {
		t.Error("the list shows a flow that the login may not see")
	}
	reader := c.as(directory.ReadOnly)
	reader.want(reader.patch("main-line", 1), http.StatusForbidden)
	reader.want(reader.json(http.MethodPost, "/api/flows/main-line/simulate", simulateBody{}), http.StatusForbidden)
}

// Each kind's form is rendered, sent as a browser would, and read again.
func TestSettingsGoThroughTheFormUnchanged(t *testing.T) {
	c := flowWorld(t).as(directory.FlowEditor)
	for _, m := range []flow.Module{
		{Kind: "phone-number", Settings: &flow.PhoneNumber{Number: sample.MainNumber}},
		{Kind: "internal-number", Settings: &flow.InternalNumber{InternalNumber: "042"}},
		{Kind: "voice-menu", Settings: &flow.VoiceMenu{Audio: "main-menu", Entries: []string{"1", "12", "#"}, Timeout: 9, Playbacks: 2, InterDigit: 4, NoBargeIn: true}},
		{Kind: "audio-playback", Settings: &flow.AudioPlayback{Audio: "message", Times: 4, Endless: true, SkipKey: "*", Early: true}},
		{Kind: "ring-group", Settings: &flow.RingGroup{Ringback: "quiet", Destinations: []flow.RingDestination{{ContactMethod: "account-100", Length: 30}, {ContactMethod: "account-101", Start: 15, Length: 45}}}},
		{Kind: "hangup", Settings: &flow.Hangup{Cause: "busy", Audio: "sorry"}},
		{Kind: "time-router", Settings: &flow.TimeRouter{Source: "intervals", Zone: "Europe/Stockholm", Code: "07",
			Intervals: []flow.Interval{{Weekdays: []string{"monday", "sunday"}, From: 9 * 60, To: 24 * 60}, {Weekdays: []string{"friday"}, From: 22 * 60, To: 6 * 60}}}},
		{Kind: "time-router", Settings: &flow.TimeRouter{Source: "schedule", Schedule: "gone"}},
		{Kind: "caller-router", Settings: &flow.CallerRouter{Match: "number", Default: "disallow", Routes: []flow.CallerRoute{{Slug: "vip", Name: "Best"}},
			Rules: []flow.CallerRule{{Digits: "+46 8", Go: "allow"}, {Digits: "49", Go: "vip"}}}},
		{Kind: "blocklist", Settings: &flow.Blocklist{Numbers: flow.NumberList{"+46700000001", "sales", "+4670*"}, SharedLists: []string{"gone"}, BlockEmpty: true, BlockLetters: true, DeclineCode: 607}},
	} {
		m.ID, m.Name = "m", "M"
		page := c.want(c.json(http.MethodPost, "/api/flows/main-line/form", formBody{Module: m}), 200)
		values := sent(t, page.body)
		values.Set("kind", m.Kind)
		var out struct {
			Settings json.RawMessage
			Subtitle string
			Problems []flow.Problem
		}
		c.want(c.form("/api/flows/main-line/settings", values), 200).into(t, &out)
		want, _ := json.Marshal(m.Settings) // settings marshal
		if fresh := flow.Catalog[m.Kind].New(); json.Unmarshal(out.Settings, fresh) != nil {
			t.Errorf("%s: %s are no settings", m.Kind, out.Settings)
		} else if got, _ := json.Marshal(fresh); string(got) != string(want) {
			t.Errorf("%s: came back as %s, want %s", m.Kind, got, want)
		}
		if out.Subtitle == "" {
			t.Errorf("%s has no subtitle", m.Kind)
		}
	}
}

func TestWhatCannotBeReadComesBackAtItsField(t *testing.T) {
	c := flowWorld(t).as(directory.FlowEditor)
	var out struct{ Problems []flow.Problem }
	c.want(c.form("/api/flows/main-line/settings", url.Values{"kind": {"voice-menu"}, "timeout": {"soon"}, "entries.0": {"1"}, "entries.3": {"1"}, "name": {"Menu"}}), 200).into(t, &out)
	var fields []string
	for _, p := range out.Problems {
		fields = append(fields, p.Field)
	}
	for _, want := range []string{"timeout", "audio", "entries.1"} {
		if !slices.Contains(fields, want) {
			t.Errorf("no problem at %s in %v", want, fields)
		}
	}
	if slices.Contains(fields, "name") {
		t.Error("the module's own name is taken for a setting")
	}
}

func TestAnExportImportsAsADraftThatAsksForWhatIsMissing(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	file := c.want(c.get("/api/flows/main-line/export"), 200).body
	if again := c.get("/api/flows/main-line/export").body; again != file {
		t.Error("two exports differ")
	}
	file = strings.ReplaceAll(file, "main-menu", "elsewhere")
	a := c.do(http.MethodPost, "/api/flows/import", strings.NewReader(file))
	var made importAnswer
	c.want(a, http.StatusCreated).into(t, &made)
	if made.ID == "main-line" || len(made.Missing) != 1 || made.Missing[0].ID != "elsewhere" || len(made.Blanked) == 0 {
		t.Fatalf("import answers %+v", made)
	}
	was, is := c.draft("main-line"), c.draft(made.ID)
	for i, m := range is.Flow.Modules {
		if m.ID != was.Flow.Modules[i].ID {
			t.Errorf("module %s became %s", was.Flow.Modules[i].ID, m.ID)
		}
	}
	page := c.want(c.get("/flows/"+made.ID+"/missing"), 200).body
	if !strings.Contains(page, "elsewhere") {
		t.Error("the page does not ask for what is missing")
	}
	c.want(c.form("/api/flows/"+made.ID+"/references", url.Values{"references.0.kind": {"audio"}, "references.0.from": {"elsewhere"}, "references.0.to": {"message"}}), http.StatusSeeOther)
	if left := c.get("/flows/" + made.ID + "/missing").body; strings.Contains(left, "elsewhere") {
		t.Error("what was chosen does not stand for what was missing")
	}
}

func TestAnExportHoldsNoSecretAndItsImportAsksForEach(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	headers := []flow.HTTPHeader{{Name: "Accept", Value: "application/json"}, {Name: "Authorization", Value: "Bearer 0815"}, {Name: "X-Api-Key", Value: "0816"}}
	f := flow.Flow{ID: "crm", Name: "Asks", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "In", Settings: &flow.InternalNumber{InternalNumber: "650"}},
		{ID: "ask", Kind: "http-request", Name: "Ask", HangUpHere: []flow.Exit{"ok", "failed"}, Settings: &flow.HTTPRequest{URL: "https://crm.example.org/", Headers: headers}}},
		Cables: []flow.Cable{{From: "in", Exit: "next", To: "ask"}}}
	if err := c.store.CreateFlow(t.Context(), f, "owner@example.org"); err != nil {
		t.Fatal(err)
	}
	file := c.want(c.get("/api/flows/crm/export"), 200).body
	if strings.Contains(file, "0815") || strings.Contains(file, "0816") || !strings.Contains(file, "application/json") {
		t.Errorf("the export is %s", file)
	}
	if d := c.draft("crm"); len(flow.Errors(d.Problems)) != 0 || set[*flow.HTTPRequest](&d.Flow, "ask").Headers[1].Value != "Bearer 0815" {
		t.Errorf("the export has changed the draft: %+v", d.Problems)
	}
	var made importAnswer
	c.want(c.do(http.MethodPost, "/api/flows/import", strings.NewReader(file)), http.StatusCreated).into(t, &made)
	var at []string
	for _, p := range c.draft(made.ID).Problems {
		at = append(at, p.ID+" "+p.Field)
	}
	for _, want := range []string{"setting-missing headers.1.value", "setting-missing headers.2.value"} {
		if !slices.Contains(at, want) {
			t.Errorf("the import asks for %v, want %s", at, want)
		}
	}
}

func TestAHostileFileIsRefusedWithoutHarm(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	before := c.want(c.get("/api/flows"), 200).body
	for name, text := range map[string]string{
		"10 MB":         `{"name":"` + strings.Repeat("x", 10<<20) + `"}`,
		"deep nesting":  strings.Repeat(`{"modules":[`, 5000),
		"unknown kind":  `{"id":"a","name":"A","modules":[{"id":"m","kind":"shell","name":"M","settings":{}}]}`,
		"no flow":       `[1,2,3]`,
		"unknown field": `{"id":"a","name":"A","onload":"x"}`,
	} {
		a := c.do(http.MethodPost, "/api/flows/import", strings.NewReader(text))
		if a.StatusCode < 400 || a.StatusCode >= 500 || len(a.body) > 2000 {
			t.Errorf("%s answers %d with %d bytes", name, a.StatusCode, len(a.body))
		}
		d := c.do(http.MethodPatch, "/api/flows/main-line/draft", strings.NewReader(text), func(r *http.Request) { r.Header.Set("If-Match", `"1"`) })
		if d.StatusCode < 400 || d.StatusCode >= 500 {
			t.Errorf("%s as an edit answers %d", name, d.StatusCode)
		}
	}
	if after := c.get("/api/flows").body; after != before {
		t.Error("a refused file changed something")
	}
	const script = `<script>alert(1)</script>`
	var made importAnswer
	c.want(c.do(http.MethodPost, "/api/flows/import", strings.NewReader(`{"name":"`+script+`","modules":[{"id":"m","kind":"hangup","name":"`+script+`","settings":{}}],"cables":[]}`)), 201).into(t, &made)
	for _, path := range []string{"/flows", "/flows/" + made.ID, "/flows/" + made.ID + "/versions", "/flows/" + made.ID + "/compare"} {
		if strings.Contains(c.want(c.get(path), 200).body, script) {
			t.Errorf("%s runs a script from a name", path)
		}
	}
}

func TestEveryFlowFileOfTheSampleAndTheGoldenOnesFitsTheSchema(t *testing.T) {
	c := newWorld(t).as(directory.ReadOnly)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(c.want(c.get("/api/flow.schema.json"), 200).body))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("flow.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("flow.json")
	if err != nil {
		t.Fatal(err)
	}
	files := flowFiles(t)
	if len(files) < 10 {
		t.Fatalf("only %d flow files were found", len(files))
	}
	for name, text := range files {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for kind := range flow.Catalog { // as it is exported before anything is set
		text, err := json.Marshal(flow.Flow{ID: "a", Name: "A", Modules: []flow.Module{{ID: "m", Kind: kind, Name: "M", Settings: flow.Catalog[kind].New()}}, Tests: []flow.Test{{ID: "t", Name: "T"}}})
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("a new %s does not fit the schema: %v", kind, err)
		}
	}
	for name, text := range map[string]string{
		"unknown kind":    `{"id":"a","name":"A","modules":[{"id":"m","kind":"shell","name":"M","settings":{}}],"cables":[]}`,
		"foreign setting": `{"id":"a","name":"A","modules":[{"id":"m","kind":"hangup","name":"M","settings":{"audioo":"x"}}],"cables":[]}`,
	} {
		if value, err := jsonschema.UnmarshalJSON(strings.NewReader(text)); err != nil || schema.Validate(value) == nil {
			t.Errorf("%s fits the schema (%v)", name, err)
		}
	}
}

// flowFiles are the flows of the sample and of the golden tests.
func flowFiles(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	samples, err := filepath.Glob("../db/sample/flows/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range samples {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(text)
	}
	golden, err := filepath.Glob("../workflows/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range golden {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if f.Name == "flow.json" {
				out[name] = string(f.Data)
			}
		}
	}
	return out
}

func TestEveryTemplateIsMadeFromItsFormAndOpensInTheEditor(t *testing.T) {
	w := flowWorld(t)
	c := w.as(directory.Owner)
	if body := c.want(c.get("/flows"), 200).body; strings.Count(body, `class="template"`) != len(flow.Templates()) {
		t.Error("the first run does not offer every template")
	}
	for i, x := range flow.Templates() {
		c.want(c.get("/flows/new?template="+x.ID), 200)
		values := url.Values{"name": {x.Title}, "template": {x.ID}, "number": {fmt.Sprintf("+1555020%d", i)}}
		people := []string{"account-100", "account-101"} // nobody is in a queue twice
		for _, a := range x.Asks {
			switch a.Kind {
			case flow.RefContactMethod:
				values.Set("answers."+fieldKey(a), people[0])
				slices.Reverse(people)
			case flow.RefAudio:
				values.Set("answers."+fieldKey(a), "message")
			}
		}
		a := c.want(c.form("/api/flows", values), http.StatusSeeOther)
		id := strings.TrimSuffix(strings.TrimPrefix(a.location(), "/flows/"), "?first")
		if body := c.want(c.get(a.location()), 200).body; !strings.Contains(body, "<flow-editor") || !strings.Contains(body, "First steps") {
			t.Errorf("%s does not open in the editor", x.ID)
		}
		c.want(c.json(http.MethodPost, "/api/flows/"+id+"/publish", publishBody{Note: "from a template"}), 200)
	}
	if body := c.get("/flows").body; strings.Contains(body, `class="template"`) {
		t.Error("who has a flow is still offered the first run")
	}
	refused := c.want(c.form("/api/flows", url.Values{"name": {"X"}, "template": {"main-line"}, "number": {"call me"}}), 422)
	if !strings.Contains(refused.body, `value="call me"`) {
		t.Error("what was typed is lost")
	}
}

func TestANewPhoneIsShownItsPasswordOnce(t *testing.T) {
	c := flowWorld(t).as(directory.Owner)
	a := c.want(c.form("/api/flows", url.Values{"name": {"Mine"}, "template": {"personal-number"}, "phones.me/destinations/0/contact_method": {"Desk, Anna"}}), 200)
	if !strings.Contains(a.body, "desk-anna-") || !strings.Contains(a.body, "Password") {
		t.Error("the page does not tell how to set up the phone")
	}
}

func TestACopyHasBlankNumbersAndARemovalCanBeUndone(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	a := c.want(c.form("/api/flows/main-line/copy", nil), http.StatusSeeOther)
	id := strings.TrimPrefix(a.location(), "/flows/")
	for _, m := range c.draft(id).Flow.Modules {
		if n, ok := m.Settings.(*flow.PhoneNumber); ok && n.Number != "" {
			t.Errorf("the copy keeps %s", n.Number)
		}
	}
	c.want(c.json(http.MethodDelete, "/api/flows/main-line", nil), http.StatusConflict)
	var gone removed
	c.want(c.json(http.MethodDelete, "/api/flows/"+id, nil), 200).into(t, &gone)
	c.want(c.get("/api/flows/"+id+"/draft"), 404)
	c.want(c.json(http.MethodPost, "/api/undo/"+gone.Undo, nil), 204)
	c.draft(id)
}

// sent is what a browser sends for a form: each control's name and value.
func sent(t testing.TB, page string) url.Values {
	t.Helper()
	out, err := controls(page)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
