package sipua

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience bounds every wait of a test; it is used up only by a failure.
const patience = 5 * time.Second

// quick are timers that let a whole call's life pass in a fraction of a second.
var quick = Timers{T1: 20 * time.Millisecond, T2: 80 * time.Millisecond, T4: 50 * time.Millisecond,
	Second: 10 * time.Millisecond, Sweep: 20 * time.Millisecond}

// directory is a fixed Directory.
type directory struct {
	accounts []Account
	trunks   []Trunk
}

func (d directory) Account(user string) (Account, bool) {
	for _, a := range d.accounts {
		if a.Username == user {
			return a, true
		}
	}
	return Account{}, false
}

func (d directory) Trunk(source netip.Addr) (Trunk, bool) {
	for _, t := range d.trunks {
		if inNetworks(source, t.Networks) {
			return t, true
		}
	}
	return Trunk{}, false
}

var (
	carrier = Trunk{ID: "t1", Name: "carrier", Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.2/32")}}
	anna    = Account{ID: "a1", Username: "anna", Password: "secret", MaxBindings: 3, BindingLifetime: time.Hour}
	people  = directory{accounts: []Account{anna}, trunks: []Trunk{carrier}}
)

// start runs a UA on a loopback address until the test ends.
func start(t testing.TB, host string, change func(*Config)) *UA {
	t.Helper()
	at := netip.AddrPortFrom(netip.MustParseAddr(host), 0)
	cfg := Config{Node: "n1", Listen: []Listen{{"udp", at}, {"tcp", at}}, Directory: people, Timers: quick,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if change != nil {
		change(&cfg)
	}
	ua, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		ua.Close(ctx)
	})
	return ua
}

func addrOf(ua *UA) netip.AddrPort { return ua.Addrs()[0].Addr }

// at is the address of a UA's socket for one transport.
func at(ua *UA, transport string) netip.AddrPort {
	for _, l := range ua.Addrs() {
		if l.Network == transport {
			return l.Addr
		}
	}
	return netip.AddrPort{}
}

// party records what a dialog reports and decides as told.
type party struct {
	NopHandler
	news  chan string
	onSDP func(sdp []byte) ([]byte, int)
	end   chan End

	mu sync.Mutex
	d  *Dialog
}

func newParty() *party {
	return &party{news: make(chan string, 256), end: make(chan End, 4)}
}

func (p *party) Progress(status int, sdp []byte) {
	p.news <- fmt.Sprintf("progress %d %s", status, sdp)
}
func (p *party) Answered(sdp []byte)  { p.news <- fmt.Sprintf("answered %s", sdp) }
func (p *party) Confirmed(sdp []byte) { p.news <- fmt.Sprintf("confirmed %s", sdp) }
func (p *party) Info(kind string, body []byte) int {
	p.news <- fmt.Sprintf("info %s %s", kind, body)
	return 200
}
func (p *party) Offer(sdp []byte) ([]byte, int) {
	p.news <- fmt.Sprintf("offer %s", sdp)
	p.mu.Lock()
	reply := p.onSDP
	p.mu.Unlock()
	if reply != nil {
		return reply(sdp)
	}
	return []byte("answer"), 200
}
func (p *party) Ended(e End) { p.end <- e; p.news <- "ended" }

// replies sets what offers are answered with.
func (p *party) replies(f func(sdp []byte) ([]byte, int)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.onSDP = f
}

// expect waits for the next news and compares it.
func (p *party) expect(t testing.TB, want string) {
	t.Helper()
	select {
	case got := <-p.news:
		if strings.TrimSpace(got) != want {
			t.Fatalf("news is %q, want %q", got, want)
		}
	case <-time.After(patience):
		t.Fatalf("no news, want %q", want)
	}
}

func (p *party) ended(t testing.TB) End {
	t.Helper()
	select {
	case e := <-p.end:
		return e
	case <-time.After(patience):
		t.Fatal("the dialog did not end")
		return End{}
	}
}

// calls makes an OnCall that hands each dialog to the test.
func calls() (func(*Dialog) Handler, chan *party) {
	got := make(chan *party, 1024)
	return func(d *Dialog) Handler {
		p := newParty()
		p.d = d
		got <- p
		return p
	}, got
}

func next[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// each lets f decide about every call until the test ends.
func each(t testing.TB, calls <-chan *party, f func(*party)) {
	for {
		select {
		case p := <-calls:
			f(p)
		case <-t.Context().Done():
			return
		}
	}
}

// eventually polls until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		<-tick.C
	}
}

