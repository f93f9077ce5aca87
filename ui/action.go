package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"

	"github.com/a-h/templ"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/forms"
	"tandem/ui/pages"
)

// action is one thing that a login can do. The API sends its input as JSON, a
// page's form sends the same fields by the same names; both run the same do.
type action[In, Out any] struct {
	// do carries it out. What was typed wrongly comes back as *Refusal or as an
	// error that refusalOf knows.
	do func(p *Panel, r *http.Request, in In) (Out, error)
	// form is the page to show again, with what was typed, when do refused.
	form func(p *Panel, r *http.Request, in In, why *Refusal) (templ.Component, error)
	// done is where a person goes afterwards, and what to tell them there.
	done func(r *http.Request, out Out) (location, toast string)
	// undo is what takes the action back, where it can be; nil: it cannot.
	undo func(out Out) string
	// show is the page that a person gets instead, where the outcome must be read
	// at once because it is shown only once.
	show func(p *Panel, r *http.Request, in In, out Out) (templ.Component, error)
	// then runs before any answer of success, for what only an answer can carry.
	then func(p *Panel, w http.ResponseWriter, r *http.Request, out Out) error
	// status of the API's answer; 0 is 200, or 204 where Out is none.
	status int
}

// none is the input or output of an action that has none.
type none struct{}

// Refusal is why an action was not carried out, in words for who asked.
type Refusal struct {
	Status int               `json:"-"`
	Text   string            `json:"error"`
	Fields []forms.FieldNote `json:"fields,omitempty"`
	Uses   []directory.Use   `json:"uses,omitempty"`     // what stands in the way
	Taken  string            `json:"taken_by,omitempty"` // who holds what was asked for
	Flow   []flow.Problem    `json:"problems,omitempty"`
}

// Error is the refusal's text.
func (f *Refusal) Error() string { return f.Text }

// Field is the note at one field, or empty.
func (f *Refusal) Field(name string) string {
	if f == nil {
		return ""
	}
	for _, n := range f.Fields {
		if n.Field == name {
			return n.Text
		}
	}
	return ""
}

// refuse is a refusal because of one field.
func refuse(field, text string) *Refusal {
	return &Refusal{Status: http.StatusUnprocessableEntity, Text: text, Fields: []forms.FieldNote{{Field: field, Text: text}}}
}

// refusalOf says what a store refused in words for who asked; nil: it is a
// fault of ours.
func refusalOf(err error) *Refusal {
	var own *Refusal
	var used *directory.InUseError
	var taken *directory.TakenError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &used):
		return &Refusal{Status: http.StatusConflict, Text: sentence(used.Error()), Uses: used.Uses}
	case errors.As(err, &taken):
		return &Refusal{Status: http.StatusConflict, Text: sentence(taken.Error()), Taken: taken.By.String()}
	case errors.Is(err, directory.ErrStale):
		return &Refusal{Status: http.StatusPreconditionFailed, Text: "Somebody else has changed this meanwhile. Look at it again, then repeat your change."}
	case errors.Is(err, directory.ErrLast):
		return &Refusal{Status: http.StatusConflict, Text: "This is the last owner: make somebody else an owner first."}
	case errors.Is(err, directory.ErrBusy):
		return &Refusal{Status: http.StatusConflict, Text: "The same request is being carried out now. Ask again in a moment."}
	case errors.Is(err, directory.ErrReused):
		return &Refusal{Status: http.StatusUnprocessableEntity, Text: "This idempotency key was used for another request."}
	case errors.Is(err, directory.ErrTaken), errors.Is(err, directory.ErrLinked):
		return &Refusal{Status: http.StatusConflict, Text: sentence(err.Error())}
	case errors.Is(err, directory.ErrInvalid):
		return &Refusal{Status: http.StatusUnprocessableEntity, Text: sentence(err.Error())}
	}
	return nil
}

// acts is the route of an action that changes something.
func acts[In, Out any](pattern string, need right, summary string, a action[In, Out]) route {
	return route{pattern: pattern, right: need, area: api, serve: a.serve,
		doc: doc{summary: summary, in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](), status: a.status}}
}

