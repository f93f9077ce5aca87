package load

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"tandem/cmd/callbench/internal/agent"
	"tandem/cmd/callbench/internal/pump"
	"tandem/cmd/callbench/internal/wire"
)

// Ways in which an answered call can still be a bad one.
var (
	errDeafCaller = errors.New("the caller heard nothing of the callee")
	errDeafCallee = errors.New("the callee heard nothing of the caller")
	errNoAudio    = errors.New("no audio came")
	errNoPrompt   = errors.New("no other prompt followed the key")
	errEarlyBye   = errors.New("the engine hung up early")
	errNoBye      = errors.New("the engine never hung up")
)

const (
	hangupWait = 10 * time.Second // for the answer to BYE
	audioWait  = 5 * time.Second  // for first audio
)

// dial places a call and notes its signalling. The caller must hang it up.
func (r *rig) dial(ctx context.Context, a *attempt, media netip.AddrPort) (*agent.Call, error) {
	ctx, stop := context.WithTimeout(ctx, r.opt.Setup+r.opt.Ring)
	defer stop()
	call, err := r.caller.Invite(ctx, agent.Spec{
		Target: r.opt.Target, Number: r.opt.Number, From: a.callerID, Login: r.opt.Login,
		SDP: wire.SDP(media, uint64(a.number)),
		OnInvite: func(at time.Time) {
			r.mu.Lock()
			defer r.mu.Unlock()
			a.invited = at
			if r.first.IsZero() {
				r.first = at
			}
			r.last = later(r.last, at)
		},
	})
	t := call.Times
	r.note("invite_100", t.Invite, t.Trying)
	r.note("invite_18x", t.Invite, t.Ringing)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Calls.Resent += t.Resent
	if err != nil {
		return nil, err
	}
	r.report.Calls.Answered++
	r.histOf("invite_200").Add(t.Final.Sub(t.Invite))
	r.stepHist.Add(t.Final.Sub(t.Invite))
	return call, nil
}

// hangup sends BYE; a run that is being stopped still ends its calls.
func (r *rig) hangup(call *agent.Call) error {
	defer call.Release()
	ctx, stop := context.WithTimeout(context.Background(), hangupWait)
	defer stop()
	start := time.Now()
	if err := call.Hangup(ctx); err != nil {
		return err
	}
	r.noteSpan("bye_200", time.Since(start))
	return nil
}

// stay keeps a call for d; the far end's BYE is a failure.
func stay(ctx context.Context, call *agent.Call, d time.Duration) error {
	ctx, stop := context.WithTimeout(ctx, d)
	defer stop()
	if err := call.Wait(ctx); errors.Is(err, agent.ErrHungUp) {
		return errEarlyBye
	} else if err != nil {
		return err
	}
	return nil
}

// stayAndEnd keeps a call, ends both parties' talk, listens for what is under
// way, and hangs up.
func (r *rig) stayAndEnd(ctx context.Context, call *agent.Call, d time.Duration, s *pump.Stream) error {
	r.up.Add(1)
	err := stay(ctx, call, d)
	r.up.Add(-1)
	if err == nil && s != nil {
		s.StopBoth()
		err = stay(context.WithoutCancel(ctx), call, settle)
	}
	if errors.Is(err, errEarlyBye) {
		call.Release()
		return err
	}
	return errors.Join(err, r.hangup(call))
}

// setupCall is a short call of signalling alone.
func (r *rig) setupCall(ctx context.Context, a *attempt) error {
	return r.silentCall(ctx, a, r.opt.Hold)
}

// silentCall names an open port in its SDP, but sends and hears nothing.
func (r *rig) silentCall(ctx context.Context, a *attempt, hold time.Duration) error {
	defer r.forget(a)
	call, err := r.dial(ctx, a, r.quietAddr(pump.Caller))
	if err != nil {
		return err
	}
	return r.stayAndEnd(ctx, call, hold, nil)
}

// bridgeCall is the caller's side of a call between two of our parties.
func (r *rig) bridgeCall(ctx context.Context, a *attempt) error {
	if r.opt.NoRTP {
		return r.silentCall(ctx, a, r.hold())
	}
	defer r.forget(a)
	s, err := r.pump.Open(r.opt.From.Addr(), a.number, pump.Caller, nil)
	if err != nil {
		return err
	}
	err = r.talk(ctx, a, s)
	t := s.Close()
	r.mu.Lock()
	a.callerHeard = t.FirstHeard
	r.media.Merge(t)
	r.mu.Unlock()
	r.note("invite_audio", a.invited, t.FirstHeard)
	if err == nil && t.FirstHeard.IsZero() {
		return errDeafCaller
	}
	return err
}

