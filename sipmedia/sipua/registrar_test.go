package sipua

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// memoryStore is a BindingStore that survives its UA.
type memoryStore struct {
	mu   sync.Mutex
	rows map[string]Binding
	fail error
}

func newStore() *memoryStore { return &memoryStore{rows: map[string]Binding{}} }

func (s *memoryStore) LoadBindings(context.Context) ([]Binding, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Binding
	for _, b := range s.rows {
		all = append(all, b)
	}
	return all, s.fail
}

func (s *memoryStore) SaveBinding(_ context.Context, b Binding) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail == nil {
		s.rows[b.Account+" "+b.Contact] = b
	}
	return s.fail
}

func (s *memoryStore) RemoveBinding(_ context.Context, account, contact string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rows, account+" "+contact)
	return s.fail
}

func (s *memoryStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rows)
}

// register is a REGISTER of anna's phone.
func register(id string, cseq int, more string) string {
	return fmt.Sprintf(`
REGISTER sip:127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK%[1]s%[2]d%[4]d;rport
Max-Forwards: 70
From: <sip:anna@127.0.0.1>;tag=%[1]s
To: <sip:anna@127.0.0.1>
Call-ID: %[1]s
CSeq: %[2]d REGISTER
%[3]sContent-Length: 0

`, id, cseq, more, time.Now().UnixNano())
}

// phone is a raw peer that registers with a password.
type phone struct {
	*raw
	ua    *UA
	nonce string
	nc    int
}

func newPhone(t *testing.T, ua *UA) *phone {
	r := newRaw(t, "127.0.0.3", ua)
	return &phone{raw: r, ua: ua, nonce: ua.digest.nonce(time.Now(), r.addr().Addr())}
}

// register sends a signed REGISTER and returns the answer.
func (p *phone) register(id string, cseq int, more string) string {
	p.t.Helper()
	p.nc++
	c := map[string]string{"nonce": p.nonce, "uri": "sip:tandem", "qop": "auth", "cnonce": "abc", "nc": fmt.Sprintf("%08x", p.nc)}
	auth := fmt.Sprintf(`Digest username="anna", realm="tandem", nonce="%s", uri="sip:tandem", qop=auth, cnonce="abc", nc=%s, algorithm=SHA-256, response="%s"`,
		p.nonce, c["nc"], digestResponse("SHA-256", "anna", "tandem", "secret", "REGISTER", c))
	p.send(register(id, cseq, more+"Authorization: "+auth+"\n"))
	return p.expect("SIP/2.0 ")
}

func status(m string) string {
	fields := strings.Fields(m)
	if len(fields) < 2 {
		return ""
	}
	return fields[1]
}

func TestRegisterRules(t *testing.T) {
	for _, c := range []struct {
		name     string
		steps    []string // headers of REGISTERs, one after the other
		want     string   // status of the last
		bindings int
		contains string // in the last answer
	}{
		{"one contact", []string{"Contact: <sip:a@{me}>\nExpires: 120\n"}, "200", 1, ";expires=120"},
		{"the contact's own expires wins", []string{"Contact: <sip:a@{me}>;expires=90\nExpires: 120\n"}, "200", 1, ";expires=90"},
		{"no expires: the account's lifetime", []string{"Contact: <sip:a@{me}>\n"}, "200", 1, ";expires=3600"},
		{"too long is cut", []string{"Contact: <sip:a@{me}>\nExpires: 99999\n"}, "200", 1, ";expires=3600"},
		{"too short is refused", []string{"Contact: <sip:a@{me}>\nExpires: 5\n"}, "423", 0, "Min-Expires: 60"},
		{"several contacts with q", []string{"Contact: <sip:a@{me}>;q=0.2, <sip:b@{me}>;q=0.8\nExpires: 120\n"}, "200", 2, ""},
		{"bad q", []string{"Contact: <sip:a@{me}>;q=2\n"}, "400", 0, ""},
		{"a query lists", []string{"Contact: <sip:a@{me}>\nExpires: 120\n", ""}, "200", 1, "Contact: <sip:a@"},
		{"zero removes", []string{"Contact: <sip:a@{me}>\nExpires: 120\n", "Contact: <sip:a@{me}>;expires=0\n"}, "200", 0, ""},
		{"star removes all", []string{"Contact: <sip:a@{me}>, <sip:b@{me}>\nExpires: 120\n", "Contact: *\nExpires: 0\n"}, "200", 0, ""},
		{"star without expires 0", []string{"Contact: <sip:a@{me}>\nExpires: 120\n", "Contact: *\nExpires: 60\n"}, "400", 1, ""},
		{"star beside another", []string{"Contact: *, <sip:a@{me}>\nExpires: 0\n"}, "400", 0, ""},
		{"more than the account may have", []string{"Contact: <sip:a@{me}>, <sip:b@{me}>, <sip:c@{me}>, <sip:d@{me}>\nExpires: 120\n"}, "403", 0, ""},
		{"the same instance replaces", []string{
			"Contact: <sip:a@{me}>;+sip.instance=\"<urn:uuid:1>\"\nExpires: 120\n",
			"Contact: <sip:b@{me}>;+sip.instance=\"<urn:uuid:1>\"\nExpires: 120\n"}, "200", 1, "sip:b@"},
		{"an unknown extension", []string{"Contact: <sip:a@{me}>\nRequire: outbound-x\n"}, "420", 0, "Unsupported: outbound-x"},
		{"not a sip contact", []string{"Contact: <mailto:a@example.com>\nExpires: 120\n"}, "400", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ua := start(t, "127.0.0.1", func(c *Config) { c.Timers.Second = time.Second })
			p := newPhone(t, ua)
			var last string
			for i, step := range c.steps {
				last = p.register("c", i+1, step)
			}
			if status(last) != c.want || !strings.Contains(last, c.contains) {
				t.Errorf("want %s %q, got:\n%s", c.want, c.contains, last)
			}
			if got := ua.BindingsOf("a1"); len(got) != c.bindings {
				t.Errorf("%d bindings, want %d: %+v", len(got), c.bindings, got)
			}
		})
	}
}

