package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tandem/flow/directory"
)

// description is the API's description, and its schemas by JSON pointer.
func description(t *testing.T) (doc map[string]any, schema func(pointer ...string) *jsonschema.Schema) {
	t.Helper()
	text, err := describe(routes())
	if err != nil {
		t.Fatal(err)
	}
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", tree); err != nil {
		t.Fatal(err)
	}
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
	return tree.(map[string]any), func(pointer ...string) *jsonschema.Schema {
		t.Helper()
		at := "openapi.json#"
		for _, part := range pointer {
			at += "/" + escape.Replace(part)
		}
		s, err := c.Compile(at)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// at walks down a document.
func at(doc any, path ...string) any {
	for _, p := range path {
		m, _ := doc.(map[string]any)
		doc = m[p]
	}
	return doc
}

func TestEveryOperationSaysWhatItDoesTakesAndGives(t *testing.T) {
	doc, _ := description(t)
	tags := map[string]bool{}
	for _, tag := range doc["tags"].([]any) {
		tags[at(tag, "name").(string)] = at(tag, "description") != ""
	}
	for _, e := range endpoints(routes()) {
		op := at(doc, "paths", e.path, strings.ToLower(e.method))
		name := e.method + " " + e.path
		if !tags[at(op, "tags").([]any)[0].(string)] {
			t.Errorf("%s: its area %q says nothing of itself", name, e.tag())
		}
		if !strings.Contains(at(op, "description").(string), string(e.right)) {
			t.Errorf("%s: does not say who may ask", name)
		}
		parameters, _ := at(op, "parameters").([]any)
		for _, p := range parameters {
			if text, _ := at(p, "description").(string); text == "" || at(p, "schema", "type") == nil {
				t.Errorf("%s: nothing is said of its parameter %v", name, at(p, "name"))
			}
		}
		if e.method == http.MethodGet {
			answer, _ := at(op, "responses", "200", "content").(map[string]any)
			if len(answer) == 0 {
				t.Errorf("%s: does not say what it answers", name)
			}
		}
	}
	known := map[string]bool{}
	for _, e := range endpoints(routes()) {
		known[e.pattern] = true
	}
	for _, patterns := range [][]string{slices.Collect(maps.Keys(mediaOf)), slices.Collect(maps.Keys(formOfRoute)), slices.Collect(maps.Keys(examples))} {
		for _, pattern := range patterns {
			if !known[pattern] {
				t.Errorf("something is said of %s, which is no route", pattern)
			}
		}
	}
}

// Every read of the API, asked of a panel with some of everything, answers what
// its description promises.
func TestEveryAnswerIsAsDescribed(t *testing.T) {
	w := newTown(t)
	owner := w.as(directory.Owner)
	_, schema := description(t)
	ids := map[string]string{"audio": "main-menu", "calls": string(w.talked), "contact-methods": "account-101", "flows": "gates", "lists": "pests", "logins": w.login,
		"numbers": "+15550100", "playlists": "waiting", "queues": "helpdesk.wait", "schedules": "office", "trunks": "loopback", "users": "alice", "uses": "main-menu"}
	fill := strings.NewReplacer("{version}", "1", "{module}", "hours", "{page}", "calls", "{kind}", "audio", "{what}", "number")
	asked := 0
	for _, e := range endpoints(routes()) {
		media := e.doc.media
		if media == "" {
			media = mediaOf[e.pattern]
		}
		if e.method != http.MethodGet || media == "text/event-stream" {
			continue
		}
		path := fill.Replace(strings.ReplaceAll(e.path, "{id}", ids[e.tag()]))
		query := map[string]string{"/api/flows/{id}/compare": "?from=1&to=draft"}[e.path]
		a := owner.get(path + query)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d %.200s", path, a.StatusCode, a.body)
			continue
		}
		asked++
		if media != "" {
			if got := a.Header.Get("Content-Type"); !strings.HasPrefix(got, media) {
				t.Errorf("%s answers %s, and is described as %s", path, got, media)
			}
			continue
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(a.body))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if err := schema("paths", e.path, "get", "responses", "200", "content", "application/json", "schema").Validate(value); err != nil {
			t.Errorf("%s is not as described: %.600s", path, err)
		}
	}
	if asked < 50 {
		t.Errorf("only %d reads were asked", asked)
	}
	refusal := schema("components", "schemas", "ui.Refusal")
	for _, a := range []answer{owner.get("/api/nothing"), owner.json("POST", "/api/tokens", tokenEdit{}), owner.json("DELETE", "/api/audio/main-menu", nil), w.nobody().get("/api/calls")} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(a.body))
		if err != nil || refusal.Validate(value) != nil {
			t.Errorf("a refusal (%d) is not as described: %s", a.StatusCode, a.body)
		}
	}
}

