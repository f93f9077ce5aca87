package sipua

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// node starts a UA that takes calls of the carrier at 127.0.0.2, and that carrier.
func node(t *testing.T, change func(*Config)) (*UA, *raw, chan *party) {
	t.Helper()
	onCall, got := calls()
	ua := start(t, "127.0.0.1", func(c *Config) {
		c.OnCall = onCall
		if change != nil {
			change(c)
		}
	})
	return ua, newRaw(t, "127.0.0.2", ua), got
}

func TestLargeMessagesCrossUDP(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	big := strings.Repeat("a=candidate\r\n", 400) // 5 kB
	p := newParty()
	far.Invite(Outgoing{To: to(node, "1", "udp"), From: "2", Offer: []byte(big)}, p)
	callee := next(t, nodeCalls)
	if got := string(callee.d.Facts().Offer); got != big {
		t.Errorf("the offer arrived with %d bytes of %d", len(got), len(big))
	}
	callee.d.Answer([]byte(big))
	if news := next(t, p.news); news != "answered "+big {
		t.Errorf("the answer arrived with %d bytes", len(news))
	}
}

func TestLargeRequestTakesThePeersTCPConnection(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, nil)
	answered(t, node, far, nodeCalls, "tcp") // leaves a connection far → node
	p := newParty()
	big := strings.Repeat("a=candidate\r\n", 400)
	far.Invite(Outgoing{To: to(node, "1", "udp"), From: "2", Offer: []byte(big)}, p)
	if f := next(t, nodeCalls).d.Facts(); f.Transport != "tcp" {
		t.Errorf("it came by %s", f.Transport)
	}
}

func TestJunkSourcesLeaveNothingBehind(t *testing.T) {
	ua, _, got := node(t, nil)
	base := ua.Stats()
	const n = 100
	for i := range n {
		r := newRaw(t, "127.0.0.9", ua)
		r.send("\x00\x01\x02 not SIP at all")
		r.send(strings.ReplaceAll(invite(fmt.Sprint("j", i), ""), "INVITE", "INVITE"))
		r.send(fmt.Sprintf("OPTIONS sip:x SIP/2.0\nVia: SIP/2.0/UDP {me};branch=z9hG4bKo%d\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>\nCall-ID: %d\nCSeq: 1 OPTIONS\n", i, i))
	}
	eventually(t, "all were looked at", func() bool {
		s := ua.Stats()
		return s.Refused["garbage"] == n && s.Refused["challenged"] == n && s.Refused["stranger"] == n
	})
	s := ua.Stats()
	if s.Transactions != base.Transactions || s.Dialogs != 0 || s.Connections != 0 || s.Goroutines != base.Goroutines || len(got) != 0 {
		t.Errorf("stats are %+v, were %+v", s, base)
	}
	if n := len(ua.strangers.buckets); n > 1 {
		t.Errorf("%d entries for one junk address", n)
	}
}

// lines collects what is logged.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestParseErrorsAreNotLoggedWhole(t *testing.T) {
	var log lines
	ua, r, _ := node(t, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	r.send("INVITE sip:x SIP/2.0\nVia: " + strings.Repeat("secret", 2000) + "\n")
	eventually(t, "it was refused", func() bool { return ua.Stats().Refused["unparsable"] == 1 })
	eventually(t, "it was logged", func() bool { return log.String() != "" })
	if n := len(log.String()); n > 600 {
		t.Errorf("%d bytes were logged", n)
	}
}

func TestStrangersGetSilenceOrAChallenge(t *testing.T) {
	ua, _, got := node(t, nil)
	for method, want := range map[string]string{"INVITE": "401", "OPTIONS": "", "SUBSCRIBE": "", "BYE": "", "CANCEL": "", "FOO": ""} {
		t.Run(method, func(t *testing.T) {
			r := newRaw(t, "127.0.0.9", ua)
			r.send(strings.ReplaceAll(invite("s"+method, ""), "INVITE", method))
			m := r.read(80 * time.Millisecond)
			if status(m) != want {
				t.Errorf("want %q, got:\n%s", want, m)
			}
		})
	}
	if len(got) != 0 {
		t.Error("a stranger's call was reported")
	}
}

