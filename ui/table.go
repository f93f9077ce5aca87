package ui

import (
	"iter"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/forms"
	"tandem/ui/pages"
)

// table is how things of one kind are listed: once for the page, its sorting,
// its search and its CSV file.
type table[T any] struct {
	title, hint, area string
	search            string
	file              string // name of the CSV file
	columns           []column[T]
	link              func(T) string
	off               func(T) bool // switched off: drawn quietly
	actions           []pages.Link
	empty             pages.Empty
	filters           []pages.Field
	keep              func(q listQuery, row T) bool // by the filters
	below             []templ.Component
	extra             []string
}

// column is one column of a table.
type column[T any] struct {
	key, label string
	text       func(T) string     // for the search and the file
	cell       func(T) pages.Cell // nil: the text
	by         order[T]           // nil: by the text, where key is set
	right      bool
	fileOnly   bool
}

// show answers a list: a page of it, or all of it as a file.
func (t table[T]) show(p *Panel, w http.ResponseWriter, r *http.Request, rows []T) error {
	var keys, filters []string
	orders := map[string]order[T]{}
	for _, c := range t.columns {
		if c.key == "" {
			continue
		}
		keys = append(keys, c.key)
		if orders[c.key] = c.by; c.by == nil {
			orders[c.key] = byText(c.text)
		}
	}
	q := parseList(r, keys...)
	for i, f := range t.filters {
		filters = append(filters, f.Name)
		t.filters[i].Value = q.values.Get(f.Name)
	}
	var kept []T
	for _, row := range rows {
		if t.keep == nil || t.keep(q, row) {
			kept = append(kept, row)
		}
	}
	kept = arrange(q, kept, t.words, orders)
	if q.CSV {
		return csvFile(w, r, t.file, t.header(), t.lines(kept))
	}
	v := pages.TableView{Frame: p.frame(r, t.title, t.area), Title: t.title, Hint: t.hint, Search: t.search, Filters: t.filters,
		List: q.view(len(kept)), Narrowed: q.narrowed(filters...), Empty: t.empty, Actions: t.actions, Below: t.below}
	v.Extra = append(p.extra("people.css", "people.js"), t.extra...)
	for _, c := range t.columns {
		if !c.fileOnly {
			v.Columns = append(v.Columns, pages.Heading{Key: c.key, Label: c.label, Right: c.right})
		}
	}
	for _, row := range pageOf(q, kept) {
		v.Rows = append(v.Rows, t.row(row))
	}
	return p.render(w, r, http.StatusOK, pages.Table(v))
}

func (t table[T]) row(of T) pages.Row {
	out := pages.Row{Link: t.link(of), Quiet: t.off != nil && t.off(of)}
	for _, c := range t.columns {
		if c.fileOnly {
			continue
		}
		cell := pages.Cell{}
		if c.cell != nil {
			cell = c.cell(of)
		} else {
			cell.Text = shown(c.text(of))
		}
		cell.Right = c.right
		out.Cells = append(out.Cells, cell)
	}
	return out
}

// words are all that the search looks at.
func (t table[T]) words(of T) string {
	var b strings.Builder
	for _, c := range t.columns {
		b.WriteString(c.text(of) + "\n")
	}
	return b.String()
}

func (t table[T]) header() (out []string) {
	for _, c := range t.columns {
		out = append(out, c.label)
	}
	return out
}

func (t table[T]) lines(rows []T) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, row := range rows {
			var line []string
			for _, c := range t.columns {
				line = append(line, c.text(row))
			}
			if !yield(line) {
				return
			}
		}
	}
}

// sheet is a page with a form, as every area makes it: the area fills in the
// sections as they are stored, and what was typed goes over them.
func (p *Panel) sheet(r *http.Request, v pages.FormView, area string, why *Refusal) pages.FormView {
	v.Frame = p.frame(r, v.Title, area)
	v.Extra = p.extra("people.css", "people.js")
	if why == nil {
		return v
	}
	v.Problem, v.Uses = why.Text, usesOf(why.Uses)
	for i := range v.Sections {
		for j := range v.Sections[i].Fields {
			retype(&v.Sections[i].Fields[j], r, why)
		}
	}
	return v
}

// retype puts what was typed into a field again, with the note about it.
func retype(f *pages.Field, r *http.Request, why *Refusal) {
	f.Problem = why.Field(f.Name)
	if f.Problem == "" {
		for _, n := range why.Fields { // a note at one row of a list
			if strings.HasPrefix(n.Field, f.Name+".") {
				f.Problem = n.Text
			}
		}
	}
	if !formPosted(r) || f.Type == "password" || f.Type == "file" || f.ReadOnly {
		return
	}
	typed := r.PostForm[f.Name]
	f.Checked = len(typed) > 0
	if f.Value = ""; len(typed) > 0 {
		f.Value = typed[0]
	}
	for i, o := range f.Options {
		f.Options[i].Chosen = false
		for _, v := range typed {
			f.Options[i].Chosen = f.Options[i].Chosen || v == o.Value
		}
	}
}

// mostUses is how many uses a card lists: a welcome may be played in thousands
// of places.
const mostUses = 50

// usesCard shows what uses a thing.
func usesCard(uses []directory.Use, nothing string) templ.Component {
	shown := usesOf(uses)
	if more := len(shown) - mostUses; more > 0 {
		shown = shown[:mostUses]
		shown = append(shown, pages.Use{Note: "and " + counted(more, "more place", "more places")})
	}
	return pages.Box(pages.Card{Title: "Used by", Uses: shown, Nothing: nothing})
}

// notes collects what is wrong with the fields of one input.
type notes []forms.FieldNote

func (n *notes) add(field, text string) { *n = append(*n, forms.FieldNote{Field: field, Text: text}) }

func (n *notes) unless(ok bool, field, text string) {
	if !ok {
		n.add(field, text)
	}
}

// err is a refusal because of the fields noted, or nil.
func (n notes) err() error {
	if len(n) == 0 {
		return nil
	}
	text := n[0].Text
	if len(n) > 1 {
		text = "Some fields need another look."
	}
	return &Refusal{Status: http.StatusUnprocessableEntity, Text: text, Fields: n}
}
