package ui

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// playlistRoutes are audio files in an order.
func playlistRoutes() []route {
	return []route{
		shows("GET /playlists/new", editFlows, (*Panel).playlist),
		shows("GET /playlists/{id}", seeFlows, (*Panel).playlist),
		reads("GET /api/playlists", seeFlows, "List playlists", func(p *Panel, r *http.Request) ([]directory.Playlist, error) {
			return p.library().Playlists(r.Context())
		}),
		reads("GET /api/playlists/{id}", seeFlows, "Read one playlist", (*Panel).playlistOf),
		acts("POST /api/playlists", editFlows, "Add a playlist", action[playlistInput, directory.Playlist]{
			do: (*Panel).addPlaylist, form: (*Panel).playlistForm, done: toPlaylist("Added."), status: http.StatusCreated}),
		acts("PUT /api/playlists/{id}", editFlows, "Change a playlist", action[playlistInput, directory.Playlist]{
			do: (*Panel).changePlaylist, form: (*Panel).playlistForm, done: toPlaylist("Saved.")}),
		removes("DELETE /api/playlists/{id}", editFlows, directory.KindPlaylist, "/audio"),
	}
}

// playlistInput is a playlist as it is written.
type playlistInput struct {
	Name    string   `json:"name"`
	Files   []string `json:"files"` // ids, in order
	Shuffle bool     `json:"shuffle"`
	Loop    bool     `json:"loop"`
}

const maxFiles = 200

func playlistLink(id string) string { return "/playlists/" + url.PathEscape(id) }

func toPlaylist(toast string) func(*http.Request, directory.Playlist) (string, string) {
	return func(_ *http.Request, l directory.Playlist) (string, string) { return playlistLink(l.ID), toast }
}

func (p *Panel) playlistOf(r *http.Request) (directory.Playlist, error) {
	return p.library().Playlist(r.Context(), r.PathValue("id"))
}

func (p *Panel) addPlaylist(r *http.Request, in playlistInput) (directory.Playlist, error) {
	return p.savePlaylist(r, "add", in, newID(), nil)
}

func (p *Panel) changePlaylist(r *http.Request, in playlistInput) (directory.Playlist, error) {
	before, err := p.playlistOf(r)
	if err != nil {
		return before, err
	}
	return p.savePlaylist(r, "change", in, before.ID, before)
}

func (p *Panel) savePlaylist(r *http.Request, what string, in playlistInput, id string, before any) (directory.Playlist, error) {
	l := directory.Playlist{ID: id, Name: in.Name, Files: in.Files, Shuffle: in.Shuffle, Loop: in.Loop}
	var bad notes
	named(&bad, "name", in.Name, 60)
	bad.unless(len(in.Files) > 0 && len(in.Files) <= maxFiles, "files.0", "Choose 1 to 200 files.")
	if err := bad.err(); err != nil {
		return l, err
	}
	if err := p.library().SavePlaylist(r.Context(), l); err != nil {
		return l, err
	}
	p.audit(r, what, "playlist "+l.ID, before, l)
	return l, nil
}

// playlistSection is the list of playlists below the library.
func (p *Panel) playlistSection(r *http.Request, all []directory.Playlist) templ.Component {
	card := pages.Card{Title: "Playlists", Hint: "Files one after the other, without a gap. A playlist can be chosen wherever audio is: in the modules of a flow, as ringback and as hold music.",
		Nothing: "No playlist yet."}
	for _, l := range all {
		card.Uses = append(card.Uses, pages.Use{Name: shown(l.Name), Link: playlistLink(l.ID), Note: counted(len(l.Files), "file", "files")})
	}
	if allowed(editFlows, loginOf(r)) {
		card.Actions = []pages.Link{{Label: "Add a playlist", Link: "/playlists/new"}}
	}
	return pages.Box(card)
}

func (p *Panel) playlist(w http.ResponseWriter, r *http.Request) error {
	c, err := p.playlistForm(r, playlistInput{}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, c)
}

func (p *Panel) playlistForm(r *http.Request, in playlistInput, why *Refusal) (templ.Component, error) {
	files, err := p.library().AudioFiles(r.Context())
	if err != nil {
		return nil, err
	}
	v := pages.FormView{Back: pages.Link{Label: "Audio", Link: "/audio"}, Title: "Add a playlist", Action: "/api/playlists", Submit: "Add the playlist", Cancel: "/audio",
		Sections: playlistSections(directory.Playlist{Files: in.Files}, files), ReadOnly: !allowed(editFlows, loginOf(r))}
	if r.PathValue("id") != "" {
		l, err := p.playlistOf(r)
		if err != nil {
			return nil, err
		}
		uses, err := p.people().Uses(r.Context(), directory.KindPlaylist, l.ID)
		if err != nil {
			return nil, err
		}
		v.Title, v.Action, v.Verb, v.Submit, v.Sections = shown(l.Name), "/api"+playlistLink(l.ID), http.MethodPut, "Save", playlistSections(l, files)
		v.Side = []templ.Component{usesCard(uses, "Nothing plays it yet.")}
		v.Remove = &pages.Removal{Action: v.Action, What: "Remove this playlist", Hint: "The files stay in the library."}
	}
	return pages.Form(p.sheet(r, v, "audio", why)), nil
}

func playlistSections(l directory.Playlist, files []directory.AudioFile) []pages.Section {
	order := pages.Section{Title: "Files", Hint: "In this order. Saving offers more rows."}
	for i := range len(l.Files) + 3 {
		f := pages.Field{Name: "files." + strconv.Itoa(i), Label: strconv.Itoa(i+1) + ".", Type: "select", Wide: true, Options: []pages.Option{{Label: "–"}}}
		if i < len(l.Files) {
			f.Value = l.Files[i]
		}
		for _, a := range files {
			f.Options = append(f.Options, pages.Option{Value: a.ID, Label: shown(a.Name)})
		}
		order.Fields = append(order.Fields, f)
	}
	return []pages.Section{{Title: "General", Fields: []pages.Field{{Name: "name", Label: "Name", Value: l.Name, Required: true, Max: "60", Wide: true},
		{Name: "shuffle", Label: "In random order", Type: "check", Checked: l.Shuffle}, {Name: "loop", Label: "Begin again at the end", Type: "check", Checked: l.Loop,
			Hint: "In an Audio Playback it then goes on until the caller leaves or skips it. Ringback and music always begin again, what a menu asks never does."}}}, order}
}
