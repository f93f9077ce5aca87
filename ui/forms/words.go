package forms

import (
	"cmp"
	"context"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/net/html" // reads the forms back, so that a setting is called the same wherever it is named

	"tandem/flow"
)

// fieldWords is how the form of a kind speaks of one field.
type fieldWords struct {
	label   string
	unit    string            // behind a number
	empty   string            // what stands there while nothing is set
	options map[string]string // of a choice, by value
	on      bool              // it is a switch
}

// rowWords name a row of each list, and partWords what stands in a row; an empty
// one is what the row is about.
var (
	rowWords = map[string]string{"destinations": "Destination", "members": "Member", "caller_name_rules": "Name rule", "rules": "Rule", "routes": "Route",
		"intervals": "Interval", "headers": "Header", "variables": "Variable"}
	partWords = map[string]string{"contact_method": "", "start": "starts after", "length": "rings for", "ring": "rings for", "level": "level",
		"ignore_schedule": "also outside opening hours", "match": "does", "pattern": "expression", "result": "result", "digits": "digits", "go": "leads to",
		"name": "name", "slug": "short name", "weekdays": "days", "from": "opens at", "to": "closes at", "value": "value", "path": "path"}
	partUnits = map[string]string{"start": "s", "length": "s", "ring": "s"}
	// besideWords are of every module, beside its settings.
	besideWords = map[string]string{"name": "Name", "kind": "Kind", "tab": "Tab", "note": "Note", "shelved": "On the shelf", "hang_up_here": "Hangs up at"}
)

// rowPath takes a path into a list apart: "destinations.1.length".
var rowPath = regexp.MustCompile(`^([a-z_]+)\.(\d+)(?:\.([a-z_]+))?$`)

// FieldName is what a field of a module is called, by its path.
func FieldName(kind, path string) string {
	if m := rowPath.FindStringSubmatch(path); m != nil {
		row := cmp.Or(rowWords[m[1]], spaced(m[1])) + " " + onward(m[2])
		if part := cmp.Or(partWords[m[3]], ""); part != "" {
			return row + ", " + part
		}
		return row
	}
	if w, ok := besideWords[path]; ok {
		return w
	}
	return cmp.Or(formWords()[kind][path].label, spaced(path))
}

// Value is what a field of a module is set to, for people. Raw is as
// flow.Compare writes it.
func Value(n Names, m flow.Module, path, raw string) string {
	w := formWords()[m.Kind][anyRow(path)]
	parts := rowPath.FindStringSubmatch(path)
	switch {
	case path == "kind":
		return cmp.Or(flow.Catalog[raw].Title, raw)
	case path == "shelved" || w.on:
		return cmp.Or(raw, "off")
	case besideWords[path] != "":
		return raw
	case raw == "" && w.options != nil:
		return w.options[""]
	case raw == "" && parts != nil:
		return strings.TrimSpace(w.empty + " " + partUnits[parts[3]])
	case raw == "":
		return w.empty
	}
	if words, ok := w.options[raw]; ok {
		return words
	}
	unit := w.unit
	if parts != nil {
		unit = partUnits[parts[3]]
	}
	return strings.TrimSpace(refName(n, m, path, raw) + " " + unit)
}

// Row is the path of the row that a field stands in: "destinations.1".
func Row(path string) (row string, ok bool) {
	m := rowPath.FindStringSubmatch(path)
	if m == nil || m[3] == "" {
		return "", false
	}
	return m[1] + "." + m[2], true
}

// HasRow tells whether settings have the row that a field stands in.
func HasRow(s flow.Settings, path string) bool {
	m := rowPath.FindStringSubmatch(path)
	if m == nil {
		return false
	}
	text, _ := json.Marshal(s) // settings marshal
	lists := map[string]json.RawMessage{}
	var rows []json.RawMessage
	_ = json.Unmarshal(text, &lists)
	_ = json.Unmarshal(lists[m[1]], &rows) // no list has no rows
	n, err := strconv.Atoi(m[2])
	return err == nil && n < len(rows)
}

