package forms

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"tandem/flow"
)

func TestEveryKindHasItsForm(t *testing.T) {
	for kind := range flow.Catalog {
		if _, ok := ByKind[kind]; !ok {
			t.Errorf("kind %s has no form: add ui/forms/%s.templ and its line in ByKind", kind, strings.ReplaceAll(kind, "-", "_"))
		}
	}
	for kind := range ByKind {
		if _, ok := flow.Catalog[kind]; !ok {
			t.Errorf("ByKind names %s, which is no kind", kind)
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
		if router, ok := settings.(*flow.CallerRouter); ok {
			router.Rules, router.Routes = []flow.CallerRule{{}}, []flow.CallerRoute{{}}
		}
		if router, ok := settings.(*flow.TimeRouter); ok {
			router.Intervals = []flow.Interval{{}}
		}
		var b strings.Builder
		if err := For(Form{}, flow.Module{Kind: kind, Settings: settings}).Render(t.Context(), &b); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		known := settingNames(settings)
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
	if err := For(Form{}, flow.Module{Kind: "hangup", Settings: &flow.PhoneNumber{}}).Render(t.Context(), &b); err == nil {
		t.Error("no error")
	}
}

// settingNames holds each setting's JSON name, and once more with "!" so that a
// test can cross it off.
func settingNames(settings flow.Settings) map[string]bool {
	out := map[string]bool{}
	typ := reflect.TypeOf(settings).Elem()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		out[name], out[name+"!"] = true, true
	}
	return out
}
