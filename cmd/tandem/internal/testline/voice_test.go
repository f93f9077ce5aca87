package testline

import (
	"testing"

	"tandem/sipmedia/codec"
	"tandem/ui"
)

// word is a frame that is known again.
func word(n int) []byte {
	frame := make([]byte, ui.TestFrame)
	for i := range frame {
		frame[i] = byte(n)
	}
	return frame
}

// spoken reads a frame as the code word that it holds; 0 is silence.
func spoken(t *testing.T, m *mouth) int {
	t.Helper()
	f := codec.NewFrame(8000)
	if err := m.ReadFrame(&f); err != nil {
		t.Fatal(err)
	}
	if f.Samples[0] == 0 {
		return 0
	}
	out := make([]byte, 1)
	codec.PCMU.Encode(out, f.Samples[:1])
	return int(out[0])
}

func TestAMouthWaitsForAShortLeadAndThenSpeaksInOrder(t *testing.T) {
	var m mouth
	m.say(word(1))
	if got := spoken(t, &m); got != 0 {
		t.Errorf("it begins with %d, before the lead", got)
	}
	m.say(word(2))
	m.say(word(3))
	for _, want := range []int{1, 2, 3, 0, 0} {
		if got := spoken(t, &m); got != want {
			t.Errorf("it says %d, want %d", got, want)
		}
	}
}

func TestWhatIsSaidTooFastIsDroppedDownToTheNewest(t *testing.T) {
	var m mouth
	for n := 1; n <= room+1; n++ {
		m.say(word(n))
	}
	for _, want := range []int{room, room + 1, 0} {
		if got := spoken(t, &m); got != want {
			t.Errorf("it says %d, want %d", got, want)
		}
	}
}

func TestWhatIsNoFrameIsNotSaid(t *testing.T) {
	var m mouth
	for _, size := range []int{0, 1, ui.TestFrame - 1, ui.TestFrame + 1} {
		m.say(make([]byte, size))
	}
	if m.count != 0 {
		t.Errorf("%d frames are kept", m.count)
	}
}

func TestAMouthAllocatesNothing(t *testing.T) {
	var m mouth
	f, frame := codec.NewFrame(8000), word(1)
	if n := testing.AllocsPerRun(100, func() { m.say(frame); _ = m.ReadFrame(&f) }); n != 0 {
		t.Errorf("%v allocations for a frame", n)
	}
}

func TestAnEarThatNobodyEmptiesKeepsTheNewest(t *testing.T) {
	e, f := newEar(), codec.NewFrame(8000)
	for n := 1; n <= room+3; n++ {
		codec.PCMU.Decode(f.Samples, word(n))
		if err := e.WriteFrame(&f); err != nil {
			t.Fatal(err)
		}
	}
	if first := <-e.heard; len(e.heard) != room-1 || first[0] != 4 {
		t.Errorf("the first of %d frames is %d", len(e.heard)+1, first[0])
	}
}