// JoinPart adds a field of a row to what is told of the row as a whole. What is
// not set is left out; what the row is about comes first.
func JoinPart(told, path, value string) string {
	m := rowPath.FindStringSubmatch(path)
	part := partWords[m[3]]
	switch {
	case value == "" || value == "off":
		return told
	case part == "" && told == "":
		return value
	case part == "":
		return value + ", " + told
	case value == "on":
		value = part
	default:
		value = part + " " + value
	}
	return strings.TrimPrefix(told+", "+value, ", ")
}

// refName is the name of what a field names by id, and of each in a list of them.
func refName(n Names, m flow.Module, path, raw string) string {
	for _, r := range m.Settings.Refs() {
		if r.Field != path && !strings.HasPrefix(r.Field, path+".") {
			continue
		}
		all := map[flow.RefKind]map[string]string{flow.RefAudio: n.Audio, flow.RefContactMethod: n.ContactMethods, flow.RefSchedule: n.Schedules, flow.RefList: n.Lists}[r.Kind]
		ids := strings.Split(raw, ", ")
		for i, id := range ids {
			ids[i] = named(all, id)
		}
		return strings.Join(ids, ", ")
	}
	return raw
}

// onward counts rows as people do, from one.
func onward(row string) string {
	n := 0
	for _, r := range row {
		n = 10*n + int(r-'0')
	}
	return text(n + 1)
}

func spaced(path string) string {
	words := strings.NewReplacer("_", " ", ".", " ").Replace(path)
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// anyRow is the path of the same field in whichever row.
func anyRow(path string) string {
	if m := rowPath.FindStringSubmatch(path); m != nil {
		return strings.TrimSuffix(m[1]+".0."+m[3], ".")
	}
	return path
}

// formWords are the words of every form, by kind and field: read once from the
// forms themselves, as they are for a new module.
var formWords = sync.OnceValue(func() map[string]map[string]fieldWords {
	out := map[string]map[string]fieldWords{}
	for kind, k := range flow.Catalog {
		var b strings.Builder
		if For(Form{}, flow.Module{Kind: kind, Settings: k.New()}).Render(context.Background(), &b) != nil {
			continue // a test renders every form
		}
		tree, err := html.Parse(strings.NewReader(b.String()))
		if err != nil {
			continue // strings do not fail to be read
		}
		r := reading{labels: map[string]string{}, fields: map[string]fieldWords{}}
		r.walk(tree)
		for name, w := range r.fields {
			w.label = r.labels[name]
			r.fields[name] = w
		}
		for name, label := range r.labels {
			if _, ok := r.fields[name]; !ok {
				r.fields[name] = fieldWords{label: label}
			}
		}
		out[kind] = r.fields
	}
	return out
})

// reading is a form that is being read.
type reading struct {
	labels map[string]string // by the field they are for
	fields map[string]fieldWords
}

func (r *reading) walk(n *html.Node) {
	switch {
	case n.Data == "label" && attr(n, "for") != "":
		r.labels[attr(n, "for")] = words(n)
	case n.Data == "span" && attr(n, "class") == "label":
		r.labels[attr(n, "id")] = words(n)
	case attr(n, "name") != "":
		r.fields[attr(n, "name")] = field(n)
	}
	for c := range n.ChildNodes() {
		r.walk(c)
	}
}

func field(n *html.Node) fieldWords {
	w := fieldWords{on: attr(n, "type") == "checkbox" && attr(n, "value") == ""}
	switch {
	case n.Data == "select":
		w.options = map[string]string{}
		for c := range n.Descendants() {
			if c.Data == "option" {
				w.options[attr(c, "value")] = words(c)
			}
		}
		if _, none := w.options[""]; !none { // the first stands for what is not set
			w.options[""] = words(n.FirstChild)
		}
	case attr(n, "type") == "number":
		if next := n.NextSibling; next != nil && next.Data == "span" {
			w.unit = words(next)
		}
		w.empty = strings.TrimSpace(attr(n, "value") + " " + w.unit)
	}
	return w
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words is the text in an element.
func words(n *html.Node) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
