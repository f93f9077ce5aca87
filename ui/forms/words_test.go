package forms

import (
	"reflect"
	"strings"
	"testing"

	"tandem/flow"
)

func TestEverySettingIsCalledAsItsFormCallsIt(t *testing.T) {
	for kind, k := range flow.Catalog {
		typ := reflect.TypeOf(k.New()).Elem()
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if formWords()[kind][name].label == "" {
				t.Errorf("%s: the form has no label for %s", kind, name)
			}
			rows := typ.Field(i).Type
			if rows.Kind() != reflect.Slice || rows.Elem().Kind() != reflect.Struct {
				continue
			}
			for j := range rows.Elem().NumField() {
				part, _, _ := strings.Cut(rows.Elem().Field(j).Tag.Get("json"), ",")
				if _, known := partWords[part]; !known || rowWords[name] == "" {
					t.Errorf("%s: %s.%s has no words", kind, name, part)
				}
			}
		}
	}
}

func TestChangesAreToldInTheWordsOfTheForms(t *testing.T) {
	names := Names{Audio: map[string]string{"a1": "Welcome"}, ContactMethods: map[string]string{"cm1": "Phone of Ada"}, Lists: map[string]string{"l1": "Pests", "l2": "Press"}}
	ring := flow.Module{Kind: "ring-group", Settings: &flow.RingGroup{Ringback: "a1", Destinations: []flow.RingDestination{{ContactMethod: "x"}, {ContactMethod: "cm1"}}}}
	queue := flow.Module{Kind: "queue", Settings: &flow.Queue{}}
	block := flow.Module{Kind: "blocklist", Settings: &flow.Blocklist{SharedLists: []string{"l1", "l2"}}}
	for _, c := range []struct {
		m               flow.Module
		field, raw      string
		called, readsAs string
	}{
		{ring, "destinations.1.contact_method", "cm1", "Destination 2", "Phone of Ada"},
		{ring, "destinations.1.length", "25", "Destination 2, rings for", "25 s"},
		{ring, "destinations.1.ignore_schedule", "", "Destination 2, also outside opening hours", "off"},
		{ring, "ringback", "a1", "The caller hears", "Welcome"},
		{ring, "ringback", "", "The caller hears", "The network's ringing tone"},
		{ring, "confirm", "off", "Whoever answers presses 1", "Never"},
		{queue, "timeout", "", "Callers wait up to", "300 s"},
		{queue, "timeout", "600", "Callers wait up to", "600 s"},
		{queue, "strategy", "random", "Whom to ring", "Anybody who is free"},
		{queue, "members_log_in", "on", "Members log in and out", "on"},
		{block, "shared_lists", "l1, l2", "Shared lists", "Pests, Press"},
		{block, "kind", "queue", "Kind", "Queue"},
		{block, "shelved", "", "On the shelf", "off"},
	} {
		if called, reads := FieldName(c.m.Kind, c.field), Value(names, c.m, c.field, c.raw); called != c.called || reads != c.readsAs {
			t.Errorf("%s %s is told as %q %q, want %q %q", c.m.Kind, c.field, called, reads, c.called, c.readsAs)
		}
	}
}
