package ui

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// desk is a flow editor at the editor of one flow of the sample.
type desk struct {
	*browsertest.Tab
	t    *testing.T
	who  *client
	flow string
}

func atTheDesk(t *testing.T, id string) desk {
	t.Helper()
	return atTheDeskOf(t, flowWorld(t), directory.FlowEditor, id)
}

// atTheDeskOf opens a flow of some world in the editor, as somebody.
func atTheDeskOf(t *testing.T, w *world, role directory.Role, id string) desk {
	t.Helper()
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	d := desk{browsertest.Open(t, 3*time.Minute), t, w.as(role), id}
	d.Size(1440, 900)
	d.Cookie(server.URL, "tandem", d.who.cookies["tandem"].Value)
	d.Show(server.URL + flowPage(id))
	d.Until("the flow is drawn", canvasReady)
	return d
}

// open opens the settings of a module.
func (d desk) open(module string) {
	d.t.Helper()
	d.Click("[data-module=" + module + "] .fe-head")
	d.Until("the form", `document.querySelector("[data-form] fieldset")`)
}

// reads waits for the line that a module's box shows, and for its being saved.
func (d desk) reads(module, line string) {
	d.t.Helper()
	d.Until("the box of "+module, `document.querySelector("[data-module=`+module+`] .fe-sub").textContent.includes("`+line+`") && document.querySelector("[data-save=saved]")`)
}

// settings are those of a module as they are stored.
func (d desk) settings(module string) flow.Settings {
	d.t.Helper()
	all := d.who.draft(d.flow).Flow.Modules
	return all[slices.IndexFunc(all, func(m flow.Module) bool { return m.ID == module })].Settings
}