func TestOldRegisterDoesNotUndoANewerOne(t *testing.T) {
	ua := start(t, "127.0.0.1", func(c *Config) { c.Timers.Second = time.Second })
	p := newPhone(t, ua)
	p.register("c", 7, "Contact: <sip:a@{me}>\nExpires: 120\n")
	if m := p.register("c", 6, "Contact: <sip:a@{me}>\nExpires: 0\n"); status(m) != "500" {
		t.Errorf("answer is\n%s", m)
	}
	if len(ua.BindingsOf("a1")) != 1 {
		t.Error("the binding is gone")
	}
}

func TestBindingsComeBestFirstAndKnowWherePhonesAre(t *testing.T) {
	ua := start(t, "127.0.0.1", func(c *Config) { c.Timers.Second = time.Second })
	p := newPhone(t, ua)
	p.register("c", 1, "Contact: <sip:low@10.1.1.1>;q=0.1, <sip:high@10.1.1.1>;q=0.9\nExpires: 120\nUser-Agent: Phone 1\nPath: <sip:p1;lr>\n")
	got := ua.BindingsOf("a1")
	if len(got) != 2 || got[0].Contact != "sip:high@10.1.1.1" || got[0].Received != p.addr() || got[0].Transport != "udp" ||
		got[0].UserAgent != "Phone 1" || got[0].Path != "<sip:p1;lr>" || got[0].Node != "n1" {
		t.Errorf("bindings are %+v", got)
	}
}

func TestBindingsSurviveARestart(t *testing.T) {
	store := newStore()
	with := func(c *Config) { c.Bindings, c.Timers.Second = store, time.Second }
	ua := start(t, "127.0.0.1", with)
	p := newPhone(t, ua)
	if m := p.register("c", 1, "Contact: <sip:a@{me}>\nExpires: 120\n"); status(m) != "200" {
		t.Fatal(m)
	}
	if store.count() != 1 {
		t.Fatal("the 200 went out before the binding was stored")
	}
	ua.Close(t.Context())
	again := start(t, "127.0.0.1", with)
	if got := again.BindingsOf("a1"); len(got) != 1 || got[0].Received != p.addr() || got[0].CSeq != 1 {
		t.Errorf("after the restart: %+v", got)
	}
}

func TestStoreThatFailsAsksThePhoneBackSoonAndBindsNothing(t *testing.T) {
	store := newStore()
	ua := start(t, "127.0.0.1", func(c *Config) { c.Bindings = store })
	store.mu.Lock()
	store.fail = errors.New("disk full")
	store.mu.Unlock()
	if m := newPhone(t, ua).register("c", 1, "Contact: <sip:a@{me}>\nExpires: 120\n"); status(m) != "503" || !strings.Contains(m, "Retry-After: ") {
		t.Errorf("answer is\n%s", m)
	}
	if len(ua.BindingsOf("a1")) != 0 {
		t.Error("a binding that is not stored was used")
	}
}

