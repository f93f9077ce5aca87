package ui

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"tandem/flow/directory"
)

func keyed(key string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(keyHeader, key) }
}

func TestAWriteUnderOneKeyIsDoneOnce(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	first := owner.want(owner.json("POST", "/api/tokens", tokenEdit{Name: "a", Role: directory.Agent}, keyed("k1")), http.StatusCreated)
	again := owner.want(owner.json("POST", "/api/tokens", tokenEdit{Name: "a", Role: directory.Agent}, keyed("k1")), http.StatusCreated)
	if first.body != again.body || again.Header.Get("Idempotent-Replayed") == "" || again.Header.Get("Content-Type") != first.Header.Get("Content-Type") {
		t.Error("the second answer is not the first one's")
	}
	if a := owner.json("POST", "/api/tokens", tokenEdit{Name: "b", Role: directory.Agent}, keyed("k1")); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("another request under the key answers %d %s", a.StatusCode, a.body)
	}
	w.as(directory.Admin).want(w.as(directory.Admin).json("POST", "/api/tokens", tokenEdit{Name: "c", Role: directory.Agent}, keyed("k1")), http.StatusCreated)
	refused := owner.json("POST", "/api/tokens", tokenEdit{Name: "", Role: directory.Agent}, keyed("k2"))
	if a := owner.json("POST", "/api/tokens", tokenEdit{Name: "", Role: directory.Agent}, keyed("k2")); a.StatusCode != 422 || a.body != refused.body {
		t.Errorf("a refusal is answered %d when asked again", a.StatusCode)
	}
	if a := owner.json("POST", "/api/tokens", tokenEdit{Name: "d", Role: directory.Agent}, keyed(strings.Repeat("k", maxKey+1))); a.StatusCode != 422 {
		t.Errorf("a long key answers %d", a.StatusCode)
	}
	all, err := w.store.Tokens(t.Context())
	if err != nil || len(all) != 2 {
		t.Errorf("%d tokens were made, want 2: %v", len(all), err)
	}
}

func TestManyAtOnceUnderOneKeyMakeOneThing(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	cookie := owner.cookies["tandem"]
	var many sync.WaitGroup
	answers := make([]int, 20)
	for i := range answers {
		many.Go(func() {
			r := httptest.NewRequest("POST", "/api/tokens", strings.NewReader(`{"name":"one","role":"agent"}`))
			r.AddCookie(cookie)
			r.Header.Set(keyHeader, "same")
			rec := httptest.NewRecorder()
			w.panel.ServeHTTP(rec, r)
			answers[i] = rec.Code
		})
	}
	many.Wait()
	for _, status := range answers {
		if status != http.StatusCreated && status != http.StatusConflict {
			t.Errorf("somebody is answered %d", status)
		}
	}
	if all, err := w.store.Tokens(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%d tokens were made: %v", len(all), err)
	}
}

func TestTheDescriptionIsValidAndNamesEveryRoute(t *testing.T) {
	w := newWorld(t)
	a := w.as(directory.ReadOnly).get("/api/openapi.json")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	ids := map[string]bool{}
	for _, rt := range routes() {
		method, path, found := strings.Cut(rt.pattern, " ")
		if !found || !strings.HasPrefix(path, "/api/") {
			continue
		}
		item := doc.Paths.Value(strings.ReplaceAll(path, "...}", "}"))
		if item == nil || item.GetOperation(method) == nil {
			t.Errorf("%s is not described", rt.pattern)
			continue
		}
		op := item.GetOperation(method)
		if op.Summary == "" || ids[op.OperationID] {
			t.Errorf("%s has the summary %q and the id %q", rt.pattern, op.Summary, op.OperationID)
		}
		ids[op.OperationID] = true
	}
	if len(ids) < 20 {
		t.Errorf("only %d routes are described", len(ids))
	}
	if page := w.as(directory.Agent).get("/api"); page.StatusCode != http.StatusOK || !strings.Contains(page.body, "/api/tokens/{id}") {
		t.Errorf("the page for people answers %d", page.StatusCode)
	}
}

func TestEveryRefusalOfTheAPIHasOneShape(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	for name, c := range map[string]struct {
		a      answer
		status int
	}{
		"missing":    {owner.get("/api/nothing"), 404},
		"no login":   {w.nobody().get("/api/logins"), 401},
		"no right":   {w.as(directory.Agent).get("/api/logins"), 403},
		"unreadable": {owner.do("POST", "/api/tokens", strings.NewReader("{")), 400},
		"unknown":    {owner.json("POST", "/api/tokens", map[string]string{"colour": "red"}), 400},
		"too large":  {owner.json("POST", "/api/tokens", map[string]string{"name": strings.Repeat("x", maxBody+1)}), 413},
		"wrong":      {owner.json("POST", "/api/tokens", tokenEdit{}), 422},
	} {
		var body Refusal
		if c.a.into(t, &body); c.a.StatusCode != c.status || body.Text == "" {
			t.Errorf("%s: answers %d %s, want %d and a text", name, c.a.StatusCode, c.a.body, c.status)
		}
	}
}

func TestAPlainFormIsBoundedAndMayNameAnotherVerb(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	if a := owner.form("/api/tokens", url.Values{"name": {strings.Repeat("x", maxBody+1)}}); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form answers %d", a.StatusCode)
	}
	if a := owner.form("/api/tokens?_method=DELETE", url.Values{"name": {"n"}, "role": {"agent"}}); a.StatusCode != http.StatusOK {
		t.Errorf("a verb in the address is heard: %d", a.StatusCode)
	}
	if a := owner.form("/api/tokens", url.Values{"_method": {"CONNECT"}, "name": {"n"}, "role": {"agent"}}); a.StatusCode != http.StatusOK {
		t.Errorf("any verb is taken: %d", a.StatusCode)
	}
}

func TestAnUploadIsReadToItsLimit(t *testing.T) {
	send := func(size int, limit int64) (upload, error) {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		form.WriteField("name", "Welcome") // a bytes.Buffer takes everything
		part, _ := form.CreateFormFile("file", "a\u202eb.wav")
		part.Write(bytes.Repeat([]byte("x"), size))
		form.Close()
		r := httptest.NewRequest("POST", "/api/audio", http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(&body), limit))
		r.Header.Set("Content-Type", form.FormDataContentType())
		return readUpload(r, "file")
	}
	up, err := send(1000, 1<<20)
	if err != nil || len(up.Bytes) != 1000 || up.Name != "ab.wav" || up.Fields.Get("name") != "Welcome" {
		t.Errorf("read %d bytes of %q with %v: %v", len(up.Bytes), up.Name, up.Fields, err)
	}
	for name, size := range map[string]int{"empty": 0, "large": 1 << 20} {
		_, err := send(size, 1<<19)
		if why := refusalOf(err); why == nil || why.Status != map[string]int{"empty": 422, "large": 413}[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
}
