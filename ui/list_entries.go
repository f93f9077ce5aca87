package ui

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// entriesInput is numbers for a shared list.
type entriesInput struct {
	Entries flow.NumberList `json:"entries"` // a list, or text with one to a line
	Note    string          `json:"note"`    // of all of them
}

// offInput is numbers to be taken off, exactly as they stand there.
type offInput struct {
	Entries []string `json:"entries"`
}

// blockInput names the list that a caller is put on.
type blockInput struct {
	List string `json:"list"` // id; empty: the list “Blocked callers”, made where there is none
}

// listChanged tells what became of a list.
type listChanged struct {
	Added   int `json:"added,omitempty"` // that were not on it yet
	Removed int `json:"removed,omitempty"`

	Undo string `json:"undo,omitempty"` // POST /api/undo/{undo} takes it back, for a while
}

const (
	maxListFile = 8 << 20
	maxListNote = 200 // characters
)

func listDone(r *http.Request, out listChanged) (string, string) {
	if out.Removed > 0 {
		return listLink(r.PathValue("id")), "Took " + counted(out.Removed, "number", "numbers") + " off."
	}
	return listLink(r.PathValue("id")), "Added " + counted(out.Added, "number", "numbers") + "."
}

func listUndo(out listChanged) string { return out.Undo }

func (p *Panel) addEntries(r *http.Request, in entriesInput) (listChanged, error) {
	var all []directory.ListEntry
	for _, n := range in.Entries {
		all = append(all, directory.ListEntry{Entry: flow.TidyNumber(n), Note: in.Note})
	}
	return p.addToList(r, r.PathValue("id"), all)
}

// addToList checks entries and puts them on a list.
func (p *Panel) addToList(r *http.Request, list string, all []directory.ListEntry) (listChanged, error) {
	if len(all) == 0 {
		return listChanged{}, refuse("entries", "Write at least one number.")
	}
	for i, e := range all {
		if err := flow.CheckBlocked(e.Entry); err != nil {
			return listChanged{}, refuse("entries", fmt.Sprintf("Number %d: %v.", i+1, err))
		}
		all[i].Note = cut(shown(e.Note), maxListNote)
	}
	added, undo, err := p.library().AddToList(r.Context(), list, all, whoOf(r))
	if err != nil {
		return listChanged{}, err
	}
	p.audit(r, "add numbers", "list "+list, nil, map[string]any{"added": added, "first": all[0].Entry})
	return listChanged{Added: added, Undo: undo}, nil
}

// importEntries reads a file whose first column is a number and whose second,
// where there is one, a note.
func (p *Panel) importEntries(r *http.Request, in importInput) (listChanged, error) {
	text, err := textOf(r, in.CSV, maxListFile)
	if err != nil {
		return listChanged{}, err
	}
	all, err := readEntries(text)
	if err != nil {
		return listChanged{}, err
	}
	return p.addToList(r, r.PathValue("id"), all)
}

// readEntries leaves out a first line that names columns.
func readEntries(text string) ([]directory.ListEntry, error) {
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	in.FieldsPerRecord, in.TrimLeadingSpace = -1, true
	if first, _, _ := strings.Cut(text, "\n"); strings.Count(first, ";") > strings.Count(first, ",") {
		in.Comma = ';' // as spreadsheets of half the world write it
	}
	var out []directory.ListEntry
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, refuse("csv", "The file cannot be read on: "+err.Error())
		}
		e := directory.ListEntry{Entry: flow.TidyNumber(strings.TrimPrefix(record[0], "'"))} // as exports keep a plus from being a formula
		if len(record) > 1 {
			e.Note = record[1]
		}
		switch line, _ := in.FieldPos(0); {
		case e.Entry == "", line == 1 && strings.EqualFold(e.Entry, "number"):
			continue
		case len(out) == directory.MaxListEntries:
			return nil, refuse("csv", fmt.Sprintf("At most %d numbers.", directory.MaxListEntries))
		case flow.CheckBlocked(e.Entry) != nil:
			return nil, refuse("csv", fmt.Sprintf("Line %d: %v.", line, flow.CheckBlocked(e.Entry)))
		}
		out = append(out, e)
	}
}

