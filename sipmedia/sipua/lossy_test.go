package sipua

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// lossy forwards datagrams between whoever writes to it and one UA, and loses,
// doubles and delays some of them.
type lossy struct {
	front *net.UDPConn
	back  netip.AddrPort

	mu     sync.Mutex
	dice   *rand.Rand
	caller netip.AddrPort
}

func newLossy(t *testing.T, host string, back netip.AddrPort, seed uint64) *lossy {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Fatal(err)
	}
	l := &lossy{front: conn, back: back, dice: rand.New(rand.NewPCG(seed, seed))}
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.run()
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return l
}

func (l *lossy) run() {
	buf := make([]byte, 65536)
	for {
		n, from, err := l.front.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		l.mu.Lock()
		to := l.back
		if from == l.back {
			to = l.caller
		} else {
			l.caller = from
		}
		copies := 1
		switch p := l.dice.Float64(); {
		case p < 0.2:
			copies = 0
		case p < 0.4:
			copies = 2
		}
		for range copies {
			data, pause := append([]byte(nil), buf[:n]...), time.Duration(l.dice.IntN(20))*time.Millisecond
			time.AfterFunc(pause, func() { l.front.WriteToUDPAddrPort(data, to) })
		}
		l.mu.Unlock()
	}
}

func TestCallsSurviveLossDoublingAndReordering(t *testing.T) {
	node, far, nodeCalls, _ := pair(t, func(c *Config) {
		// T4 must outlast the longest delay: a copy of an INVITE that comes
		// after its transaction is forgotten is a call of its own.
		c.Timers.T1, c.Timers.T4 = 30*time.Millisecond, time.Second
	})
	base, farBase := node.Stats(), far.Stats()
	const n, seed = 60, 4711
	relay := newLossy(t, "127.0.0.2", addrOf(node), seed)
	go each(t, nodeCalls, func(p *party) {
		p.d.Provisional(180, nil)
		switch p.d.Facts().RequestUser {
		case "answer":
			p.d.Answer([]byte("answer"))
		case "refuse":
			p.d.Reject(486, "busy")
		}
	})
	want := map[string]EndKind{"answer": EndBye, "refuse": EndRejected, "cancel": EndCancelled}
	users := []string{"answer", "refuse", "cancel"}
	parties := make([]*party, n)
	for i := range parties {
		p := newParty()
		d, err := far.Invite(Outgoing{To: "sip:" + users[i%3] + "@" + relay.front.LocalAddr().String(), From: "2", Offer: []byte("o")}, p)
		if err != nil {
			t.Fatal(err)
		}
		p.d = d
		parties[i] = p
		if users[i%3] == "cancel" {
			d.Cancel("changed my mind")
		}
	}
	for i, p := range parties {
		user := users[i%3]
		for news := next(t, p.news); news != "ended"; news = next(t, p.news) {
			if strings.HasPrefix(news, "answered") {
				p.d.Bye("")
			}
		}
		if end := <-p.end; end.Why != want[user] {
			t.Errorf("%s ended in %+v (seed %d)", user, end, seed)
		}
	}
	for ua, want := range map[*UA]Stats{node: base, far: farBase} {
		eventually(t, "stats are back to base", func() bool {
			s := ua.Stats()
			return s.Dialogs == want.Dialogs && s.Goroutines == want.Goroutines && s.Transactions == want.Transactions
		})
	}
}
