package ui

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/pages"
	"tandem/ui/sound"
)

// audioRoutes are the library of sounds.
func audioRoutes() []route {
	return []route{
		shows("GET /audio", seeFlows, (*Panel).audioFiles),
		shows("GET /audio/{id}", seeFlows, (*Panel).audioFile),
		reads("GET /api/audio", seeFlows, "List audio files", func(p *Panel, r *http.Request) ([]directory.AudioFile, error) {
			return p.library().AudioFiles(r.Context())
		}),
		reads("GET /api/audio/{id}", seeFlows, "Read what is known of an audio file", (*Panel).audioOf),
		{pattern: "GET /api/audio/{id}/sound", right: seeFlows, area: api, serve: (*Panel).soundOf, doc: doc{summary: "Hear an audio file, or the first of a playlist, as WAV"}},
		uploads("POST /api/audio", "Upload an audio file"),
		uploads("POST /api/audio/{id}/sound", "Replace the sound of an audio file"),
		acts("PUT /api/audio/{id}", editFlows, "Rename an audio file", action[audioName, directory.AudioFile]{
			do: (*Panel).renameAudio, form: (*Panel).audioForm, done: func(_ *http.Request, f directory.AudioFile) (string, string) { return audioLink(f.ID), "Saved." }}),
		removes("DELETE /api/audio/{id}", editFlows, directory.KindAudio, "/audio"),
	}
}

// audioName is all of a file that can be changed without its sound.
type audioName struct {
	Name string `json:"name"`
}

// uploaded is the answer to an upload.
type uploaded struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

func audioLink(id string) string { return "/audio/" + url.PathEscape(id) }

// uploads is a route that takes a multipart form with the field file, and name
// where it is new. Its page comes back with what was wrong.
func uploads(pattern, summary string) route {
	serve := func(p *Panel, w http.ResponseWriter, r *http.Request) error {
		f, err := p.upload(r)
		why := refusalOf(err)
		byPage := strings.Contains(r.Header.Get("Accept"), "text/html")
		switch {
		case why != nil && byPage && r.PathValue("id") == "":
			return p.audioList(w, r, why)
		case why != nil && byPage:
			c, err := p.audioForm(r, audioName{}, why)
			if err != nil {
				return err
			}
			return p.render(w, r, why.Status, c)
		case why != nil:
			return writeJSON(w, r, why.Status, why)
		case err != nil:
			return err
		case byPage:
			return p.leadTo(w, r, audioLink(f.ID), "The sound is ready.")
		}
		return writeJSON(w, r, http.StatusCreated, uploaded{f.ID, f.Name, f.Length.Std().Seconds()})
	}
	return route{pattern: pattern, right: editFlows, area: api, serve: serve, body: sound.MaxBytes + 64<<10,
		doc: doc{summary: summary, out: reflect.TypeFor[uploaded](), status: http.StatusCreated}}
}

// upload reads, decodes and stores what was sent.
func (p *Panel) upload(r *http.Request) (directory.AudioFile, error) {
	f := directory.AudioFile{ID: newID()}
	var before any
	if r.PathValue("id") != "" {
		old, err := p.audioOf(r)
		if err != nil {
			return f, err
		}
		f.ID, f.Name, before = old.ID, old.Name, old
	}
	raw, source, err := fileOf(r)
	if err != nil {
		return f, err
	}
	f.Source = source
	f.Name = cmp.Or(f.Name, strings.TrimSpace(r.PostFormValue("name")), strings.TrimSuffix(source, path.Ext(source)), "Recording")
	var bad notes
	named(&bad, "name", f.Name, 120)
	if err := bad.err(); err != nil {
		return f, err
	}
	decoded, err := sound.Decode(r.Context(), raw)
	for _, known := range []error{sound.ErrTooBig, sound.ErrTooLong, sound.ErrFormat, sound.ErrBroken, sound.ErrNoDecoder} {
		if errors.Is(err, known) {
			return f, refuse("file", sentence(known.Error()))
		}
	}
	if err != nil {
		return f, err
	}
	f.Bytes, f.MediaType, f.Length, f.Size = decoded.WAV, "audio/wav", call.Duration(decoded.Length.Round(time.Millisecond)), len(decoded.WAV)
	if f.SHA256, err = p.library().AddAudio(r.Context(), f); err != nil {
		return f, err
	}
	p.audit(r, "upload", "audio "+f.ID, before, f)
	return f, nil
}

