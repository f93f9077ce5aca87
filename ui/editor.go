package ui

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/forms"
)

// draftBody is a flow as the editor opens it: the draft, and all that only the
// server knows about it.
type draftBody struct {
	Flow          flow.Flow                  `json:"flow"`
	Revision      int                        `json:"revision"`
	Published     int                        `json:"published"` // version in force; 0: none
	PublishOnSave bool                       `json:"publish_on_save"`
	Exits         map[string][]flow.ExitSpec `json:"exits"`     // by module
	Subtitles     map[string]string          `json:"subtitles"` // by module
	Held          map[string]string          `json:"held"`      // open or closed, by time router that somebody holds
	Problems      []flow.Problem             `json:"problems"`
	Rights        draftRights                `json:"rights"`
	Me            string                     `json:"me"`    // e-mail of who asks
	Stays         []string                   `json:"stays"` // modules that cannot be removed or shelved
}

type draftRights struct {
	Edit     bool `json:"edit"`
	Publish  bool `json:"publish"`
	Simulate bool `json:"simulate"`
	Call     bool `json:"call"`    // through the draft, to try it
	Control  bool `json:"control"` // hang up calls and move them
}

// editorRoutes are what the editor of a flow asks and sends.
func editorRoutes() []route {
	return slices.Concat(editorFormRoutes(), editorQueueRoutes(), editorVersionRoutes(), editorFileRoutes(), editorTestRoutes(), []route{
		reads("GET /api/catalog", seeFlows, "List the kinds of modules", (*Panel).catalog),
		{pattern: "GET /api/flows/{id}/draft", right: seeFlows, area: api, serve: (*Panel).apiDraft, doc: docOf[none, draftBody]("Read the draft of a flow")},
		{pattern: "PATCH /api/flows/{id}/draft", right: editFlows, area: api, serve: (*Panel).apiEdit, body: flow.MaxFlowBytes, doc: docOf[editBody, editAnswer]("Change the draft of a flow")},
		{pattern: "GET /api/flows/{id}/presence", right: seeFlows, area: api, serve: (*Panel).apiPresence, doc: docOf[none, none]("Follow who edits a flow (server-sent events)")},
		acts("PUT /api/flows/{id}/options", publishFlows, "Set the options of a flow", action[flowOptions, none]{do: setFlowOptions}),
	})
}

// scopedFlow is the flow that an address names, if the login may know of it.
func scopedFlow(r *http.Request) (string, error) {
	id := r.PathValue("id")
	if !mayFlow(loginOf(r), id) {
		return "", ErrNotFound
	}
	return id, nil
}

// drafted reads the draft of the flow that an address names.
func (p *Panel) drafted(r *http.Request) (directory.Draft, error) {
	id, err := scopedFlow(r)
	if err != nil {
		return directory.Draft{}, err
	}
	d, err := p.cfg.Store.Draft(r.Context(), id)
	if err != nil {
		return d, fmt.Errorf("reading the draft: %w", err)
	}
	return d, nil
}

func (p *Panel) apiDraft(w http.ResponseWriter, r *http.Request) error {
	id, err := scopedFlow(r)
	if err != nil {
		return err
	}
	body, err := p.draftBody(r, id)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", etag(body.Revision))
	return writeJSON(w, r, http.StatusOK, body)
}

// draftBody reads a draft and what is to be said about it.
func (p *Panel) draftBody(r *http.Request, id string) (draftBody, error) {
	d, err := p.cfg.Store.Draft(r.Context(), id)
	if err != nil {
		return draftBody{}, fmt.Errorf("reading the draft: %w", err)
	}
	told, err := p.tell(r.Context(), d.Flow)
	if err != nil {
		return draftBody{}, err
	}
	held, err := p.held(r.Context(), d.Flow)
	if err != nil {
		return draftBody{}, err
	}
	stays, err := p.stays(r.Context(), id)
	if err != nil {
		return draftBody{}, err
	}
	who := loginOf(r)
	return draftBody{Stays: stays, Flow: d.Flow, Revision: d.Revision, Published: d.Published, PublishOnSave: d.PublishOnSave,
		Exits: told.exits, Subtitles: told.subtitles, Held: held, Problems: told.problems, Me: who.Email,
		Rights: draftRights{Edit: allowed(editFlows, who), Publish: allowed(publishFlows, who), Simulate: allowed(editFlows, who), Control: allowed(overrideCalls, who), Call: allowed(editFlows, who) && p.cfg.TestCalls != nil}}, nil
}

