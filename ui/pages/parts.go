package pages

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Field is one labelled control of a form. Its name is the field's name in the
// API, and the note of a refusal comes back by that name.
type Field struct {
	Name, Label, Value string
	Type               string // text (default), number, select, check, area, password, time, date, datetime-local, email, search, file
	Hint, Problem      string
	Placeholder        string
	Required, Checked  bool
	Multiple           bool // select: several; email, file: several
	ReadOnly           bool
	Min, Max           string // of a number, date or time; of text: the greatest length is Max
	Rows               int    // of an area
	Unit               string // printed behind the control
	Wide               bool   // takes the whole row
	Autocomplete       string // "off" unless set
	Accept             string // of a file
	Prefix             string // makes ids unique on a page with several forms
	Options            []Option
}

func (f Field) id() string { return f.Prefix + "f-" + strings.ReplaceAll(f.Name, ".", "-") }

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) class() string {
	switch {
	case f.Type == "check":
		return "field switch"
	case f.Wide || f.Type == "area":
		return "field wide"
	case f.Type == "number" || f.Type == "time" || f.Type == "date":
		return "field short"
	}
	return "field"
}

// numeric tells whether Min and Max are values rather than a length.
func (f Field) numeric() bool {
	switch f.kind() {
	case "number", "time", "date", "datetime-local":
		return true
	}
	return false
}

func (f Field) rows() string { return strconv.Itoa(max(f.Rows, 3)) }

func (f Field) autocomplete() string {
	if f.Autocomplete == "" {
		return "off"
	}
	return f.Autocomplete
}

// described names the elements that explain the control, for aria-describedby.
func (f Field) described() string {
	var ids []string
	if f.Problem != "" {
		ids = append(ids, f.id()+"-problem")
	}
	if f.Hint != "" {
		ids = append(ids, f.id()+"-hint")
	}
	return strings.Join(ids, " ")
}

// List is how a list of things is searched, sorted and paged.
type List struct {
	Path        string // of the page
	Query       url.Values
	Text        string // searched for
	Sort        string
	Desc        bool
	Page, Pages int // from 1
	Total, Size int // of all pages; of one page
	CSV         string
}

// link is the list with some of its query changed; an empty value removes.
func (l List) link(change ...string) string {
	q := url.Values{}
	for k, v := range l.Query {
		q[k] = v
	}
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] == "" {
			q.Del(change[i])
		} else {
			q.Set(change[i], change[i+1])
		}
	}
	if len(q) == 0 {
		return l.Path
	}
	return l.Path + "?" + q.Encode()
}

// sortLink sorts by a column, or turns the order round where it is the one.
func (l List) sortLink(key string) string {
	value := key
	if l.Sort == key && !l.Desc {
		value = "-" + key
	}
	return l.link("sort", value, "page", "")
}

func (l List) ariaSort(key string) string {
	switch {
	case l.Sort != key:
		return "none"
	case l.Desc:
		return "descending"
	}
	return "ascending"
}

func (l List) pageLink(n int) string {
	if n == 1 {
		return l.link("page", "")
	}
	return l.link("page", strconv.Itoa(n))
}

// span is "51–100 of 312".
func (l List) span() string {
	if l.Total == 0 {
		return "none"
	}
	from := (l.Page-1)*l.Size + 1
	to := min(l.Page*l.Size, l.Total)
	return strconv.Itoa(from) + "–" + strconv.Itoa(to) + " of " + strconv.Itoa(l.Total)
}

// keep are the values of the query that a search form sends along.
func (l List) keep() []Option {
	var out []Option
	for _, k := range []string{"sort"} {
		if v := l.Query.Get(k); v != "" {
			out = append(out, Option{Value: v, Label: k})
		}
	}
	return out
}

// Use is one place that uses a thing.
type Use struct {
	What string // flow, contact method …
	Name string
	Part string // of it, such as a module
	Link string // empty: nowhere to go
	Note string // such as "draft" or "version 3"
}

// TakeNumber offers numbers that others hold.
type TakeNumber struct {
	Action, To string
	Numbers    []Option
}

// aria ties a control to what is said about it.
func (f Field) aria() templ.Attributes {
	out := templ.Attributes{}
	if d := f.described(); d != "" {
		out["aria-describedby"] = d
	}
	if f.Problem != "" {
		out["aria-invalid"] = "true"
	}
	return out
}

// limits are the bounds that a browser can check by itself.
func (f Field) limits() templ.Attributes {
	out := templ.Attributes{}
	low, high := "minlength", "maxlength"
	if f.numeric() {
		low, high = "min", "max"
	}
	if f.Min != "" {
		out[low] = f.Min
	}
	if f.Max != "" {
		out[high] = f.Max
	}
	return out
}
