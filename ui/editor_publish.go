package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// publishBody asks to put the draft in force, as it stood at a revision.
type publishBody struct {
	Note     string `json:"note"`
	Revision int    `json:"revision"` // that was looked at; 0: whatever stands
}

type publishAnswer struct {
	Version int `json:"version"`
}

// publishRefusal is why a flow was not published. The version in force stays.
type publishRefusal struct {
	Status   int               `json:"-"`
	Text     string            `json:"error"`
	Problems []flow.Problem    `json:"problems,omitempty"`
	Tests    []flow.TestResult `json:"tests,omitempty"` // those that fail
	Taken    string            `json:"taken_by,omitempty"`
}

// Error is the refusal's text.
func (f *publishRefusal) Error() string { return f.Text }

// all is the whole refusal as problems, for who can show nothing else.
func (f *publishRefusal) all() []flow.Problem {
	out := append([]flow.Problem{}, f.Problems...)
	for _, t := range f.Tests {
		out = append(out, flow.Problem{ID: "test-failed", Level: flow.Error, Text: fmt.Sprintf("test %q fails: %s", t.Name, t.Text)})
	}
	if len(out) == 0 {
		out = append(out, flow.Problem{ID: "not-published", Level: flow.Error, Text: f.Text})
	}
	return out
}

const maxPublishNote = 500

// editorVersionRoutes put drafts in force and take them out of it.
func editorVersionRoutes() []route {
	return []route{
		{pattern: "POST /api/flows/{id}/publish", right: publishFlows, area: api, serve: (*Panel).apiPublish, doc: docOf[publishBody, publishAnswer]("Publish the draft of a flow")},
		{pattern: "DELETE /api/flows/{id}/published", right: publishFlows, area: api, serve: (*Panel).apiUnpublish, doc: docOf[none, none]("Take a flow out of force")},
		reads("GET /api/flows/{id}/versions", seeFlows, "List the versions of a flow", (*Panel).apiVersions),
		reads("GET /api/flows/{id}/versions/{version}", seeFlows, "Read one version of a flow", (*Panel).apiVersion),
		{pattern: "POST /api/flows/{id}/versions/{version}/publish", right: publishFlows, area: api, serve: (*Panel).apiRollBack, doc: docOf[publishBody, publishAnswer]("Publish an old version again")},
		reads("GET /api/flows/{id}/compare", seeFlows, "Compare two versions of a flow, or one and the draft", (*Panel).apiCompare),
	}
}

func (p *Panel) apiPublish(w http.ResponseWriter, r *http.Request) error {
	id, err := scopedFlow(r)
	if err != nil {
		return err
	}
	var in publishBody
	if err := readEither(r, &in); err != nil {
		return err
	}
	d, err := p.cfg.Store.Draft(r.Context(), id)
	if err != nil {
		return fmt.Errorf("reading the draft: %w", err)
	}
	if in.Revision != 0 && in.Revision != d.Revision {
		return p.refuseStale(w, r, id)
	}
	version, err := p.publish(r, d, in.Note)
	return p.answerPublish(w, r, d.Flow, version, err)
}

// answerPublish tells a script what happened as JSON, and a person on the page
// the form came from.
func (p *Panel) answerPublish(w http.ResponseWriter, r *http.Request, f flow.Flow, version int, err error) error {
	id := f.ID
	var why *publishRefusal
	switch {
	case errors.As(err, &why) && fromPage(r):
		return p.render(w, r, why.Status, pages.NotPublished(p.notPublished(r, f, why)))
	case errors.As(err, &why):
		return writeJSON(w, r, why.Status, why)
	case errors.Is(err, directory.ErrStale):
		return p.refuseStale(w, r, id)
	case err != nil:
		return err
	case fromPage(r):
		return p.leadTo(w, r, flowPage(id), fmt.Sprintf("Version %d is in force.", version))
	}
	return writeJSON(w, r, http.StatusOK, publishAnswer{version})
}

