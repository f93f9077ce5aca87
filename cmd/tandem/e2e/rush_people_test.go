package e2e

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	sipphone "tandem/sipmedia/phone"
)

// Who sounds how: in 20 ms each of these tones makes whole waves, so that none is
// taken for another.
const (
	rushMusic  = 350.0
	firstVoice = 500.0 // of caller 0
	firstStaff = 3000.0
	voiceStep  = 50.0
)

func voiceOf(n int) float64      { return firstVoice + voiceStep*float64(n) }
func staffTone(n int) float64    { return firstStaff + voiceStep*float64(n) }
func memberID(n int) string      { return fmt.Sprintf("rush-%d", n) }
func rushNumber(n int) string    { return fmt.Sprintf("+467000010%02d", n) }
func isMember(tone float64) bool { return tone >= firstStaff }

// How a visit ended.
const (
	talkedWith = "talked"
	timedOut   = "was sent away"
	gaveUp     = "gave up"
)

const (
	crossing  = time.Second     // within which an answer and a hang-up pass each other
	heardSoon = 2 * time.Second // in which the music is heard, on a busy machine
	endSoon   = 15 * time.Second
)

// visit is one call, as its caller tells.
type visit struct {
	caller                   int
	dialled, answered, ended time.Time
	how                      string
	heard                    []float64
	entry                    call.LedgerEntry
}

// talked is one conversation, as its member tells.
type talked struct {
	member, caller int
	began, ended   time.Time
	heard          []float64
	partners       int // callers who tell the same
}

// visitor is somebody who calls until the time is over.
func (r *rush) visitor(n int) {
	chance := drawn(1, uint64(n))
	pause := between(chance, [2]time.Duration{0, r.pace.lasts / 6})
	for until(r.t.Context(), time.Now().Add(pause)) && time.Now().Before(r.closing) {
		patience := never
		if chance.IntN(3) == 0 {
			patience = between(chance, r.pace.patience)
		}
		v, err := r.visit(n, patience, between(chance, r.pace.talk), chance.IntN(3) > 0)
		if err != nil {
			r.t.Errorf("%s: %v", rushNumber(n), err)
			return
		}
		r.mu.Lock()
		r.visits = append(r.visits, v)
		r.mu.Unlock()
		pause = between(chance, r.pace.pause)
	}
}

// visit is one call. Who does not hang up first waits for the member to do so.
func (r *rush) visit(n int, patience, talk time.Duration, hangsUp bool) (*visit, error) {
	v := &visit{caller: n, dialled: time.Now(), how: timedOut}
	leg, err := r.carrier.Phone.Dial(hotlineNumber, sipphone.DialOptions{Number: rushNumber(n)})
	if err != nil {
		return nil, err
	}
	ear := newRushEar()
	leg.Listen(ear)
	leg.Speak(audio.Pattern{Freqs: []float64{voiceOf(n)}, Level: toneLevel}.Clip(8000).Source(true))
	ends := time.NewTimer(patience)
	defer ends.Stop()
	most := time.NewTimer(time.Duration(r.pace.timeout)*time.Second + 3*r.pace.talk[1] + endSoon)
	defer most.Stop()
	for {
		select {
		case e := <-leg.Events():
			if e.Kind == sipphone.Answered {
				v.answered = e.At
			}
		case tone := <-ear.sets:
			if isMember(tone) && v.how != talkedWith {
				v.how = talkedWith
				ends.Stop()
				if hangsUp {
					ends.Reset(talk)
				}
			}
		case <-ends.C:
			if v.how == timedOut {
				v.how = gaveUp
			}
			leg.Hangup()
		case <-leg.Done():
			v.ended, v.heard = time.Now(), ear.all()
			return v, nil
		case <-most.C:
			leg.Hangup()
			return nil, fmt.Errorf("the call of %v does not end; heard %v", v.dialled.Format(time.TimeOnly), ear.all())
		}
	}
}

