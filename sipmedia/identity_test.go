package sipmedia

import (
	"net/netip"
	"strings"
	"testing"

	"tandem/flow/call"
	"tandem/sipmedia/sipua"
)

func TestCallerIsReadFromWhatTheTrunkSays(t *testing.T) {
	for claim, c := range map[string]struct {
		facts sipua.Facts
		want  call.Party
	}{
		"from, normalised":              {sipua.Facts{From: "4687654321", FromName: "Ada"}, call.Party{Number: "+4687654321", Name: "Ada"}},
		"asserted identity before from": {sipua.Facts{From: "+15550001111", Identity: "+15550002222"}, call.Party{Number: "+15550002222"}},
		"an identity of another kind":   {sipua.Facts{From: "+15550001111", Identity: "reception"}, call.Party{Number: "+15550001111"}},
		"what is no number stays":       {sipua.Facts{From: "sipp"}, call.Party{Number: "sipp"}},
		"anonymous":                     {sipua.Facts{From: "Anonymous", FromName: "Ada"}, call.Party{}},
		"anonymous host":                {sipua.Facts{From: "x", FromHost: "anonymous.invalid"}, call.Party{}},
		"nothing":                       {sipua.Facts{}, call.Party{}},
		"privacy hides an identity":     {sipua.Facts{From: "anonymous", Identity: "+15550002222", Privacy: "user;id"}, call.Party{}},
		"privacy none does not":         {sipua.Facts{From: "+15550001111", Privacy: "none"}, call.Party{Number: "+15550001111"}},
		"an account is its own number": {sipua.Facts{From: "+15550001111", FromName: "x", Account: &sipua.Account{InternalNumber: "100", DisplayName: "Ada"}},
			call.Party{Number: "100", Name: "Ada"}},
		"a guest is who it asserts": {sipua.Facts{From: "test-1", Identity: "+15550002222", IdentityName: "Ada", Account: &sipua.Account{Guest: true, InternalNumber: "100"}},
			call.Party{Number: "+15550002222", Name: "Ada"}},
		"a guest may withhold it": {sipua.Facts{From: "test-1", Privacy: "id", Account: &sipua.Account{Guest: true}}, call.Party{}},
		"long texts are cut":      {sipua.Facts{From: strings.Repeat("x", 500)}, call.Party{Number: strings.Repeat("x", maxShown)}},
	} {
		if got := callerOf(&c.facts); got != c.want {
			t.Errorf("%s: %+v, want %+v", claim, got, c.want)
		}
	}
}

func TestAPeerBehindNATIsRecognised(t *testing.T) {
	for claim, c := range map[string]struct {
		media, signalling string
		trunk, want       bool
	}{
		"same address":               {"192.168.1.5", "192.168.1.5", false, false},
		"private behind public":      {"192.168.1.5", "203.0.113.7", false, true},
		"a trunk too":                {"192.168.1.5", "203.0.113.7", true, true},
		"a phone in another network": {"192.168.1.5", "172.17.0.1", false, true},
		"a trunk's media server":     {"10.0.0.9", "10.0.0.5", true, false},
		"public media server":        {"203.0.113.8", "203.0.113.7", false, false},
		"mapped address":             {"10.0.0.9", "::ffff:10.0.0.9", false, false},
	} {
		if got := behindNAT(netip.MustParseAddr(c.media), netip.MustParseAddr(c.signalling), c.trunk); got != c.want {
			t.Errorf("%s: %v, want %v", claim, got, c.want)
		}
	}
}

func TestTheAddressOfATargetIsFound(t *testing.T) {
	for uri, want := range map[string]string{
		"sip:101@127.0.0.3:5080;transport=tcp": "127.0.0.3",
		"sip:127.0.0.3":                        "127.0.0.3",
		"sip:x@[2001:db8::1]:5060":             "2001:db8::1",
		"sip:x@[2001:db8::1]":                  "2001:db8::1",
		"sip:x@example.org":                    "invalid IP",
	} {
		if got := hostOf(sipua.Outgoing{To: uri}).String(); got != want {
			t.Errorf("%s: %s, want %s", uri, got, want)
		}
	}
}