func (r *rig) talk(ctx context.Context, a *attempt, s *pump.Stream) error {
	call, err := r.dial(ctx, a, s.Local())
	if err != nil {
		return err
	}
	if err := s.Start(call.Remote.Media, pump.Pattern, call.Remote.KeysPT); err != nil {
		return errors.Join(err, r.hangup(call))
	}
	return r.stayAndEnd(ctx, call, r.hold(), s)
}

// answer is the callee's side; it runs once for every call the engine sends.
func (r *rig) answer(ctx context.Context, in *agent.Inbound) {
	// Bounded even if the engine never hangs up.
	ctx, stop := context.WithTimeout(ctx, r.opt.Ring+r.hold()+time.Minute)
	defer stop()
	a := r.find(in.CallerIDs())
	if a != nil {
		r.mu.Lock()
		a.arrived = in.Times.Invite
		r.mu.Unlock()
	}
	err := r.listen(ctx, in, a)
	r.mu.Lock()
	r.report.Calls.Resent += in.Times.Resent
	r.mu.Unlock()
	if err != nil && !errors.Is(err, agent.ErrCancelled) {
		r.fail(a, fmt.Errorf("callee: %w", err))
	}
}

// listen rings, answers and talks until the far end hangs up.
func (r *rig) listen(ctx context.Context, in *agent.Inbound, a *attempt) error {
	if !r.report.Params.RTP {
		if err := in.Ring(ctx, r.opt.Ring); err != nil {
			return err
		}
		if err := in.Answer(ctx, wire.SDP(r.quietAddr(pump.Callee), 1)); err != nil {
			return err
		}
		return untilBye(ctx, in)
	}
	number := uint32(1<<24) + r.nextStranger.Add(1) // a callee nobody is expecting yet
	if a != nil {
		number = a.number
	}
	s, err := r.pump.Open(r.opt.To.Addr(), number, pump.Callee, nil)
	if err != nil {
		return errors.Join(err, in.Reject(ctx, 500, "No Port"))
	}
	if a != nil {
		r.pump.Pair(number)
	}
	err = r.pickUp(ctx, in, s)
	return errors.Join(err, r.judgeCallee(s.Close(), a, in.Times.Final, err == nil))
}

func (r *rig) pickUp(ctx context.Context, in *agent.Inbound, s *pump.Stream) error {
	offer, err := in.Offer()
	if err != nil {
		return errors.Join(err, in.Reject(ctx, 488, "Not Acceptable Here"))
	}
	if err := in.Ring(ctx, r.opt.Ring); err != nil {
		return err
	}
	// Talking begins with the 200, not with its ACK: that is what a person does.
	if err := s.Start(offer.Media, pump.Pattern, offer.KeysPT); err != nil {
		return errors.Join(err, in.Reject(ctx, 488, "Not Acceptable Here"))
	}
	if err := in.Answer(ctx, wire.SDP(s.Local(), 1)); err != nil {
		return err
	}
	return untilBye(ctx, in)
}

// untilBye keeps an answered call until it is hung up on, or time is up.
func untilBye(ctx context.Context, in *agent.Inbound) error {
	err := in.Wait(ctx)
	if errors.Is(err, agent.ErrHungUp) {
		return nil
	}
	end, stop := context.WithTimeout(context.Background(), hangupWait)
	defer stop()
	if errors.Is(err, agent.ErrClosed) {
		return errNoBye // the run is over and the caller has long left
	}
	return errors.Join(errNoBye, err, in.Hangup(end))
}

// judgeCallee books what the callee heard.
func (r *rig) judgeCallee(t *pump.Tally, a *attempt, answered time.Time, talked bool) error {
	r.mu.Lock()
	r.media.Merge(t)
	if t.PairedByAudio {
		r.byAudio++
		a = r.numbers[t.PeerCall]
	}
	if a != nil {
		a.calleeHeard, a.calleeFinal = t.FirstHeard, answered
	}
	r.mu.Unlock()
	r.note("answer_callee", answered, t.FirstHeard)
	if talked && t.FirstHeard.IsZero() {
		return errDeafCallee
	}
	return nil
}
