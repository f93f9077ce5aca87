package ui

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// markRoutes are what people say of calls.
func markRoutes() []route {
	return []route{
		reads("GET /api/calls/{id}/notes", seeCalls, "List the notes of a call", (*Panel).notesOf),
		acts("POST /api/calls/{id}/notes", markCalls, "Write a note about a call", action[noteInput, directory.CallNote]{
			do: (*Panel).addNote, done: func(r *http.Request, _ directory.CallNote) (string, string) { return notesLink(r), "" }, status: http.StatusCreated}),
		removes("DELETE /api/call-notes/{id}", markCalls, directory.KindCallNote, "", (*Panel).mayRemoveNote),
		acts("PUT /api/calls/{id}/resolved", markCalls, "Mark a missed call as resolved", action[none, none]{
			do: (*Panel).resolve, done: func(r *http.Request, _ none) (string, string) { return cameFrom(r), "Marked as resolved." }}),
		acts("DELETE /api/calls/{id}/resolved", markCalls, "Take that mark away", action[none, none]{
			do: (*Panel).reopen, done: func(r *http.Request, _ none) (string, string) { return cameFrom(r), "The call is open again." }}),
	}
}

// noteInput is a note as it is written.
type noteInput struct {
	Text string `json:"text"`
}

const maxNote = 2000 // characters

func notesLink(r *http.Request) string { return callLink(call.ID(r.PathValue("id"))) + "#notes" }

func (p *Panel) notesOf(r *http.Request) ([]directory.CallNote, error) {
	e, err := p.callFor(r)
	if err != nil {
		return nil, err
	}
	all, err := p.cfg.Store.CallNotes(r.Context(), e.Call)
	return listed(all), err
}

func (p *Panel) addNote(r *http.Request, in noteInput) (directory.CallNote, error) {
	e, err := p.callFor(r)
	if err != nil {
		return directory.CallNote{}, err
	}
	n := directory.CallNote{ID: newID(), Call: e.Call, Text: strings.TrimSpace(in.Text), By: whoOf(r), At: p.cfg.Now().UTC()}
	if length := len([]rune(n.Text)); length < 1 || length > maxNote {
		return n, refuse("text", fmt.Sprintf("A note has 1 to %d characters.", maxNote))
	}
	if err := p.cfg.Store.AddCallNote(r.Context(), n); err != nil {
		return n, err
	}
	p.audit(r, "write note", "call "+string(e.Call), nil, n)
	return n, nil
}

// mayRemoveNote lets an author take a note back, and those who manage people
// any note of a call that they may see.
func (p *Panel) mayRemoveNote(r *http.Request, id string) error {
	n, err := p.cfg.Store.CallNote(r.Context(), id)
	if err != nil {
		return err
	}
	if _, err := p.callSeen(r, n.Call); err != nil {
		return err
	}
	if n.By != whoOf(r) && !allowed(editPeople, loginOf(r)) {
		return &Refusal{Status: http.StatusForbidden, Text: "Only its author, an owner or an admin removes a note."}
	}
	return nil
}

// resolve marks a call in which nobody talked: somebody has seen to it.
func (p *Panel) resolve(r *http.Request, _ none) (none, error) {
	e, err := p.callFor(r)
	switch {
	case err != nil:
		return none{}, err
	case !resolvable(e):
		return none{}, &Refusal{Status: http.StatusConflict, Text: "Only a call that has ended, and in which nobody talked, can be resolved."}
	}
	if err := p.cfg.Store.ResolveCall(r.Context(), e.Call, whoOf(r)); err != nil {
		return none{}, err
	}
	p.audit(r, "resolve", "call "+string(e.Call), nil, nil)
	return none{}, nil
}

func (p *Panel) reopen(r *http.Request, _ none) (none, error) {
	e, err := p.callFor(r)
	if err != nil {
		return none{}, err
	}
	if err := p.cfg.Store.ReopenCall(r.Context(), e.Call); err != nil {
		return none{}, err
	}
	p.audit(r, "reopen", "call "+string(e.Call), nil, nil)
	return none{}, nil
}

// resolvable tells a call that somebody may have to see to.
func resolvable(e call.LedgerEntry) bool { return !e.Live && e.TalkMS == 0 }

// marksOn fills how long callers waited and what people have done to the calls of
// a list; of one that lists what is to be done, with the offer to say that it is.
func (p *Panel) marksOn(r *http.Request, rows []pages.CallRow, calls []call.LedgerEntry, todo bool) error {
	offer := todo && allowed(markCalls, loginOf(r))
	x, err := p.extrasOf(r.Context(), calls)
	if err != nil {
		return err
	}
	for i := range rows {
		at := slices.IndexFunc(calls, func(e call.LedgerEntry) bool { return callLink(e.Call) == rows[i].Link })
		if at < 0 {
			continue
		}
		if d, ok := x.waits[calls[at].Call]; ok {
			rows[i].Wait = clock(d)
		}
		m := x.marks[calls[at].Call]
		rows[i].Notes, rows[i].Resolved = m.Notes, m.ResolvedAt != nil
		if offer && resolvable(calls[at]) && !rows[i].Resolved {
			rows[i].Resolve = "/api/calls/" + string(calls[at].Call) + "/resolved"
		}
	}
	return nil
}

// notesView is the part of a call's page with what people say of it.
func (p *Panel) notesView(r *http.Request, e call.LedgerEntry) (pages.CallNotes, error) {
	api := "/api/calls/" + string(e.Call)
	v := pages.CallNotes{Action: api + "/notes", MayWrite: allowed(markCalls, loginOf(r)), Max: maxNote}
	all, err := p.cfg.Store.CallNotes(r.Context(), e.Call)
	if err != nil {
		return v, err
	}
	for _, n := range all {
		note := pages.CallNote{Text: n.Text, By: shown(n.By), At: n.At}
		if n.By == whoOf(r) || allowed(editPeople, loginOf(r)) {
			note.Remove = "/api/call-notes/" + n.ID
		}
		v.Notes = append(v.Notes, note)
	}
	marks, err := p.cfg.Store.CallMarks(r.Context(), []call.ID{e.Call})
	if m := marks[e.Call]; m.ResolvedAt != nil {
		v.ResolvedBy, v.ResolvedAt = shown(m.ResolvedBy), *m.ResolvedAt
	}
	if resolvable(e) {
		v.Resolve = api + "/resolved"
	}
	return v, err
}

// callMarks are the marks by which the history is narrowed.
var callMarks = []struct {
	value directory.CallMark
	label string
}{{"", "Any mark"}, {directory.MarkOpen, "Missed, not resolved"}, {directory.MarkResolved, "Resolved"}, {directory.MarkNoted, "With notes"}}

func markOptions(chosen directory.CallMark) (out []pages.Option) {
	for _, m := range callMarks {
		out = append(out, pages.Option{Value: string(m.value), Label: m.label, Chosen: m.value == chosen})
	}
	return out
}
