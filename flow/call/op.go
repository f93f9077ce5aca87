package call

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// OpID names one operation asked of a node: workflow ID, a slash, activity ID.
// Asked twice, an operation runs once.
type OpID string

// NewOpID joins a workflow ID and an activity ID.
func NewOpID(workflow, activity string) OpID { return OpID(workflow + "/" + activity) }

// Split is the workflow ID and the activity ID.
func (o OpID) Split() (workflow, activity string) {
	i := strings.LastIndexByte(string(o), '/')
	if i < 0 {
		return string(o), ""
	}
	return string(o[:i]), string(o[i+1:])
}

// Outcome is how an operation ended. CallerGone is possible in every one.
type Outcome string

// The outcomes.
const (
	OutcomeDone       Outcome = "done"        // played to the end; ended as asked
	OutcomeKey        Outcome = "key"         // a skip key, or a complete entry
	OutcomeNoInput    Outcome = "no-input"    // nothing (valid) was keyed in time
	OutcomeInvalid    Outcome = "invalid"     // what was keyed is no entry
	OutcomeSkipped    Outcome = "skipped"     // could not be played; nobody is dropped for it
	OutcomeAnswered   Outcome = "answered"    // a destination answered and is joined with the caller
	OutcomeNoAnswer   Outcome = "no-answer"   // somebody was rung, nobody answered
	OutcomeNobody     Outcome = "unavailable" // nobody could be rung at all
	OutcomeCallerGone Outcome = "caller-gone" // the caller hung up first
	OutcomeDirect     Outcome = "direct"      // an internal number was keyed, as far as its shape tells
	OutcomeAnnounce   Outcome = "announce"    // it is time for the next announcement
	OutcomeWithdrawn  Outcome = "withdrawn"   // the caller who was offered is no longer waiting
	OutcomeRefused    Outcome = "refused"     // a conference is full or locked
)

// Play asks a node to play audio to a leg.
type Play struct {
	Leg     LegID  `json:"leg"`
	Answer  bool   `json:"answer"` // send 200 first; otherwise the audio is early media (183)
	Audio   string `json:"audio"`  // id of an audio file
	Times   int    `json:"times"`  // 1–10; 0 repeats until the caller leaves or keys SkipKey
	SkipKey Digits `json:"skip_key,omitempty"`
}

// Played is what became of a Play.
type Played struct {
	Outcome Outcome `json:"outcome"` // done, key, skipped, caller-gone
	Note    string  `json:"note,omitempty"`
}

// Gather asks a node to play a prompt and collect one of a set of entries. The
// node does all that a caller can hear: barge-in, timers, repeats, "not valid".
type Gather struct {
	Leg        LegID    `json:"leg"`
	Prompt     string   `json:"prompt"`            // id of an audio file
	Invalid    string   `json:"invalid,omitempty"` // audio after a wrong entry; empty: a wrong entry ends the operation at once
	Entries    []Digits `json:"entries"`
	Playbacks  int      `json:"playbacks"`            // 1–11
	Timeout    Duration `json:"timeout"`              // from the end of the audio to the first key
	InterDigit Duration `json:"inter_digit"`          // between keys, when a longer entry is possible
	BargeIn    bool     `json:"barge_in"`             // a key silences the prompt
	TypeAhead  bool     `json:"type_ahead,omitempty"` // keys from before the prompt count
	Direct     bool     `json:"direct,omitempty"`     // 1–4 digits that are no entry end it as OutcomeDirect
	Free       int      `json:"free,omitempty"`       // up to so many digits are taken whatever they are; # or InterDigit ends them
	Wrong      bool     `json:"wrong,omitempty"`      // begins with Invalid: what was keyed before led nowhere
	Used       int      `json:"used,omitempty"`       // playbacks used up before
}

// Gathered is what a caller keyed.
type Gathered struct {
	Outcome   Outcome `json:"outcome"` // key, direct, no-input, invalid, caller-gone
	Digits    Digits  `json:"digits,omitempty"`
	Playbacks int     `json:"playbacks"` // how often the prompt was begun
}

// Party is somebody shown on a phone.
type Party struct {
	Number string `json:"number"`
	Name   string `json:"name,omitempty"`
}

// Target is where to ring one contact method.
type Target struct {
	ContactMethod string   `json:"contact_method"`         // id
	Name          string   `json:"name"`                   // for pages and logs
	User          string   `json:"user,omitempty"`         // whose it is
	Number        string   `json:"number,omitempty"`       // its internal number, likewise
	Account       string   `json:"account,omitempty"`      // ring the bindings of this SIP account, or
	URI           string   `json:"uri,omitempty"`          // ring this SIP URI
	Username      string   `json:"username,omitempty"`     // digest user where the URI's server asks for one
	Skip          Cause    `json:"skip,omitempty"`         // known beforehand to be unreachable, and why; off-schedule can be overruled
	Ring          Duration `json:"ring,omitempty"`         // how long it rings on direct and internal calls
	Confirm       bool     `json:"confirm,omitempty"`      // whoever answers has to key 1 first
	Whisper       string   `json:"whisper,omitempty"`      // id of audio that whoever answers hears before the caller
	CallWaiting   bool     `json:"call_waiting,omitempty"` // is rung although in a call
	AtOnce        int      `json:"at_once,omitempty"`      // calls at the same time; 0: no limit
}

