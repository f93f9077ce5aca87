package main

import (
	"fmt"
	"reflect"

	"tandem/cmd/tandem/internal/config"
)

// settingFlags are the settings as flags. kong reads flags from a struct, so
// one is made from the settings: config.Config stays the only list of them.
type settingFlags struct {
	settings []config.Setting
	values   reflect.Value // pointer to a struct with one *string per setting
}

func newSettingFlags() *settingFlags {
	f := &settingFlags{settings: config.Settings()}
	fields := make([]reflect.StructField, len(f.settings))
	for i, s := range f.settings {
		tag := fmt.Sprintf(`name:%q help:%q placeholder:"VALUE" group:"Settings"`, s.Key, s.Doc)
		fields[i] = reflect.StructField{Name: fmt.Sprintf("Setting%d", i), Type: reflect.TypeFor[*string](), Tag: reflect.StructTag(tag)}
	}
	f.values = reflect.New(reflect.StructOf(fields))
	return f
}

// grammar is what kong fills.
func (f *settingFlags) grammar() any { return f.values.Interface() }

// given are the flags that stood on the command line, by key.
func (f *settingFlags) given() map[string]string {
	out := map[string]string{}
	for i, s := range f.settings {
		if text := f.values.Elem().Field(i).Interface().(*string); text != nil {
			out[s.Key] = *text
		}
	}
	return out
}
