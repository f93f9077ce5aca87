// Package codec turns linear PCM into what travels in RTP and back, and changes sampling rates.
//
// It never does I/O, never reads a clock and, past construction, never allocates: every function here may run on the
// 20 ms tick.
//
// Why G.711 to G.711 goes through a 256-byte table: a code word decoded to linear and encoded again by the other law
// depends on the code word alone, so the whole conversion is one byte looked up per sample. The result is the one that
// ITU-T G.711 §3 tables 3/4 ask for, costs nothing beside the system call that sends it, and lets a bridge between a
// PCMU and a PCMA leg forward on arrival like any other, without jitter buffer or wheel.
package codec

// FrameTime is the length of every Frame in milliseconds.
const FrameTime = 20

// Frame is 20 ms of mono linear PCM at Rate samples a second (8000, 16000 or 48000).
type Frame struct {
	Rate    int
	Samples []int16
}

// NewFrame makes a silent frame of 20 ms at rate.
func NewFrame(rate int) Frame {
	return Frame{Rate: rate, Samples: make([]int16, rate*FrameTime/1000)}
}

// Source gives audio, 20 ms a call. The caller hands in a frame whose Rate and length say what it wants; a source that
// cannot give that rate returns an error. The end is io.EOF with nothing written; a last partial frame is filled up
// with silence. ReadFrame runs on the media tick: it must neither block nor allocate.
type Source interface{ ReadFrame(*Frame) error }

// Sink takes audio, 20 ms a call. The frame and its samples belong to the caller again after the return. WriteFrame
// runs on the media tick: it must neither block nor allocate. An error ends the stream of frames.
type Sink interface{ WriteFrame(*Frame) error }

// Codec is one way of writing audio into RTP. Values are compared by pointer; PCMU and PCMA are all there are so far.
type Codec struct {
	Name        string // encoding name as in SDP, e.g. "PCMU" (RFC 3551 §6)
	PayloadType uint8  // static payload type (RFC 3551 table 4)
	ClockRate   int    // RTP timestamp units a second, and samples a second

	encode func(linear int16) byte
	decode *[256]int16
}