// Bar is one destination on the time line of a ring.
type Bar struct {
	Target Target   `json:"target"`
	Start  Duration `json:"start"`  // 0–55 s
	Length Duration `json:"length"` // 5–60 s
}

// Ring asks a node to ring destinations along a time line and to join the
// caller with the first that answers. The node skips ahead when nothing rings,
// cancels the others "answered elsewhere" and answers the caller itself.
type Ring struct {
	Leg      LegID  `json:"leg"`
	From     Party  `json:"from"`               // shown to those rung
	Bars     []Bar  `json:"bars"`               // in order of Start
	Ringback string `json:"ringback,omitempty"` // id of an audio file; empty: 180, or the tone where the caller is answered
	Hold     string `json:"hold,omitempty"`     // music for who is put on hold; empty: the system's
}

// Wait asks a node to keep a caller waiting in a queue: it answers and plays
// announcements and music. Offers come and go meanwhile; the first member who
// answers one is joined with the caller and ends it. Asked again for the same
// music, the node goes on where it was; offers outlive an end by OutcomeAnnounce.
type Wait struct {
	Leg      LegID    `json:"leg"`
	Music    string   `json:"music,omitempty"`    // id of a file or playlist, over and over; empty: the system's
	Say      []string `json:"say,omitempty"`      // ids of audio played once before, one after the other
	Limit    Duration `json:"limit,omitempty"`    // ends as done; 0: never
	Announce Duration `json:"announce,omitempty"` // ends as announce; 0: never
	Escape   Digits   `json:"escape,omitempty"`   // one symbol that ends it as key
}

// Waited is how a Wait ended.
type Waited struct {
	Outcome Outcome `json:"outcome"` // done, key, announce, answered, caller-gone
	Lease   string  `json:"lease,omitempty"`
	Leg     LegID   `json:"leg,omitempty"`
	Target  Target  `json:"target,omitzero"`
}

// Offer asks a node to ring members for a caller who waits. Several may run
// beside one Wait; it does not take the place of another operation. When the
// Wait ends but for an announcement, so does the Offer.
type Offer struct {
	Leg      LegID  `json:"leg"` // of the caller
	Lease    string `json:"lease"`
	From     Party  `json:"from"`
	Bars     []Bar  `json:"bars"`
	Ringback string `json:"ringback,omitempty"` // heard instead of the music while it rings; empty: the music goes on
	Hold     string `json:"hold,omitempty"`
}

// Offered is what became of an Offer.
type Offered struct {
	Outcome  Outcome   `json:"outcome"` // answered, no-answer, unavailable, withdrawn, caller-gone
	Leg      LegID     `json:"leg,omitempty"`
	Target   Target    `json:"target,omitzero"`
	Attempts []Attempt `json:"attempts"`
}

// Originate asks a node to begin a call itself: it rings one contact method, and
// whoever answers and confirms is the caller of that call from then on, as if
// they had called in. They hear nothing before the next operation.
type Originate struct {
	Call   ID       `json:"call"`
	Target Target   `json:"target"`
	From   Party    `json:"from"` // shown to those rung
	Ring   Duration `json:"ring"` // 5–60 s
}

// Originated is what became of an Originate.
type Originated struct {
	Outcome  Outcome   `json:"outcome"`       // answered, no-answer, unavailable
	Leg      LegID     `json:"leg,omitempty"` // the caller's
	Attempts []Attempt `json:"attempts"`
}

// Confer asks a node to put a caller into a conference room and to report when
// the caller leaves it.
type Confer struct {
	Leg         LegID    `json:"leg"`
	Room        string   `json:"room"`              // flow and module
	Node        string   `json:"node,omitempty"`    // that holds the room; empty: the leg's own
	Address     string   `json:"address,omitempty"` // of that node's signalling, where it is another
	Host        bool     `json:"host,omitempty"`
	Max         int      `json:"max"`
	Tones       bool     `json:"tones"`
	WaitForHost bool     `json:"wait_for_host,omitempty"`
	Music       string   `json:"music,omitempty"`   // for who is alone; empty: the system's
	Longest     Duration `json:"longest,omitempty"` // the caller is hung up then; 0: never
}

// RoomPlace is where a conference room is.
type RoomPlace struct {
	Node    string `json:"node"`
	Address string `json:"address,omitempty"` // host and port of the node's signalling
}

// Notes of a Conferred that was refused.
const (
	ConferenceFull   = "full"
	ConferenceLocked = "locked"
	ConferenceAway   = "unreachable" // the room is on a node that does not take the caller
)

