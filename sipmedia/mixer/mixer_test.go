package mixer

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"tandem/sipmedia/codec"
)

// party is a seat with its slot on the wheel of an imagined shard.
type party struct {
	*Seat
	slot int64
	rate int
	said map[int64][]int16 // by round
	out  []int16
}

func sit(t testing.TB, m *Mixer, slot int64, rate int) *party {
	t.Helper()
	s, err := m.Join()
	if err != nil {
		t.Fatal(err)
	}
	return &party{Seat: s, slot: slot, rate: rate, said: map[int64][]int16{}}
}

// turn is a party's turn at a tick: it says samples and hears the room.
func (p *party) turn(tick int64, samples []int16) []int16 {
	p.said[tick/round] = samples
	p.Say(tick, &codec.Frame{Rate: p.rate, Samples: samples})
	f := codec.NewFrame(p.rate)
	p.Hear(tick, &f)
	p.out = append(p.out, f.Samples...)
	return f.Samples
}

func noise(random *rand.Rand, n, loud int) []int16 {
	out := make([]int16, n)
	for i := range out {
		out[i] = int16(random.IntN(2*loud+1) - loud)
	}
	return out
}

func TestEachHearsTheSumOfAllOthers(t *testing.T) {
	for _, rate := range []int{narrowRate, wideRate} {
		for n := range 24 {
			eachHearsTheOthers(t, rate, n+1)
		}
	}
}

func eachHearsTheOthers(t *testing.T, rate, n int) {
	t.Helper()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	parties := make([]*party, n)
	for i := range parties {
		parties[i] = sit(t, m, random.Int64N(round), rate)
	}
	for tick := int64(1000); tick < 1000+12*round; tick++ {
		for _, i := range random.Perm(n) { // shards do not agree on an order
			p := parties[i]
			if tick%round != p.slot {
				continue
			}
			got := p.turn(tick, noise(random, rate/50, 900))
			for at, want := range sumOfOthers(parties, p, (tick-slack-round)/round) {
				if diff := int(got[at]) - want; diff < -1 || diff > 1 {
					t.Fatalf("seed %d, %d parties of %d Hz, tick %d: sample %d is %d, want %d", seed, n, rate, tick, at, got[at], want)
				}
			}
		}
	}
}

func sumOfOthers(all []*party, but *party, r int64) []int {
	sum := make([]int, but.rate/50)
	for _, p := range all {
		for i, s := range p.said[r] {
			if p != but {
				sum[i] += int(s)
			}
		}
	}
	return sum
}

func TestAShardThatRunsBehindLosesNothing(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	late, prompt := sit(t, m, 19, narrowRate), sit(t, m, slack, narrowRate)
	random := rand.New(rand.NewPCG(1, 2))
	for r := int64(10); r < 20; r++ {
		last := (r-1)*round + late.slot
		if r > 10 {
			late.turn(last, noise(random, 160, 900)) // its tick was over 5 ms ago on the other shard
		}
		got := prompt.turn(r*round+prompt.slot, noise(random, 160, 900))
		for i, want := range sumOfOthers([]*party{late, prompt}, prompt, r-1) {
			if int(got[i]) != want {
				t.Fatalf("round %d, sample %d is %d, want %d", r, i, got[i], want)
			}
		}
	}
}

func TestTooLoudIsBentAndNeverWrapsAround(t *testing.T) {
	last := int16(math.MinInt16)
	for sum := int32(-Max << 15); sum <= Max<<15; sum += 97 {
		got := bend(sum)
		if got < last {
			t.Fatalf("%d becomes %d, less than what is quieter", sum, got)
		}
		if sum >= -knee && sum <= knee && int32(got) != sum {
			t.Fatalf("%d is not loud and becomes %d", sum, got)
		}
		if (sum > 0) != (got > 0) && sum != 0 {
			t.Fatalf("%d becomes %d", sum, got)
		}
		last = got
	}
	if bend(math.MaxInt32) > math.MaxInt16-1 || bend(-math.MaxInt32) < -math.MaxInt16+1 {
		t.Errorf("the loudest become %d and %d", bend(math.MaxInt32), bend(-math.MaxInt32))
	}
}

func TestNarrowAndWideHearEachOther(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	narrow, wide, other := sit(t, m, 3, narrowRate), sit(t, m, 11, wideRate), sit(t, m, 17, narrowRate)
	tones := map[*party]float64{narrow: 500, wide: 900, other: 1300}
	for tick := int64(0); tick < 60*round; tick++ {
		for _, p := range []*party{narrow, wide, other} {
			if tick%round == p.slot {
				p.turn(tick, tone(tones[p], p.rate, tick/round))
			}
		}
	}
	for listener := range tones {
		for speaker, freq := range tones {
			level := strength(listener.out[len(listener.out)/3:], listener.rate, freq)
			if speaker == listener && level > 10 {
				t.Errorf("who sits at %d Hz hears itself: %.1f", listener.rate, level)
			}
			if speaker != listener && math.Abs(level-3000) > 100 {
				t.Errorf("at %d Hz the tone of %.0f Hz has amplitude %.1f, want 3000", listener.rate, freq, level)
			}
		}
	}
}

