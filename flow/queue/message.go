package queue

import (
	"time"

	"tandem/flow/call"
)

// Kind is what a message is about.
type Kind string

// The kinds of message.
const (
	Join    Kind = "join"    // a caller came
	Left    Kind = "left"    // a caller went, unanswered
	Rang    Kind = "rang"    // what became of an offer
	Talked  Kind = "talked"  // a conversation is over
	Later   Kind = "later"   // a callback reached nobody and is tried again
	Changed Kind = "changed" // members logged in or out, or pause: look again
)

// Message is what a call, a member or the panel tells a queue. One that comes
// late, twice or out of turn changes nothing: each is about a ticket or a lease,
// and those are used up once.
type Message struct {
	Kind    Kind      `json:"kind"`
	Ticket  string    `json:"ticket,omitempty"` // of the caller
	At      time.Time `json:"at"`
	Joining *Joining  `json:"joining,omitempty"` // join
	Why     string    `json:"why,omitempty"`     // left: one of the whys
	Until   time.Time `json:"until,omitzero"`    // later: it is not its turn before
	Lease   string    `json:"lease,omitempty"`   // rang, talked
	Results []Result  `json:"results,omitempty"` // rang: of each member; talked: of who answered
}

// Joining is a caller who comes, and the queue as the caller's flow has it.
type Joining struct {
	Call     call.ID       `json:"call"`
	Reply    string        `json:"reply"` // where the queue's words go: the workflow of the call
	Caller   call.Party    `json:"caller"`
	Priority int           `json:"priority,omitempty"` // 0–9, the higher is before the lower
	Patience call.Duration `json:"patience"`           // after which the caller is no longer there, whatever was told
	Rules    Rules         `json:"rules"`
	After    string        `json:"after,omitempty"`    // a ticket of the same caller, whose place this one takes
	Callback bool          `json:"callback,omitempty"` // has hung up and is called when it is its turn: then no member is offered, but a Turn said
}

// Why callers leave.
const (
	WhyAbandoned = "abandoned" // hung up
	WhyTimeout   = "timeout"
	WhyEscape    = "escape"
	WhyMoved     = "moved"     // by an operator
	WhyEnded     = "ended"     // the call was ended for another reason
	WhyFailed    = "failed"    // by a fault of our own
	WhyUnreached = "unreached" // a callback, in all its tries
)

// Result is what became of one member who was offered a caller.
type Result struct {
	ContactMethod string  `json:"contact_method"`
	Outcome       Outcome `json:"outcome"`
}

// Outcome is how an offer ended for one member.
type Outcome string

// The outcomes.
const (
	Answered    Outcome = "answered"
	Missed      Outcome = "missed"      // rang, and was not taken
	Busy        Outcome = "busy"        // is in another call
	Unreachable Outcome = "unreachable" // no phone could be rung
	Freed       Outcome = "freed"       // the caller was taken by another or has gone
)

// WordKind is what a queue says to a call.
type WordKind string

// The kinds of word.
const (
	Offer WordKind = "offer" // ring these members
	Leave WordKind = "leave" // go on by an exit
	Check WordKind = "check" // say nothing, only be there
	Turn  WordKind = "turn"  // call the caller back now
)

// Word is what a queue says to a call.
type Word struct {
	To      string   `json:"-"` // where it goes
	Kind    WordKind `json:"kind"`
	Ticket  string   `json:"ticket"`
	Entered int      `json:"entered,omitempty"` // the caller's position on joining
	Lease   string   `json:"lease,omitempty"`   // offer
	Members []Rung   `json:"members,omitempty"` // offer
	Exit    string   `json:"exit,omitempty"`    // leave
	Why     string   `json:"why,omitempty"`     // leave: one sentence
}

// Rung is a member to be rung.
type Rung struct {
	ContactMethod  string        `json:"contact_method"`
	Ring           call.Duration `json:"ring"`
	IgnoreSchedule bool          `json:"ignore_schedule,omitempty"`
	Left           call.ID       `json:"left,omitempty"` // a call that is over for the member, whatever others have heard of it
}

// Rules are the settings of a queue that concern all its callers.
type Rules struct {
	Name           string        `json:"name"`
	Version        int           `json:"version"` // of the flow: the newest that joined counts
	Strategy       string        `json:"strategy"`
	Members        []Member      `json:"members"`
	Rest           call.Duration `json:"rest"`    // after a missed offer
	WrapUp         call.Duration `json:"wrap_up"` // after a call
	MembersLogIn   bool          `json:"members_log_in,omitempty"`
	LeaveWhenEmpty bool          `json:"leave_when_empty,omitempty"`
	MaxWaiting     int           `json:"max_waiting,omitempty"` // 0: no limit
	KeepPlace      call.Duration `json:"keep_place,omitempty"`  // in which a caller who dropped finds the old place
}

// Member is one who takes calls of a queue.
type Member struct {
	ContactMethod  string        `json:"contact_method"`
	Ring           call.Duration `json:"ring"`
	Level          int           `json:"level"`
	IgnoreSchedule bool          `json:"ignore_schedule,omitempty"`
}
