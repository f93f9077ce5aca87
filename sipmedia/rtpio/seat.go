package rtpio

import (
	"time"

	"tandem/sipmedia/codec"
)

// Seat is the place of a stream in a mix. In each turn of the stream on the wheel, once every 20 ms, Say takes what the
// peer said and then Hear gives what the peer is to hear, both at the codec's rate. tick is the time of the turn in
// milliseconds, alike on all shards, so that seats on different shards can tell which turns belong together. Before the
// first packet of the peer only Hear is called, and while the peer is kept from us Say takes silence.
//
// About what the two may do the same is true as for sources and sinks: see the package documentation.
type Seat interface {
	Say(tick int64, f *codec.Frame)
	Hear(tick int64, f *codec.Frame)
}

// Sit gives a stream a seat, in place of the one it had; nil takes it away. Audio then comes from the seat where it came
// from a bridge, which ends: a playback and keys go before it. Keys of the peer reach the Handler and nobody else.
func (st *Stream) Sit(seat Seat) {
	_ = st.do(func() { st.sit(seat, st.shard.engine.now()) }) // closed: nobody would sit there
}

func (st *Stream) sit(seat Seat, now time.Duration) {
	st.part()
	st.hearing.begin(seat != nil)
	st.hearing.seat, st.seatFeed = seat, st.shard.newFeed()
	st.pace(now)
}

// mixFrame sends what the seat gives.
func (st *Stream) mixFrame(now time.Duration) {
	f := &st.shard.frame
	f.Rate, f.Samples = st.setup.Codec.ClockRate, st.shard.samples[:st.setup.Codec.FrameBytes()]
	st.hearing.seat.Hear(st.shard.wheel.tick, f)
	st.sendFrame(st.seatFeed, f.Samples, now)
}