// notPublished says to a person why a flow was not published, and where in its
// draft each reason is mended.
func (p *Panel) notPublished(r *http.Request, f flow.Flow, why *publishRefusal) pages.NotPublishedView {
	v := pages.NotPublishedView{Frame: p.frame(r, "Not published", "flows"), Name: shown(f.Name), Link: flowPage(f.ID), Text: why.Text}
	v.Extra = p.extra("flows.css")
	for _, problem := range why.Problems {
		v.Problems = append(v.Problems, pages.Problem{Tone: "bad", Code: problem.ID, Text: sentence(shown(problem.Text)), Where: "Flow", Link: v.Link})
		if m, ok := f.Module(problem.Module); ok {
			last := &v.Problems[len(v.Problems)-1]
			last.Where, last.Link = shown(m.Name), v.Link+"#"+url.PathEscape(m.ID)+"/"+url.PathEscape(problem.Field)
		}
	}
	for _, t := range why.Tests {
		v.Tests = append(v.Tests, pages.Fact{Name: shown(t.Name), Value: sentence(shown(t.Text))})
	}
	return v
}

// publish puts a draft in force after all checks: what is wrong with it, its
// saved tests, and, in one transaction with the new version, its numbers.
func (p *Panel) publish(r *http.Request, d directory.Draft, note string) (int, error) {
	if len([]rune(note)) > maxPublishNote {
		return 0, refuse("note", fmt.Sprintf("at most %d characters", maxPublishNote))
	}
	if d.Flow.Moving() && len(loginOf(r).Flows) > 0 {
		return 0, errNoMove
	}
	if err := p.publishable(r.Context(), d.Flow); err != nil {
		return 0, err
	}
	done, err := p.cfg.Store.Publish(r.Context(), d.Flow.ID, d.Revision, loginOf(r).Email, note)
	if err = refusedClaim(err, d.Flow); err != nil {
		return 0, err
	}
	p.audit(r, "publish", "flow "+d.Flow.ID, nil, map[string]any{"version": done.Version, "note": note})
	for _, m := range done.Moved {
		p.audit(r, "move", string(m.Kind)+" "+m.ID, m.From, m.To)
	}
	return done.Version, nil
}

// errNoMove keeps who is limited to some flows from emptying others.
var errNoMove = &publishRefusal{Status: http.StatusForbidden, Text: "A login that is limited to some flows takes no numbers from others. Choose a free number."}

// publishable runs all checks of a flow that need no transaction.
func (p *Panel) publishable(ctx context.Context, f flow.Flow) error {
	problems, err := p.cfg.Store.Check(ctx, f)
	if err != nil {
		return fmt.Errorf("checking the flow: %w", err)
	}
	if errs := flow.Errors(problems); len(errs) > 0 {
		return refusedFor(errs)
	}
	results, err := p.runTests(ctx, f)
	if err != nil {
		return err
	}
	var failed []flow.TestResult
	for _, t := range results {
		if !t.Passed {
			failed = append(failed, t)
		}
	}
	if len(failed) > 0 {
		return &publishRefusal{Status: http.StatusUnprocessableEntity, Text: counted(len(failed), "saved test fails", "saved tests fail") + ".", Tests: failed}
	}
	return nil
}

func refusedFor(errs []flow.Problem) *publishRefusal {
	return &publishRefusal{Status: http.StatusUnprocessableEntity, Text: counted(len(errs), "error stops", "errors stop") + " the publish.", Problems: errs}
}

// refusedClaim says which module asked for a number that somebody else holds.
func refusedClaim(err error, f flow.Flow) error {
	var wrong *directory.ProblemsError // something it names has gone since it was checked
	if errors.As(err, &wrong) {
		return refusedFor(wrong.Problems)
	}
	var taken *directory.TakenError
	if !errors.As(err, &taken) {
		return err
	}
	why := &publishRefusal{Status: http.StatusUnprocessableEntity, Text: sentence(taken.Error()), Taken: taken.By.String()}
	for _, m := range f.Modules {
		for _, ref := range m.Settings.Refs() {
			if string(ref.Kind) == string(taken.Kind) && ref.ID == taken.ID && !m.Shelved {
				why.Problems = append(why.Problems, flow.Problem{ID: string(taken.Kind) + "-taken", Level: flow.Error, Module: m.ID, Field: ref.Field, Text: taken.Error()})
			}
		}
	}
	return why
}

