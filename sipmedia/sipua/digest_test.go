package sipua

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

var home = netip.MustParseAddr("192.0.2.7")

// credentialsFor answers the challenge of a digest server as a client would.
func credentialsFor(s *digestServer, nonce, algorithm, user, password string, count int) string {
	c := map[string]string{"nonce": nonce, "uri": "sip:tandem", "qop": "auth", "cnonce": "abc", "nc": fmt.Sprintf("%08x", count)}
	return fmt.Sprintf(`Digest username="%s", realm="%s", nonce="%s", uri="sip:tandem", qop=auth, cnonce="abc", nc=%s, algorithm=%s, response="%s"`,
		user, s.realm, nonce, c["nc"], algorithm, digestResponse(algorithm, user, s.realm, password, "INVITE", c))
}

func oneUser(user string) (string, bool) { return "secret", user == "anna" }

func TestDigestResponseIsThatOfTheRFC(t *testing.T) {
	// RFC 7616 §3.9.1
	c := map[string]string{"nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "nc": "00000001",
		"cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "qop": "auth", "uri": "/dir/index.html"}
	for algorithm, want := range map[string]string{
		"MD5":     "8ca523f5e9506fed4657c9700eebdbec",
		"SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
	} {
		if got := digestResponse(algorithm, "Mufasa", "http-auth@example.org", "Circle of Life", "GET", c); got != want {
			t.Errorf("%s: %s, want %s", algorithm, got, want)
		}
	}
}

func TestDigestVerdicts(t *testing.T) {
	s := newDigestServer("tandem", []byte("0123456789abcdef"), time.Minute, 1000)
	fresh := func() string { return s.nonce(time.Now(), home) }
	old := s.nonce(time.Now().Add(-time.Hour), home)
	for _, c := range []struct {
		name string
		auth string
		want verdict
	}{
		{"right, SHA-256", credentialsFor(s, fresh(), "SHA-256", "anna", "secret", 1), verdictRight},
		{"right, MD5", credentialsFor(s, fresh(), "MD5", "anna", "secret", 1), verdictRight},
		{"right, no algorithm means MD5", strings.Replace(credentialsFor(s, fresh(), "MD5", "anna", "secret", 1), "algorithm=MD5, ", "", 1), verdictRight},
		{"wrong password", credentialsFor(s, fresh(), "SHA-256", "anna", "guess", 1), verdictNone},
		{"unknown user", credentialsFor(s, fresh(), "SHA-256", "nobody", "secret", 1), verdictNone},
		{"unknown user who guesses the decoy", credentialsFor(s, fresh(), "SHA-256", "nobody", s.decoy, 1), verdictNone},
		{"old nonce, right password", credentialsFor(s, old, "SHA-256", "anna", "secret", 1), verdictStale},
		{"old nonce, wrong password", credentialsFor(s, old, "SHA-256", "anna", "guess", 1), verdictNone},
		{"nonce of another address", credentialsFor(s, s.nonce(time.Now(), netip.MustParseAddr("192.0.2.8")), "SHA-256", "anna", "secret", 1), verdictStale},
		{"forged nonce", credentialsFor(s, strings.Repeat("A", 43), "SHA-256", "anna", "secret", 1), verdictStale},
		{"count of zero", credentialsFor(s, fresh(), "SHA-256", "anna", "secret", 0), verdictStale},
		{"another realm", strings.Replace(credentialsFor(s, fresh(), "MD5", "anna", "secret", 1), `realm="tandem"`, `realm="else"`, 1), verdictNone},
		{"an algorithm that was not offered", credentialsFor(s, fresh(), "SHA-512-256", "anna", "secret", 1), verdictNone},
		{"no qop", strings.Replace(credentialsFor(s, fresh(), "MD5", "anna", "secret", 1), "qop=auth, ", "", 1), verdictNone},
		{"a parameter twice", credentialsFor(s, fresh(), "MD5", "anna", "secret", 1) + `, nc=00000002`, verdictNone},
		{"garbage", "Digest ====", verdictNone},
		{"none", "", verdictNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, got := s.check("INVITE", []string{c.auth}, home, false, oneUser); got != c.want {
				t.Errorf("verdict %d, want %d", got, c.want)
			}
		})
	}
}

func TestNonceCountIsAcceptedOnce(t *testing.T) {
	s := newDigestServer("tandem", nil, time.Minute, 10)
	nonce := s.nonce(time.Now(), home)
	for _, step := range []struct {
		count int
		want  verdict
	}{{1, verdictRight}, {1, verdictStale}, {5, verdictRight}, {3, verdictRight}, {3, verdictStale}, {5, verdictStale},
		{200, verdictRight}, {136, verdictStale}, {137, verdictRight}, {137, verdictStale}} {
		if _, got := s.check("INVITE", []string{credentialsFor(s, nonce, "SHA-256", "anna", "secret", step.count)}, home, false, oneUser); got != step.want {
			t.Errorf("count %d: verdict %d, want %d", step.count, got, step.want)
		}
	}
}

func TestForgottenNoncesCannotBeReplayed(t *testing.T) {
	s := newDigestServer("tandem", nil, time.Minute, 10)
	first := s.nonce(time.Now(), home)
	if !s.fresh(first, time.Now().Add(-time.Millisecond), 1) {
		t.Fatal("a fresh nonce was refused")
	}
	for i := range maxNonces + 1 {
		s.fresh(fmt.Sprint(i), time.Now(), 1)
	}
	if len(s.used) > maxNonces {
		t.Errorf("the table holds %d nonces", len(s.used))
	}
	if s.fresh(first, time.Now().Add(-time.Second), 1) {
		t.Error("a used nonce was forgotten and accepted again")
	}
}

