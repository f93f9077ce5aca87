// Package mixer lets up to 200 parties hear each other: each hears the sum of all the others and nothing of itself.
//
// It never does I/O, never reads a clock, and allocates nothing once a party has its seat.
//
// # Why no goroutine mixes
//
// A seat is asked on the wheel of its own stream (see rtpio.Seat), in its own slot of 20 ms, on whatever shard that
// lives: what it says is added to the sum of the present round, what it hears is the sum of the last round that is
// complete, less what it said itself. So a room of n parties costs n times two passes over 20 ms, spread over the wheel
// like everything else, and no wake-up, no queue and no pace of its own. A round counts as complete 5 ms after its last
// tick, since shards may run behind each other by as much; that makes 25 ms from mouth to ear on average, whatever the
// number of parties. We turned down a goroutine per room, whose 20 ms would be a second pace beside the wheel's with a
// frame of delay on either side and 200 frames to hand over at once, and sums kept by whoever spoke last, without rounds:
// half the delay, but two streams in the same slot of two shards would lose and repeat each other's frames.
// All parties of a room share one lock, held for one pass over a frame. Should rooms of thousands be wanted, each shard
// would sum its own parties first.
//
// # Why two sums
//
// Parties of 8 and of 16 kHz may sit in one room. Each rate has a sum of its own, and each sum crosses over to the other
// through one resampler, once a round, however many parties there are. Where all have the same rate nothing is resampled.
//
// # Why nobody is chosen
//
// All parties are summed, however many. Choosing the loudest few saves little here, cuts off first syllables, and
// somebody who is not heard in a room is a fault that nobody can explain. What is too loud together is bent, never
// clipped by wrapping around; up to three quarters of full scale nothing is changed.
package mixer

import (
	"errors"
	"sync"

	"tandem/sipmedia/codec"
)

// Max is how many parties a room takes (product sheet 3.14).
const Max = 200

// ErrFull says that all seats are taken.
var ErrFull = errors.New("mixer: all seats are taken")

// Figures of a round, in ticks of a millisecond.
const (
	round = codec.FrameTime
	slack = 5 // how far one shard may be behind another
	kept  = 4 // rounds: the present one, two that are read from, and one that a shard running behind still writes
)

// The rates, narrow first.
const (
	narrowRate = 8000
	wideRate   = 16000
	wideFrame  = wideRate * codec.FrameTime / 1000
)

// Mixer is one room.
type Mixer struct {
	mu     sync.Mutex // held for one pass over a frame; in a room of two rates once a round for two resamplings
	buses  [2]bus     // narrow, wide
	newest int64      // round
	seats  int
	tones  []int16 // that everybody is still to hear, at narrowRate
	toned  int64   // the last round with some of them
	bent   [wideFrame]int16
}

// bus is the sum of all parties of one rate.
type bus struct {
	rate, parties int
	sums          [kept][wideFrame]int32
	other         crossing // what the parties of the other rate say
}

// crossing is one sum at the rate of the other.
type crossing struct {
	way     *codec.Resampler
	rounds  [kept]int64 // that the samples are of
	samples [kept][wideFrame]int16
}

// New makes an empty room.
func New() (*Mixer, error) {
	m := &Mixer{newest: -1, toned: -kept}
	for i, rates := range [...][2]int{{narrowRate, wideRate}, {wideRate, narrowRate}} {
		way, err := codec.NewResampler(rates[1], rates[0])
		if err != nil {
			return nil, err
		}
		b := &m.buses[i]
		b.rate, b.other.way, b.other.rounds = rates[0], way, [kept]int64{-1, -1, -1, -1}
	}
	return m, nil
}

// Join takes a seat.
func (m *Mixer) Join() (*Seat, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seats == Max {
		return nil, ErrFull
	}
	m.seats++
	return newSeat(m), nil
}

// Tone lets everybody hear samples of 8000 a second, after those that they are still to hear. Where that would be a second
// from now nobody hears them: many who come at once are told of by the first few.
func (m *Mixer) Tone(samples []int16) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.tones) >= narrowRate {
		return
	}
	m.tones = append(m.tones[:len(m.tones):len(m.tones)], samples...)
}

// busOf is where frames of a rate belong; nil: nowhere.
func (m *Mixer) busOf(rate int) *bus {
	for i := range m.buses {
		if m.buses[i].rate == rate {
			return &m.buses[i]
		}
	}
	return nil
}

// reach begins all rounds up to r. The lock is held.
func (m *Mixer) reach(r int64) {
	if r <= m.newest {
		return
	}
	for n := max(m.newest+1, r-kept+1); n <= r; n++ {
		for i := range m.buses {
			clear(m.buses[i].sums[n%kept][:m.buses[i].size()])
		}
		m.sound(n)
	}
	m.newest = r
}

// sound adds the next 20 ms of what everybody is to hear.
func (m *Mixer) sound(r int64) {
	b := &m.buses[0]
	n := min(len(m.tones), b.size())
	if n > 0 {
		m.toned = r
	}
	for i, s := range m.tones[:n] {
		b.sums[r%kept][i] += int32(s)
	}
	m.tones = m.tones[n:]
}

// live tells whether a round can be written and read.
func (m *Mixer) live(r int64) bool { return r >= 0 && r <= m.newest && r > m.newest-kept }

// cross gives what the other bus says in a round to this one; nil: nothing. The lock is held.
func (m *Mixer) cross(to *bus, r int64) []int16 {
	from := &m.buses[0]
	if to == from {
		from = &m.buses[1]
	}
	c := &to.other
	out := c.samples[r%kept][:to.size()]
	switch {
	case c.rounds[r%kept] == r:
		return out
	case from.parties == 0 && (from == &m.buses[1] || r > m.toned+1): // tones are on the narrow one, and the filter rings on
		return nil
	}
	bent := m.bent[:from.size()]
	for i, s := range from.sums[r%kept][:from.size()] {
		bent[i] = bend(s)
	}
	c.way.Resample(out, bent)
	c.rounds[r%kept] = r
	return out
}

func (b *bus) size() int { return b.rate * codec.FrameTime / 1000 }

// The knee above which a sum is bent, and the room above it.
const (
	knee     = 24575
	headroom = 1<<15 - 1 - knee
)

// bend fits a sum into 16 bits: unchanged up to the knee, from there on ever less, without a corner and never beyond
// full scale. What is louder stays louder.
func bend(sum int32) int16 {
	switch {
	case sum > knee:
		over := int64(sum) - knee
		return int16(knee + over*headroom/(over+headroom))
	case sum < -knee:
		over := -int64(sum) - knee
		return int16(-knee - over*headroom/(over+headroom))
	}
	return int16(sum)
}
