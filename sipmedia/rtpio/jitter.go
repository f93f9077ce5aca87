package rtpio

import (
	"math"
	"time"

	"tandem/sipmedia/codec"
)

// Bounds of the jitter buffer.
const (
	startDelay = 40 * time.Millisecond
	maxDelay   = 200 * time.Millisecond

	settle   = 2 * time.Second       // so long must there have been room to spare before the delay shrinks
	spare    = 40 * time.Millisecond // so it never falls below 20 ms
	concealN = 3                     // frames that concealment lasts before there is silence
)

// hole marks a sample that has not come. G.711 decodes to at most ±32124, and decoded samples are kept off it.
const hole = math.MinInt16

// jitterBuffer puts a peer's samples back in their order and spacing. Packets come in whenever they do, of any length;
// frames go out every 20 ms. It begins 40 ms behind. When a packet comes too late a frame is put in, as long as the
// packets that come earliest wait no longer than 200 ms; after two seconds in which every packet had 40 ms to spare a
// frame is left out. It works on timestamps alone: a pause in sending keeps its length, and a drifting clock shows as
// lateness or room to spare.
type jitterBuffer struct {
	rate    int
	ring    []int16
	next    uint32 // timestamp of the next sample to play
	running bool

	repeat int // frames to conceal before going on, so that packets wait longer

	// How many samples before their time packets come: in this window of two seconds, and the most in the one before.
	least, most, before int
	looked              int // frames since the window began

	last      []int16 // the last frame that was whole, for concealment
	concealed int
}

func newJitterBuffer(rate int) *jitterBuffer {
	j := &jitterBuffer{
		rate: rate,
		ring: make([]int16, rate/2), // half a second: the largest delay, the largest packet and some
		last: make([]int16, rate*codec.FrameTime/1000),
	}
	j.reset()
	return j
}

func (j *jitterBuffer) samples(d time.Duration) int {
	return int(d * time.Duration(j.rate) / time.Second)
}

func (j *jitterBuffer) reset() {
	j.running, j.repeat = false, 0
	j.least, j.most, j.before, j.looked = math.MaxInt32, 0, j.samples(startDelay), 0
	for i := range j.ring {
		j.ring[i] = hole
	}
}

// put takes the samples of one packet that begins at timestamp.
func (j *jitterBuffer) put(timestamp uint32, samples []int16) {
	if len(samples) > len(j.ring)/2 {
		samples = samples[:len(j.ring)/2]
	}
	if j.running {
		lead := int(int32(timestamp - j.next))
		if lead+len(samples) > len(j.ring) || lead < -j.samples(maxDelay) {
			j.reset() // the sender has begun anew, or stopped its clock during a hold: no delay could make up for that
		} else {
			j.judge(lead)
		}
	}
	if !j.running {
		j.running, j.next = true, timestamp-uint32(j.samples(startDelay))
	}
	for i, s := range samples {
		at := timestamp + uint32(i)
		if int32(at-j.next) >= 0 {
			j.ring[at%uint32(len(j.ring))] = max(s, hole+1)
		}
	}
}

// depth is how long the packets that come earliest wait.
func (j *jitterBuffer) depth() int { return max(j.most, j.before) }

// judge takes how long before its time a packet came, and makes room if that was too late.
func (j *jitterBuffer) judge(lead int) {
	j.least, j.most = min(j.least, lead), max(j.most, lead)
	frame := len(j.last)
	if lead < 0 && j.repeat == 0 && j.depth()+frame <= j.samples(maxDelay) {
		j.repeat = 1
		j.most, j.before = j.most+frame, j.before+frame
		j.least, j.looked = math.MaxInt32, 0
	}
}

// get fills the next 20 ms. It is false before the first packet. Holes are concealed.
func (j *jitterBuffer) get(out []int16) bool {
	if !j.running {
		return false
	}
	if j.repeat > 0 {
		j.repeat--
		j.conceal(out)
		return true
	}
	j.shrink()
	whole := true
	for i := range out {
		at := &j.ring[(j.next+uint32(i))%uint32(len(j.ring))]
		out[i], *at = *at, hole
		whole = whole && out[i] != hole
	}
	j.next += uint32(len(out))
	if whole {
		copy(j.last, out)
		j.concealed = 0
		return true
	}
	j.mend(out)
	return true
}

// shrink ends the window after two seconds, and leaves out a frame if every packet in it came early enough.
func (j *jitterBuffer) shrink() {
	j.looked++
	if j.looked < int(settle/time.Millisecond)/codec.FrameTime {
		return
	}
	frame := len(j.last)
	if j.least != math.MaxInt32 && j.least >= j.samples(spare) {
		for i := range frame {
			j.ring[(j.next+uint32(i))%uint32(len(j.ring))] = hole
		}
		j.next += uint32(frame)
		j.most -= frame
	}
	j.least, j.most, j.before, j.looked = math.MaxInt32, 0, j.most, 0
}

// mend fills the holes of a frame from the last whole one.
func (j *jitterBuffer) mend(out []int16) {
	gain := j.gain()
	for i, s := range out {
		if s == hole {
			out[i] = j.faded(i, gain)
		}
	}
	j.concealed++
}

func (j *jitterBuffer) conceal(out []int16) {
	gain := j.gain()
	for i := range out {
		out[i] = j.faded(i, gain)
	}
	j.concealed++
}

// gain is how loud concealment is, in quarters: it falls to silence within concealN frames.
func (j *jitterBuffer) gain() int { return max(0, concealN-j.concealed) }

func (j *jitterBuffer) faded(i, gain int) int16 {
	return int16(int(j.last[i%len(j.last)]) * gain / (concealN + 1))
}