// fileOf is the file of a multipart form and the name it had.
func fileOf(r *http.Request) (raw []byte, source string, err error) {
	tooBig := refuse("file", sentence(sound.ErrTooBig.Error()))
	tooBig.Status = http.StatusRequestEntityTooLarge
	var most *http.MaxBytesError
	if err := r.ParseMultipartForm(sound.MaxBytes); errors.As(err, &most) {
		return nil, "", tooBig
	}
	file, head, err := r.FormFile("file")
	if err != nil {
		return nil, "", refuse("file", "Choose a sound file.")
	}
	defer file.Close()
	if raw, err = io.ReadAll(io.LimitReader(file, sound.MaxBytes+1)); err != nil {
		return nil, "", fmt.Errorf("reading the upload: %w", err)
	}
	source = shown(cut(path.Base(strings.ReplaceAll(head.Filename, `\`, "/")), 100))
	if len(raw) > sound.MaxBytes {
		return nil, "", tooBig
	}
	return raw, source, nil
}

func (p *Panel) audioOf(r *http.Request) (directory.AudioFile, error) {
	f, err := p.library().Audio(r.Context(), r.PathValue("id"))
	f.Bytes = nil
	return f, err
}

// soundOf sends the sound itself, whole or in ranges. All of the library is
// WAV; what says otherwise came from elsewhere and is sent to be kept, not shown.
func (p *Panel) soundOf(w http.ResponseWriter, r *http.Request) error {
	f, err := p.library().Audio(r.Context(), r.PathValue("id"))
	if errors.Is(err, ErrNotFound) {
		f, err = p.firstOf(r)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	if bytes.HasPrefix(f.Bytes, []byte("RIFF")) {
		h.Set("Content-Type", "audio/wav")
	}
	h.Set("ETag", `"`+f.SHA256+`"`)
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", f.Added, bytes.NewReader(f.Bytes))
	return nil
}

// firstOf is the file that a playlist begins with, which is what there is to
// hear of one where it is chosen.
func (p *Panel) firstOf(r *http.Request) (directory.AudioFile, error) {
	l, err := p.playlistOf(r)
	if err != nil || len(l.Files) == 0 {
		return directory.AudioFile{}, cmp.Or(err, ErrNotFound)
	}
	return p.library().Audio(r.Context(), l.Files[0])
}

func (p *Panel) renameAudio(r *http.Request, in audioName) (directory.AudioFile, error) {
	before, err := p.audioOf(r)
	if err != nil {
		return before, err
	}
	var bad notes
	named(&bad, "name", in.Name, 120)
	if err := bad.err(); err != nil {
		return before, err
	}
	if err := p.library().RenameAudio(r.Context(), before.ID, in.Name); err != nil {
		return before, err
	}
	after := before
	after.Name = in.Name
	p.audit(r, "rename", "audio "+after.ID, before, after)
	return after, nil
}

func (p *Panel) audioFiles(w http.ResponseWriter, r *http.Request) error {
	return p.audioList(w, r, nil)
}

func (p *Panel) audioList(w http.ResponseWriter, r *http.Request, why *Refusal) error {
	all, err := p.library().AudioFiles(r.Context())
	if err != nil {
		return err
	}
	lists, err := p.library().Playlists(r.Context())
	if err != nil {
		return err
	}
	t := table[directory.AudioFile]{title: "Audio", area: "audio", file: "audio", search: "Search names and files", extra: p.extra("recorder.js"),
		hint: "What callers hear: menus, messages, music.", link: func(f directory.AudioFile) string { return audioLink(f.ID) },
		empty: pages.Empty{Title: "No audio of yours yet", Text: "Upload a sound file below, or speak one into the microphone. Then choose it in a menu or a playback. Until then, the sounds of the system speak for you.",
			Actions: []pages.Link{{Label: "Sounds of the system", Link: "/audio?whose=system"}}},
		filters: []pages.Field{{Name: "whose", Label: "Your own", Options: []pages.Option{{Value: "system", Label: "Of the system"}, {Value: "all", Label: "All"}}}},
		keep:    func(q listQuery, f directory.AudioFile) bool { return whose(f, q.values.Get("whose")) },
		columns: []column[directory.AudioFile]{
			{key: "name", label: "Name", text: func(f directory.AudioFile) string { return f.Name }},
			{label: "Listen", text: func(directory.AudioFile) string { return "" }, cell: func(f directory.AudioFile) pages.Cell {
				return pages.Cell{Body: pages.Listen("/api"+audioLink(f.ID)+"/sound", shown(f.Name))}
			}},
			{key: "length", label: "Length", right: true, text: func(f directory.AudioFile) string { return clock(f.Length.Std()) }, by: func(a, b directory.AudioFile) int { return cmp.Compare(a.Length, b.Length) }},
			{key: "size", label: "Size", right: true, text: func(f directory.AudioFile) string { return bytesWord(f.Size) }, by: func(a, b directory.AudioFile) int { return a.Size - b.Size }},
			{key: "source", label: "From", text: func(f directory.AudioFile) string { return f.Source }},
			{key: "added", label: "Added", text: func(f directory.AudioFile) string { return f.Added.Format(time.RFC3339) }, cell: func(f directory.AudioFile) pages.Cell { return pages.Cell{When: f.Added} }, by: func(a, b directory.AudioFile) int { return a.Added.Compare(b.Added) }},
		}}
	if allowed(editFlows, loginOf(r)) {
		allowMicrophone(w)
		t.actions = []pages.Link{{Label: "Add a playlist", Link: "/playlists/new"}, {Label: "Upload or record", Link: "#upload", Main: true}}
		t.below = append(t.below, pages.Part("upload", "Upload or record", why.text(), pages.Upload("/api/audio", "", true)))
	}
	t.below = append(t.below, p.playlistSection(r, lists))
	return t.show(p, w, r, all)
}

// whose tells whether a file is among those asked for: the engine's own sounds
// are many, and hardly anybody looks for them.
func whose(f directory.AudioFile, asked string) bool {
	system := strings.HasPrefix(f.ID, call.AudioSystem)
	return asked == "all" || system == (asked == "system")
}

// text is why something was refused, or empty.
func (f *Refusal) text() string {
	if f == nil {
		return ""
	}
	return f.Text
}

func bytesWord(n int) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d kB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

func (p *Panel) audioFile(w http.ResponseWriter, r *http.Request) error {
	c, err := p.audioForm(r, audioName{}, nil)
	if err != nil {
		return err
	}
	allowMicrophone(w)
	return p.render(w, r, http.StatusOK, c)
}

func (p *Panel) audioForm(r *http.Request, _ audioName, why *Refusal) (templ.Component, error) {
	f, err := p.audioOf(r)
	if err != nil {
		return nil, err
	}
	uses, err := p.people().Uses(r.Context(), directory.KindAudio, f.ID)
	if err != nil {
		return nil, err
	}
	api := "/api" + audioLink(f.ID)
	v := pages.FormView{Back: pages.Link{Label: "Audio", Link: "/audio"}, Title: shown(f.Name), Action: api, Verb: http.MethodPut, Submit: "Rename",
		Sections: []pages.Section{{Fields: []pages.Field{{Name: "name", Label: "Name", Value: f.Name, Required: true, Max: "120", Wide: true}}, Body: pages.Player(api + "/sound")}},
		ReadOnly: !allowed(editFlows, loginOf(r)), Remove: &pages.Removal{Action: api, What: "Remove this file", Hint: "It stays while something plays it."}}
	facts := []pages.Fact{{Name: "Length", Value: clock(f.Length.Std())}, {Name: "Size", Value: bytesWord(f.Size)}, {Name: "Added", When: f.Added}}
	if f.Source != "" && utf8.ValidString(f.Source) {
		facts = append(facts, pages.Fact{Name: "From", Value: shown(f.Source)})
	}
	v.Side = []templ.Component{pages.Box(pages.Card{Title: "The file", Facts: facts}), usesCard(uses, "Nothing plays it yet. Choose it in a menu or a playback.")}
	if !v.ReadOnly {
		v.Below = []templ.Component{pages.Part("replace", "Replace the sound", "", pages.Upload(api+"/sound", "", false))}
	}
	v = p.sheet(r, v, "audio", why)
	v.Extra = append(v.Extra, p.extra("recorder.js")...)
	return pages.Form(v), nil
}
