package ui

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"github.com/invopop/jsonschema" // turns the types of the routes into JSON Schema

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/ui/pages"
)

// apiRoutes describe the API itself.
func apiRoutes() []route {
	return []route{
		shows("GET /api", signedIn, (*Panel).apiPage),
		reads("GET /api/openapi.json", signedIn, "Read this description", func(p *Panel, _ *http.Request) (json.RawMessage, error) { return p.description() }),
	}
}

// wildcard is a part of a route's address that stands for a value.
var wildcard = regexp.MustCompile(`\{([a-z_]+)(?:\.\.\.)?\}`)

// endpoint is one API route taken apart.
type endpoint struct {
	method, path string
	route
}

// endpoints are the routes of the API in the order of the table.
func endpoints(all []route) []endpoint {
	var out []endpoint
	for _, rt := range all {
		method, path, found := strings.Cut(rt.pattern, " ")
		if found && strings.HasPrefix(path, "/api/") {
			out = append(out, endpoint{method, strings.ReplaceAll(path, "...}", "}"), rt})
		}
	}
	return out
}

// object is a JSON object of the description.
type object = map[string]any

// describe writes the API's description in OpenAPI 3.1 from the table of routes
// and their types, so that no route can be missing from it.
func describe(all []route) (json.RawMessage, error) {
	types := newTypes()
	paths := map[string]object{}
	for _, e := range endpoints(all) {
		if paths[e.path] == nil {
			paths[e.path] = object{}
		}
		paths[e.path][strings.ToLower(e.method)] = e.operation(types)
	}
	types.schema(reflect.TypeFor[Refusal]())
	body, err := json.Marshal(object{
		"openapi": "3.1.0",
		"info": object{"title": "Tandem", "version": "1", "description": "All that the panel does. " +
			"Every write may carry an " + keyHeader + " header: sent again with the same key within a day it is answered as before and not done again; " +
			"another request under the same key is refused with 422, and one that is still being carried out with 409."},
		"servers":    []object{{"url": "/"}},
		"paths":      paths,
		"security":   []object{{"token": []string{}}, {"session": []string{}}, {"password": []string{}}},
		"components": object{"schemas": types.schemas, "securitySchemes": schemes, "responses": types.refusals()},
	})
	// The schemas stand below components here, not below $defs.
	return json.RawMessage(strings.ReplaceAll(string(body), `"#/$defs/`, `"#/components/schemas/`)), err
}

// schemes are the ways to prove who one is.
var schemes = object{
	"token":    object{"type": "http", "scheme": "bearer", "description": "A token of the page Settings, or of POST /api/sessions."},
	"session":  object{"type": "apiKey", "in": "cookie", "name": "tandem"},
	"password": object{"type": "http", "scheme": "basic", "description": "E-mail and password of a login without second factor."},
}

// apiRefusals are the ways in which any request may be refused.
var apiRefusals = []struct {
	status, name, text string
}{
	{"400", "Unreadable", "The request could not be read."},
	{"401", "SignInFirst", "Nobody has signed in, or the token is no good."},
	{"403", "NotAllowed", "The role does not allow this."},
	{"404", "NotFound", "There is no such thing."},
	{"409", "Conflict", "Something stands in the way: what uses it, or who holds it, is named."},
	{"412", "Stale", "Somebody else has changed it meanwhile."},
	{"413", "TooLarge", "The body is too large."},
	{"422", "NotPossible", "Some fields are not right; each is named with the reason."},
}

