package e2e

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	sipphone "tandem/sipmedia/phone"
	"tandem/workflows/simulate/simulatetest"
)

// What the sounds of a rehearsal consist of. In 20 ms each of these tones makes
// whole waves, so that none is taken for another.
const (
	markTone   = 1400.0
	loopTone   = 1800.0
	keepTone   = 2200.0
	bodyTone   = 1000.0
	talkTone   = 700.0
	spokenTone = 500.0
	toneLevel  = -10.0 // dBm0
	markTime   = 400 * time.Millisecond
	// heardLate is how long after its beginning a caller knows a sound: jitter
	// buffer, and two frames to be sure.
	heardLate = 80 * time.Millisecond
)

// sound is the file of a sound.
func sound(s simulatetest.Sound) []byte {
	switch {
	case s.Length == 0:
		return []byte("this is no audio")
	case s.Listen == simulatetest.Looped:
		return audio.Tone(8000, s.Length, toneLevel, loopTone).WAV()
	case s.Listen == simulatetest.Marked, s.Listen == simulatetest.Kept:
		mark := map[simulatetest.Listen]float64{simulatetest.Marked: markTone, simulatetest.Kept: keepTone}[s.Listen]
		clip := audio.Tone(8000, markTime, toneLevel, mark)
		clip.Samples = append(clip.Samples, audio.Tone(8000, s.Length-markTime, toneLevel, bodyTone).Samples...)
		return clip.WAV()
	}
	return audio.Tone(8000, s.Length, toneLevel, bodyTone).WAV()
}

// actor is the caller of a scenario on a real phone. All it knows of the flow
// is what it hears.
type actor struct {
	ctx     context.Context // ends when the call has long gone another way
	sc      flow.Scenario
	leg     *sipphone.Call
	dialled time.Time
	ear     *toneEar
	used    int // keyings
	keying  context.CancelFunc
	left    *atomic.Int32 // keys of a keying that are still to be pressed
}

func newActor(ctx context.Context, sc flow.Scenario, leg *sipphone.Call, dialled time.Time) *actor {
	a := &actor{ctx: ctx, sc: sc, leg: leg, dialled: dialled, ear: newToneEar(), keying: func() {}, left: new(atomic.Int32)}
	leg.Listen(a.ear)
	return a
}

// act calls until the call is over.
func (a *actor) act() {
	defer func() { a.keying() }()
	patience := never
	if a.sc.GiveUp > 0 {
		patience = time.Until(a.dialled.Add(a.sc.GiveUp.Std()))
	}
	end := time.NewTimer(patience) // of patience, or of the talk
	defer end.Stop()
	for {
		select {
		case set := <-a.ear.sets:
			switch set.tone {
			case markTone, loopTone:
				a.prompted(set)
			case keepTone:
				if a.left.Load() == 0 {
					a.prompted(set)
				}
			case talkTone:
				a.keying()
				end.Stop()
				if a.sc.HangUpBy != "callee" {
					end.Reset(a.sc.TalkFor.Std())
				}
			}
		case <-end.C:
			a.leg.Hangup()
		case <-a.leg.Done():
			return
		case <-a.ctx.Done():
			a.leg.Hangup()
			return
		}
	}
}

const never = time.Hour

// prompted keys what the next keying says, and no more of the one before.
func (a *actor) prompted(by heardSet) {
	a.keying()
	left := new(atomic.Int32)
	a.left = left
	if a.used >= len(a.sc.Keys) {
		return
	}
	k := a.sc.Keys[a.used]
	a.used++
	ctx, cancel := context.WithCancel(a.ctx)
	a.keying = cancel
	left.Store(int32(len(k.Digits)))
	heard := time.Now().Add(-heardLate - by.ago)
	go func() {
		for i, digit := range []byte(k.Digits) {
			if !until(ctx, heard.Add((k.After + call.Duration(i)*k.Gap).Std())) {
				return
			}
			left.Add(-1)
			key, err := dtmf.ParseKey(digit)
			if err != nil || a.leg.SendKey(ctx, key) != nil {
				return // the call is over
			}
		}
	}()
}

func until(ctx context.Context, at time.Time) bool {
	t := time.NewTimer(time.Until(at))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// toneEar is a Sink that tells when a tone sets in after another one. Silence
// between does not count: audio that falters on a busy machine begins nothing.
// A mark that is longer than a mark is one that was cut and began again.
type toneEar struct {
	sets  chan heardSet
	tones [5]heardTone
	last  float64
}

// heardSet is the beginning of a tone.
type heardSet struct {
	tone float64
	ago  time.Duration // that it took to be sure, more than the usual heardLate
}

type heardTone struct {
	freq, coeff float64
	frames      int // in a row in which it was heard
}

// markFrames is how many frames a mark has. With three more it was two.
const markFrames = int(markTime / (20 * time.Millisecond))

// twice tells whether what was heard is a mark that was cut, and a whole one.
func (t *heardTone) twice() bool {
	return (t.freq == markTone || t.freq == keepTone) && t.frames > markFrames+sure
}

func newToneEar() *toneEar {
	e := &toneEar{sets: make(chan heardSet, 64)}
	for i, f := range []float64{markTone, loopTone, keepTone, talkTone, bodyTone} {
		e.tones[i] = heardTone{freq: f, coeff: 2 * math.Cos(2*math.Pi*f/8000)}
	}
	return e
}

// A tone is heard above loud in two frames in a row.
const (
	loud = 2500.0
	sure = 2
)

// WriteFrame implements codec.Sink.
func (e *toneEar) WriteFrame(f *codec.Frame) error {
	for i := range e.tones {
		t := &e.tones[i]
		if t.level(f.Samples) < loud {
			if t.twice() {
				e.tell(heardSet{t.freq, markTime})
			}
			t.frames = 0
			continue
		}
		if t.frames++; t.frames < sure || t.freq == e.last {
			continue
		}
		e.last = t.freq
		e.tell(heardSet{tone: t.freq})
	}
	return nil
}

func (e *toneEar) tell(set heardSet) {
	select {
	case e.sets <- set:
	default: // nobody acts any more
	}
}

// level is the amplitude of a tone in a frame, by Goertzel's algorithm.
func (t *heardTone) level(samples []int16) float64 {
	s1, s2 := 0.0, 0.0
	for _, v := range samples {
		s1, s2 = float64(v)+t.coeff*s1-s2, s1
	}
	return 2 * math.Sqrt(max(s1*s1+s2*s2-t.coeff*s1*s2, 0)) / float64(len(samples))
}

func TestAnEarHearsASoundThatIsCutByItself(t *testing.T) {
	kept := simulatetest.Sound{Listen: simulatetest.Kept, Length: time.Second}
	whole, err := audio.ReadWAV(sound(kept), 8000)
	if err != nil {
		t.Fatal(err)
	}
	const frame = 160
	cut := whole.Samples[:10*frame] // 200 ms: half a mark
	ear := newToneEar()
	for _, samples := range [][]int16{cut, whole.Samples} {
		for len(samples) >= frame {
			if err := ear.WriteFrame(&codec.Frame{Rate: 8000, Samples: samples[:frame]}); err != nil {
				t.Fatal(err)
			}
			samples = samples[frame:]
		}
	}
	close(ear.sets)
	var heard []heardSet
	for set := range ear.sets {
		heard = append(heard, set)
	}
	want := []heardSet{{tone: keepTone}, {keepTone, markTime}, {tone: bodyTone}}
	slices.SortFunc(heard, func(a, b heardSet) int { return cmp.Compare(b.tone, a.tone) })
	if !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
}
