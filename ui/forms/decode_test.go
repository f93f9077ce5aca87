package forms

import (
	"net/url"
	"reflect"
	"testing"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/flow/schedule"
)

func TestAFormFillsSettingsByTheirJSONNames(t *testing.T) {
	values := url.Values{
		"destinations.0.contact_method": {"101"}, "destinations.0.start": {"0"}, "destinations.0.length": {"20"},
		"destinations.4.contact_method": {"102"}, "destinations.4.start": {"20"}, "ringback": {""}, "_row": {"3"},
	}
	var got flow.RingGroup
	if notes := Decode(values, &got); notes != nil {
		t.Fatal(notes)
	}
	want := flow.RingGroup{Destinations: []flow.RingDestination{{ContactMethod: "101", Length: 20}, {ContactMethod: "102", Start: 20}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestAFormReadsTypesThatReadThemselves(t *testing.T) {
	var got directory.ContactMethod
	notes := Decode(url.Values{"name": {"Desk"}, "ring": {"25"}, "internal_number": {"0101"}, "disabled": {"on"},
		"direct_numbers": {"+4687654321", "+4687654322"}, "networks": {"10.0.0.0/8"}}, &got)
	if notes != nil {
		t.Fatal(notes)
	}
	if got.Ring.String() != "25s" || got.InternalNumber.String() != "0101" || !got.Disabled || len(got.DirectNumbers) != 2 || len(got.Networks) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestAFormReachesEmbeddedFields(t *testing.T) {
	var got directory.Schedule
	notes := Decode(url.Values{"name": {"Office"}, "zone": {"Europe/Stockholm"}, "week.1.0.from": {"540"}, "week.1.0.to": {"1020"},
		"week.0": {""}, "exceptions.0.label": {"Christmas"}, "exceptions.0.from": {"2026-12-24"}}, &got)
	if notes != nil {
		t.Fatal(notes)
	}
	if got.Zone != "Europe/Stockholm" || len(got.Exceptions) != 1 || !reflect.DeepEqual(got.Week[1], []schedule.Range{{From: 540, To: 1020}}) {
		t.Errorf("got %+v", got)
	}
}

func TestWhatCannotBeReadIsNamedAtItsFieldAndTheRestIsKept(t *testing.T) {
	var got flow.RingGroup
	notes := Decode(url.Values{"destinations.0.contact_method": {"101"}, "destinations.0.length": {"soon"}, "ringback": {"tone"}}, &got)
	want := []FieldNote{{Field: "destinations.0.length", Text: `"soon" is not a number`}}
	if !reflect.DeepEqual(notes, want) {
		t.Errorf("notes %+v, want %+v", notes, want)
	}
	if got.Ringback != "tone" || got.Destinations[0].ContactMethod != "101" {
		t.Errorf("kept %+v", got)
	}
}