// stays lists the modules of a flow that cannot be removed: the start of what is
// published, to which numbers may be bound.
func (p *Panel) stays(ctx context.Context, id string) ([]string, error) {
	starts, err := p.people().Starts(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the starts: %w", err)
	}
	out := []string{}
	for _, s := range starts {
		if s.Flow == id {
			out = append(out, s.Module)
		}
	}
	return out, nil
}

// telling is what the server says about the modules of a flow.
type telling struct {
	exits     map[string][]flow.ExitSpec
	subtitles map[string]string
	problems  []flow.Problem
}

func (p *Panel) tell(ctx context.Context, f flow.Flow) (telling, error) {
	names, err := p.names(ctx)
	if err != nil {
		return telling{}, err
	}
	problems, err := p.cfg.Store.Check(ctx, f)
	if err != nil {
		return telling{}, fmt.Errorf("checking the flow: %w", err)
	}
	t := tellModules(f, names)
	t.problems = listed(problems)
	return t, nil
}

func tellModules(f flow.Flow, names forms.Names) telling {
	t := telling{exits: map[string][]flow.ExitSpec{}, subtitles: map[string]string{}}
	for _, m := range f.Modules {
		t.exits[m.ID] = listed(m.Exits())
		t.subtitles[m.ID] = shown(forms.Subtitle(names, m))
	}
	return t
}

// listed is a list that prints as [] where it is empty.
func listed[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func etag(revision int) string { return strconv.Quote(strconv.Itoa(revision)) }

// ifMatch is the revision that a change was made to.
func ifMatch(r *http.Request) (int, error) {
	text := strings.Trim(strings.TrimPrefix(r.Header.Get("If-Match"), "W/"), `"`)
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, &Refusal{Status: http.StatusPreconditionRequired, Text: `Name the revision that was changed by If-Match: "3".`}
	}
	return n, nil
}

// editBody is one named step of an edit.
type editBody struct {
	Name    string        `json:"name"` // "Move Main menu"
	Changes []flow.Change `json:"changes"`
}

// editAnswer tells what followed from an edit. Exits and subtitles are those of
// the modules that changed.
type editAnswer struct {
	Revision        int                        `json:"revision"`
	Exits           map[string][]flow.ExitSpec `json:"exits"`
	Subtitles       map[string]string          `json:"subtitles"`
	Problems        []flow.Problem             `json:"problems"`
	Published       int                        `json:"published,omitempty"` // the version that publish on save made
	PublishProblems []flow.Problem             `json:"publish_problems,omitempty"`
}

// staleAnswer hands over the draft that somebody else saved.
type staleAnswer struct {
	Error string    `json:"error"`
	Draft draftBody `json:"draft"`
}

// maxChanges bounds one edit: "select all, move" of the largest flow.
const maxChanges = flow.MaxModules + flow.MaxCables

// apiEdit applies changes to the stored draft. Between reading and saving
// somebody else may save: SaveDraft compares the revision, so nothing is ever
// overwritten.
func (p *Panel) apiEdit(w http.ResponseWriter, r *http.Request) error {
	id, err := scopedFlow(r)
	if err != nil {
		return err
	}
	revision, err := ifMatch(r)
	if err != nil {
		return err
	}
	var in editBody
	if err := readBody(r, &in); err != nil {
		return err
	}
	if len(in.Changes) > maxChanges {
		return &Refusal{Status: http.StatusRequestEntityTooLarge, Text: "These are more changes than a flow has parts."}
	}
	d, err := p.cfg.Store.Draft(r.Context(), id)
	if err != nil {
		return fmt.Errorf("reading the draft: %w", err)
	}
	next, err := p.applied(d, revision, in.Changes)
	if err == nil {
		d.Flow = next
		d.Revision, err = p.cfg.Store.SaveDraft(r.Context(), next, revision, loginOf(r).Email)
	}
	if errors.Is(err, directory.ErrStale) {
		return p.refuseStale(w, r, id)
	}
	if err != nil {
		return fmt.Errorf("saving the draft: %w", err)
	}
	answer, err := p.edited(r, d, in.Changes)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", etag(answer.Revision))
	return writeJSON(w, r, http.StatusOK, answer)
}

// applied makes changes to a draft, if it is the one they were made for.
func (p *Panel) applied(d directory.Draft, revision int, changes []flow.Change) (flow.Flow, error) {
	if d.Revision != revision {
		return flow.Flow{}, directory.ErrStale
	}
	next, err := flow.Apply(d.Flow, changes)
	var conflict *flow.ConflictError
	switch {
	case errors.As(err, &conflict):
		return flow.Flow{}, directory.ErrStale // what the client believes to stand does not
	case errors.Is(err, flow.ErrFormat):
		return flow.Flow{}, &Refusal{Status: http.StatusUnprocessableEntity, Text: sentence(err.Error())}
	}
	return next, err
}

