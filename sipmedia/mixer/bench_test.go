package mixer

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tandem/sipmedia/codec"
)

// benchRoom is a room whose parties all speak, all the time.
type benchRoom struct {
	seats  []*Seat
	frames []codec.Frame
	heard  codec.Frame
	now    int64
}

func newBenchRoom(t testing.TB, parties int, rates ...int) *benchRoom {
	t.Helper()
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	r := &benchRoom{heard: codec.NewFrame(wideRate)}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range parties {
		s, err := m.Join()
		if err != nil {
			t.Fatal(err)
		}
		rate := rates[i%len(rates)]
		r.seats = append(r.seats, s)
		r.frames = append(r.frames, codec.Frame{Rate: rate, Samples: noise(random, rate/50, 3000)})
	}
	return r
}

// round is 20 ms of the room.
func (r *benchRoom) round() {
	for i, s := range r.seats {
		tick := r.now + int64(i*round/len(r.seats))
		f := r.frames[i]
		s.Say(tick, &f)
		heard := codec.Frame{Rate: f.Rate, Samples: r.heard.Samples[:len(f.Samples)]}
		s.Hear(tick, &heard)
	}
	r.now += round
}

// BenchmarkRoom is 20 ms of rooms: ns/op divided by 20,000,000 is the part of a core that mixing takes, without codecs and sockets.
func BenchmarkRoom(b *testing.B) {
	for _, rates := range [][]int{{narrowRate}, {wideRate}, {narrowRate, wideRate}} {
		for _, parties := range []int{3, 10, 50, Max} {
			b.Run(fmt.Sprintf("%d-at-%v", parties, rates), func(b *testing.B) {
				r := newBenchRoom(b, parties, rates...)
				b.ReportAllocs()
				for b.Loop() {
					r.round()
				}
				share := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / (round * 1e6)
				b.ReportMetric(100*share*10/float64(parties), "%core/10parties")
			})
		}
	}
}