// Conferred is how a caller left a conference.
type Conferred struct {
	Outcome Outcome  `json:"outcome"`        // done (the host ended it), refused, caller-gone
	Note    string   `json:"note,omitempty"` // why refused
	Most    int      `json:"most,omitempty"` // parties at once while the caller was in
	Lasted  Duration `json:"lasted"`
}

// Rang is what became of a Ring.
type Rang struct {
	Outcome  Outcome   `json:"outcome"` // answered, no-answer, unavailable, caller-gone
	Leg      LegID     `json:"leg,omitempty"`
	Target   Target    `json:"target,omitzero"`
	Attempts []Attempt `json:"attempts"`
}

// Attempt is one leg tried, or one destination that was not, and why.
type Attempt struct {
	Leg           LegID     `json:"leg,omitempty"`
	Module        string    `json:"module,omitempty"`
	ContactMethod string    `json:"contact_method"`
	Name          string    `json:"name"`
	Binding       string    `json:"binding,omitempty"` // the contact URI rung
	Started       time.Time `json:"started"`
	Ringing       time.Time `json:"ringing,omitzero"`
	Answered      time.Time `json:"answered,omitzero"`
	Ended         time.Time `json:"ended,omitzero"`
	Status        int       `json:"status,omitempty"` // last SIP status
	Cause         Cause     `json:"cause,omitempty"`
	Skipped       bool      `json:"skipped,omitempty"` // never rung; Cause says why
}

// Took tells whether it took the caller. Who answers and does not confirm, or
// confirms when somebody else has, did not.
func (a Attempt) Took() bool { return !a.Answered.IsZero() && a.Cause == "" }

// Talk asks a node to report when a joined conversation is over.
type Talk struct {
	A       LegID    `json:"a"`
	B       LegID    `json:"b"`
	Longest Duration `json:"longest"` // both hear a tone a minute before it
}

// Talked is how a conversation ended.
type Talked struct {
	EndedBy LegID    `json:"ended_by,omitempty"`
	Cause   Cause    `json:"cause"`
	Lasted  Duration `json:"lasted"`
}

// End asks a node to end whatever is left of a call and to report its legs.
// It is the last operation of every call.
type End struct {
	Call  ID     `json:"call"`
	Cause Cause  `json:"cause"`
	Audio string `json:"audio,omitempty"` // played first
	// Status is the final response to a caller who is not answered; 0 is the
	// cause's own.
	Status int `json:"status,omitempty"`
	// Early lets a caller who is not answered hear Audio as early media;
	// otherwise only one who is answered hears it.
	Early bool `json:"early,omitempty"`
}

// Ended is the account of all legs of a call.
type Ended struct {
	Legs []Leg `json:"legs"`
}

// Leg is the account of one leg: one dialog and its audio.
type Leg struct {
	ID            LegID     `json:"id"`
	Side          string    `json:"side"` // "a" or "b"
	Node          string    `json:"node"`
	State         LegState  `json:"state"`
	Party         Party     `json:"party"` // who is at the other end
	ContactMethod string    `json:"contact_method,omitempty"`
	Trunk         string    `json:"trunk,omitempty"`
	Remote        string    `json:"remote,omitempty"` // signalling address and transport
	SIPCallID     string    `json:"sip_call_id"`      // RFC 3261 §8.1.1.4
	Started       time.Time `json:"started"`
	Ringing       time.Time `json:"ringing,omitzero"`
	Answered      time.Time `json:"answered,omitzero"`
	Ended         time.Time `json:"ended,omitzero"`
	Status        int       `json:"status,omitempty"`
	Cause         Cause     `json:"cause,omitempty"`
	Media         Media     `json:"media,omitzero"`
}

// Billed is 200 to BYE in whole seconds, rounded up.
func (l Leg) Billed() int {
	if l.Answered.IsZero() || l.Ended.Before(l.Answered) {
		return 0
	}
	return int((l.Ended.Sub(l.Answered) + time.Second - 1) / time.Second)
}

// Media is the quality of a leg's audio as RTCP counts it (RFC 3550 §6.4, A.3, A.8).
type Media struct {
	Codec        string  `json:"codec,omitempty"`
	Remote       string  `json:"remote,omitempty"`
	Sent         uint64  `json:"sent"`
	Received     uint64  `json:"received"`
	Lost         int64   `json:"lost"`
	JitterMS     float64 `json:"jitter_ms"`
	LongestGapMS float64 `json:"longest_gap_ms"`
	RemoteLoss   float64 `json:"remote_loss"` // 0–1, from the peer's last report
	RTTMS        float64 `json:"rtt_ms,omitempty"`
}

// Errors with which a node refuses or ends an operation.
var (
	ErrNoLeg      = errors.New("this node does not hold the leg")
	ErrClosed     = errors.New("this node is shutting down")
	ErrNoNewCalls = fmt.Errorf("it takes no new calls: %w", ErrClosed)
	ErrSuperseded = errors.New("another operation took its place")
)
