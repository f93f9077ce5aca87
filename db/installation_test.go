package db_test

import (
	"net/netip"
	"testing"

	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

// number parses a number that a test wrote.
func number(t testing.TB, text string) dialplan.Number {
	t.Helper()
	n, err := dialplan.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func internal(t testing.TB, text string) dialplan.InternalNumber {
	t.Helper()
	n, err := dialplan.ParseInternalNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// entry is a flow of one entry and a hang-up.
func entry(id, name, kind string, settings flow.Settings) flow.Flow {
	return flow.Flow{ID: id, Name: name,
		Modules: []flow.Module{
			{ID: "in", Kind: kind, Name: "In", Settings: settings},
			{ID: "end", Kind: "hangup", Name: "End", Settings: &flow.Hangup{Cause: "busy"}},
		},
		Cables: []flow.Cable{{From: "in", Exit: "next", To: "end"}},
	}
}

func byNumber(id, e164 string) flow.Flow {
	return entry(id, "Flow "+id, "phone-number", &flow.PhoneNumber{Number: e164})
}

func byInternal(id, digits string) flow.Flow {
	return entry(id, "Flow "+id, "internal-number", &flow.InternalNumber{InternalNumber: digits})
}

// town is an installation with one of everything.
func town(t testing.TB) db.Installation {
	return db.Installation{
		Trunks: []directory.Trunk{
			{ID: "north", Name: "North", Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}},
			{ID: "south", Name: "South", Networks: []netip.Prefix{netip.MustParsePrefix("198.51.100.7/32")}, Username: "carrier", Password: "trunk-secret", NoEarlyMedia: true},
		},
		Numbers: []directory.Number{
			{E164: number(t, "+4687000001"), Label: "Flow", Trunks: []string{"north"}},
			{E164: number(t, "+4687000002"), Label: "Direct", Trunks: []string{"north"}},
			{E164: number(t, "+4687000003"), Label: "Disabled", Trunks: []string{"north"}, Disabled: true},
			{E164: number(t, "+4687000004"), Label: "Unclaimed", Trunks: []string{"north"}},
		},
		ContactMethods: []directory.ContactMethod{
			{ID: "desk", Kind: directory.SIPAccount, Name: "Desk", Username: "desk", Password: "phone-secret", InternalNumber: internal(t, "201"),
				Ring: call.Seconds(25), MaxBindings: 2, BindingLifetime: call.Seconds(60), Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/25")}},
			{ID: "away", Kind: directory.SIPForwarding, Name: "Away", URI: "sip:me@192.0.2.9", InternalNumber: internal(t, "202")},
			{ID: "post", Kind: directory.Email, Name: "Post", URI: "me@example.org", InternalNumber: internal(t, "203")},
			{ID: "off", Kind: directory.SIPAccount, Name: "Off", Username: "off", Password: "x-secret-x", Disabled: true, InternalNumber: internal(t, "204")},
		},
		Flows: []flow.Flow{byNumber("main", "+4687000001"), byInternal("inside", "300"), byNumber("shut", "+4687000003")},
	}
}

// townStore is a store with the town in it.
func townStore(t testing.TB, s *db.Store) *db.Store {
	t.Helper()
	if err := s.Load(t.Context(), town(t), "test"); err != nil {
		t.Fatal(err)
	}
	if err := s.ClaimNumber(t.Context(), "+4687000002", "desk"); err != nil {
		t.Fatal(err)
	}
	return s
}
