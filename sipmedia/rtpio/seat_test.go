package rtpio

import (
	"testing"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
)

// chair is a seat that counts its turns and gives silence.
type chair struct {
	said, heard int
	last        int64
	loud        bool // what was said last was no silence
}

func (c *chair) Say(tick int64, f *codec.Frame) {
	c.said, c.last = c.said+1, tick
	c.loud = audio.Level(audio.Clip{Rate: f.Rate, Samples: f.Samples}) > -60
}

func (c *chair) Hear(tick int64, f *codec.Frame) {
	c.heard, c.last = c.heard+1, tick
	clear(f.Samples)
}

// seated is a phone whose stream has a seat, on a shard that the test turns.
type seated struct {
	*phone
	*chair
	shard *shard
	now   time.Duration
	buf   []byte
	came  int
}

func newSeated(t *testing.T) *seated {
	t.Helper()
	b := newBench(t)
	s := &seated{phone: b.phone(codec.PCMA), chair: &chair{}, shard: b.shard, now: b.shard.engine.now(), buf: make([]byte, packetSize)}
	s.st.sit(s.chair, s.now)
	return s
}

// turn is 20 ms: the phone says something and takes what has come.
func (s *seated) turn() {
	s.say()
	s.st.readRTP(s.now)
	s.now += 20 * time.Millisecond
	s.shard.wheel.run(s.now, (*Stream).turn)
	s.came += s.drain(s.buf)
}

func TestATurnOfASeatAllocatesNothing(t *testing.T) {
	s := newSeated(t)
	if allocs := testing.AllocsPerRun(500, s.turn); allocs != 0 {
		t.Errorf("%v allocations a turn, want none", allocs)
	}
	if s.came != 501 || s.said < 499 || s.heard != 501 {
		t.Errorf("%d packets sent, %d frames said, %d heard, want 501 of each", s.came, s.said, s.heard)
	}
}

func TestTurnsOfASeatAreNumberedByTheMillisecond(t *testing.T) {
	s := newSeated(t)
	s.turn()
	first := s.last
	for range 10 {
		s.turn()
	}
	if s.last-first != 10*slots {
		t.Errorf("ten turns later %d ms have passed, want %d", s.last-first, 10*slots)
	}
	if at := int64(s.now / slotTime); at-s.last >= slots || at < s.last {
		t.Errorf("the turn at %d ms was numbered %d", at, s.last)
	}
}

func TestAPlaybackGoesBeforeTheSeatWhichHearsOn(t *testing.T) {
	s := newSeated(t)
	for range 5 {
		s.turn()
	}
	s.st.startPlay(1, Playback{Source: audio.Tone(8000, 100*time.Millisecond, -10, 425).Source(false)}, s.now)
	heard, said := s.heard, s.said
	for range 5 {
		s.turn()
	}
	if s.heard != heard || s.said != said+5 {
		t.Errorf("while a prompt runs the seat gave %d frames and took %d, want 0 and 5", s.heard-heard, s.said-said)
	}
	for range 5 {
		s.turn()
	}
	if s.heard < heard+4 {
		t.Errorf("after the prompt the seat gave %d frames", s.heard-heard)
	}
}

func TestOnHoldASeatIsSaidNothing(t *testing.T) {
	s := newSeated(t)
	for range 10 {
		s.turn()
	}
	if !s.loud {
		t.Fatal("the seat takes only silence from a peer who speaks")
	}
	held := s.st.setup
	held.Send, held.Receive = false, false
	s.st.agree(held, s.now)
	came := s.came
	for range 30 {
		s.turn()
	}
	if s.loud || s.came != came {
		t.Errorf("on hold the seat is said something (%v), %d packets are sent", s.loud, s.came-came)
	}
}

func TestASeatEndsTheBridge(t *testing.T) {
	b := newBench(t)
	pa, pb := b.phone(codec.PCMA), b.phone(codec.PCMA)
	if err := pa.st.join(pb.st); err != nil {
		t.Fatal(err)
	}
	pa.st.sit(&chair{}, b.shard.engine.now())
	if pa.st.peer != nil || pb.st.peer != nil {
		t.Error("the bridge is still there")
	}
	pa.st.sit(nil, b.shard.engine.now())
	if pa.st.slot >= 0 {
		t.Error("without a seat the stream is still on the wheel")
	}
}
