package flow

import (
	"time"

	"tandem/flow/schedule"
)

// Known answers what Validate has to ask about the world outside a flow. One
// is made for one flow and one moment. A nil Known is Anything.
type Known interface {
	// Exists tells whether what a flow names is there. RefAudio names an audio
	// file or a playlist.
	Exists(Ref) bool
	// Silent tells whether audio is a playlist without files.
	Silent(audio string) bool
	// Claimed tells whether a number or internal number is held by something
	// that is not this flow, and by what, in words.
	Claimed(Ref) (by string, taken bool)
	// External tells whether a contact method is a forwarding.
	External(contactMethod string) bool
	// LastBinding tells when a phone was last registered for a contact method;
	// registers is false where none has to.
	LastBinding(contactMethod string) (at time.Time, registers bool)
	// AtOnce is how many calls a contact method takes at the same time; 0: no
	// limit.
	AtOnce(contactMethod string) int
	// Hours are those of a schedule; false when there is none.
	Hours(id string) (schedule.Hours, bool)
	// Mailable tells whether a contact method is an e-mail address, and MailLeaves
	// whether a server is set up that takes mail.
	Mailable(contactMethod string) bool
	MailLeaves() bool
	// StrictRingGroups makes a fourth destination of a ring group an error.
	StrictRingGroups() bool
	// Now is the moment of the check.
	Now() time.Time
}

// Anything is a Known that objects to nothing: everything exists, is unclaimed
// and registered. Embed it to answer some questions only.
type Anything struct{}

// Exists says yes.
func (Anything) Exists(Ref) bool { return true }

// Silent says no.
func (Anything) Silent(string) bool { return false }

// Claimed says no.
func (Anything) Claimed(Ref) (by string, taken bool) { return "", false }

// External says no.
func (Anything) External(string) bool { return false }

// LastBinding says that no phone has to register.
func (Anything) LastBinding(string) (at time.Time, registers bool) { return time.Time{}, false }

// AtOnce says that there is no limit.
func (Anything) AtOnce(string) int { return 0 }

// Hours says that they cannot be told.
func (Anything) Hours(string) (schedule.Hours, bool) { return schedule.Hours{}, false }

// Mailable says yes.
func (Anything) Mailable(string) bool { return true }

// MailLeaves says yes.
func (Anything) MailLeaves() bool { return true }

// StrictRingGroups says no.
func (Anything) StrictRingGroups() bool { return false }

// Now is no moment: Anything never compares it.
func (Anything) Now() time.Time { return time.Time{} }

// KnownFunc is a Known that answers only what exists.
func KnownFunc(exists func(Ref) bool) Known { return onlyRefs{exists: exists} }

type onlyRefs struct {
	Anything
	exists func(Ref) bool
}

func (o onlyRefs) Exists(r Ref) bool { return o.exists(r) }
