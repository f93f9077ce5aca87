package sipua

import (
	"errors"
	"testing"
)

// withGuest is a node that lets a guest in, and a phone in the network of its
// trunk, which asks for no password.
func withGuest(t *testing.T) (node, far *UA, got chan *party) {
	t.Helper()
	guest := Account{ID: "g1", Username: "guest", Password: "secret", Guest: true}
	node, far, got, _ = pair(t, func(c *Config) {
		if c.Directory != nil {
			c.Directory = directory{accounts: []Account{anna, guest}, trunks: []Trunk{carrier}}
		}
	})
	return node, far, got
}

func TestAGuestPassesForWhoItAsserts(t *testing.T) {
	node, far, got := withGuest(t)
	caller := newParty()
	if _, err := far.Invite(Outgoing{To: to(node, "+15550100", "udp"), From: "guest", Username: "guest", Password: "secret",
		PAI: true, Identity: "+46700000001", IdentityName: `Åsa "A"`, Offer: []byte("offer")}, caller); err != nil {
		t.Fatal(err)
	}
	f := next(t, got).d.Facts()
	if f.Account == nil || !f.Account.Guest || f.Trunk != nil || f.From != "guest" || f.Identity != "+46700000001" || f.IdentityName != `Åsa "A"` {
		t.Errorf("the facts are %+v", f)
	}
}

func TestAGuestNeedsItsPasswordEvenInTheNetworkOfATrunk(t *testing.T) {
	node, far, _ := withGuest(t)
	for _, password := range []string{"", "guess"} {
		caller := newParty()
		if _, err := far.Invite(Outgoing{To: to(node, "+15550100", "udp"), From: "guest", Username: "guest", Password: password, Offer: []byte("offer")}, caller); err != nil {
			t.Fatal(err)
		}
		if end := next(t, caller.end); end.Status != 401 {
			t.Errorf("password %q: it ends with %+v", password, end)
		}
	}
}

func TestAGuestDoesNotRegister(t *testing.T) {
	node, far, _ := withGuest(t)
	_, err := far.Register(t.Context(), Registration{Registrar: "sip:" + addrOf(node).String(), User: "guest", Password: "secret"})
	var refusal *StatusError
	if !errors.As(err, &refusal) || refusal.Status != 403 || len(node.BindingsOf("g1")) != 0 {
		t.Errorf("error is %v, bindings %+v", err, node.BindingsOf("g1"))
	}
}