func TestEveryExampleWorks(t *testing.T) {
	w := newTown(t)
	owner := w.as(directory.Owner)
	_, schema := description(t)
	order := []string{"POST /api/trunks", "POST /api/numbers", "POST /api/numbers/{id}/move"}
	for _, pattern := range slices.Sorted(maps.Keys(examples)) {
		if !slices.Contains(order, pattern) {
			order = append(order, pattern)
		}
	}
	for _, pattern := range order {
		method, path, _ := strings.Cut(pattern, " ")
		a := owner.json(method, strings.Replace(path, "{id}", "+46812345678", 1), examples[pattern])
		if a.StatusCode/100 != 2 {
			t.Errorf("the example of %s is answered %d %s", pattern, a.StatusCode, a.body)
			continue
		}
		body, err := json.Marshal(examples[pattern])
		if err != nil {
			t.Fatal(err)
		}
		value, _ := jsonschema.UnmarshalJSON(bytes.NewReader(body)) // it was made just now
		if err := schema("paths", path, strings.ToLower(method), "requestBody", "content", "application/json", "schema").Validate(value); err != nil {
			t.Errorf("the example of %s is not as described: %.400s", pattern, err)
		}
		answered, err := jsonschema.UnmarshalJSON(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema("paths", path, strings.ToLower(method), "responses", fmt.Sprint(a.StatusCode), "content", "application/json", "schema").Validate(answered); err != nil {
			t.Errorf("the answer of %s is not as described: %.400s", pattern, err)
		}
	}
}

// Whatever a page shows to a person, a script can read: each page has a read
// of the API that answers what it shows.
func TestEveryPageHasAReadOfTheAPI(t *testing.T) {
	behind := map[string]string{ // where it is not the page's own address
		"GET /{$}": "GET /api/dashboard", "GET /flows/{id}": "GET /api/flows/{id}/draft", "GET /flows/new": "GET /api/templates", "GET /flows/{id}/missing": "GET /api/flows/{id}/references",
		"GET /flows/{id}/{version}": "GET /api/flows/{id}/versions/{version}", "GET /flows/{id}/open": "GET /api/flows/{id}/overrides", "GET /numbers/{id}/move": "GET /api/pick/{what}",
		"GET /users/{id}/remove": "GET /api/uses/{kind}/{id}", "GET /settings": "GET /api/settings/general", "GET /settings/mail": "GET /api/settings/smtp", "GET /api": "GET /api/openapi.json",
		"GET /live/moves": "GET /api/live/stream", "GET /account": "GET /api/account",
	}
	forms := regexp.MustCompile(`/(new|new/\{kind\}|bulk|import)$`) // empty ones, of which there is nothing to read
	doors := []string{"GET /static/{file}", "GET /sign-in", "GET /sign-in/code", "GET /invite/{token}", "/"}
	all := map[string]route{}
	for _, rt := range routes() {
		all[rt.pattern] = rt
	}
	for _, rt := range routes() {
		if rt.area != page || strings.HasPrefix(rt.pattern, "POST ") || slices.Contains(doors, rt.pattern) {
			continue
		}
		want := behind[rt.pattern]
		if want == "" && forms.MatchString(rt.pattern) {
			continue
		}
		if want == "" {
			want = strings.Replace(rt.pattern, "GET /", "GET /api/", 1)
		}
		if read, ok := all[want]; !ok || read.area != api {
			t.Errorf("%s shows what no route of the API reads (%s)", rt.pattern, want)
		}
	}
}

func TestAListAsAFileIsThatOfItsPage(t *testing.T) {
	w := newTown(t)
	owner := w.as(directory.Owner)
	token := w.token(directory.Token{Name: "robot", Role: directory.ReadOnly, Flows: []string{"helpdesk"}})
	for _, path := range []string{"/flows", "/numbers", "/calls", "/users", "/audit"} {
		byPage, byAPI := owner.want(owner.get(path+"?format=csv"), http.StatusOK), owner.want(owner.get("/api"+path+".csv"), http.StatusOK)
		if byPage.body != byAPI.body || strings.Count(byAPI.body, "\r\n") < 2 {
			t.Errorf("%s: the file of the API is %.100q, that of the page %.100q", path, byAPI.body, byPage.body)
		}
	}
	if a := token.want(token.get("/api/flows.csv"), http.StatusOK); strings.Count(a.body, "\r\n") != 2 || !strings.Contains(a.body, "Helpdesk") {
		t.Errorf("a token that is limited to a flow reads %q", a.body)
	}
	if a := token.get("/api/users.csv"); a.StatusCode != http.StatusForbidden || !strings.Contains(a.body, `"error"`) {
		t.Errorf("users are answered %d %s", a.StatusCode, a.body)
	}
	if a := owner.want(owner.get("/api/calls.csv?outcome=missed"), http.StatusOK); strings.Count(a.body, "\r\n") >= strings.Count(owner.get("/api/calls.csv").body, "\r\n") {
		t.Error("a filter filters nothing")
	}
}

func TestUsesAreToldToWhomMaySeeThem(t *testing.T) {
	w := newTown(t)
	has(t, w.as(directory.Owner).get("/api/uses/contact-method/account-101"), `"main-line"`)
	has(t, w.as(directory.Owner).get("/api/uses/flow/main-line"), `[]`)
	limited := w.as(directory.Supervisor, func(l *directory.Login) { l.Flows = []string{"helpdesk"} })
	if a := limited.get("/api/uses/contact-method/account-101"); strings.Contains(a.body, "main-line") || !strings.Contains(a.body, "helpdesk") {
		t.Errorf("who is limited to a flow is told %s", a.body)
	}
	for _, path := range []string{"/api/uses/flow/main-line", "/api/uses/trunk/loopback", "/api/uses/nonsense/x"} {
		if a := limited.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
	}
}
