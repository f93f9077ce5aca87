package reflex

import (
	"time"

	"tandem/flow/call"
)

// Pickup is the rules of somebody who has answered a ring and is not joined
// with the caller yet: a key may have to confirm first, so that a mobile's
// mailbox cannot take the call, and then words may be whispered (product sheet
// 4.4 and 11).
type Pickup struct {
	target call.Target
	phase  pickupPhase
}

type pickupPhase uint8

const (
	pickupAnswered pickupPhase = iota
	pickupConfirms             // others may still be faster
	pickupWon                  // the call is theirs, the whisper plays
	pickupOver
)

// ConfirmTime is how long who answers may take to confirm, and ConfirmKey how.
const (
	ConfirmTime = 15 * time.Second
	ConfirmKey  = '1'
)

// PickupStep is what to do next; nothing means to go on as before.
type PickupStep struct {
	Won   bool          // nobody else gets the call any more; do this first
	Play  string        // begin this audio and report its end
	Limit time.Duration // report when nothing else has come of it for so long
	Join  bool          // with the caller
	Lost  bool          // hang up: that counts as no answer
}

// NewPickup is the rules for a target that has just answered.
func NewPickup(t call.Target) *Pickup { return &Pickup{target: t} }

// Begin asks for what is asked for.
func (p *Pickup) Begin() PickupStep {
	if !p.target.Confirm {
		return p.win()
	}
	p.phase = pickupConfirms
	return PickupStep{Play: call.AudioConfirm, Limit: ConfirmTime}
}

// Key is told each key of who has answered.
func (p *Pickup) Key(k byte) PickupStep {
	if p.phase != pickupConfirms || k != ConfirmKey {
		return PickupStep{}
	}
	return p.win()
}

// AudioEnded is told when the audio that was asked for has ended by itself, or
// could not be played at all.
func (p *Pickup) AudioEnded() PickupStep {
	if p.phase != pickupWon {
		return PickupStep{} // the key may still come
	}
	return p.join()
}

// TimeUp is told when the limit is over.
func (p *Pickup) TimeUp() PickupStep {
	if p.phase != pickupConfirms {
		return PickupStep{}
	}
	p.phase = pickupOver
	return PickupStep{Lost: true}
}

// Stage changes when the audio that was asked for is not wanted any more.
func (p *Pickup) Stage() int { return int(p.phase) }

func (p *Pickup) win() PickupStep {
	p.phase = pickupWon
	if p.target.Whisper == "" {
		s := p.join()
		s.Won = true
		return s
	}
	return PickupStep{Won: true, Play: p.target.Whisper}
}

func (p *Pickup) join() PickupStep {
	p.phase = pickupOver
	return PickupStep{Join: true}
}
