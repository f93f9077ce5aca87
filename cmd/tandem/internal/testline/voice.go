package testline

import (
	"sync"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/ui"
)

// What the mouth holds back. A browser's frames come through TCP, in bursts: two
// are waited for before any is said, and who sends more than fit is brought up
// to date instead of lagging behind for the rest of the call.
const (
	lead = 2  // frames
	room = 10 // frames: 200 ms
)

// mouth is what the caller says, as frames come in. It implements codec.Source.
type mouth struct {
	mu      sync.Mutex
	frames  [room][ui.TestFrame]byte
	first   int
	count   int
	talking bool
}

// say takes one frame. What is none is dropped.
func (m *mouth) say(frame []byte) {
	if len(frame) != ui.TestFrame {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.count == room {
		m.drop(room - lead + 1)
	}
	m.frames[(m.first+m.count)%room] = [ui.TestFrame]byte(frame)
	m.count++
	m.talking = m.talking || m.count >= lead
}

func (m *mouth) drop(frames int) {
	m.first, m.count = (m.first+frames)%room, m.count-frames
}

// ReadFrame implements codec.Source. The lock is held for a copy only.
func (m *mouth) ReadFrame(f *codec.Frame) error {
	if f.Rate != codec.PCMU.ClockRate || len(f.Samples) != ui.TestFrame {
		return audio.ErrRate
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.talking || m.count == 0 {
		m.talking = false
		clear(f.Samples)
		return nil
	}
	codec.PCMU.Decode(f.Samples, m.frames[m.first][:])
	m.drop(1)
	return nil
}

// ear is what the caller hears. It implements codec.Sink.
type ear struct{ heard chan []byte }

func newEar() ear { return ear{make(chan []byte, room)} }

// WriteFrame implements codec.Sink. The oldest frame makes room where nobody
// takes them. Each is allocated, since who takes it keeps it: there are a few
// such ears in a process that carries no other audio.
func (e ear) WriteFrame(f *codec.Frame) error {
	if f.Rate != codec.PCMU.ClockRate || len(f.Samples) != ui.TestFrame {
		return audio.ErrRate
	}
	frame := make([]byte, ui.TestFrame)
	codec.PCMU.Encode(frame, f.Samples)
	for {
		select {
		case e.heard <- frame:
			return nil
		default:
		}
		select {
		case <-e.heard:
		default:
		}
	}
}