// raw is a peer that plays scripted messages over UDP.
type raw struct {
	t    testing.TB
	conn *net.UDPConn
	to   *net.UDPAddr
}

func newRaw(t testing.TB, host string, ua *UA) *raw {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	r := &raw{t: t, conn: conn}
	if ua != nil {
		r.to = net.UDPAddrFromAddrPort(addrOf(ua))
	}
	return r
}

func (r *raw) addr() netip.AddrPort { return r.conn.LocalAddr().(*net.UDPAddr).AddrPort() }

// send writes a message given with bare newlines; {me} is the raw peer's address.
func (r *raw) send(text string) {
	r.t.Helper()
	if _, err := r.conn.WriteToUDP([]byte(r.wire(text)), r.to); err != nil {
		r.t.Fatal(err)
	}
}

func (r *raw) wire(text string) string {
	text = strings.ReplaceAll(text, "{me}", r.addr().String())
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\n"), "\n", "\r\n")
	if !strings.Contains(text, "\r\n\r\n") {
		text += "\r\n\r\n"
	}
	return text
}

// read returns the next message, "" after wait without any.
func (r *raw) read(wait time.Duration) string {
	r.t.Helper()
	buf := make([]byte, 65536)
	r.conn.SetReadDeadline(time.Now().Add(wait))
	n, from, err := r.conn.ReadFromUDP(buf)
	if err != nil {
		return ""
	}
	r.to = from
	return string(buf[:n])
}

// expect skips messages until one starts with prefix.
func (r *raw) expect(prefix string) string {
	r.t.Helper()
	var seen []string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		m := r.read(time.Until(deadline))
		if strings.HasPrefix(m, prefix) {
			return m
		}
		first, _, _ := strings.Cut(m, "\r\n")
		seen = append(seen, first)
	}
	r.t.Fatalf("no message %q, but %q", prefix, seen)
	return ""
}

// silent fails if a message with that prefix comes within wait.
func (r *raw) silent(prefix string, wait time.Duration) {
	r.t.Helper()
	for deadline := time.Now().Add(wait); time.Now().Before(deadline); {
		if m := r.read(time.Until(deadline)); m != "" && strings.HasPrefix(m, prefix) {
			r.t.Fatalf("unexpected message:\n%s", m)
		}
	}
}

// field returns a header's first value.
func field(m, name string) string {
	found := regexp.MustCompile(`(?im)^` + regexp.QuoteMeta(name) + `\s*:\s*(.*?)\r?$`).FindStringSubmatch(m)
	if found == nil {
		return ""
	}
	return found[1]
}

func tagIn(v string) string {
	_, tag, _ := strings.Cut(v, ";tag=")
	tag, _, _ = strings.Cut(tag, ";")
	return tag
}

// invite is a request of a trunk; id makes branch, Call-ID and tag.
func invite(id string, more string) string {
	return fmt.Sprintf(`
INVITE sip:+15550100@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP {me};branch=z9hG4bK%[1]s;rport
Max-Forwards: 70
From: "Bob" <sip:+15559999@{me}>;tag=%[1]s
To: <sip:+15550100@127.0.0.1>
Call-ID: %[1]s
CSeq: 1 INVITE
Contact: <sip:bob@{me}>
%[2]sContent-Type: application/sdp
Content-Length: 5

offer`, id, more)
}

// inside is a request in the dialog that invite(id) began; to is its To header.
func inside(method, id, to string, cseq int, more, body string) string {
	return fmt.Sprintf(`
%[1]s sip:+15550100@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP {me};branch=z9hG4bK%[2]s%[1]s%[4]d;rport
Max-Forwards: 70
From: "Bob" <sip:+15559999@{me}>;tag=%[2]s
To: %[3]s
Call-ID: %[2]s
CSeq: %[4]d %[1]s
Contact: <sip:bob@{me}>
%[5]sContent-Length: %[6]d

%[7]s`, method, id, to, cseq, more, len(body), body)
}

// answer is an answer to a request that the raw peer received.
func answer(req string, status int, tag, more, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %d %s\n", status, phrase(status))
	for _, line := range strings.Split(req, "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		switch strings.ToLower(name) {
		case "via", "from", "call-id", "cseq", "record-route":
			b.WriteString(line + "\n")
		case "to":
			if tag != "" && !strings.Contains(line, ";tag=") {
				line += ";tag=" + tag
			}
			b.WriteString(line + "\n")
		}
	}
	fmt.Fprintf(&b, "Contact: <sip:x@{me}>\n%sContent-Length: %d\n\n%s", more, len(body), body)
	return b.String()
}