func (p *Panel) refuseStale(w http.ResponseWriter, r *http.Request, id string) error {
	body, err := p.draftBody(r, id)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", etag(body.Revision))
	return writeJSON(w, r, http.StatusPreconditionFailed, staleAnswer{"Somebody else has changed this flow meanwhile.", body})
}

// edited tells what followed from an edit, and publishes it where the flow says so.
func (p *Panel) edited(r *http.Request, d directory.Draft, changes []flow.Change) (editAnswer, error) {
	told, err := p.tell(r.Context(), d.Flow)
	if err != nil {
		return editAnswer{}, err
	}
	answer := editAnswer{Revision: d.Revision, Exits: map[string][]flow.ExitSpec{}, Subtitles: map[string]string{}, Problems: told.problems}
	for _, c := range changes {
		if exits, there := told.exits[c.Key]; there && c.In == "module" {
			answer.Exits[c.Key], answer.Subtitles[c.Key] = exits, told.subtitles[c.Key]
		}
	}
	if !d.PublishOnSave || !allowed(publishFlows, loginOf(r)) {
		return answer, nil
	}
	version, err := p.publish(r, d, "Published on save")
	var why *publishRefusal
	switch {
	case errors.As(err, &why):
		answer.PublishProblems = why.all()
	case err != nil:
		return editAnswer{}, err
	}
	answer.Published = version
	return answer, nil
}

// readBody reads a JSON body, and says in words what cannot be read.
func readBody(r *http.Request, into any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &Refusal{Status: http.StatusRequestEntityTooLarge, Text: fmt.Sprintf("At most %d MB are read.", max(1, large.Limit>>20))}
	case err != nil:
		return &Refusal{Status: http.StatusBadRequest, Text: "The body could not be read: " + cut(shown(err.Error()), 200)}
	}
	return nil
}

// flowOptions are what a flow can be set to apart from its modules.
type flowOptions struct {
	PublishOnSave bool `json:"publish_on_save"`
}

func setFlowOptions(p *Panel, r *http.Request, in flowOptions) (none, error) {
	id, err := scopedFlow(r)
	if err == nil {
		err = p.cfg.Store.SetPublishOnSave(r.Context(), id, in.PublishOnSave)
	}
	if err == nil {
		p.audit(r, "options", "flow "+id, nil, in)
	}
	return none{}, err
}

// catalogBody is all kinds of modules, for the palette.
type catalogBody struct {
	Families []catalogFamily `json:"families"`
	Kinds    []catalogKind   `json:"kinds"`
}

type catalogFamily struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type catalogKind struct {
	Kind     string          `json:"kind"`
	Title    string          `json:"title"`
	Family   string          `json:"family"`
	Entry    bool            `json:"entry"`
	Waits    bool            `json:"waits"`
	Text     string          `json:"text"`
	Synonyms []string        `json:"synonyms"`
	Settings flow.Settings   `json:"settings"` // as a new module has them
	Exits    []flow.ExitSpec `json:"exits"`
}

// families of kinds in the order of the palette.
var families = []string{flow.FamilyEntry, flow.FamilyRouting, flow.FamilyAudio, flow.FamilyPeople, flow.FamilyOutside, flow.FamilyEnd}

func (p *Panel) catalog(*http.Request) (catalogBody, error) {
	body := catalogBody{}
	used := map[string]bool{}
	for name, kind := range flow.Catalog {
		used[kind.Family] = true
		m := flow.Module{Kind: name, Settings: kind.New()}
		body.Kinds = append(body.Kinds, catalogKind{Kind: name, Title: kind.Title, Family: kind.Family, Entry: kind.Entry, Waits: kind.Waits,
			Text: kind.Text, Synonyms: listed(kind.Synonyms), Settings: m.Settings, Exits: listed(m.Exits())})
	}
	slices.SortFunc(body.Kinds, func(a, b catalogKind) int {
		return cmp.Or(slices.Index(families, a.Family)-slices.Index(families, b.Family), strings.Compare(a.Title, b.Title))
	})
	for _, f := range families {
		if used[f] {
			body.Families = append(body.Families, catalogFamily{ID: f, Title: f})
		}
	}
	return body, nil
}
