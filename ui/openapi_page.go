package ui

import (
	"net/http"
	"reflect"
	"strings"

	"tandem/ui/pages"
)

// apiPage shows the description to people.
func (p *Panel) apiPage(w http.ResponseWriter, r *http.Request) error {
	v := pages.APIView{Frame: p.frame(r, "API", "settings")}
	for _, refusal := range apiRefusals {
		v.Refusals = append(v.Refusals, pages.Fact{Name: refusal.status, Value: refusal.text})
	}
	for _, e := range endpoints(routes()) {
		if n := len(v.Groups); n == 0 || v.Groups[n-1].Title != e.tag() {
			v.Groups = append(v.Groups, pages.APIGroup{Title: e.tag()})
		}
		g := &v.Groups[len(v.Groups)-1]
		row := pages.APIRow{Method: e.method, Path: e.path, Summary: e.doc.summary, Right: string(e.right), Yours: allowed(e.right, loginOf(r))}
		for _, q := range e.doc.query {
			row.Query = append(row.Query, pages.Fact{Name: q.name, Value: q.text})
		}
		row.In, row.Out = fieldsOf(e.doc.in), fieldsOf(e.doc.out)
		g.Rows = append(g.Rows, row)
	}
	return p.render(w, r, http.StatusOK, pages.API(v))
}

// fieldsOf names the fields of a type, for reading.
func fieldsOf(t reflect.Type) string {
	for t != nil && (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice) {
		t = t.Elem()
	}
	if nothing(t) || t.Kind() != reflect.Struct {
		return ""
	}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
