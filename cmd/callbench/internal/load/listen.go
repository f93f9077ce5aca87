package load

import (
	"context"
	"errors"
	"time"

	"tandem/cmd/callbench/internal/gauge"
	"tandem/cmd/callbench/internal/pump"
)

// ear hears one call of the engine's own audio. The pump's thread fills it;
// it is read after its stream has closed, except for first.
type ear struct {
	spectra bool          // also take spectra (menus), not only loudness
	first   chan struct{} // closed at the first frame that is not silent
	frames  []frame       // only with spectra
	sound   time.Time     // when the first such frame came
	last    pump.Packet
	off     gauge.Hist // how far each packet came off its 20 ms
	lost    uint64
	packets uint64
}

func newEar(spectra bool) *ear { return &ear{spectra: spectra, first: make(chan struct{})} }

// Hear takes one packet (see pump.Ear).
func (e *ear) Hear(p pump.Packet) {
	if p.Type != 0 || len(p.Payload) == 0 {
		return
	}
	e.packets++
	f := frame{at: p.At}
	if e.packets > 1 {
		step := p.Time - e.last.Time
		f.jump = p.Marker || p.SSRC != e.last.SSRC || step != uint32(len(e.last.Payload))
		if !f.jump {
			want := time.Duration(step) * time.Second / 8000
			e.off.Add((p.At.Sub(e.last.At) - want).Abs())
		}
		if gap := p.Seq - e.last.Seq; gap > 1 && gap < 1000 && p.SSRC == e.last.SSRC {
			e.lost += uint64(gap - 1)
		}
	}
	e.last = p
	var pcm [960]float64
	n := min(len(p.Payload), len(pcm))
	for i, b := range p.Payload[:n] {
		pcm[i] = ulaw[b]
	}
	f.silent = loudness(pcm[:n]) < silentBelow
	if !f.silent && e.sound.IsZero() {
		e.sound = p.At
		close(e.first)
	}
	if !e.spectra || len(e.frames) == memory {
		return
	}
	if !f.silent {
		f.spectrum = spectrumOf(pcm[:n])
	}
	e.frames = append(e.frames, f)
}

// promptCall listens to an engine that answers and plays.
func (r *rig) promptCall(ctx context.Context, a *attempt) error {
	return r.hearCall(ctx, a, false, nil)
}

// menuCall lets the menu speak, presses the key and listens for what follows.
func (r *rig) menuCall(ctx context.Context, a *attempt) error {
	return r.hearCall(ctx, a, true, func(ctx context.Context, s *pump.Stream) (time.Time, error) {
		timer := time.NewTimer(learn + 100*time.Millisecond)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return time.Time{}, context.Cause(ctx)
		case <-timer.C:
		}
		sent, err := s.SendKey(r.opt.Key)
		if err != nil {
			return time.Time{}, err
		}
		select {
		case at, ok := <-sent:
			if !ok {
				return time.Time{}, errors.New("the engine takes no RFC 4733 keys")
			}
			return at, nil
		case <-ctx.Done():
			return time.Time{}, context.Cause(ctx)
		}
	})
}

// hearCall places a call and listens; press, if any, acts after first audio.
func (r *rig) hearCall(ctx context.Context, a *attempt, spectra bool, press func(context.Context, *pump.Stream) (time.Time, error)) error {
	defer r.forget(a)
	e := newEar(spectra)
	s, err := r.pump.Open(r.opt.From.Addr(), a.number, pump.Caller, e)
	if err != nil {
		return err
	}
	key, err := r.hearOut(ctx, a, s, e, press)
	t := s.Close()
	r.mu.Lock()
	r.media.Received += t.Received
	r.media.Expected += e.packets + e.lost
	r.media.Unique += e.packets
	r.histOf("spacing").Merge(&e.off)
	r.mu.Unlock()
	r.note("invite_audio", a.invited, e.sound)
	if err != nil || press == nil {
		return err
	}
	stopped, next, ok := afterKey(e.frames, key)
	if !ok {
		return errNoPrompt
	}
	r.noteSpan("key_stop", stopped)
	r.noteSpan("key_prompt", next)
	return nil
}

func (r *rig) hearOut(ctx context.Context, a *attempt, s *pump.Stream, e *ear, press func(context.Context, *pump.Stream) (time.Time, error)) (key time.Time, err error) {
	call, err := r.dial(ctx, a, s.Local())
	if err != nil {
		return key, err
	}
	if err := s.Start(call.Remote.Media, pump.Silence, call.Remote.KeysPT); err != nil {
		return key, errors.Join(err, r.hangup(call))
	}
	timer := time.NewTimer(audioWait)
	defer timer.Stop()
	select {
	case <-e.first:
	case <-timer.C:
		return key, errors.Join(errNoAudio, r.hangup(call))
	case <-ctx.Done():
		return key, errors.Join(context.Cause(ctx), r.hangup(call))
	}
	if press != nil {
		if key, err = press(ctx, s); err != nil {
			return key, errors.Join(err, r.hangup(call))
		}
	}
	return key, r.stayAndEnd(ctx, call, r.hold(), nil)
}