// operation describes one route.
func (e endpoint) operation(types *types) object {
	status := cmp.Or(e.doc.status, http.StatusOK)
	answer := object{"description": "Done."}
	switch {
	case nothing(e.doc.out):
		if e.doc.status == 0 && e.method != http.MethodGet {
			status = http.StatusNoContent
		}
	default:
		answer["content"] = object{"application/json": object{"schema": types.schema(e.doc.out)}}
	}
	responses := object{fmt.Sprint(status): answer}
	for _, refusal := range apiRefusals {
		if e.method != http.MethodGet || refusal.status == "401" || refusal.status == "403" || refusal.status == "404" {
			responses[refusal.status] = object{"$ref": "#/components/responses/" + refusal.name}
		}
	}
	op := object{"summary": e.doc.summary, "operationId": e.id(), "tags": []string{e.tag()}, "responses": responses,
		"description": "Needs the right: " + string(e.right) + "."}
	if all := e.parameters(); len(all) > 0 {
		op["parameters"] = all
	}
	if !nothing(e.doc.in) {
		op["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": types.schema(e.doc.in)}}}
	}
	return op
}

func nothing(t reflect.Type) bool { return t == nil || t == reflect.TypeFor[none]() }

// id names an operation after its verb and address: "put-numbers-e164".
func (e endpoint) id() string {
	return strings.ToLower(e.method) + strings.NewReplacer("/api/", "-", "/", "-", "{", "", "}", "", ".", "-").Replace(e.path)
}

// tag is the area that an operation belongs to.
func (e endpoint) tag() string {
	area, _, _ := strings.Cut(strings.TrimPrefix(e.path, "/api/"), "/")
	return strings.TrimSuffix(area, ".json")
}

func (e endpoint) parameters() []object {
	var out []object
	for _, found := range wildcard.FindAllStringSubmatch(e.path, -1) {
		out = append(out, object{"name": found[1], "in": "path", "required": true, "schema": object{"type": "string"}})
	}
	for _, q := range e.doc.query {
		out = append(out, object{"name": q.name, "in": "query", "description": q.text, "schema": object{"type": "string"}})
	}
	if e.method != http.MethodGet {
		out = append(out, object{"name": keyHeader, "in": "header", "description": "A key of your own choice, to do this once however often it is sent.",
			"schema": object{"type": "string", "maxLength": maxKey}})
	}
	return out
}

// types collects the schemas of the types that routes take and give.
type types struct {
	reflector jsonschema.Reflector
	schemas   object
}

func newTypes() *types {
	t := &types{schemas: object{}}
	t.reflector = jsonschema.Reflector{Anonymous: true, AllowAdditionalProperties: true, Mapper: ownSchema, Namer: typeName}
	return t
}

// schema gives a type's schema and keeps those it refers to.
func (t *types) schema(of reflect.Type) any {
	s := t.reflector.ReflectFromType(of)
	for name, def := range s.Definitions {
		t.schemas[name] = def
	}
	s.Definitions, s.Version = nil, ""
	return s
}

func (t *types) refusals() object {
	out := object{}
	for _, refusal := range apiRefusals {
		out[refusal.name] = object{"description": refusal.text,
			"content": object{"application/json": object{"schema": object{"$ref": "#/components/schemas/" + typeName(reflect.TypeFor[Refusal]())}}}}
	}
	return out
}

// typeName names a schema after its package and type, as in "directory.Login".
func typeName(t reflect.Type) string {
	pkg := t.PkgPath()
	return strings.NewReplacer("[", "_", "]", "", "/", ".", "*", "").Replace(pkg[strings.LastIndex(pkg, "/")+1:] + "." + t.Name())
}

// ownSchema describes the types that print themselves.
func ownSchema(t reflect.Type) *jsonschema.Schema {
	text := func(description string) *jsonschema.Schema {
		return &jsonschema.Schema{Type: "string", Description: description}
	}
	switch t {
	case reflect.TypeFor[call.Duration]():
		return text(`a length such as "30s" or "1m30s"`)
	case reflect.TypeFor[dialplan.Number]():
		return text("E.164 with its plus sign")
	case reflect.TypeFor[dialplan.InternalNumber]():
		return text("1 to 4 digits")
	case reflect.TypeFor[flow.Clock]():
		return text("a time of day such as 09:00; 24:00 ends a day")
	case reflect.TypeFor[flow.Settings]():
		return &jsonschema.Schema{Type: "object", Description: "as the module's kind has them: see GET /api/catalog"}
	}
	return nil
}

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