func (p *Panel) apiUnpublish(w http.ResponseWriter, r *http.Request) error {
	id, err := scopedFlow(r)
	if err != nil {
		return err
	}
	if err := p.cfg.Store.Unpublish(r.Context(), id); err != nil {
		return fmt.Errorf("taking the flow out of force: %w", err)
	}
	p.audit(r, "unpublish", "flow "+id, nil, nil)
	if fromPage(r) {
		return p.leadTo(w, r, "/flows", "The flow is out of force and its numbers are free.")
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (p *Panel) apiVersions(r *http.Request) ([]directory.Version, error) {
	id, err := scopedFlow(r)
	if err != nil {
		return nil, err
	}
	if _, err := p.cfg.Store.Draft(r.Context(), id); err != nil {
		return nil, fmt.Errorf("reading the flow: %w", err)
	}
	all, err := p.cfg.Store.Versions(r.Context(), id)
	if err != nil {
		return nil, fmt.Errorf("reading the versions: %w", err)
	}
	return listed(all), nil
}

// versionBody is one version as the canvas draws it.
type versionBody struct {
	Flow      flow.Flow                  `json:"flow"`
	Version   int                        `json:"version"`
	Exits     map[string][]flow.ExitSpec `json:"exits"`
	Subtitles map[string]string          `json:"subtitles"`
}

func (p *Panel) apiVersion(r *http.Request) (versionBody, error) {
	revision, err := p.version(r)
	if err != nil {
		return versionBody{}, err
	}
	names, err := p.names(r.Context())
	if err != nil {
		return versionBody{}, err
	}
	told := tellModules(revision.Flow, names)
	return versionBody{revision.Flow, revision.Version, told.exits, told.subtitles}, nil
}

// version reads the version that an address names.
func (p *Panel) version(r *http.Request) (flow.Revision, error) {
	id, err := scopedFlow(r)
	if err != nil {
		return flow.Revision{}, err
	}
	n, err := versionNumber(r.PathValue("version"))
	if err != nil {
		return flow.Revision{}, err
	}
	revision, err := p.cfg.Store.Version(r.Context(), id, n)
	if err != nil {
		return flow.Revision{}, fmt.Errorf("reading the version: %w", err)
	}
	return revision, nil
}

// versionNumber reads a version from an address; what is none is not found.
func versionNumber(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0, ErrNotFound
	}
	return int(n), nil
}

// apiRollBack publishes an old version as a new one, through the checks of any
// other publish. The draft stays as it is.
func (p *Panel) apiRollBack(w http.ResponseWriter, r *http.Request) error {
	old, err := p.version(r)
	if err != nil {
		return err
	}
	var in publishBody
	if err := readEither(r, &in); err != nil {
		return err
	}
	note := in.Note
	if strings.TrimSpace(note) == "" {
		note = fmt.Sprintf("Back to version %d", old.Version)
	}
	version, err := p.rollBack(r, old, note)
	return p.answerPublish(w, r, old.Flow, version, err)
}

func (p *Panel) rollBack(r *http.Request, old flow.Revision, note string) (int, error) {
	if err := p.publishable(r.Context(), old.Flow); err != nil {
		return 0, err
	}
	version, err := p.cfg.Store.PublishVersion(r.Context(), old.ID, old.Version, loginOf(r).Email, note)
	if err = refusedClaim(err, old.Flow); err != nil {
		return 0, err
	}
	p.audit(r, "roll back", "flow "+old.ID, nil, map[string]any{"version": version, "to": old.Version})
	return version, nil
}

// readEither reads a body that a script sends as JSON and a page as a form. None
// at all is an empty one.
func readEither(r *http.Request, into any) error {
	if why := decode(r, formPosted(r), into); why != nil {
		return why
	}
	return nil
}