// library is every file, by name.
func (d desk) library() map[string]directory.AudioFile {
	d.t.Helper()
	all, err := d.who.store.AudioFiles(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	out := map[string]directory.AudioFile{}
	for _, f := range all {
		out[f.Name] = f
	}
	return out
}

func (d desk) clean() {
	d.t.Helper()
	for _, line := range d.Complaints() {
		d.t.Error("the console says", line)
	}
}

const said = `document.querySelector("audio-field > [role=status]").textContent`

func TestAMessageSpokenInTheInspectorIsPlayedByTheModule(t *testing.T) {
	t.Parallel()
	d := atTheDesk(t, "message-line")
	before := d.library()
	d.open("message")
	d.Click(`audio-field [title="Record with the microphone"]`)
	d.Until("two seconds are recorded", `document.querySelector("audio-recorder .recording").textContent.includes("0:02")`)
	d.Click("audio-recorder button")
	d.reads("message", "Recording ")
	for name, f := range d.library() {
		if _, old := before[name]; old {
			continue
		}
		if got := d.settings("message").(*flow.AudioPlayback).Audio; got != f.ID {
			t.Errorf("the module plays %q, want %q (%s)", got, f.ID, name)
		}
		if f.Length.Std() < time.Second || f.Length.Std() > 10*time.Second {
			t.Errorf("the recording lasts %v", f.Length)
		}
	}
	if got := len(d.library()); got != len(before)+1 {
		t.Errorf("the library has %d files, want one more than %d", got, len(before))
	}
	d.Click(`audio-field [title="Listen"]`)
	d.Until("the recording is heard to its end", `document.querySelector("audio-field [title=Listen]")`)
	if fault := browsertest.Eval[string](d.Tab, said); fault != "" {
		t.Error("it says", fault)
	}
	d.clean()
}

func TestARecordingThatIsGivenUpIsNotKept(t *testing.T) {
	t.Parallel()
	d := atTheDesk(t, "message-line")
	before := len(d.library())
	d.open("message")
	d.Click(`audio-field [title="Record with the microphone"]`)
	d.Until("it records", `document.querySelector("audio-recorder .recording")`)
	d.Click(`[aria-label="Close settings"]`)
	d.open("message")
	if d.Is(`document.querySelector("audio-recorder")`) || len(d.library()) != before {
		t.Error("what was given up is still there")
	}
	d.clean()
}

func TestASoundFileIsUploadedInTheInspectorAndAnotherIsRefusedWithoutHarm(t *testing.T) {
	t.Parallel()
	d := atTheDesk(t, "message-line")
	folder := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	choose := func(path string) {
		t.Helper()
		d.Do(chromedp.SetUploadFiles(chromedp.CSS("audio-field input[type=file]"), []string{path}, chromedp.NodeReady))
	}
	d.open("message")
	choose(file("Closing time.wav", beep(5)))
	d.reads("message", "Closing time")
	f := d.library()["Closing time"]
	if got := d.settings("message").(*flow.AudioPlayback).Audio; got != f.ID || f.Length.Std() != time.Second {
		t.Errorf("the module plays %q, want %q of a second, not %v", got, f.ID, f.Length)
	}
	d.clean()
	before := d.library()
	choose(file("letter.wav", []byte("Dear caller")))
	d.Until("the refusal", said+`.match(/sound|audio/i) && !`+said+`.startsWith("Uploading")`)
	d.Complaints() // the browser tells of the 422 itself
	if got := d.settings("message").(*flow.AudioPlayback).Audio; got != f.ID || len(d.library()) != len(before) {
		t.Errorf("a refused file changed the module to %q, or the library", got)
	}
	if !d.Is(`document.querySelector("audio-field select").value === "` + f.ID + `" && document.querySelector("audio-field .pick").value === "Closing time"`) {
		t.Error("the field does not show what stands")
	}
}

func TestTwoEqualSidesAreDrawnAndSaidToBeEqual(t *testing.T) {
	d := atTheDesk(t, "message-line")
	for _, sides := range []string{"", "?from=1&to=1", "?from=1&to=draft"} {
		d.Do(chromedp.Navigate(browsertest.Eval[string](d.Tab, "location.origin") + "/flows/message-line/compare" + sides))
		d.Until(sides+" is drawn", canvasReady+` && document.querySelectorAll("[data-module]").length === 3`)
		d.Until(sides+" says so", `document.querySelector("main").innerText.includes("Nothing changed") && document.querySelector(".fe-inspector").innerText.includes("the same")`)
	}
	d.clean()
}

func TestPickersOfTheInspectorChooseFromTheInstallation(t *testing.T) {
	t.Parallel()
	pick := func(t *testing.T, d desk, field, text, title string) {
		t.Helper()
		box := field + ` [role="combobox"]`
		d.Click(box)
		d.Type(box, text)
		option := field + ` [role="option"]:not(.none)`
		d.Until("the choice "+title, `(all => all.length === 1 && all[0].querySelector(".pick-title").textContent === "`+title+`")([...document.querySelectorAll('`+option+`')])`)
		d.Click(option)
	}
	for _, c := range []struct{ name, flow, module, what, text string }{
		{"audio", "message-line", "message", "audio", "SILEN"},
		{"number", "team", "number", "number", "0100"},
		{"contact method", "main-line", "ring-101", "contact-method", "Phone 100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := atTheDesk(t, c.flow)
			var found []choice
			d.who.want(d.who.get("/api/pick/"+c.what+"?q="+url.QueryEscape(c.text)), 200).into(t, &found)
			if len(found) != 1 {
				t.Fatalf("%q finds %v", c.text, found)
			}
			d.open(c.module)
			pick(t, d, `pick-field[what="`+c.what+`"]`, c.text, found[0].Title)
			d.reads(c.module, found[0].Title)
			if refs := d.settings(c.module).Refs(); !slices.ContainsFunc(refs, func(r flow.Ref) bool { return r.ID == found[0].ID }) {
				t.Errorf("the module names %v, want %s", refs, found[0].ID)
			}
			d.clean()
		})
	}
}