func TestGuessingIsLimitedForEachSource(t *testing.T) {
	const tries = 5
	s := newDigestServer("tandem", nil, time.Minute, tries)
	guess := func(from netip.Addr, password string) verdict {
		_, v := s.check("INVITE", []string{credentialsFor(s, s.nonce(time.Now(), from), "MD5", "anna", password, 1)}, from, false, oneUser)
		return v
	}
	for i := range tries {
		if v := guess(home, "guess"); v != verdictNone {
			t.Fatalf("guess %d: verdict %d", i, v)
		}
	}
	if v := guess(home, "secret"); v != verdictBlocked {
		t.Errorf("after %d guesses the right password gives verdict %d", tries, v)
	}
	if v := guess(netip.MustParseAddr("192.0.2.8"), "secret"); v != verdictRight {
		t.Errorf("another source suffers: verdict %d", v)
	}
}

func TestChallengeOffersSHA256First(t *testing.T) {
	s := newDigestServer("tandem", nil, time.Minute, 1)
	p := s.challenge(home, "Phone", true)
	if p.status != 401 || len(p.headers) != 2 || !strings.Contains(p.headers[0].Value, "algorithm=SHA-256") ||
		!strings.Contains(p.headers[1].Value, "algorithm=MD5") || !strings.Contains(p.headers[0].Value, "stale=true") || !strings.Contains(p.headers[0].Value, `qop="auth"`) {
		t.Errorf("challenge is %+v", p)
	}
}

func TestPhonesThatStumbleOverSHA256GetMD5Alone(t *testing.T) {
	s := newDigestServer("tandem", nil, time.Minute, 1)
	if p := s.challenge(home, "baresip v1.0.0 (x86_64/linux)", false); len(p.headers) != 1 || !strings.Contains(p.headers[0].Value, "algorithm=MD5") {
		t.Errorf("challenge is %+v", p)
	}
}

func TestUnknownAndKnownUsersGetTheSameAnswer(t *testing.T) {
	ua := start(t, "127.0.0.1", nil)
	r := newRaw(t, "127.0.0.3", ua)
	ask := func(user string) string {
		auth := credentialsFor(ua.digest, ua.digest.nonce(time.Now(), netip.MustParseAddr("127.0.0.3")), "SHA-256", user, "guess", 1)
		r.send(register("r"+user, 1, "Contact: <sip:x@{me}>\nAuthorization: "+auth+"\n"))
		m := r.expect("SIP/2.0 ")
		m = strings.ReplaceAll(m, "r"+user, "ID")
		for _, name := range []string{"nonce=\"", ";tag=", ";branch="} {
			parts := strings.Split(m, name)
			for i := range parts[1:] {
				_, parts[i+1], _ = strings.Cut(parts[i+1], "\r")
				parts[i+1] = "\r" + parts[i+1]
			}
			m = strings.Join(parts, name)
		}
		return m
	}
	if known, unknown := ask("anna"), ask("nobody"); known != unknown {
		t.Errorf("known user:\n%s\nunknown user:\n%s", known, unknown)
	}
}

func TestCallOfAnAccountIsChallengedThenTaken(t *testing.T) {
	onCall, got := calls()
	node := start(t, "127.0.0.1", func(c *Config) { c.OnCall = onCall })
	phone := start(t, "127.0.0.3", func(c *Config) { c.Anyone = true })
	p := newParty()
	_, err := phone.Invite(Outgoing{To: to(node, "101", "udp"), From: "anna", Offer: []byte("o"), Username: "anna", Password: "secret"}, p)
	if err != nil {
		t.Fatal(err)
	}
	callee := next(t, got)
	if a := callee.d.Facts().Account; a == nil || a.ID != "a1" {
		t.Fatalf("account is %+v", a)
	}
	callee.d.Answer([]byte("answer"))
	p.expect(t, "answered answer")
	callee.expect(t, "confirmed")
	wrong := newParty()
	phone.Invite(Outgoing{To: to(node, "101", "udp"), From: "anna", Offer: []byte("o"), Username: "anna", Password: "guess"}, wrong)
	if end := wrong.ended(t); end.Status != 401 {
		t.Errorf("a wrong password ends in %+v", end)
	}
}

func TestTrunkWithPasswordIsChallenged(t *testing.T) {
	onCall, got := calls()
	node := start(t, "127.0.0.1", func(c *Config) {
		locked := carrier
		locked.Username, locked.Password = "trunk", "pw"
		c.OnCall, c.Directory = onCall, directory{trunks: []Trunk{locked}}
	})
	far := start(t, "127.0.0.2", func(c *Config) { c.Anyone = true })
	p := newParty()
	far.Invite(Outgoing{To: to(node, "1", "udp"), From: "2", Offer: []byte("o")}, p)
	if end := p.ended(t); end.Status != 401 {
		t.Errorf("without a password the call ends in %+v", end)
	}
	far.Invite(Outgoing{To: to(node, "1", "udp"), From: "2", Offer: []byte("o"), Username: "trunk", Password: "pw"}, newParty())
	if f := next(t, got).d.Facts(); f.Trunk == nil || f.Account != nil {
		t.Errorf("facts are %+v", f)
	}
}
