package rtpio

import (
	"net/netip"
	"runtime"
	"testing"
	"time"

	"tandem/sipmedia/codec"
)

func TestTrafficIsBusyAboveTwoPacketsANap(t *testing.T) {
	for _, c := range []struct {
		name   string
		every  time.Duration // between wake-ups
		n      int           // packets in each
		busy   bool
		within time.Duration
	}{
		{"thirty calls", napTime, 3, true, 40 * time.Millisecond},
		{"ten calls", napTime, 1, false, time.Second},
		{"a hundred calls", napTime, 10, true, 5 * time.Millisecond},
		{"a call", 10 * time.Millisecond, 1, false, time.Second},
		{"a burst on a quiet line", 20 * time.Millisecond, busyLevel - 1, false, time.Second},
		{"a wheel that ticks", napTime, 1, false, time.Second},
	} {
		var tr traffic
		for now := time.Duration(0); now <= c.within && !tr.busy; now += c.every {
			tr.add(c.n, now)
		}
		if tr.busy != c.busy {
			t.Errorf("%s: busy %v within %v", c.name, tr.busy, c.within)
		}
	}
}

func TestTrafficStaysBusyOverAPauseAndNotLonger(t *testing.T) {
	var tr traffic
	tr.add(1000, time.Second)
	tr.add(0, time.Second+(fullLevel/napWorth-1)*napTime)
	if !tr.busy {
		t.Error("forgot too early")
	}
	tr.add(0, time.Second+fullLevel/napWorth*napTime)
	if tr.busy {
		t.Error("still busy")
	}
}

// A busy shard does not listen, and does everything all the same; without traffic it parks again and is woken as before.
func TestBusyShardServesCallsCommandsAndCollector(t *testing.T) {
	e, err := New(Config{Addr: netip.MustParseAddr("127.0.0.1"), MinPort: 14000, MaxPort: 14199, Shards: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	a := dial(t, e, nil, codec.PCMA)
	b := dial(t, e, a.st, codec.PCMA)
	if err := e.Bridge(a.st, b.st); err != nil {
		t.Fatal(err)
	}
	sh, buf := e.shards[0], make([]byte, packetSize)
	busy := func() (busy, rings bool) {
		if err := sh.do(func() { busy, rings = sh.traffic.busy, sh.rings }); err != nil {
			t.Fatal(err)
		}
		return busy, rings
	}
	sent, heard := 0, 0
	say := func(n int) {
		for range n {
			a.say()
		}
		sent += n
	}
	listen := func(what string) {
		t.Helper()
		for end := time.Now().Add(5 * time.Second); heard < sent; heard += b.drain(buf) {
			if time.Now().After(end) {
				t.Fatalf("%s: heard %d of %d", what, heard, sent)
			}
			runtime.Gosched()
		}
	}
	for end := time.Now().Add(5 * time.Second); ; {
		say(5)
		if busy, rings := busy(); busy && !rings {
			break
		} else if time.Now().After(end) {
			t.Fatal("never busy")
		}
	}
	for range 20 {
		say(5)
		runtime.GC() // stops the world twice, in the middle of naps
	}
	listen("busy")
	for end := time.Now().Add(5 * time.Second); ; {
		if busy, rings := busy(); !busy && rings {
			break
		} else if time.Now().After(end) {
			t.Fatal("never quiet")
		}
		runtime.Gosched()
	}
	say(1)
	listen("quiet again")
}

func TestStreamsFillOneShardBeforeTheNext(t *testing.T) {
	e, err := New(Config{Addr: netip.MustParseAddr("127.0.0.1"), MinPort: 14000, MaxPort: 14199, Shards: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, c := range []struct {
		load [3]int32
		want int
	}{
		{[3]int32{0, 0, 0}, 0},
		{[3]int32{roomy - 1, 0, 0}, 0},
		{[3]int32{roomy, 0, 0}, 1},
		{[3]int32{roomy, roomy, roomy - 1}, 2},
		{[3]int32{roomy + 2, roomy + 1, roomy + 3}, 1},
	} {
		for i, n := range c.load {
			e.shards[i].count.Store(n)
		}
		if got := e.pick(nil); got != e.shards[c.want] {
			t.Errorf("%v: not shard %d", c.load, c.want)
		}
	}
	for _, s := range e.shards {
		s.count.Store(0)
	}
}