func TestRequestsOutsideCallsGetTheRightStatus(t *testing.T) {
	for _, c := range []struct{ name, message, want, contains string }{
		{"options", strings.ReplaceAll(invite("x", ""), "INVITE", "OPTIONS"), "200", "Allow: INVITE"},
		{"known method, not for us", strings.ReplaceAll(invite("x", ""), "INVITE", "SUBSCRIBE"), "405", "Allow: INVITE"},
		{"unknown method", strings.ReplaceAll(invite("x", ""), "INVITE", "FROBNICATE"), "501", "Allow: INVITE"},
		{"bye without a dialog", inside("BYE", "x", "<sip:1@127.0.0.1>;tag=none", 2, "", ""), "481", ""},
		{"update without a dialog", inside("UPDATE", "x", "<sip:1@127.0.0.1>", 2, "", ""), "481", ""},
		{"reinvite without a dialog", strings.Replace(invite("x", ""), "0100@127.0.0.1>", "0100@127.0.0.1>;tag=none", 1), "481", ""},
		{"extension", invite("x", "Require: 100rel, timer\n"), "420", "Unsupported: 100rel"},
		{"no hops left", strings.Replace(invite("x", ""), "Max-Forwards: 70", "Max-Forwards: 0", 1), "483", ""},
		{"foreign body", strings.Replace(invite("x", ""), "application/sdp", "text/plain", 1), "415", "Accept: application/sdp"},
		{"encoded body", invite("x", "Content-Encoding: gzip\n"), "415", "Accept-Encoding: identity"},
		{"no contact", strings.Replace(invite("x", ""), "Contact: <sip:bob@{me}>\n", "", 1), "400", ""},
		{"short session", invite("x", "Supported: timer\nSession-Expires: 30\n"), "422", "Min-SE: 90"},
		{"unknown scheme", strings.Replace(invite("x", ""), "INVITE sip:", "INVITE nobody:", 1), "416", ""},
		{"wrong version", strings.Replace(invite("x", ""), " SIP/2.0\n", " SIP/7.0\n", 1), "505", ""},
		{"cseq of another method", strings.Replace(invite("x", ""), "CSeq: 1 INVITE", "CSeq: 1 BYE", 1), "400", ""},
		{"no call-id", strings.Replace(invite("x", ""), "Call-ID: x\n", "", 1), "400", "Missing call-id"},
		{"no from", strings.Replace(invite("x", ""), "From: ", "X-From: ", 1), "400", "Missing from"},
		{"no to", strings.Replace(invite("x", ""), "To: ", "X-To: ", 1), "400", "Missing to"},
		{"no cseq", strings.Replace(invite("x", ""), "CSeq: 1 INVITE\n", "", 1), "400", "Missing cseq"},
		{"two from", invite("x", "From: <sip:c@d>;tag=2\n"), "400", "Repeated from"},
		{"two to", invite("x", "t: <sip:c@d>\n"), "400", "Repeated to"},
		{"two call-id", invite("x", "i: other\n"), "400", "Repeated call-id"},
		{"two cseq", invite("x", "CSeq: 2 INVITE\n"), "400", "Repeated cseq"},
		{"two max-forwards", invite("x", "Max-Forwards: 9\n"), "400", "Repeated max-forwards"},
		{"two content-length", invite("x", "l: 4\n"), "400", "Repeated content-length"},
		{"two content-type", invite("x", "c: text/plain\n"), "400", "Repeated content-type"},
		{"no from tag", strings.Replace(invite("x", ""), ";tag=x", "", 1), "400", ""},
		{"too many headers", invite("x", strings.Repeat("X-A: b\n", 130)), "400", "Too Many Headers"},
		{"too many vias", invite("x", strings.Repeat("Via: SIP/2.0/UDP 10.0.0.1\n", 33)), "400", "Too Many Vias"},
		{"unparsable", strings.Replace(invite("x", ""), "CSeq: 1 INVITE", "CSeq: many INVITE", 1), "400", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, r, got := node(t, nil)
			r.send(c.message)
			m := r.expect("SIP/2.0 ")
			if status(m) != c.want || !strings.Contains(m, c.contains) {
				t.Errorf("want %s %q, got:\n%s", c.want, c.contains, m)
			}
			if len(got) != 0 {
				t.Error("it was reported as a call")
			}
		})
	}
}

