package ui

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/invopop/jsonschema" // the schema follows the Go types, so that it cannot fall behind them

	"tandem/flow"
	"tandem/flow/call"
)

// flowSchema is the JSON Schema (2020-12) of a flow file, made once.
var flowSchema = sync.OnceValues(makeFlowSchema)

func (p *Panel) apiSchema(w http.ResponseWriter, r *http.Request) error {
	body, err := flowSchema()
	if err != nil {
		return fmt.Errorf("making the schema: %w", err)
	}
	w.Header().Set("Content-Type", "application/schema+json; charset=utf-8")
	write(w, r, http.StatusOK, body)
	return nil
}

func makeFlowSchema() ([]byte, error) {
	r := &jsonschema.Reflector{Anonymous: true, ExpandedStruct: true, Mapper: schemaOf}
	s := r.Reflect(flow.Flow{})
	s.ID, s.Title = "", "Tandem flow"
	s.Description = "One flow as it is exported and imported. Settings of a module depend on its kind; fields that are left out have their defaults."
	byKind(r, s)
	return json.MarshalIndent(s, "", "  ")
}

// schemaOf describes types that print themselves in a way of their own.
func schemaOf(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[call.Duration]():
		return &jsonschema.Schema{Type: "string", Description: "a duration such as 1.5s or 2m0s"}
	case reflect.TypeFor[flow.Clock]():
		return &jsonschema.Schema{Type: "string", Description: "a time of day such as 09:00; 24:00 ends a day"}
	case reflect.TypeFor[flow.Settings]():
		return &jsonschema.Schema{Type: "object"}
	}
	return nil
}

// byKind ties the settings of a module to its kind.
func byKind(r *jsonschema.Reflector, s *jsonschema.Schema) {
	module := s.Definitions["Module"]
	var kinds []any
	for _, name := range slices.Sorted(maps.Keys(flow.Catalog)) {
		kind := flow.Catalog[name]
		settings := r.Reflect(kind.New())
		def := strings.ReplaceAll(strings.ToLower(kind.Title), " ", "-") + "-settings"
		maps.Copy(s.Definitions, settings.Definitions)
		settings.Version, settings.ID, settings.Definitions, settings.Title = "", "", nil, kind.Title
		s.Definitions[def] = settings
		kinds = append(kinds, name)

		is, has := jsonschema.NewProperties(), jsonschema.NewProperties()
		is.Set("kind", &jsonschema.Schema{Const: name})
		has.Set("settings", &jsonschema.Schema{Ref: "#/$defs/" + def})
		module.AllOf = append(module.AllOf, &jsonschema.Schema{If: &jsonschema.Schema{Properties: is, Required: []string{"kind"}}, Then: &jsonschema.Schema{Properties: has}})
	}
	if kind, ok := module.Properties.Get("kind"); ok {
		kind.Enum = kinds
	}
}
