// Package audio holds sound in memory: WAV files read and written, tones made and recognised.
//
// It never opens a file or a socket, and never trusts a length that a file states about itself.
package audio

import (
	"errors"
	"io"
	"time"

	"tandem/sipmedia/codec"
)

// ErrRate says that a source was asked for a rate it does not have.
var ErrRate = errors.New("audio: clip has another sampling rate")

// Clip is sound in memory: mono linear PCM. It may be played by many at once and must not be changed meanwhile.
type Clip struct {
	Rate    int // samples a second
	Samples []int16
}

// Duration is how long the clip sounds.
func (c Clip) Duration() time.Duration {
	if c.Rate == 0 {
		return 0
	}
	return time.Duration(len(c.Samples)) * time.Second / time.Duration(c.Rate)
}

// Source plays the clip from its beginning, once or for ever. It gives only the clip's own rate, else ErrRate; an empty
// clip ends at once, also in a loop.
func (c Clip) Source(loop bool) codec.Source { return &clipSource{clip: c, loop: loop} }

type clipSource struct {
	clip Clip
	at   int
	loop bool
}

func (s *clipSource) ReadFrame(f *codec.Frame) error {
	if f.Rate != s.clip.Rate {
		return ErrRate
	}
	n := 0
	for n < len(f.Samples) {
		if s.at == len(s.clip.Samples) {
			if !s.loop || s.at == 0 {
				break
			}
			s.at = 0
		}
		copied := copy(f.Samples[n:], s.clip.Samples[s.at:])
		n, s.at = n+copied, s.at+copied
	}
	if n == 0 {
		return io.EOF
	}
	clear(f.Samples[n:])
	return nil
}

// Capture is a Sink that keeps what it hears, up to a limit; then it returns io.ErrShortWrite.
type Capture struct {
	clip  Clip
	limit int
}

// NewCapture makes room for d of sound at rate, so that writing never allocates.
func NewCapture(rate int, d time.Duration) *Capture {
	limit := int(d * time.Duration(rate) / time.Second)
	return &Capture{clip: Clip{Rate: rate, Samples: make([]int16, 0, limit)}, limit: limit}
}

// WriteFrame implements codec.Sink.
func (c *Capture) WriteFrame(f *codec.Frame) error {
	if f.Rate != c.clip.Rate {
		return ErrRate
	}
	if len(c.clip.Samples)+len(f.Samples) > c.limit {
		return io.ErrShortWrite
	}
	c.clip.Samples = append(c.clip.Samples, f.Samples...)
	return nil
}

// Clip is what was heard. Call it only when nobody writes any more.
func (c *Capture) Clip() Clip { return c.clip }
