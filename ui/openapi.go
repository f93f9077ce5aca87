package ui

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/invopop/jsonschema" // turns the types of the routes into JSON Schema

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
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
		"openapi":    "3.1.0",
		"info":       object{"title": "Tandem", "version": "1", "description": apiStory},
		"servers":    []object{{"url": "/"}},
		"tags":       tagsOf(endpoints(all)),
		"paths":      paths,
		"security":   []object{{"token": []string{}}, {"session": []string{}}, {"password": []string{}}},
		"components": object{"schemas": types.schemas, "securitySchemes": schemes, "responses": types.refusals()},
	})
	if err != nil {
		return nil, err
	}
	// The schemas stand below components here, not below $defs.
	return nullable(bytes.ReplaceAll(body, []byte(`"#/$defs/`), []byte(`"#/components/schemas/`)))
}

// nullable says of every list in an answer that it may be null: an empty one of
// Go's is.
func nullable(text []byte) (json.RawMessage, error) {
	var doc object
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	for name, schema := range doc["components"].(object)["schemas"].(object) {
		if !strings.HasPrefix(name, sentPrefix) {
			allowNull(schema)
		}
	}
	return json.Marshal(doc)
}

func allowNull(schema any) {
	s, ok := schema.(object)
	if !ok {
		return
	}
	properties, _ := s["properties"].(object)
	for _, p := range properties {
		if inner, ok := p.(object); ok && inner["type"] == "array" {
			inner["type"] = []string{"array", "null"}
			if of, ok := inner["items"].(object); ok && of["type"] == "array" {
				of["type"] = []string{"array", "null"}
			}
		}
		allowNull(p)
	}
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
	if media := cmp.Or(e.doc.media, mediaOf[e.pattern]); media != "" {
		status, answer["content"] = http.StatusOK, object{media: object{"schema": object{"type": "string"}}}
	}
	if e.method != http.MethodGet {
		answer["headers"] = object{"Idempotent-Replayed": object{"description": "true where the answer was kept under the idempotency key, and nothing was done again.", "schema": object{"type": "string"}}}
	}
	responses := object{fmt.Sprint(status): answer}
	for _, refusal := range apiRefusals {
		if e.method != http.MethodGet || slices.Contains(readRefusals, refusal.status) || refusal.status == "422" && len(e.doc.query) > 0 {
			responses[refusal.status] = object{"$ref": "#/components/responses/" + refusal.name}
		}
	}
	op := object{"summary": e.doc.summary, "operationId": e.id(), "tags": []string{e.tag()}, "responses": responses,
		"description": e.who()}
	if all := e.parameters(); len(all) > 0 {
		op["parameters"] = all
	}
	if body := e.body(types); body != nil {
		op["requestBody"] = object{"required": true, "content": body}
	}
	return op
}

// body describes what is sent, by media type; nil: nothing.
func (e endpoint) body(types *types) object {
	body := object{}
	if form, sent := formOfRoute[e.pattern]; sent {
		body["multipart/form-data"] = object{"schema": form}
	}
	if !nothing(e.doc.in) {
		media := object{"schema": types.input(e.doc.in)}
		if example, ok := examples[e.pattern]; ok {
			media["example"] = example
		}
		body["application/json"] = media
	}
	if len(body) == 0 {
		return nil
	}
	return body
}

// who tells who may ask.
func (e endpoint) who() string {
	var roles []string
	for _, role := range rightsOf[e.right] {
		roles = append(roles, string(role))
	}
	text := fmt.Sprintf("Needs the right “%s”: %s.", e.right, strings.Join(roles, ", "))
	if e.right == ownAccount {
		text += " Tokens have no account, and are refused."
	}
	return text
}

func nothing(t reflect.Type) bool { return t == nil || t == reflect.TypeFor[none]() }

