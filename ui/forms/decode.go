package forms

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-viper/mapstructure/v2" // turns loose form values into typed settings and says which field did not fit

	"tandem/flow/call"
)

// FieldNote is what is wrong with one field, by its JSON path such as
// "destinations.1.length".
type FieldNote struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// maxRows bounds the rows of one list: the longest that a form sends is a
// caller router's thousand.
const maxRows = 2000

// Decode fills a struct from a form whose field names are JSON paths. An empty
// field counts as absent, a checkbox sends "on", and names that begin with an
// underscore are the page's own. What cannot be read comes back as notes; the
// rest is filled all the same.
func Decode(values url.Values, into any) []FieldNote {
	tree := map[string]any{}
	for name, vs := range values {
		if vs = slices.DeleteFunc(slices.Clone(vs), func(v string) bool { return v == "" }); len(vs) > 0 && !strings.HasPrefix(name, "_") {
			plant(tree, strings.Split(name, "."), vs)
		}
	}
	dec, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		TagName: "json", Result: into, WeaklyTypedInput: true, Squash: true, DecodeHook: mapstructure.ComposeDecodeHookFunc(fromRows, fromText),
		MatchName: func(key, field string) bool { return key == field },
	})
	if err == nil {
		err = dec.Decode(tree)
	}
	return notes(err)
}

// plant puts the values of one field at its path.
func plant(tree map[string]any, path []string, values []string) {
	for len(path) > 1 {
		below, ok := tree[path[0]].(map[string]any)
		if !ok {
			below = map[string]any{}
			tree[path[0]] = below
		}
		tree, path = below, path[1:]
	}
	if len(values) == 1 {
		tree[path[0]] = values[0]
	} else {
		tree[path[0]] = values
	}
}

// fromRows turns the rows of a form, named by number, into a list in that
// order. In a list gaps close, as rows that were removed on the page leave
// them; in an array each row keeps its place.
func fromRows(from, to reflect.Value) (any, error) {
	rows, ok := from.Interface().(map[string]any)
	if !ok || to.Kind() != reflect.Slice && to.Kind() != reflect.Array {
		return from.Interface(), nil
	}
	var at []int
	for key := range rows {
		n, err := strconv.Atoi(key)
		if err != nil || n < 0 || n >= maxRows {
			return nil, fmt.Errorf("%q is no row", key)
		}
		at = append(at, n)
	}
	slices.Sort(at)
	out := make([]any, 0, len(at))
	for _, n := range at {
		for to.Kind() == reflect.Array && len(out) < n {
			out = append(out, reflect.Zero(to.Type().Elem()).Interface())
		}
		out = append(out, rows[strconv.Itoa(n)])
	}
	return out, nil
}

// fromText reads a field of a type that reads itself, and a duration also as
// whole seconds.
func fromText(from, to reflect.Value) (any, error) {
	if from.Kind() != reflect.String {
		return from.Interface(), nil
	}
	text, fresh := from.String(), reflect.New(to.Type())
	var err error
	switch target := fresh.Interface().(type) {
	case *bool:
		*target = text == "on" || text == "true"
	case *call.Duration:
		if _, plain := strconv.Atoi(text); plain == nil {
			text += "s"
		}
		err = target.UnmarshalJSON([]byte(strconv.Quote(text)))
	case encoding.TextUnmarshaler:
		err = target.UnmarshalText([]byte(text))
	case json.Unmarshaler:
		quoted, _ := json.Marshal(text) // a string always marshals
		err = target.UnmarshalJSON(quoted)
	default:
		return text, nil
	}
	return fresh.Elem().Interface(), err
}

// notes takes an error of the decoder apart into what concerns each field.
func notes(err error) []FieldNote {
	var many interface{ Unwrap() []error }
	var one *mapstructure.DecodeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		var out []FieldNote
		for _, e := range many.Unwrap() {
			out = append(out, notes(e)...)
		}
		return out
	case errors.As(err, &one):
		return []FieldNote{{Field: strings.NewReplacer("[", ".", "]", "").Replace(one.Name()), Text: reason(one)}}
	}
	return []FieldNote{{Text: err.Error()}}
}

// reason is why one field could not be read, without the decoder's own words.
func reason(e *mapstructure.DecodeError) string {
	var parse *mapstructure.ParseError
	var kind *mapstructure.UnconvertibleTypeError
	switch {
	case errors.As(e, &parse):
		switch parse.Expected.Kind() {
		case reflect.Int, reflect.Int64, reflect.Float64:
			return fmt.Sprintf("%q is not a number", parse.Value)
		}
		return fmt.Sprintf("%q cannot be read here", parse.Value)
	case errors.As(e, &kind):
		return fmt.Sprintf("%v does not fit here", kind.Value)
	}
	return e.Unwrap().Error()
}