// tone is 20 ms of a sine of amplitude 3000, in phase with the rounds before.
func tone(freq float64, rate int, r int64) []int16 {
	out := make([]int16, rate/50)
	for i := range out {
		out[i] = int16(math.Round(3000 * math.Sin(2*math.Pi*freq*float64(int(r)*len(out)+i)/float64(rate))))
	}
	return out
}

// strength is the amplitude of a tone that fits a whole number of times.
func strength(samples []int16, rate int, freq float64) float64 {
	var re, im float64
	for i, s := range samples {
		w := 2 * math.Pi * freq * float64(i) / float64(rate)
		re, im = re+float64(s)*math.Cos(w), im+float64(s)*math.Sin(w)
	}
	return 2 * math.Hypot(re, im) / float64(len(samples))
}

func TestWhoIsMutedIsNotHeardAndStillHears(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	a, b := sit(t, m, 6, narrowRate), sit(t, m, 7, narrowRate)
	a.Mute(true)
	for r := int64(0); r < 4; r++ {
		a.turn(r*round+a.slot, tone(500, narrowRate, r))
		b.turn(r*round+b.slot, tone(900, narrowRate, r))
	}
	if level := strength(b.out, narrowRate, 500); level > 1 {
		t.Errorf("the muted party is heard at %.1f", level)
	}
	if level := strength(a.out[160:], narrowRate, 900); level < 2900 {
		t.Errorf("the muted party hears the other at %.1f", level)
	}
}

func TestEverybodyHearsATone(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	a, b := sit(t, m, 6, narrowRate), sit(t, m, 7, wideRate)
	var beep []int16
	for r := range int64(10) {
		beep = append(beep, tone(1000, narrowRate, r)...)
	}
	m.Tone(beep)
	for r := int64(0); r < 14; r++ {
		a.turn(r*round+a.slot, make([]int16, 160))
		b.turn(r*round+b.slot, make([]int16, 320))
	}
	for _, p := range []*party{a, b} {
		frame := p.rate / 50
		if level := strength(p.out[3*frame:9*frame], p.rate, 1000); math.Abs(level-3000) > 100 {
			t.Errorf("at %d Hz the tone has amplitude %.1f", p.rate, level)
		}
		if level := strength(p.out[12*frame:], p.rate, 1000); level > 30 {
			t.Errorf("at %d Hz the tone goes on at %.1f", p.rate, level)
		}
	}
}

func TestTonesOfManyDoNotPileUp(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	a := sit(t, m, 6, narrowRate)
	for range Max {
		m.Tone(tone(1000, narrowRate, 0))
	}
	for r := int64(0); r < 60; r++ {
		a.turn(r*round+a.slot, make([]int16, 160))
	}
	if level := strength(a.out[55*160:], narrowRate, 1000); level > 1 {
		t.Errorf("a second later the tones of %d comers go on at %.1f", Max, level)
	}
}

func TestARoomHasSeatsFor200(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var first *Seat
	for i := range Max {
		s, err := m.Join()
		if err != nil {
			t.Fatalf("seat %d: %v", i+1, err)
		}
		if first == nil {
			first = s
		}
	}
	if _, err := m.Join(); !errors.Is(err, ErrFull) {
		t.Errorf("one more seat: %v", err)
	}
	first.Leave()
	first.Leave()
	if _, err := m.Join(); err != nil {
		t.Errorf("after one has left: %v", err)
	}
	if _, err := m.Join(); !errors.Is(err, ErrFull) {
		t.Errorf("a seat left twice counts twice: %v", err)
	}
}

func TestASeatThatIsLeftIsDeafAndDumb(t *testing.T) {
	m, err := New()
	if err != nil {
		t.Fatal(err)
	}
	a, b := sit(t, m, 6, narrowRate), sit(t, m, 7, narrowRate)
	a.Leave()
	for r := int64(0); r < 4; r++ {
		a.turn(r*round+a.slot, tone(500, narrowRate, r))
		b.turn(r*round+b.slot, tone(900, narrowRate, r))
	}
	if x, y := strength(b.out, narrowRate, 500), strength(a.out, narrowRate, 900); x > 0 || y > 0 {
		t.Errorf("who left is heard at %.1f and hears at %.1f", x, y)
	}
}

func TestATurnAllocatesNothing(t *testing.T) {
	r := newBenchRoom(t, 10, narrowRate, wideRate)
	r.round()
	if n := testing.AllocsPerRun(100, r.round); n != 0 {
		t.Errorf("a round allocates %.0f times", n)
	}
}