func (p *Panel) takeOff(r *http.Request, in offInput) (listChanged, error) {
	id := r.PathValue("id")
	removed, undo, err := p.library().RemoveFromList(r.Context(), id, in.Entries, whoOf(r))
	if err != nil {
		return listChanged{}, err
	}
	p.audit(r, "take numbers off", "list "+id, in.Entries, nil)
	return listChanged{Removed: removed, Undo: undo}, nil
}

// entriesOf is a page of a list for the API.
func (p *Panel) entriesOf(r *http.Request) (directory.EntryPage, error) {
	l, err := p.listOf(r)
	if err != nil {
		return directory.EntryPage{}, err
	}
	q := parseList(r)
	page, err := p.library().ListEntries(r.Context(), l.ID, directory.EntryFilter{Text: q.Text, Skip: (q.Page - 1) * listSize, Limit: listSize})
	page.Entries = listed(page.Entries)
	return page, err
}

func (p *Panel) entriesView(r *http.Request, l directory.List, readOnly bool) (pages.EntriesView, error) {
	q := parseList(r)
	q.path = listLink(l.ID) // also where a refused form shows the page
	page, err := p.library().ListEntries(r.Context(), l.ID, directory.EntryFilter{Text: q.Text, Skip: (q.Page - 1) * listSize, Limit: listSize})
	v := pages.EntriesView{List: q.view(page.Total), Action: "/api" + listLink(l.ID) + "/entries", ReadOnly: readOnly}
	for _, e := range page.Entries {
		v.Entries = append(v.Entries, pages.EntryRow{Entry: shown(e.Entry), Note: shown(e.Note), By: shown(e.By), At: e.At})
	}
	return v, err
}

// entriesCSV is a list as a file that can be imported again.
func (p *Panel) entriesCSV(w http.ResponseWriter, r *http.Request) error {
	l, err := p.listOf(r)
	if err != nil {
		return err
	}
	page, err := p.library().ListEntries(r.Context(), l.ID, directory.EntryFilter{Text: parseList(r).Text})
	if err != nil {
		return err
	}
	return csvFile(w, r, cmp.Or(slug(l.Name), "list"), []string{"number", "note", "by", "at"}, func(yield func([]string) bool) {
		for _, e := range page.Entries {
			if !yield([]string{e.Entry, e.Note, e.By, stampText(e.At)}) {
				return
			}
		}
	})
}

// blockCaller puts the caller of a call on a list.
func (p *Panel) blockCaller(r *http.Request, in blockInput) (listChanged, error) {
	e, err := p.callFor(r)
	if err != nil {
		return listChanged{}, err
	}
	if e.Caller.Number == "" {
		return listChanged{}, refuse("list", "The caller shows no number. A blocklist can keep out all who show none.")
	}
	if in.List == "" {
		if in.List, err = p.firstList(r); err != nil {
			return listChanged{}, err
		}
	}
	return p.addToList(r, in.List, []directory.ListEntry{{Entry: e.Caller.Number, Note: "call " + string(e.Call)}})
}

// firstName is the list of who blocks a caller before there is any.
const firstName = "Blocked callers"

// firstList makes the first list, or finds it where somebody was faster.
func (p *Panel) firstList(r *http.Request) (string, error) {
	all, err := p.library().Lists(r.Context())
	if err != nil {
		return "", err
	}
	for _, l := range all {
		if l.Name == firstName {
			return l.ID, nil
		}
	}
	l, err := p.addList(r, listInput{Name: firstName})
	return l.ID, err
}

// blockOf offers to block the caller of a call, where that can be done.
func (p *Panel) blockOf(r *http.Request, e call.LedgerEntry) (pages.Block, error) {
	if e.Caller.Number == "" || !allowed(editFlows, loginOf(r)) {
		return pages.Block{}, nil
	}
	all, err := p.library().Lists(r.Context())
	if err != nil {
		return pages.Block{}, err
	}
	b := pages.Block{Action: "/api/calls/" + string(e.Call) + "/block", Caller: shown(e.Caller.Number)}
	for _, l := range all {
		b.Lists = append(b.Lists, pages.Option{Value: l.ID, Label: shown(l.Name)})
	}
	if len(all) == 0 {
		b.Lists = []pages.Option{{Label: firstName + " (new)"}}
	}
	return b, nil
}
