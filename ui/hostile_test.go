package ui

import (
	"encoding/json"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"tandem/db/dbtest"
	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// endless repeats a text for as long as somebody reads it, and counts how much
// that was.
type endless struct {
	text string
	read int
}

// Read implements io.Reader.
func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[(e.read+i)%len(e.text)]
	}
	e.read += len(p)
	return len(p), nil
}

const oneModule = `{"id":"a","name":"A","modules":[{"id":"m","kind":"hangup","name":"M","settings":{}}],"cables":[]}`

// hostileFiles are what somebody may send in the place of a flow: how often
// piece stands between head and tail, what it is answered, and what that says.
var hostileFiles = []struct {
	name, head, piece, tail string
	times, status           int
	says                    string
}{
	{"nothing", "", "", "", 0, 422, "EOF"},
	{"no JSON", "", "MZ\x90", "", 9, 422, "UTF-8"},
	{"cut short", `{"name":"A","modules":[`, "", "", 0, 422, "EOF"},
	{"a list", `[1,2,3]`, "", "", 0, 422, "in the place of an object"},
	{"two flows", oneModule, oneModule, "", 1, 422, "follows"},
	{"10 MB of a name", `{"name":"`, "x", `"}`, 10 << 20, 413, "4 MB"},
	{"10 MB of blanks", "", " ", oneModule, 10 << 20, 413, "4 MB"},
	{"4 MB of brackets", "", "[", "", flow.MaxFlowBytes - 1, 422, "nest"},
	{"objects in objects", "", `{"modules":[`, "", 5000, 422, "nest"},
	{"deep settings", `{"modules":[{"id":"m","kind":"voice-menu","name":"M","settings":{"entries":`, "[", "", 5000, 422, "nest"},
	{"a million cables", `{"cables":[`, `{},`, `{}]}`, 1_000_000, 422, "longer"},
	{"more modules than a flow has", `{"modules":[`, `{"id":"m","kind":"hangup","settings":{}},`, `{"id":"m","kind":"hangup","settings":{}}]}`, flow.MaxModules, 422, "2001 modules"},
	{"an endless number", `{"modules":[{"id":"m","kind":"hangup","x":`, "9", `}]}`, 100_000, 422, "no number"},
	{"a kind that runs programs", `{"modules":[{"id":"m","kind":"shell","name":"M","settings":{"run":"id"}}]}`, "", "", 0, 422, "no kind"},
	{"a kind without name", `{"modules":[{"id":"m","name":"M","settings":{}}]}`, "", "", 0, 422, "no kind"},
	{"a field that is none", `{"name":"A","onload":"alert(1)"}`, "", "", 0, 422, "unknown field"},
	{"a setting that is none", `{"modules":[{"id":"m","kind":"hangup","name":"M","settings":{"__proto__":{"x":1}}}]}`, "", "", 0, 422, "field"},
	{"a field twice", `{"name":"A","name":"B"}`, "", "", 0, 422, "twice"},
	{"a way out of the folder", `{"id":"../../etc/passwd","name":"A"}`, "", "", 0, 422, "cannot be the id"},
	{"script as an id", `{"id":"<script>alert(1)</script>","name":"A"}`, "", "", 0, 422, "cannot be the id"},
	{"script as an exit", `{"name":"A","cables":[{"from":"a","exit":"\"><script>","to":"b"}]}`, "", "", 0, 422, "exit"},
	{"orders to a terminal", `{"name":"A\u001b[2J"}`, "", "", 0, 422, "control character"},
	{"a zero byte", `{"name":"A\u0000"}`, "", "", 0, 422, "control character"},
	{"a name without end", `{"name":"`, "ö", `"}`, 61, 422, "60"},
	{"a place beyond the canvas", `{"modules":[{"id":"m","kind":"hangup","name":"M","x":99999999,"settings":{}}]}`, "", "", 0, 422, "canvas"},
}

// file is the whole of a hostile file.
func file(head, piece, tail string, times int) string {
	return head + strings.Repeat(piece, times) + tail
}

func TestAHostileImportIsRefusedAndNothingHasChanged(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	for _, h := range hostileFiles {
		t.Run(strings.ReplaceAll(h.name, " ", "_"), func(t *testing.T) {
			c.t = t
			before := dbtest.Digest(t, c.url)
			text := file(h.head, h.piece, h.tail, h.times)
			a := c.do(http.MethodPost, "/api/flows/import", strings.NewReader(text))
			var why struct{ Error string }
			c.want(a, h.status).into(t, &why)
			if !strings.Contains(why.Error, h.says) || len(a.body) > 1000 {
				t.Errorf("it says %q in %d bytes, want %q", cut(why.Error, 200), len(a.body), h.says)
			}
			page := c.upload("/api/flows/import", text)
			if page.StatusCode < 400 || page.StatusCode >= 500 || strings.Contains(page.body, "<script>alert") {
				t.Errorf("a person is answered %d", page.StatusCode)
			}
			if after := dbtest.Digest(t, c.url); !maps.Equal(before, after) {
				t.Errorf("something has changed: %v, was %v", after, before)
			}
		})
	}
}

// upload sends a file as the page of flows does.
func (c *client) upload(path, text string) answer {
	c.t.Helper()
	var body strings.Builder
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "flow.json")
	if err == nil {
		_, err = io.WriteString(part, text)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(http.MethodPost, path, strings.NewReader(body.String()), func(r *http.Request) {
		r.Header.Set("Content-Type", form.FormDataContentType())
	})
}

