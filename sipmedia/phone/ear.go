package phone

import (
	"sync"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
)

// Ear is a Sink that remembers the last moments of what it heard.
type Ear struct {
	mu    sync.Mutex
	rate  int
	ring  []int16
	heard int // samples since the beginning
	more  chan struct{}
}

// NewEar makes an ear that remembers so long, at 8000 samples a second.
func NewEar(memory time.Duration) *Ear {
	const rate = 8000
	return &Ear{rate: rate, ring: make([]int16, int(memory.Seconds()*rate)), more: make(chan struct{}, 1)}
}

// WriteFrame implements codec.Sink. The lock is held for a copy only.
func (e *Ear) WriteFrame(f *codec.Frame) error {
	if f.Rate != e.rate {
		return audio.ErrRate
	}
	e.mu.Lock()
	for _, s := range f.Samples {
		e.ring[e.heard%len(e.ring)] = s
		e.heard++
	}
	e.mu.Unlock()
	select {
	case e.more <- struct{}{}:
	default:
	}
	return nil
}

// More receives after something new was heard.
func (e *Ear) More() <-chan struct{} { return e.more }

// Heard is how long the ear has been hearing.
func (e *Ear) Heard() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Duration(e.heard) * time.Second / time.Duration(e.rate)
}

// Last is what was heard in the last d, as far as it is remembered.
func (e *Ear) Last(d time.Duration) audio.Clip {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := min(int(d*time.Duration(e.rate)/time.Second), e.heard, len(e.ring))
	out := make([]int16, n)
	for i := range out {
		out[i] = e.ring[(e.heard-n+i)%len(e.ring)]
	}
	return audio.Clip{Rate: e.rate, Samples: out}
}
