package rtpio

import (
	"math/rand/v2"
	"testing"
	"time"
)

// ramp is a packet whose samples say when they belong.
func ramp(ts uint32, n int) []int16 {
	out := make([]int16, n)
	for i := range out {
		out[i] = int16((ts + uint32(i)) % 30000)
	}
	return out
}

// delivery is a packet that arrives at a time.
type delivery struct {
	at time.Duration
	ts uint32
	n  int
}

// replay delivers packets on a clock of its own and reads a frame every 20 ms, as the wheel would.
func replay(j *jitterBuffer, packets []delivery, length time.Duration) [][]int16 {
	var heard [][]int16
	for now := time.Duration(0); now < length; now += time.Millisecond {
		for len(packets) > 0 && packets[0].at <= now {
			j.put(packets[0].ts, ramp(packets[0].ts, packets[0].n))
			packets = packets[1:]
		}
		if now%(20*time.Millisecond) == 0 {
			frame := make([]int16, 160)
			if j.get(frame) {
				heard = append(heard, frame)
			}
		}
	}
	return heard
}

// inOrder counts frames that are whole pieces of the ramp.
func inOrder(frames [][]int16) (whole int) {
	for _, f := range frames {
		ok := true
		for i := 1; i < len(f) && ok; i++ {
			ok = f[i] == (f[i-1]+1)%30000
		}
		if ok && f[159] != 0 {
			whole++
		}
	}
	return whole
}

func stream(n int, jitter func(i int) time.Duration) []delivery {
	out := make([]delivery, n)
	for i := range out {
		out[i] = delivery{time.Duration(i)*20*time.Millisecond + jitter(i), uint32(1000 + 160*i), 160}
	}
	for i := 1; i < n; i++ { // insertion sort by arrival
		for k := i; k > 0 && out[k].at < out[k-1].at; k-- {
			out[k], out[k-1] = out[k-1], out[k]
		}
	}
	return out
}

func TestSteadyPacketsComeOutWhole(t *testing.T) {
	j := newJitterBuffer(8000)
	heard := replay(j, stream(200, func(int) time.Duration { return 3 * time.Millisecond }), 4*time.Second)
	if whole := inOrder(heard); whole < 195 {
		t.Errorf("%d of %d frames whole", whole, len(heard))
	}
	if j.depth() > j.samples(startDelay) {
		t.Errorf("delay grew to %d samples without need", j.depth())
	}
}

func TestReorderedPacketsComeOutInOrder(t *testing.T) {
	j := newJitterBuffer(8000)
	heard := replay(j, stream(100, func(i int) time.Duration { return time.Duration((i+1)%2) * 25 * time.Millisecond }), 2*time.Second)
	if whole := inOrder(heard); whole < 92 {
		t.Errorf("%d of %d frames whole", whole, len(heard))
	}
}

func TestDelayGrowsWithJitterAndShrinksAfterIt(t *testing.T) {
	j := newJitterBuffer(8000)
	r := rand.New(rand.NewPCG(1, 2))
	rough := func(i int) time.Duration {
		if 0 < i && i < 400 {
			return time.Duration(r.IntN(90)) * time.Millisecond
		}
		return 0
	}
	packets := stream(1400, rough)
	heard := replay(j, packets[:400], 8*time.Second)
	grown := j.depth()
	if grown < j.samples(80*time.Millisecond) || grown > j.samples(maxDelay) {
		t.Errorf("delay %d samples under 90 ms of jitter", grown)
	}
	if whole := inOrder(heard[100:]); whole < len(heard[100:])*95/100 {
		t.Errorf("%d of %d frames whole once the delay had grown", whole, len(heard[100:]))
	}
	for i := range packets[400:] {
		packets[400+i].at -= 8 * time.Second
	}
	replay(j, packets[400:], 20*time.Second)
	if j.depth() > j.samples(60*time.Millisecond) || j.depth() < j.samples(20*time.Millisecond) {
		t.Errorf("delay %d samples after the jitter, %d before", j.depth(), grown)
	}
}

func TestLossIsConcealedAndFadesToSilence(t *testing.T) {
	j := newJitterBuffer(8000)
	packets := stream(10, func(int) time.Duration { return 0 })
	heard := replay(j, packets, 400*time.Millisecond)
	loud := func(f []int16) (sum int) {
		for _, s := range f {
			sum += max(int(s), -int(s))
		}
		return sum
	}
	last := len(heard) - 1
	for heard[last][0] == 0 && last > 0 {
		last--
	}
	if last == len(heard)-1 {
		t.Fatal("never falls silent")
	}
	if last < 12 || loud(heard[last]) >= loud(heard[last-2]) {
		t.Errorf("frames %d…%d do not fade", last-2, last)
	}
}

func TestAnyPacketLengthIsTaken(t *testing.T) {
	for _, n := range []int{80, 240, 320, 480, 1000, 4000} {
		j := newJitterBuffer(8000)
		var packets []delivery
		for ts := 0; ts < 16000; ts += n {
			packets = append(packets, delivery{time.Duration(ts) * time.Second / 8000, uint32(ts), n})
		}
		heard := replay(j, packets, 2*time.Second)
		if whole := inOrder(heard); n <= 480 && whole < 90 {
			t.Errorf("%d samples a packet: %d of %d frames whole", n, whole, len(heard))
		}
	}
}

func TestASenderThatBeginsAnewIsFollowed(t *testing.T) {
	j := newJitterBuffer(8000)
	packets := stream(100, func(int) time.Duration { return 0 })
	for i := range packets[50:] {
		packets[50+i].ts += 3_000_000_000
	}
	heard := replay(j, packets, 2*time.Second)
	if whole := inOrder(heard); whole < 90 {
		t.Errorf("%d of %d frames whole", whole, len(heard))
	}
}

func TestClockDriftIsFollowed(t *testing.T) {
	for _, drift := range []float64{0.999, 1.001} {
		j := newJitterBuffer(8000)
		packets := stream(30_000, func(i int) time.Duration { return time.Duration(float64(i) * 20e6 * (drift - 1)) })
		heard := replay(j, packets, 10*time.Minute)
		if whole := inOrder(heard); whole < 29_900 {
			t.Errorf("drift %v: %d of %d frames whole", drift, whole, len(heard))
		}
	}
}

func FuzzJitter(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 250, 251, 252, 9, 9, 9})
	f.Fuzz(func(t *testing.T, script []byte) {
		j := newJitterBuffer(8000)
		out := make([]int16, 160)
		ts := uint32(0xffffff00)
		for _, b := range script {
			switch {
			case b < 100:
				j.get(out)
			case b < 200:
				ts += uint32(b-100) * 16
				j.put(ts, ramp(ts, 160))
			default:
				j.put(ts-uint32(b)*100_000, ramp(ts, int(b)*10))
			}
			if j.depth() < 0 || j.depth() > len(j.ring) {
				t.Fatalf("delay %d samples", j.depth())
			}
			for _, s := range out {
				if s == hole {
					t.Fatal("a hole was played")
				}
			}
		}
	})
}
