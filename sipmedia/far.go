package sipmedia

import (
	"encoding/json"
	"net/netip"

	"tandem/flow/call"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sipua"
)

// farConferrer is a Confer at work whose room is on another node: a leg from
// here to there, bridged with the caller's.
//
// # Why a leg and not the audio alone
//
// A SIP dialog between nodes brings its negotiation, its guard, its time-outs
// and its account in the ladder, and the room's node need not know one party
// from another: what is keyed crosses the bridge as RFC 4733 and means there what
// it means from any leg, so muting, locking and ending are decided in one place.
// What the caller's node keeps for itself is holding: a caller on hold is silent
// in the room, and never sends the hold music there.
type farConferrer struct {
	stayer
	b *leg
}

// knock is what the caller's node asks of the room's.
type knock struct {
	Room        string  `json:"room"`
	Call        call.ID `json:"call,omitempty"` // the caller's; those of older nodes do not tell
	Host        bool    `json:"host,omitempty"`
	Max         int     `json:"max"`
	Tones       bool    `json:"tones,omitempty"`
	WaitForHost bool    `json:"wait_for_host,omitempty"`
	Music       string  `json:"music,omitempty"`
}

func knockOf(in call.Confer) knock {
	return knock{Room: in.Room, Call: in.Leg.Call(), Host: in.Host, Max: in.Max, Tones: in.Tones, WaitForHost: in.WaitForHost, Music: in.Music}
}

func (k knock) confer(l call.LegID) call.Confer {
	return call.Confer{Leg: l, Room: k.Room, Host: k.Host, Max: k.Max, Tones: k.Tones, WaitForHost: k.WaitForHost, Music: k.Music}
}

func (f *farConferrer) start() {
	if f.l.ended() {
		f.legEnded(f.l)
		return
	}
	f.l.answer()
	f.limit(f.warn)
	f.l.whenReady(func() {
		if !f.o.done {
			f.dial()
		}
	})
}

// dial rings the room's node.
func (f *farConferrer) dial() {
	at, err := netip.ParseAddrPort(f.in.Address)
	if err == nil {
		var seal []byte
		if seal, err = json.Marshal(knockOf(f.in)); err == nil {
			out := sipua.Outgoing{To: "sip:room@" + at.String(), Route: at, Transport: "udp", Seal: string(seal)}
			f.b, err = f.c.dial(call.Target{Name: "Conference on " + f.in.Node}, out, f.l.rec.Party, f.l)
		}
	}
	if err != nil {
		f.c.log.Warn("conference not reached", "error", err)
		f.finish(call.Conferred{Outcome: call.OutcomeRefused, Note: call.ConferenceAway})
		return
	}
	f.b.room = f
}

// answered is the 200 of the room's node.
func (f *farConferrer) answered(body []byte) {
	if body != nil || !f.b.ready {
		if err := f.b.accept(body); err != nil {
			f.b.move(call.LegAnswered)
			f.b.hangUp(call.CauseNotAcceptable, reason(call.CauseNotAcceptable))
			return
		}
	}
	f.b.move(call.LegAnswered)
	f.b.taken()
	f.c.bridge(f.l, f.b)
}

func (f *farConferrer) warn() {
	f.l.play(f.c.s.beep.Source(false), "", func(rtpio.PlayEnd) {})
}

func (f *farConferrer) keyDown(*leg, dtmf.Key) {}

// farNotes says why a room's node refuses, by status.
var farNotes = map[int]string{
	call.CauseBusy.Status():      call.ConferenceFull,
	call.CauseForbidden.Status(): call.ConferenceLocked,
}

// farCauses is the other way round, at the room's node.
var farCauses = map[string]call.Cause{
	call.ConferenceFull:   call.CauseBusy,
	call.ConferenceLocked: call.CauseForbidden,
}

func (f *farConferrer) legEnded(l *leg) {
	switch {
	case l == f.l:
		f.finish(call.Conferred{Outcome: call.OutcomeCallerGone})
	case l != f.b:
	case l.rec.Cause == call.CauseCalleeHangup:
		f.finish(call.Conferred{Outcome: call.OutcomeDone})
	default:
		note, known := farNotes[l.rec.Status]
		if !known {
			note = call.ConferenceAway
		}
		f.finish(call.Conferred{Outcome: call.OutcomeRefused, Note: note})
	}
}

func (f *farConferrer) stop() {
	f.quiet()
	if f.b != nil {
		f.b.hangUp(call.CauseNormal, reason(call.CauseNormal))
	}
}
