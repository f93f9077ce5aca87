package mixer

import (
	"sync/atomic"

	"tandem/sipmedia/codec"
	"tandem/sipmedia/rtpio"
)

// Seat is one party's place in a room: what it says goes in, what all others say comes out. It is for one stream.
type Seat struct {
	room  *Mixer
	muted atomic.Bool
	left  bool // under the room's lock, like bus and said
	bus   *bus
	said  [kept]saying
	heard [wideFrame]int32
}

var _ rtpio.Seat = (*Seat)(nil)

// saying is what a party said in one round, to be taken out of what it hears.
type saying struct {
	round   int64
	bus     *bus
	samples [wideFrame]int16
}

func newSeat(m *Mixer) *Seat {
	s := &Seat{room: m}
	for i := range s.said {
		s.said[i].round = -1
	}
	return s
}

// Mute keeps what the party says out of the room, until told otherwise.
func (s *Seat) Mute(on bool) { s.muted.Store(on) }

// Leave gives the seat back. It may be called twice, and while the seat is in use: it then is deaf and dumb.
func (s *Seat) Leave() {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	if s.left {
		return
	}
	s.left = true
	s.room.seats--
	s.move(nil)
}

// move counts the seat on another bus.
func (s *Seat) move(b *bus) {
	if s.bus != nil {
		s.bus.parties--
	}
	if s.bus = b; b != nil {
		b.parties++
	}
}

// at finds the bus of a frame and brings the room to a tick. Nil: the seat is left, or the rate unknown. The lock is held.
func (s *Seat) at(tick int64, f *codec.Frame) *bus {
	b := s.room.busOf(f.Rate)
	if s.left || b == nil || len(f.Samples) != b.size() {
		return nil
	}
	if s.bus != b {
		s.move(b)
	}
	s.room.reach(tick / round)
	return b
}

// Say implements rtpio.Seat.
func (s *Seat) Say(tick int64, f *codec.Frame) {
	if s.muted.Load() {
		return
	}
	r := tick / round
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	b := s.at(tick, f)
	if b == nil || !s.room.live(r) {
		return
	}
	said := &s.said[r%kept]
	sum := b.sums[r%kept][:len(f.Samples)]
	if said.round == r { // the stream has changed its slot on the wheel: two turns in one round, and the later one counts
		said.undo()
	}
	for i, v := range f.Samples {
		sum[i] += int32(v)
	}
	said.round, said.bus = r, b
	copy(said.samples[:], f.Samples)
}

// undo takes what was said out of the sum.
func (s *saying) undo() {
	sum := s.bus.sums[s.round%kept][:s.bus.size()]
	for i := range sum {
		sum[i] -= int32(s.samples[i])
	}
}

// Hear implements rtpio.Seat.
func (s *Seat) Hear(tick int64, f *codec.Frame) {
	heard := s.heard[:min(len(f.Samples), wideFrame)]
	if !s.gather(tick, f, heard) {
		clear(f.Samples)
		return
	}
	for i, sum := range heard {
		f.Samples[i] = bend(sum)
	}
}

// gather adds up what the others said in the last complete round. It is false when that is nothing at all.
func (s *Seat) gather(tick int64, f *codec.Frame, heard []int32) bool {
	r := (tick - slack - round) / round
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	b := s.at(tick, f)
	if b == nil || !s.room.live(r) {
		return false
	}
	copy(heard, b.sums[r%kept][:])
	if said := &s.said[r%kept]; said.round == r && said.bus == b {
		for i := range heard {
			heard[i] -= int32(said.samples[i])
		}
	}
	if others := s.room.cross(b, r); others != nil {
		for i := range heard {
			heard[i] += int32(others[i])
		}
	}
	return true
}