func TestExpiredBindingsLeaveMemoryAndStore(t *testing.T) {
	store := newStore()
	ua := start(t, "127.0.0.1", func(c *Config) { c.Bindings, c.Timers.Second, c.Timers.MinExpires = store, time.Millisecond, 1 })
	p := newPhone(t, ua)
	p.register("c", 1, "Contact: <sip:a@{me}>\nExpires: 30\n")
	eventually(t, "the binding is gone", func() bool { return store.count() == 0 && ua.Stats().Bindings == 0 })
}

func TestPhoneRegistersIsCalledAndUnregisters(t *testing.T) {
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			node := start(t, "127.0.0.1", nil)
			onCall, got := calls()
			far := start(t, "127.0.0.3", func(c *Config) {
				c.OnCall, c.Anyone, c.Directory = onCall, true, nil
				if transport == "tcp" { // as behind a NAT: no listener that could be dialled
					c.Listen = c.Listen[:1]
				}
			})
			reg, err := far.Register(t.Context(), Registration{Registrar: "sip:" + at(node, transport).String(), Transport: transport, User: "anna", Password: "secret"})
			if err != nil {
				t.Fatal(err)
			}
			bindings := node.BindingsOf("a1")
			if len(bindings) != 1 || bindings[0].Transport != transport {
				t.Fatalf("bindings are %+v", bindings)
			}
			p := newParty()
			b := bindings[0]
			d, err := node.Invite(Outgoing{To: b.Contact, Route: b.Received, Transport: b.Transport, From: "101", Offer: []byte("o")}, p)
			if err != nil {
				t.Fatal(err)
			}
			callee := next(t, got)
			callee.d.Answer([]byte("answer"))
			p.expect(t, "answered answer")
			callee.expect(t, "confirmed")
			d.Bye("")
			callee.ended(t)
			if transport == "tcp" && node.Stats().Connections != 1 {
				t.Errorf("%d connections, want the one of the REGISTER", node.Stats().Connections)
			}
			if err := reg.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := len(node.BindingsOf("a1")); n != 0 {
				t.Errorf("%d bindings after Close", n)
			}
		})
	}
}

func TestRegistrationIsRenewed(t *testing.T) {
	store := newStore()
	node := start(t, "127.0.0.1", func(c *Config) { c.Bindings = store; c.Timers.MinExpires = 1 })
	far := start(t, "127.0.0.3", func(c *Config) { c.Anyone = true })
	reg, err := far.Register(t.Context(), Registration{Registrar: "sip:" + addrOf(node).String(), User: "anna", Password: "secret", Expires: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	first := node.BindingsOf("a1")
	eventually(t, "a later CSeq", func() bool {
		b := node.BindingsOf("a1")
		return len(b) == 1 && b[0].CSeq > first[0].CSeq
	})
	if err := reg.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestWrongPasswordDoesNotRegister(t *testing.T) {
	node := start(t, "127.0.0.1", nil)
	far := start(t, "127.0.0.3", func(c *Config) { c.Anyone = true })
	_, err := far.Register(t.Context(), Registration{Registrar: "sip:" + addrOf(node).String(), User: "anna", Password: "guess"})
	var refusal *StatusError
	if !errors.As(err, &refusal) || refusal.Status != 401 {
		t.Errorf("error is %v", err)
	}
}

func TestAccountIsRefusedOutsideItsNetworks(t *testing.T) {
	fenced := anna
	fenced.Networks = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	node := start(t, "127.0.0.1", func(c *Config) { c.Directory = directory{accounts: []Account{fenced}} })
	if m := newPhone(t, node).register("c", 1, "Contact: <sip:a@{me}>\n"); status(m) != "401" {
		t.Errorf("answer is\n%s", m)
	}
}

func TestNewsOfOtherNodesAppear(t *testing.T) {
	ua := start(t, "127.0.0.1", nil)
	b := Binding{Account: "a1", Contact: "sip:a@192.0.2.1", Received: netip.MustParseAddrPort("192.0.2.1:5060"), Transport: "udp", Expires: time.Now().Add(time.Minute)}
	ua.ApplyBinding(b)
	ua.ApplyBinding(b)
	if len(ua.BindingsOf("a1")) != 1 || !ua.registrar.at(b.Received, "udp") {
		t.Error("the binding does not appear")
	}
	ua.DropBinding("a1", b.Contact)
	if len(ua.BindingsOf("a1")) != 0 || ua.registrar.at(b.Received, "udp") {
		t.Error("the binding does not disappear")
	}
}