func TestCallerNameRulesAreAddedOrderedAndRemovedInTheInspector(t *testing.T) {
	t.Parallel()
	d := atTheDesk(t, "team")
	rules := func(want ...flow.NameRule) {
		t.Helper()
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		d.Until("the rules are "+string(text), `fetch("/api/flows/team/draft").then((a) => a.json()).then((d) => {
			window.rules = JSON.stringify(d.flow.modules.find((m) => m.id === "number").settings.caller_name_rules); }) && window.rules === `+strconv.Quote(string(text)))
	}
	press := func(row int, label string) {
		t.Helper()
		d.Click(`row-list li:nth-child(` + string(rune('0'+row)) + `) button[aria-label="` + label + `"]`)
	}
	field := func(row int, name string) string {
		return `[name="caller_name_rules.` + string(rune('0'+row)) + `.` + name + `"]`
	}
	d.open("number")
	d.Click(`row-list > button`)
	d.Until("a row", `document.querySelector('`+field(0, "result")+`')`)
	d.Type(field(0, "result"), "Sales: ")
	d.Click(`row-list > button`)
	d.Until("a second row", `document.querySelector('`+field(1, "match")+`')`)
	choose := func(selector, value string) {
		d.Is(`((field) => { field.value = "` + value + `"; field.dispatchEvent(new Event("change", {bubbles: true})); return true; })(document.querySelector('` + selector + `'))`)
	}
	choose(field(1, "match"), "regex")
	d.Until("an expression is asked for", `getComputedStyle(document.querySelector('`+field(1, "pattern")+`')).display !== "none" && getComputedStyle(document.querySelector('`+field(0, "pattern")+`')).display === "none"`)
	d.Type(field(1, "pattern"), "(")
	d.Type(field(1, "result"), "x")
	d.Until("what is wrong stands there", `document.querySelector('[data-for="caller_name_rules.1.pattern"]').textContent.includes("missing closing")`)
	choose(field(1, "pattern"), "^Bob")
	d.Until("it is mended", `document.querySelector('[data-for="caller_name_rules.1.pattern"]').textContent === ""`)
	rules(flow.NameRule{Match: "prefix", Result: "Sales: "}, flow.NameRule{Match: "regex", Pattern: "^Bob", Result: "x"})
	press(2, "Earlier")
	d.Until("they changed places", `document.querySelector('`+field(0, "pattern")+`').value === "^Bob"`)
	press(2, "Remove")
	d.Until("one is left", `document.querySelectorAll("row-list li").length === 1`)
	rules(flow.NameRule{Match: "regex", Pattern: "^Bob", Result: "x"})
	d.clean()
}

func TestMembersOfAQueueAreAddedOrderedAndRemovedInTheInspector(t *testing.T) {
	t.Parallel()
	d := atTheDesk(t, "team")
	made := flow.Flow{ID: "helpdesk", Name: "Helpdesk", Modules: []flow.Module{{ID: "wait", Kind: "queue", Name: "Wait", X: 200, Y: 200, Settings: &flow.Queue{
		Members: []flow.QueueMember{{ContactMethod: "account-100"}, {ContactMethod: "account-101", Level: 2}}}}}}
	if err := d.who.store.CreateFlow(t.Context(), made, "tests"); err != nil {
		t.Fatal(err)
	}
	d.Do(chromedp.Navigate(browsertest.Eval[string](d.Tab, "location.origin") + "/flows/helpdesk"))
	d.Until("the queue is drawn", canvasReady+` && document.querySelector("[data-module=wait]")`)
	who := func(want string) {
		t.Helper()
		d.Until("the members are "+want, `fetch("/api/flows/helpdesk/draft").then((a) => a.json()).then((d) => {
			window.members = d.flow.modules.find((m) => m.id === "wait").settings.members.map((m) => m.contact_method + ":" + (m.level || 1)).join(" "); }) && window.members === `+strconv.Quote(want))
	}
	list := `row-list:has(.members)`
	press := func(row, label string) {
		t.Helper()
		d.Click(list + ` li:nth-child(` + row + `) button[aria-label="` + label + `"]`)
	}
	d.open("wait")
	d.Until("the members", `document.querySelectorAll(".members > li").length === 2`)
	press("2", "Earlier")
	who("account-101:2 account-100:1")
	press("2", "Remove")
	who("account-101:2")
	d.Click(list + ` > button`)
	d.Until("a second row", `document.querySelectorAll(".members > li").length === 2`)
	box := list + ` li:nth-child(2) [role="combobox"]`
	d.Click(box)
	d.Type(box, "Phone 100")
	option := list + ` li:nth-child(2) [role="option"]:not(.none)`
	d.Until("the choice", `document.querySelectorAll('`+option+`').length === 1`)
	d.Click(option)
	who("account-101:2 account-100:1")
	d.clean()
}