func TestUnsoundMessagesThatDeserveSilence(t *testing.T) {
	for _, c := range []struct{ name, message string }{
		{"no via", strings.Replace(invite("x", ""), "Via: ", "X-Via: ", 1)},
		{"ack of nothing", strings.ReplaceAll(invite("x", ""), "INVITE", "ACK")},
		{"stray answer", "SIP/2.0 200 OK\nVia: SIP/2.0/UDP {me};branch=z9hG4bKx\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>;tag=2\nCall-ID: x\nCSeq: 1 INVITE\n"},
		{"too large", invite("x", "X-Big: "+strings.Repeat("x", DefaultUDPMessage)+"\n")},
		{"keep-alive", "\n\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, r, got := node(t, nil)
			r.send(c.message)
			if m := r.read(60 * time.Millisecond); m != "" {
				t.Errorf("got:\n%s", m)
			}
			if len(got) != 0 {
				t.Error("it was reported as a call")
			}
		})
	}
}

func TestMergedRequestIsRefused(t *testing.T) {
	_, r, got := node(t, nil)
	r.send(invite("c1", ""))
	next(t, got)
	r.send(strings.Replace(invite("c1", ""), "z9hG4bKc1", "z9hG4bKother", 1))
	r.expect("SIP/2.0 482")
	if len(got) != 0 {
		t.Error("the copy was reported")
	}
}

func TestOwnCallThatComesBackIsALoop(t *testing.T) {
	ua, r, got := node(t, nil)
	p, req := dial(t, ua, r, nil)
	back := strings.Replace(req, "SIP/2.0\r\n", "SIP/2.0\r\nVia: SIP/2.0/UDP "+r.addr().String()+";branch=z9hG4bKloop;rport\r\n", 1)
	r.conn.WriteToUDP([]byte(back), r.to)
	r.expect("SIP/2.0 482")
	if len(got) != 0 {
		t.Error("the loop was reported as a call")
	}
	p.d.Cancel("")
}

func TestUpdateWithAndWithoutOffer(t *testing.T) {
	_, r, got := node(t, nil)
	p, tag := take(t, r, got, "c1")
	r.send(inside("UPDATE", "c1", tag, 2, "", ""))
	r.expect("SIP/2.0 200")
	r.send(inside("UPDATE", "c1", tag, 3, "Content-Type: application/sdp\n", "hold"))
	p.expect(t, "offer hold")
	if m := r.expect("SIP/2.0 200"); !strings.HasSuffix(m, "answer") {
		t.Errorf("answer is\n%s", m)
	}
}

func TestUnknownRequestsInsideACallAreRefused(t *testing.T) {
	_, r, got := node(t, nil)
	p, tag := take(t, r, got, "c1")
	for i, c := range []struct{ method, want string }{{"REFER", "405"}, {"FROB", "501"}, {"OPTIONS", "200"}} {
		r.send(inside(c.method, "c1", tag, 2+i, "", ""))
		m := r.expect("SIP/2.0 ")
		if status(m) != c.want {
			t.Errorf("%s: %s", c.method, m)
		}
	}
	p.d.Bye("")
}

func TestPeerThatForgotTheDialogEndsTheCall(t *testing.T) {
	_, r, got := node(t, nil)
	p, _ := take(t, r, got, "c1")
	go p.d.Reinvite(t.Context(), []byte("x"))
	r.send(answer(r.expect("INVITE "), 481, "", "", ""))
	if end := p.ended(t); end.Why != EndTimeout {
		t.Errorf("end is %+v", end)
	}
}