// serves is a member at work.
func (r *rush) serves(n int, over <-chan struct{}) {
	chance := drawn(2, uint64(n))
	phone := r.members[memberID(n)]
	var free time.Time
	for {
		select {
		case leg := <-phone.Incoming():
			if early := time.Until(free); early > 0 {
				r.t.Errorf("%s is rung %v too early", memberID(n), early)
			}
			mood, after, talk := chance.IntN(10), between(chance, [2]time.Duration{200 * time.Millisecond, 1500 * time.Millisecond}), between(chance, r.pace.talk)
			if d := r.takes(n, leg, mood, after, talk); d != nil {
				free = d.ended.Add(r.pace.wrapUp)
			}
		case <-over:
			return
		}
	}
}

// takes is one call that rings at a member, who answers, declines or is not there.
func (r *rush) takes(n int, leg *sipphone.Call, mood int, after, talk time.Duration) *talked {
	ctx, ended := context.WithCancel(r.t.Context())
	defer ended()
	go func() { <-leg.Done(); ended() }()
	number, _ := leg.From()
	d := &talked{member: n}
	if _, err := fmt.Sscanf(number, "+467000010%02d", &d.caller); err != nil {
		r.t.Errorf("%s is rung for %q: %v", memberID(n), number, err)
	}
	_ = leg.Ring() // the caller may have gone, here and below
	switch {
	case mood == 0:
		<-ctx.Done()
		return nil
	case !until(ctx, time.Now().Add(after)):
		return nil
	case mood == 1:
		_ = leg.Reject(603)
		return nil
	}
	ear := newRushEar()
	leg.Listen(ear)
	leg.Speak(audio.Pattern{Freqs: []float64{staffTone(n)}, Level: toneLevel}.Clip(8000).Source(true))
	if leg.Answer() != nil {
		return nil
	}
	d.began = time.Now()
	r.converses(n, leg, talk)
	d.ended, d.heard = time.Now(), ear.all()
	r.mu.Lock()
	r.talks = append(r.talks, d)
	r.mu.Unlock()
	return d
}

// converses stays with a call; who has talked twice as long as meant hangs up.
// Nobody else may ring meanwhile.
func (r *rush) converses(n int, leg *sipphone.Call, talk time.Duration) {
	tired := time.NewTimer(2 * talk)
	defer tired.Stop()
	for {
		select {
		case <-leg.Done():
			return
		case <-tired.C:
			leg.Hangup()
		case other := <-r.members[memberID(n)].Incoming():
			number, _ := other.From()
			r.t.Errorf("%s is rung for %s in a talk", memberID(n), number)
			_ = other.Reject(486)
		}
	}
}

// rushEar tells which of the tones of a rush were heard, in order, each once. It
// listens to one frame of four: that is enough, and 60 of them share a machine
// with what they measure.
type rushEar struct {
	sets chan float64

	mu     sync.Mutex
	frames int
	last   int // tone of the frame before
	heard  []float64
}

const (
	earSkips = 4
	deaf     = -1
)

func newRushEar() *rushEar {
	return &rushEar{sets: make(chan float64, mostCallers+mostMembers+1), last: deaf}
}

// rushTones are all that can be heard.
var rushTones = func() []heardTone {
	freqs := []float64{rushMusic}
	for n := range mostCallers {
		freqs = append(freqs, voiceOf(n))
	}
	for n := range mostMembers {
		freqs = append(freqs, staffTone(n))
	}
	var out []heardTone
	for _, f := range freqs {
		out = append(out, heardTone{freq: f, coeff: 2 * math.Cos(2*math.Pi*f/8000)})
	}
	return out
}()

// WriteFrame implements codec.Sink.
func (e *rushEar) WriteFrame(f *codec.Frame) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.frames++; e.frames%earSkips != 0 {
		return nil
	}
	now, most := deaf, loud
	for i, t := range rushTones {
		if level := t.level(f.Samples); level > most {
			now, most = i, level
		}
	}
	before := e.last
	e.last = now
	if now == deaf || now != before || slices.Contains(e.heard, rushTones[now].freq) {
		return nil
	}
	e.heard = append(e.heard, rushTones[now].freq)
	e.sets <- rushTones[now].freq // there is room for each tone once
	return nil
}

func (e *rushEar) all() []float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.heard)
}
