package editor

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"tandem/flow"
	"tandem/ui/forms"
)

// policy is the panel's Content-Security-Policy: the editor must work under it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'"

// server is the other side of the editor, as small as it can be: one draft,
// saved by changes, with the product's own kinds, exits and rules.
type server struct {
	*httptest.Server
	theme string
	attrs string // of the element; empty: the draft, to edit

	mu       sync.Mutex
	draft    map[string]any
	revision int
	names    []string // of the edits saved
	down     bool
	readOnly bool              // whoever asks may look, not edit
	answers  map[string]string // canned answers by method and path
	listener chan string       // events for the stream of presence
}

func serve(t *testing.T, draft string) *server {
	t.Helper()
	s := &server{revision: 1, theme: "light", answers: map[string]string{}, listener: make(chan string, 8)}
	if err := json.Unmarshal([]byte(draft), &s.draft); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /static/{file}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, "../static/"+r.PathValue("file"))
	})
	mux.HandleFunc("GET /api/catalog", s.catalog)
	mux.HandleFunc("GET /api/flows/main/draft", s.getDraft)
	mux.HandleFunc("PATCH /api/flows/main/draft", s.patch)
	mux.HandleFunc("POST /api/flows/main/form", s.form)
	mux.HandleFunc("POST /api/flows/main/settings", s.settings)
	mux.HandleFunc("GET /api/flows/main/presence", s.stream)
	mux.HandleFunc("GET /api/flows/main/live", s.stream)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		body, ok := s.answers[r.Method+" "+r.URL.Path]
		s.mu.Unlock()
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	})
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		down := s.down && strings.HasPrefix(r.URL.Path, "/api/")
		s.mu.Unlock()
		if down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

func (s *server) page(w http.ResponseWriter, _ *http.Request) {
	attrs := s.attrs
	if attrs == "" {
		attrs = `flow="main" mode="edit"`
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html><html lang="en" data-theme="%s"><head><meta charset="utf-8"><title>Editor</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="/static/app.css"><link rel="stylesheet" href="/static/editor.css"><script src="/static/editor.js" defer></script></head>
<body><main id="main"><flow-editor %s></flow-editor></main></body></html>`, s.theme, attrs)
}

func (s *server) catalog(w http.ResponseWriter, _ *http.Request) {
	families := []string{flow.FamilyEntry, flow.FamilyRouting, flow.FamilyAudio, flow.FamilyPeople, flow.FamilyOutside, flow.FamilyEnd}
	synonyms := map[string][]string{"voice-menu": {"IVR", "auto attendant"}, "phone-number": {"DID", "inbound"}, "ring-group": {"hunt group"}}
	var out struct {
		Families []map[string]string `json:"families"`
		Kinds    []map[string]any    `json:"kinds"`
	}
	for _, f := range families {
		out.Families = append(out.Families, map[string]string{"id": f, "title": f})
		for _, name := range slices.Sorted(func(yield func(string) bool) {
			for name, k := range flow.Catalog {
				if k.Family == f && !yield(name) {
					return
				}
			}
		}) {
			k := flow.Catalog[name]
			m := flow.Module{Kind: name, Settings: k.New()}
			out.Kinds = append(out.Kinds, map[string]any{"kind": name, "title": k.Title, "family": f, "entry": k.Entry, "waits": k.Waits,
				"text": "What a " + k.Title + " is for.", "synonyms": append([]string{}, synonyms[name]...), "settings": m.Settings, "exits": exits(m)})
		}
	}
	answer(w, out)
}

func exits(m flow.Module) []flow.ExitSpec { return append([]flow.ExitSpec{}, m.Exits()...) }

// typed is the draft as the product reads it.
func (s *server) typed() (flow.Flow, error) {
	text, err := json.Marshal(s.draft)
	if err != nil {
		return flow.Flow{}, err
	}
	return flow.Parse(text)
}

func (s *server) view() (map[string]any, error) {
	f, err := s.typed()
	if err != nil {
		return nil, err
	}
	specs, subtitles := map[string]any{}, map[string]string{}
	for _, m := range f.Modules {
		specs[m.ID] = exits(m)
		if n, ok := m.Settings.(*flow.PhoneNumber); ok {
			subtitles[m.ID] = n.Number
		}
	}
	problems := flow.Validate(f, nil)
	if problems == nil {
		problems = []flow.Problem{}
	}
	return map[string]any{"flow": f, "revision": s.revision, "published": 0, "publish_on_save": false, "exits": specs, "subtitles": subtitles, "problems": problems,
		"rights": map[string]bool{"edit": !s.readOnly, "publish": !s.readOnly, "simulate": true}, "me": "owner@example.org"}, nil
}

func (s *server) getDraft(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.view()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%d"`, s.revision))
	answer(w, v)
}

func (s *server) patch(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var in struct {
		Name    string
		Changes []struct {
			In, Key       string
			Before, After any
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	if r.Header.Get("If-Match") != fmt.Sprintf(`"%d"`, s.revision) {
		v, _ := s.view()
		w.WriteHeader(http.StatusPreconditionFailed)
		answer(w, map[string]any{"error": "somebody else saved", "draft": v})
		return
	}
	for _, c := range in.Changes {
		s.change(c.In, c.Key, c.After)
	}
	v, err := s.view()
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	s.revision++
	s.names = append(s.names, in.Name)
	v["revision"] = s.revision
	answer(w, v)
}

var lists = map[string]string{"module": "modules", "cable": "cables", "frame": "frames", "note": "notes", "test": "tests"}

func (s *server) change(in, key string, after any) {
	list, ok := lists[in]
	if !ok {
		s.draft[in] = after
		return
	}
	items, _ := s.draft[list].([]any)
	items = slices.DeleteFunc(slices.Clone(items), func(item any) bool {
		m := item.(map[string]any)
		if in == "cable" {
			return fmt.Sprint(m["from"], " ", m["exit"]) == key
		}
		return m["id"] == key
	})
	if after != nil {
		items = append(items, after)
	}
	s.draft[list] = items
}

func (s *server) form(w http.ResponseWriter, r *http.Request) {
	var in struct{ Module flow.Module }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	templ.Handler(forms.For(forms.Form{Prefix: "f-"}, in.Module)).ServeHTTP(w, r)
}

// settings reads the few fields that the tests type into.
func (s *server) settings(w http.ResponseWriter, r *http.Request) {
	kind := r.FormValue("kind")
	m := flow.Module{Kind: kind, Settings: flow.Catalog[kind].New()}
	subtitle := ""
	switch set := m.Settings.(type) {
	case *flow.PhoneNumber:
		set.Number = r.FormValue("number")
		subtitle = set.Number
	case *flow.VoiceMenu:
		set.Audio, set.Entries = r.FormValue("audio"), r.Form["entries"]
	case *flow.Hangup:
		set.Cause = r.FormValue("cause")
	}
	answer(w, map[string]any{"settings": m.Settings, "exits": exits(m), "subtitle": subtitle, "problems": m.Settings.Validate()})
}

func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "event: presence\ndata: {\"editors\":[{\"email\":\"owner@example.org\"},{\"email\":\"alice@example.org\"}]}\n\n")
	w.(http.Flusher).Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case text := <-s.listener:
			fmt.Fprint(w, text)
			w.(http.Flusher).Flush()
		}
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the viewer may have gone
}

func refuse(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	answer(w, map[string]string{"error": text})
}

// sample is a flow of six modules with two tabs, a frame and a note.
func sample(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/main.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