func TestEarlyByeOfTheCallerEndsTheCall(t *testing.T) {
	_, r, got := node(t, nil)
	r.send(invite("c1", ""))
	p := next(t, got)
	p.d.Provisional(180, nil)
	r.send(inside("BYE", "c1", field(r.expect("SIP/2.0 180"), "To"), 2, "", ""))
	r.expect("SIP/2.0 200")
	r.expect("SIP/2.0 487")
	if end := p.ended(t); end.Why != EndBye || !end.ByPeer {
		t.Errorf("end is %+v", end)
	}
}

func TestTraceShowsMessagesWithoutDigestResponses(t *testing.T) {
	var mu sync.Mutex
	var seen []Message
	ua, _, _ := node(t, func(c *Config) {
		c.Timers.Second = time.Second
		c.Trace = func(m Message) { mu.Lock(); defer mu.Unlock(); seen = append(seen, m) }
	})
	p := newPhone(t, ua)
	p.register("r", 1, "Contact: <sip:anna@{me}>\nExpires: 120\n")
	stranger := newRaw(t, "127.0.0.9", ua)
	stranger.send(invite("s", ""))
	stranger.expect("SIP/2.0 401")
	mu.Lock()
	defer mu.Unlock()
	if len(seen) != 2 || !seen[0].In || seen[1].In || !strings.HasPrefix(seen[0].First, "REGISTER ") || !strings.HasPrefix(seen[1].First, "SIP/2.0 200") ||
		seen[0].CallID != "r" || seen[0].Remote != p.addr() || seen[0].Size == 0 {
		t.Fatalf("trace is %+v", seen)
	}
	if strings.Contains(seen[0].Text, p.nonce) || !strings.Contains(seen[0].Text, `response="…"`) {
		t.Errorf("the digest is shown:\n%s", seen[0].Text)
	}
}

func TestStreamIsFramedPingedAndBounded(t *testing.T) {
	onCall, got := calls()
	ua := start(t, "127.0.0.1", func(c *Config) { c.OnCall = onCall; c.Timers.FirstMessage = 100 * time.Millisecond })
	connect := func() net.Conn {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP("127.0.0.2")}}
		c, err := d.Dial("tcp", at(ua, "tcp").String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(patience))
		return c
	}
	write := func(c net.Conn, text string) {
		text = strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(text, "\n"), "{me}", "127.0.0.2:5060"), "\n", "\r\n")
		c.Write([]byte(strings.ReplaceAll(text, "/UDP", "/TCP")))
	}
	closed := func(c net.Conn) {
		t.Helper()
		if _, err := c.Read(make([]byte, 1)); err == nil || strings.Contains(err.Error(), "timeout") {
			t.Errorf("the connection is still open: %v", err)
		}
	}
	c := connect()
	write(c, invite("t1", "")+strings.TrimPrefix(invite("t2", ""), "\n")) // two in one segment
	next(t, got)
	next(t, got)
	half := invite("t3", "")
	write(c, half[:100])
	write(c, strings.ReplaceAll(half[100:], "\n", "\n"))
	next(t, got)
	ping := connect()
	ping.Write([]byte("\r\n\r\n"))
	pong := make([]byte, 2)
	if _, err := ping.Read(pong); err != nil || string(pong) != "\r\n" {
		t.Errorf("pong is %q, %v", pong, err)
	}
	slow := connect()
	write(slow, "INVITE sip:x SIP/2.0\nVia: ")
	closed(slow) // after FirstMessage
	wild := connect()
	write(wild, "hello\nworld\n\n")
	closed(wild)
	huge := connect()
	write(huge, "INVITE sip:x SIP/2.0\nX: "+strings.Repeat("x", DefaultTCPMessage+1))
	closed(huge)
	eventually(t, "closed connections are forgotten", func() bool { return ua.Stats().Connections <= 2 })
}
