package sipmedia

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
)

// sound is what an audio id plays: a file, or the files of a playlist one after
// the other without a gap. It is a source of its own; nobody else reads it.
//
// # Why the first file is enough to begin
//
// A caller must not wait until two hundred songs are decoded. The first is read
// before the sound begins, the others while it plays, and what is still on its
// way when its turn comes is awaited in silence. We turned down reading each song
// when the one before it ends: that would need somebody to wait beside every
// caller who listens.
type sound struct {
	files  []string
	clips  []atomic.Pointer[audio.Clip] // by file; nil: on its way, without samples: missing
	order  []int                        // of the files in this round
	chance *rand.Rand                   // nil: in the order of the list
	swap   func(i, j int)
	loops  bool // the list never ends by itself

	rounds    int // after this one; negative: without end
	place, at int // in the order, and in its clip
	heard     bool
}

var missing audio.Clip // stands for a file that cannot be played

func newSound(list Playlist) *sound {
	s := &sound{files: list.Files, clips: make([]atomic.Pointer[audio.Clip], len(list.Files)), order: make([]int, len(list.Files)), loops: list.Loop}
	for i := range s.order {
		s.order[i] = i
	}
	if list.Shuffle {
		var seed [32]byte
		crand.Read(seed[:]) // never fails: crypto/rand crashes the program instead
		s.chance = rand.New(rand.NewChaCha8(seed))
		s.swap = func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] }
		s.mix()
	}
	return s
}

// repeated plays a clip so many times without a gap; 0 is until it is stopped.
func repeated(clip audio.Clip, times int) codec.Source {
	s := newSound(Playlist{Files: make([]string, 1)})
	s.clips[0].Store(&clip)
	return s.times(times)
}

// mix draws the order of a round. What was heard last does not begin it.
func (s *sound) mix() {
	if s.chance == nil || len(s.order) < 2 {
		return
	}
	last := s.order[len(s.order)-1]
	s.chance.Shuffle(len(s.order), s.swap)
	if s.heard && s.order[0] == last {
		s.swap(0, len(s.order)-1)
	}
}

// times sets how often the sound plays; 0 is until it is stopped.
func (s *sound) times(n int) codec.Source {
	s.rounds = n - 1
	return s
}

// ReadFrame implements codec.Source.
func (s *sound) ReadFrame(f *codec.Frame) error {
	if f.Rate != mediaRate {
		return audio.ErrRate
	}
	n := 0
	for n < len(f.Samples) && s.place < len(s.order) {
		clip := s.clips[s.order[s.place]].Load()
		if clip == nil {
			clear(f.Samples[n:])
			return nil
		}
		copied := copy(f.Samples[n:], clip.Samples[s.at:])
		n, s.at = n+copied, s.at+copied
		if s.at == len(clip.Samples) {
			s.next()
		}
	}
	if n == 0 {
		return io.EOF
	}
	clear(f.Samples[n:])
	return nil
}

// next goes on to the next file, and after the last to the next round, unless in
// this one there was nothing to hear.
func (s *sound) next() {
	s.heard = s.heard || s.at > 0
	s.place, s.at = s.place+1, 0
	if s.place < len(s.order) || s.rounds == 0 || !s.heard {
		return
	}
	s.mix()
	s.place, s.heard = 0, false
	if s.rounds > 0 {
		s.rounds--
	}
}

// source finds audio, a file or a playlist, and hands f on the mailbox what plays
// it so many times; 0 is until it is stopped. An empty id, an empty playlist and
// one of which nothing can be played are errors like any missing audio.
func (c *live) source(id string, times int, f func(codec.Source, error)) {
	c.sound(id, func(s *sound, err error) {
		if err != nil {
			f(nil, err)
			return
		}
		f(s.times(times), nil)
	})
}

// sound finds audio for one who wants to know how it plays.
func (c *live) sound(id string, f func(*sound, error)) {
	if id == "" {
		f(nil, errNoAudio)
		return
	}
	c.workers.Go(func() {
		s, rest, err := c.find(id)
		c.box.post(func() { f(s, err) })
		for _, file := range rest {
			ctx, cancel := context.WithTimeout(c.ctx, c.s.cfg.Waits.Sound)
			c.read(ctx, s, file) // one that is missing is left out
			cancel()
		}
	})
}

// find reads what an id plays up to the first file that can be played, and tells
// which are left to read.
func (c *live) find(id string) (s *sound, rest []int, err error) {
	ctx, cancel := context.WithTimeout(c.ctx, c.s.cfg.Waits.Sound)
	defer cancel()
	list, err := c.s.cfg.Sounds.List(ctx, id)
	if err != nil {
		return nil, nil, fmt.Errorf("audio %s: %w", id, err)
	}
	s, err = newSound(list), errEmpty
	rest = slices.Clone(s.order) // which is the tick's own once it plays
	for len(rest) > 0 && err != nil {
		err = c.read(ctx, s, rest[0])
		rest = rest[1:]
	}
	if err != nil {
		return nil, nil, fmt.Errorf("audio %s: %w", id, err)
	}
	return s, rest, nil
}

// read reads one file of a sound.
func (c *live) read(ctx context.Context, s *sound, file int) error {
	clip, err := c.s.cfg.Sounds.Clip(ctx, s.files[file])
	if err == nil && (clip == nil || clip.Rate != mediaRate || len(clip.Samples) == 0) {
		err = errUnplayable
	}
	if err != nil {
		clip = &missing
	}
	s.clips[file].Store(clip)
	return err
}

// mediaRate is the sampling rate of the codecs there are.
const mediaRate = 8000

var (
	errNoAudio    = errors.New("no audio chosen")
	errEmpty      = errors.New("the playlist is empty")
	errUnplayable = errors.New("empty, or not of 8000 samples a second")
)
