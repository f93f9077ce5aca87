package ui

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/sample"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/workflows/simulate"
)

// newcomer is an owner of an installation in which there is nothing yet.
func newcomer(t *testing.T) *client {
	t.Helper()
	w := newWorld(t, func(cfg *Config) { cfg.Simulator = simulate.New(facts{cfg.Store.(*db.Store)}) })
	if err := sample.LoadSystem(t.Context(), w.store); err != nil {
		t.Fatal(err)
	}
	return w.as(directory.Owner)
}

// Only what cannot be made up is typed: the number and names for new phones.
// All else is sent as the guide's page suggests it.
func TestEveryTemplateAnswersCallersOnceTheGuideIsFilledInAndPublished(t *testing.T) {
	t.Parallel()
	office := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC) // a Tuesday
	night := office.Add(12 * time.Hour)
	silent := flow.Phone{Does: "silent"}
	for _, c := range []struct {
		template string
		at       time.Time
		keys     string
		silent   []string // names of phones that nobody answers
		path     string
		outcome  string
	}{
		{"main-line", office, "1", nil, "number menu sales", "talked"},
		{"main-line", office, "2", []string{"Phone 0"}, "number menu support", "talked"},
		{"main-line", office, "1", []string{"Phone 0"}, "number menu sales sorry end", "answered"},
		{"after-hours", office, "", nil, "number hours team", "talked"},
		{"after-hours", night, "1", nil, "number hours closed on-call", "talked"},
		{"after-hours", night, "", nil, "number hours closed end", "answered"},
		{"support-queue", office, "", nil, "number greeting team", "talked"},
		{"personal-number", office, "", []string{"Phone 0"}, "number me", "talked"},
		{"personal-number", office, "", []string{"Phone 0", "Phone 1"}, "number me sorry end", "answered"},
		{"conference", office, "", nil, "number room", "answered"},
	} {
		t.Run(c.template+" "+c.path, func(t *testing.T) {
			who := newcomer(t)
			id := who.guided(c.template)
			who.want(who.json(http.MethodPost, "/api/flows/"+id+"/publish", publishBody{}), 200)
			sc := flow.Scenario{Entry: "number", Caller: "+46701234567", At: c.at, Phones: map[string]flow.Phone{}, GiveUp: call.Seconds(120)}
			if c.keys != "" {
				sc.Keys = []flow.Keying{{Digits: c.keys}}
			}
			for name, phone := range who.phones() {
				if slices.Contains(c.silent, name) {
					sc.Phones[phone] = silent
				}
			}
			var run flow.Run
			who.want(who.json(http.MethodPost, "/api/flows/"+id+"/simulate", simulateBody{Scenario: sc}), 200).into(t, &run)
			var path []string
			for _, step := range run.Path {
				path = append(path, step.Module)
			}
			if got := strings.Join(path, " "); got != c.path || run.Outcome != c.outcome {
				t.Errorf("the call walks %q and is %s (%s), want %q and %s", got, run.Outcome, run.Cause, c.path, c.outcome)
			}
			if missing := who.get("/numbers/+15550100"); !strings.Contains(missing.body, `href="/flows/`+id) {
				t.Error("the number does not lead to the flow")
			}
		})
	}
}

// guided fills in the guide of a template and answers the flow it makes.
func (c *client) guided(template string) string {
	c.t.Helper()
	values := sent(c.t, c.want(c.get("/flows/new?template="+template), 200).body)
	values.Set("number", "+15550100")
	phones := 0
	t, _ := templateByID(template)
	for _, a := range t.Asks {
		if a.Kind == flow.RefContactMethod {
			values.Set("phones."+fieldKey(a), fmt.Sprintf("Phone %d", phones))
			phones++
		}
	}
	if a := c.form("/api/flows", values); phones > 0 {
		has(c.t, c.want(a, 200), "Server", "Port", "Password")
	} else {
		c.want(a, http.StatusSeeOther)
	}
	var all []directory.FlowLine
	c.want(c.get("/api/flows"), 200).into(c.t, &all)
	if len(all) != 1 {
		c.t.Fatalf("there are %d flows, want one", len(all))
	}
	return all[0].ID
}

// phones are the contact methods there are, by name.
func (c *client) phones() map[string]string {
	c.t.Helper()
	all, err := c.store.ContactMethods(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	out := map[string]string{}
	for _, m := range all {
		out[m.Name] = m.ID
	}
	return out
}

func TestAnEmptyInstallationNamesNoNumberThatIsNotThere(t *testing.T) {
	who := newcomer(t)
	for _, path := range []string{"/", "/calls", "/live"} {
		if body := who.want(who.get(path), 200).body; strings.Contains(body, "tandem dial") {
			t.Errorf("%s tells to dial a number of the sample", path)
		}
	}
	has(t, who.get("/calls"), "/flows/new")
	has(t, who.get("/"), "Build a flow", "Connect your carrier")
	id := who.guided("conference")
	has(t, who.get("/"), "is drawn. Publish it", flowPage(id))
	who.want(who.json(http.MethodPost, "/api/flows/"+id+"/publish", publishBody{}), 200)
	has(t, who.get("/"), "Dial +15550100")
	has(t, who.get("/calls"), "Dial +15550100")
}