// However long a file goes on, no more of it is read than the largest flow, and
// what is made of it is a small multiple of that.
func TestAnEndlessImportCostsNoMoreThanTheLargestFlow(t *testing.T) {
	c := flowWorld(t).as(directory.Admin)
	const most = flow.MaxFlowBytes + formRoom
	for name, text := range map[string]string{"brackets": "[", "blanks": " ", "objects": `{"a":`, "modules": `{"modules":[{"id":"m","kind":"hangup"},`, "text": `"ö`} {
		body := &endless{text: text}
		var was, is runtime.MemStats
		runtime.ReadMemStats(&was)
		c.want(c.do(http.MethodPost, "/api/flows/import", body), http.StatusRequestEntityTooLarge)
		runtime.ReadMemStats(&is)
		if body.read > most+64<<10 { // the last read may ask for more than is left
			t.Errorf("%s: %d bytes were read, want at most %d", name, body.read, most)
		}
		if made := is.TotalAlloc - was.TotalAlloc; made > 8*flow.MaxFlowBytes {
			t.Errorf("%s: %d MB were allocated", name, made>>20)
		}
	}
	for _, h := range hostileFiles {
		text := file(h.head, h.piece, h.tail, h.times)
		var was, is runtime.MemStats
		runtime.ReadMemStats(&was)
		_, err := flow.Parse([]byte(text))
		runtime.ReadMemStats(&is)
		if made := is.TotalAlloc - was.TotalAlloc; made > 32*flow.MaxFlowBytes {
			t.Errorf("%s (%v): %d MB were allocated", h.name, err, made>>20)
		}
	}
}

// script is what must never run, in the ways in which it is tried.
const script = `<img src=x onerror=hacked=1><script>hacked=2</script>`

// scripted is a flow that holds script wherever a text can stand.
func scripted(t *testing.T) string {
	t.Helper()
	f := soundFlow()
	name := cut(script, flow.MaxName)
	f.Name = name
	f.Tabs = []flow.Tab{{ID: "a", Name: name}, {ID: "b", Name: script[28:]}}
	f.Frames = []flow.Frame{{ID: "frame", Text: name, X: -40, Y: -60, W: 700, H: 300}}
	f.Notes = []flow.Note{{ID: "note", Text: script, X: 900, Y: -200, W: 240, H: 120}}
	for i := range f.Modules {
		f.Modules[i].Name, f.Modules[i].Note = cut(string(rune('A'+i))+script, flow.MaxName), script
	}
	set[*flow.VoiceMenu](&f, "menu").Audio = script
	set[*flow.RingGroup](&f, "ring").Destinations[0].ContactMethod = script
	set[*flow.RingGroup](&f, "ring").CallerNameRules = []flow.NameRule{{Match: "prefix", Result: script}}
	before(&f, "caller-router", &flow.CallerRouter{Routes: []flow.CallerRoute{{Slug: "vip", Name: name}}, Rules: []flow.CallerRule{{Digits: script, Go: script}}}, "allow")
	f.Tests = []flow.Test{{ID: "t", Name: name, Scenario: flow.Scenario{Entry: "in", CallerName: script}}}
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whatever it is called, a flow is text on every page that shows it.
func TestScriptInNamesIsTextInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(directory.Owner)
	var made importAnswer
	c.want(c.do(http.MethodPost, "/api/flows/import", strings.NewReader(scripted(t))), http.StatusCreated).into(t, &made)
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, 2*time.Minute)
	tab.Size(1440, 900)
	w.visit(tab, server.URL, c)
	harmless := func(where string) {
		t.Helper()
		tab.Until(where+" shows the name as text", `document.body.innerText.includes("<img src=x") || [...document.querySelectorAll("input")].some((i) => i.value.includes("<img src=x"))`)
		if tab.Is(`globalThis.hacked || document.querySelector("img[src=x]")`) {
			t.Errorf("%s ran what stands in a name", where)
		}
	}
	at := "/flows/" + made.ID
	for _, page := range []string{"/flows", at + "/missing", at + "/versions", at + "/compare?from=draft&to=draft", "/audit"} {
		tab.Show(server.URL + page)
		if page == "/audit" {
			tab.Until("the log", `document.body.innerText.includes("import")`)
			continue
		}
		harmless(page)
	}
	tab.Show(server.URL + at)
	tab.Until("the flow is drawn", canvasReady)
	harmless("the canvas")
	for what, open := range map[string]func(){
		"the menu's form": func() {
			tab.ClickUntil("[data-module=menu] .fe-head", "the form", `document.querySelector("[data-form=voice-menu] fieldset")`)
		},
		"the group's form": func() {
			tab.ClickUntil("[data-module=ring] .fe-head", "the form", `document.querySelector("[data-form=ring-group] fieldset")`)
		},
		"the router's form": func() {
			tab.ClickUntil("[data-module=more] .fe-head", "the form", `document.querySelector("[data-form=caller-router] fieldset")`)
		},
		"the problems": func() {
			tab.ClickUntil("[data-action=problems]", "the problems", `document.querySelector(".fe-problems li")`)
		},
		"the outline": func() { tab.ClickUntil("[aria-label=Outline]", "the outline", `document.querySelector(".fe-outline")`) },
		"the publish dialog": func() {
			tab.ClickUntil("[data-action=publish]", "the dialog", `document.querySelector("dialog[open]")`)
		},
	} {
		tab.Show(server.URL + at)
		tab.Until("the flow is drawn", canvasReady)
		open()
		harmless(what)
	}
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}
