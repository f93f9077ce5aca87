package ui

import (
	"cmp"
	"encoding/json"
	"fmt"
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
	v.Example = "curl -H 'Authorization: Bearer tandem_…' " + p.origin(r) + "/api/me"
	at := map[string]int{}
	for _, e := range endpoints(routes()) {
		if _, known := at[e.tag()]; !known {
			at[e.tag()] = len(v.Groups)
			v.Groups = append(v.Groups, pages.APIGroup{Title: e.tag(), Text: tagWords[e.tag()]})
		}
		g := &v.Groups[at[e.tag()]]
		row := pages.APIRow{Method: e.method, Path: e.path, Summary: e.doc.summary, Right: string(e.right), Yours: allowed(e.right, loginOf(r))}
		for _, q := range e.doc.query {
			row.Query = append(row.Query, pages.Fact{Name: q.name, Value: q.text})
		}
		row.In, row.Out, row.Media = fieldsOf(e.doc.in), fieldsOf(e.doc.out), cmp.Or(e.doc.media, mediaOf[e.pattern])
		if body, ok := examples[e.pattern]; ok {
			text, err := json.Marshal(body)
			if err != nil {
				return fmt.Errorf("writing an example: %w", err)
			}
			row.Sample = string(text)
		}
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