// id names an operation after its verb and address: "put-numbers-e164".
func (e endpoint) id() string {
	return strings.ToLower(e.method) + strings.NewReplacer("/api/", "-", "/", "-", "{", "", "}", "", ".", "-").Replace(e.path)
}

// tag is the area that an operation belongs to.
func (e endpoint) tag() string {
	area, _, _ := strings.Cut(strings.TrimPrefix(e.path, "/api/"), "/")
	return strings.TrimSuffix(strings.TrimSuffix(area, ".json"), ".csv")
}

func (e endpoint) parameters() []object {
	var out []object
	for _, found := range wildcard.FindAllStringSubmatch(e.path, -1) {
		text := cmp.Or(pathWords[e.tag()+"."+found[1]], pathWords[found[1]])
		out = append(out, object{"name": found[1], "in": "path", "required": true, "description": text, "schema": paramSchema(found[1])})
	}
	for _, q := range e.doc.query {
		out = append(out, object{"name": q.name, "in": "query", "description": q.text, "schema": paramSchema(q.name)})
	}
	if e.method != http.MethodGet {
		out = append(out, object{"name": keyHeader, "in": "header", "description": "A key of your own choice, to do this once however often it is sent.",
			"schema": object{"type": "string", "minLength": 1, "maxLength": maxKey}})
	}
	return out
}

// types collects the schemas of the types that routes take and give.
type types struct {
	out, in jsonschema.Reflector
	schemas object
}

func newTypes() *types {
	t := &types{schemas: object{}}
	t.out = jsonschema.Reflector{Anonymous: true, AllowAdditionalProperties: true, Mapper: ownSchema, Namer: typeName}
	// What is sent may leave out any field: it counts as empty then, or stays as it is.
	t.in = jsonschema.Reflector{Anonymous: true, RequiredFromJSONSchemaTags: true, Mapper: ownSchema, Namer: sentName}
	return t
}

// schema gives the schema of a type that is answered.
func (t *types) schema(of reflect.Type) any { return t.reflect(&t.out, of) }

// input gives the schema of a type that is sent.
func (t *types) input(of reflect.Type) any { return t.reflect(&t.in, of) }

// reflect gives a type's schema and keeps those it refers to.
func (t *types) reflect(by *jsonschema.Reflector, of reflect.Type) any {
	s := by.ReflectFromType(of)
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
//
// A type without a name has no schema of its own.
func typeName(t reflect.Type) string {
	if t.Name() == "" {
		return ""
	}
	pkg := t.PkgPath()
	return strings.NewReplacer("[", "_", "]", "", "/", ".", "*", "").Replace(pkg[strings.LastIndex(pkg, "/")+1:] + "." + t.Name())
}

const sentPrefix = "sent."

// sentName names the schema of a type that is sent.
func sentName(t reflect.Type) string {
	if name := typeName(t); name != "" {
		return sentPrefix + name
	}
	return ""
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
	case reflect.TypeFor[netip.Prefix]():
		return text("a network such as 203.0.113.0/24")
	case reflect.TypeFor[directory.Networks](), reflect.TypeFor[lines]():
		return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}}
	case reflect.TypeFor[directory.Role]():
		return oneOf(directory.Roles...)
	case reflect.TypeFor[directory.ContactKind]():
		return oneOf(directory.App, directory.SIPAccount, directory.PSTNForwarding, directory.SIPForwarding, directory.Email)
	case reflect.TypeFor[directory.MemberChange]():
		return oneOf(directory.MemberLogIn, directory.MemberLogOut, directory.MemberPause, directory.MemberResume)
	case reflect.TypeFor[json.RawMessage]():
		return &jsonschema.Schema{Description: "any JSON"}
	case reflect.TypeFor[flow.Settings]():
		return &jsonschema.Schema{Type: "object", Description: "as the module's kind has them: see GET /api/catalog"}
	}
	return nil
}

// oneOf is a text of a closed list.
func oneOf[T ~string](all ...T) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, v := range all {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}
