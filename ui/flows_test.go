package ui

import (
	"html"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"tandem/flow"
	"tandem/ui/forms"
)

func TestAFlowsPageShowsEveryModuleItsSettingsAndWhereItsExitsLead(t *testing.T) {
	h := samplePanel(t)
	_, body := ask(h, "GET", "/flows/main/3", signedInto(t, h))
	text := html.UnescapeString(body)
	for _, want := range []string{"Main number", "Main menu", "Ring the office", "Goodbye", `value="+15550100"`, "Welcome, press 1 or 2", "Desk phone, Bob", "Mobile, Carol",
		`<a href="#m-ring"><bdi>Ring the office</bdi></a>`, "key 2", "an apology, then the call ends"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	sets := regexp.MustCompile(`<fieldset[^>]*>`).FindAllString(body, -1)
	if len(sets) != 6 {
		t.Errorf("%d forms, want 6", len(sets))
	}
	for _, s := range sets {
		if !strings.Contains(s, "disabled") {
			t.Errorf("%s can be edited", s)
		}
	}
}

func TestAMissingFlowOrVersionIsNotFound(t *testing.T) {
	h := samplePanel(t)
	me := signedInto(t, h)
	for _, path := range []string{"/flows/none/1", "/flows/main/9", "/flows/main/x", "/flows/main/-1", "/flows/main/99999999999999999999"} {
		if answer, _ := ask(h, "GET", path, me); answer.StatusCode != 404 {
			t.Errorf("%s answers %d", path, answer.StatusCode)
		}
	}
}

func TestModulesAreListedAsACallerMeetsThem(t *testing.T) {
	f, err := flow.Parse([]byte(sampleFlow))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range inCallOrder(&f) {
		got = append(got, m.ID)
	}
	if want := "in short menu ring note bye"; strings.Join(got, " ") != want {
		t.Errorf("order is %v, want %s", got, want)
	}
}

func TestEveryKindHasItsForm(t *testing.T) {
	for kind := range flow.Catalog {
		if _, ok := forms.ByKind[kind]; !ok {
			t.Errorf("kind %s has no form: add ui/forms/%s.templ and its line in forms.ByKind", kind, strings.ReplaceAll(kind, "-", "_"))
		}
	}
	for kind := range forms.ByKind {
		if _, ok := flow.Catalog[kind]; !ok {
			t.Errorf("forms.ByKind names %s, which is no kind", kind)
		}
	}
}

func TestEveryFieldOfAFormIsNamedAsItsSetting(t *testing.T) {
	field := regexp.MustCompile(` name="([a-z_]+)`)
	for kind, k := range flow.Catalog {
		settings := k.New()
		if ring, ok := settings.(*flow.RingGroup); ok {
			ring.Destinations = []flow.RingDestination{{ContactMethod: "cm"}}
		}
		if menu, ok := settings.(*flow.VoiceMenu); ok {
			menu.Entries = []string{"1"}
		}
		var b strings.Builder
		if err := forms.For(forms.Form{}, flow.Module{Kind: kind, Settings: settings}).Render(t.Context(), &b); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		known := jsonNames(settings)
		for _, m := range field.FindAllStringSubmatch(b.String(), -1) {
			if !known[m[1]] {
				t.Errorf("%s: the form names %q, which is no setting", kind, m[1])
			}
			delete(known, m[1]+"!")
		}
		for name := range known {
			if setting, missing := strings.CutSuffix(name, "!"); missing {
				t.Errorf("%s: the form lacks the setting %q", kind, setting)
			}
		}
	}
}

func TestAFormGivenOtherSettingsFailsWithoutPanic(t *testing.T) {
	var b strings.Builder
	if err := forms.For(forms.Form{}, flow.Module{Kind: "hangup", Settings: &flow.PhoneNumber{}}).Render(t.Context(), &b); err == nil {
		t.Error("no error")
	}
}

// jsonNames holds each setting's JSON name, and once more with "!" so that a
// test can cross it off. A switch that is stored negated is shown plainly.
func jsonNames(settings flow.Settings) map[string]bool {
	out := map[string]bool{}
	typ := reflect.TypeOf(settings).Elem()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		name = strings.TrimPrefix(name, "no_")
		out[name], out[name+"!"] = true, true
	}
	return out
}