// reads is an API route that answers a value.
func reads[Out any](pattern string, need right, summary string, load func(p *Panel, r *http.Request) (Out, error)) route {
	serve := func(p *Panel, w http.ResponseWriter, r *http.Request) error {
		out, err := load(p, r)
		if err != nil {
			return err
		}
		return writeJSON(w, r, http.StatusOK, out)
	}
	return route{pattern: pattern, right: need, area: api, serve: serve,
		doc: doc{summary: summary, out: reflect.TypeFor[Out]()}}
}

// shows is the route of a page.
func shows(pattern string, need right, serve func(*Panel, http.ResponseWriter, *http.Request) error) route {
	return route{pattern: pattern, right: need, area: page, serve: serve}
}

func (a action[In, Out]) serve(p *Panel, w http.ResponseWriter, r *http.Request) error {
	var in In
	byForm := formPosted(r)
	why := decode(r, byForm, &in)
	var out Out
	if why == nil {
		var err error
		if out, err = a.do(p, r, in); err != nil {
			if why = refusalOf(err); why == nil {
				return err
			}
		}
	}
	if why != nil {
		return a.refused(p, w, r, in, why, byForm)
	}
	if a.then != nil {
		if err := a.then(p, w, r, out); err != nil {
			return err
		}
	}
	switch {
	case byForm && a.show != nil:
		shown, err := a.show(p, r, in, out)
		if err != nil {
			return err
		}
		return p.render(w, r, http.StatusOK, shown)
	case byForm && a.done != nil:
		location, text := a.done(r, out)
		toast := pages.Toast{Text: text}
		if a.undo != nil {
			toast.Undo = a.undo(out)
		}
		return p.leadWith(w, r, location, toast)
	}
	return a.answer(w, r, out)
}

// refused shows a form again with why it was refused, or tells a script.
func (a action[In, Out]) refused(p *Panel, w http.ResponseWriter, r *http.Request, in In, why *Refusal, byForm bool) error {
	switch {
	case byForm && a.form != nil:
		again, err := a.form(p, r, in, why)
		if err != nil {
			return err
		}
		return p.render(w, r, why.Status, again)
	case byForm:
		return why // an error page with the reason
	}
	return writeJSON(w, r, why.Status, why)
}

func (a action[In, Out]) answer(w http.ResponseWriter, r *http.Request, out Out) error {
	if _, nothing := any(out).(none); nothing {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	status := a.status
	if status == 0 {
		status = http.StatusOK
	}
	return writeJSON(w, r, status, out)
}

// fromPage tells whether a person's form asks, plain or through htmx, rather
// than a script.
func fromPage(r *http.Request) bool { return formPosted(r) || r.Header.Get("HX-Request") != "" }

// formPosted tells whether a request is a page's form rather than a script's
// JSON.
func formPosted(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "application/x-www-form-urlencoded" || kind == "multipart/form-data"
}

// decode reads the input of an action from a form or from JSON.
func decode(r *http.Request, byForm bool, into any) *Refusal {
	if byForm {
		if err := parseForm(r); err != nil {
			return unreadable("form", err)
		}
		if notes := forms.Decode(r.PostForm, into); len(notes) > 0 {
			return &Refusal{Status: http.StatusUnprocessableEntity, Text: "Some fields could not be read.", Fields: notes}
		}
		return nil
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return unreadable("body", err)
	}
	return nil
}

func parseForm(r *http.Request) error {
	if plainForm(r) {
		return r.ParseForm()
	}
	return r.ParseMultipartForm(maxBody)
}

// unreadable says why a request could not be read.
func unreadable(what string, err error) *Refusal {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &Refusal{Status: http.StatusRequestEntityTooLarge, Text: fmt.Sprintf("The %s is larger than %d kB.", what, large.Limit>>10)}
	}
	return &Refusal{Status: http.StatusBadRequest, Text: fmt.Sprintf("The %s could not be read: %s", what, err)}
}
