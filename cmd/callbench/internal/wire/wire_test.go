package wire

import (
	"bytes"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

const invite = "INVITE sip:+15559000@127.0.0.1 SIP/2.0\r\n" +
	"v: SIP/2.0/UDP 127.0.0.2:5062;branch=z9hG4bK-1, SIP/2.0/UDP 127.0.0.9;branch=z9hG4bK-0\r\n" +
	"f: \"A, <b>\" <sip:+18880000001@127.0.0.2;x=y>;tag=abc\r\n" +
	"t: <sip:+15559000@127.0.0.1>\r\n" +
	"Subject: a\r\n folded\r\n" +
	"i: id-1\r\nCSeq: 7 INVITE\r\nl: 3\r\n\r\nabcdef"

func TestParseReadsWhatPeersSend(t *testing.T) {
	m, err := Parse([]byte(invite))
	if err != nil {
		t.Fatal(err)
	}
	num, method := m.CSeq()
	from := m.Get("From")
	for name, pair := range map[string][2]string{
		"method":        {m.Method, "INVITE"},
		"cseq method":   {method, "INVITE"},
		"top branch":    {m.Branch(), "z9hG4bK-1"},
		"second via":    {m.All("Via")[1], "SIP/2.0/UDP 127.0.0.9;branch=z9hG4bK-0"},
		"from uri":      {URIOf(from), "sip:+18880000001@127.0.0.2;x=y"},
		"from tag":      {Param(from, "tag"), "abc"},
		"from user":     {UserOf(URIOf(from)), "+18880000001"},
		"folded":        {m.Get("Subject"), "a folded"},
		"body cut":      {string(m.Body), "abc"},
		"uri parameter": {Param(from, "x"), ""},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, want %q", name, pair[0], pair[1])
		}
	}
	if num != 7 {
		t.Errorf("cseq is %d, want 7", num)
	}
}

func TestMalformedMessagesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty":          "",
		"no blank line":  "OPTIONS sip:a SIP/2.0\r\nVia: x\r\n",
		"bad status":     "SIP/2.0 99 Low\r\n\r\n",
		"no version":     "OPTIONS sip:a\r\n\r\n",
		"long body":      "OPTIONS sip:a SIP/2.0\r\nContent-Length: 9\r\n\r\nabc",
		"negative body":  "OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\nabc",
		"no colon":       "OPTIONS sip:a SIP/2.0\r\nVia\r\n\r\n",
		"orphan fold":    "OPTIONS sip:a SIP/2.0\r\n x\r\n\r\n",
		"too many lines": "OPTIONS sip:a SIP/2.0\r\n" + strings.Repeat("A: b\r\n", 300) + "\r\n",
	} {
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrSyntax) && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAddrOfTakesLiteralsOnly(t *testing.T) {
	for uri, want := range map[string]string{
		"sip:bench@127.0.0.3:5080":       "127.0.0.3:5080",
		"sip:127.0.0.1;lr;transport=udp": "127.0.0.1:5060",
		"sip:a@[::1]:7000":               "[::1]:7000",
		"sip:a@[::1]":                    "[::1]:5060",
	} {
		got, err := AddrOf(uri)
		if err != nil || got.String() != want {
			t.Errorf("AddrOf(%q) = %v, %v, want %s", uri, got, err, want)
		}
	}
	if _, err := AddrOf("sip:a@example.com"); err == nil {
		t.Error("a host name was accepted, but nothing here may look names up")
	}
}

func TestSDPComesBackAsWritten(t *testing.T) {
	media := netip.MustParseAddrPort("127.0.0.2:50000")
	got, err := ParseSDP(SDP(media, 1))
	want := Session{Media: media, KeysPT: OfferedKeysPT, PCMU: true}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

// The figures are the worked examples of RFC 2617 §3.5 and RFC 7616 §3.9.1.
func TestDigestMatchesTheWorkedExamples(t *testing.T) {
	for name, c := range map[string]struct {
		ch               Challenge
		creds            Credentials
		cnonce, response string
	}{
		"MD5": {
			Challenge{Realm: "testrealm@host.com", Nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093", QopAuth: true},
			Credentials{"Mufasa", "Circle Of Life"}, "0a4f113b", "6629fae49393a05397450978507c4ef1",
		},
		"SHA-256": {
			Challenge{Realm: "http-auth@example.org", Nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", Algorithm: "SHA-256", QopAuth: true},
			Credentials{"Mufasa", "Circle of Life"}, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
			"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
		},
	} {
		h := c.ch.Answer(c.creds, "GET", "/dir/index.html", 1, c.cnonce)
		if !strings.Contains(h.Value, `response="`+c.response+`"`) {
			t.Errorf("%s: %s lacks response %s", name, h.Value, c.response)
		}
	}
}

func TestSHA256IsPreferredToMD5(t *testing.T) {
	res := &Message{Status: 401, Reason: "Unauthorized"}
	res.Add("WWW-Authenticate", `Digest realm="r", nonce="1", algorithm=MD5, qop="auth,auth-int"`)
	res.Add("WWW-Authenticate", `Digest realm="r", nonce="2", algorithm=SHA-256, qop="auth"`)
	res.Add("WWW-Authenticate", `Digest realm="r", nonce="3", algorithm=SHA-512-256, qop="auth"`)
	ch, err := ChallengeIn(res)
	if err != nil || ch.Nonce != "2" || !ch.QopAuth || ch.Proxy {
		t.Errorf("picked %+v, %v", ch, err)
	}
}

// FuzzParse: what parses prints, and parses again to the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(invite))
	f.Add([]byte("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=1\r\nRecord-Route: <sip:a;lr>,<sip:b;lr>\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			return
		}
		again, err := Parse(m.Bytes())
		if err != nil {
			t.Fatalf("printed form does not parse: %v\n%q", err, m.Bytes())
		}
		if !bytes.Equal(again.Bytes(), m.Bytes()) || !reflect.DeepEqual(again.All("Via"), m.All("Via")) {
			t.Fatalf("printed form changed: %q, then %q", m.Bytes(), again.Bytes())
		}
		for _, v := range append(again.All("Contact"), again.Get("From"), again.Get("To")) {
			_, _ = AddrOf(URIOf(v))
			_ = UserOf(URIOf(v)) + Param(v, "tag")
		}
		_, _ = ParseSDP(again.Body)
		_, _ = ChallengeIn(again)
	})
}
