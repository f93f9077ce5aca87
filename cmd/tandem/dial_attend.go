package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/phone"
)

// attend follows a call to its end: it speaks, listens, keys, and hangs up
// when the time is over.
func (h *handset) attend(ctx context.Context, c *phone.Call) error {
	ear := newHearing(h.stay, h.hearFile != "", h.events)
	c.Listen(ear)
	if h.voice != nil {
		c.Speak(h.voice)
	}
	over := time.NewTimer(h.stay)
	defer over.Stop()
	keying, stopKeying := context.WithCancel(ctx)
	var keys sync.WaitGroup
	answered := false
	for ended := false; !ended; {
		select {
		case e, more := <-c.Events():
			if !more {
				ended = true
				break
			}
			if e.Kind == phone.Answered && !answered {
				answered = true
				over.Reset(h.stay)
				keys.Go(func() { h.key(keying, c, ear) })
			}
			h.tell(e)
		case <-over.C:
			c.Hangup()
		case <-ctx.Done():
			c.Hangup()
			ctx = context.WithoutCancel(ctx) // once; Ended follows, bounded by SIP's own timers
		}
	}
	stopKeying()
	keys.Wait()
	return h.report(c, ear, answered)
}

// tell prints what happened on the line. Ended is printed by report.
func (h *handset) tell(e phone.Event) {
	switch e.Kind {
	case phone.Ended:
	case phone.KeyHeard:
		h.events.emit("key-heard", field{"key", e.Key.String()})
	case phone.Ringing, phone.EarlyMedia:
		h.events.emit(string(e.Kind), field{"status", e.Status})
	default:
		h.events.emit(string(e.Kind))
	}
}

// key works through the key script once something has been heard.
func (h *handset) key(ctx context.Context, c *phone.Call, ear *hearing) {
	if len(h.keys) == 0 {
		return
	}
	select {
	case <-ear.first:
	case <-time.After(firstAudio):
	case <-ctx.Done():
		return
	}
	steps := append([]keyStep{{pause: settle}}, h.keys...)
	for _, s := range steps {
		if s.key == 0 {
			select {
			case <-time.After(s.pause):
			case <-ctx.Done():
				return
			}
			continue
		}
		k, err := dtmf.ParseKey(s.key)
		if err == nil {
			err = c.SendKey(ctx, k)
		}
		if err != nil {
			h.events.emit("key-failed", field{"why", err.Error()})
			return
		}
		h.events.emit("key-sent", field{"key", string(s.key)})
	}
}

// report prints the sum of the call and returns its outcome.
func (h *handset) report(c *phone.Call, ear *hearing, answered bool) error {
	end, m := c.End(), c.Report()
	ear.finish()
	cause := dialCause(end, answered, h.number == "")
	h.events.emit("media", field{"codec", m.Codec}, field{"sent", m.Sent}, field{"received", m.Received}, field{"lost", m.Lost},
		field{"jitter_ms", ms(m.Jitter)}, field{"longest_gap_ms", ms(m.LargestGap)}, field{"heard_ms", ear.heard().Milliseconds()},
		field{"tones", ear.sum()})
	if err := ear.write(h.hearFile); err != nil {
		return &exitError{exitUsage, err}
	}
	code := dialExit(answered, cause)
	h.events.emit("ended", field{"answered", answered}, field{"status", end.Status}, field{"cause", string(cause)},
		field{"text", cause.Text()}, field{"by_peer", end.ByPeer}, field{"exit", code})
	if code != 0 {
		return &exitError{code: code}
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// hearing is the ear of a handset: it names the tones of every second, and
// keeps what was heard when somebody wants the file.
type hearing struct {
	events *dialEvents
	first  chan struct{} // closed when the first frame came
	once   sync.Once

	mu      sync.Mutex
	total   int
	second  []int16        // the second being heard
	told    string         // the tones told last
	seconds map[string]int // seconds each tone was heard for
	keep    *audio.Capture // nil: nothing is kept
}

// keptMost bounds what --hear keeps in memory: 115 MB.
const keptMost = 2 * time.Hour

func newHearing(stay time.Duration, keep bool, events *dialEvents) *hearing {
	l := &hearing{events: events, first: make(chan struct{}), seconds: map[string]int{}}
	if keep {
		l.keep = audio.NewCapture(phoneRate, min(2*stay+time.Minute, keptMost))
	}
	return l
}

// WriteFrame implements codec.Sink.
func (l *hearing) WriteFrame(f *codec.Frame) error {
	l.once.Do(func() { close(l.first) })
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total += len(f.Samples)
	l.second = append(l.second, f.Samples...)
	if len(l.second) >= f.Rate {
		l.tones(audio.Clip{Rate: f.Rate, Samples: l.second})
		l.second = l.second[:0]
	}
	if l.keep != nil {
		return l.keep.WriteFrame(f)
	}
	return nil
}

// tones looks for tones in one second and tells when they changed.
func (l *hearing) tones(c audio.Clip) {
	text := ""
	for _, t := range findTones(c) {
		name := fmt.Sprintf("%d", t.hz)
		l.seconds[name]++
		text += name + " "
	}
	if text == l.told {
		return
	}
	l.told = text
	heard := map[string]float64{}
	for _, t := range findTones(c) {
		heard[fmt.Sprintf("%d", t.hz)] = t.level
	}
	l.events.emit("heard", field{"tones", heard})
}

// finish counts the rest of less than a second, when there is enough to tell.
func (l *hearing) finish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.second) >= phoneRate/4 {
		l.tones(audio.Clip{Rate: phoneRate, Samples: l.second})
	}
	l.second = nil
}

// sum is how many seconds each tone was heard for, by Hz.
func (l *hearing) sum() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seconds
}

func (l *hearing) heard() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Duration(l.total) * time.Second / phoneRate
}

// write stores what was kept.
func (l *hearing) write(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if name == "" || l.keep == nil {
		return nil
	}
	if err := os.WriteFile(name, l.keep.Clip().WAV(), 0o600); err != nil {
		return errors.Join(errors.New("--hear"), err)
	}
	return nil
}
