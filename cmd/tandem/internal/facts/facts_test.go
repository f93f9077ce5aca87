package facts

import (
	"net/netip"
	"os"
	"testing"
	"time"

	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

// A caller who is to be called back may key a number of ours: it leads where a
// call to it would that comes the same way, whatever goes on now.
func TestAKeyedNumberLeadsWhereACallToItWould(t *testing.T) {
	store := dbtest.Store(t)
	done := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for id, network := range map[string]string{"carrier": "192.0.2.0/24", "other": "198.51.100.0/24"} {
		done(store.SaveTrunk(t.Context(), directory.Trunk{ID: id, Name: id, Networks: []netip.Prefix{netip.MustParsePrefix(network)}, Codecs: []string{"PCMA"}}))
	}
	done(store.SaveContactMethod(t.Context(), directory.ContactMethod{ID: "ann", Kind: directory.SIPAccount, Name: "Ann", Username: "ann", Password: "correct horse"}))
	for e164, trunks := range map[string][]string{"+15550100": {"carrier", "other"}, "+15550201": {"other"}, "+15550202": nil} {
		number, err := dialplan.ParseNumber(e164)
		done(err)
		done(store.SaveNumber(t.Context(), directory.Number{E164: number, Trunks: trunks, CallsAtOnce: 1}))
	}
	done(store.ClaimNumber(t.Context(), "+15550201", "ann"))
	done(store.ClaimNumber(t.Context(), "+15550202", "ann"))
	for _, c := range []struct {
		number, by string
		leads      string
		refused    call.Cause
	}{
		{"+15550201", "", "ann", ""},
		{"+15550202", "", "ann", ""},
		{"+15550201", "+15550100", "ann", ""},
		{"+15550202", "+15550100", "", call.CauseNotFound}, // on no trunk by which the caller can have come
		{"+15550100", "", "", call.CauseNotFound},          // nobody claims it
		{"+46700000001", "", "", call.CauseForbidden},
		{"+46700000001", "+15550100", "", call.CauseNotFound},
		{"+15550201", "+19990000", "", call.CauseNotFound}, // the caller came by no number of ours
	} {
		for range 2 { // asking takes no place of a limit
			r, err := New(store).Number(t.Context(), c.number, c.by, time.Now())
			done(err)
			leads := ""
			if r.Direct != nil {
				leads = r.Direct.ContactMethod
			}
			if leads != c.leads || r.Refused != c.refused || r.Over != nil {
				t.Errorf("%s by %q: leads to %q, refused %q, over %v; want %q, %q", c.number, c.by, leads, r.Refused, r.Over, c.leads, c.refused)
			}
		}
	}
}
