// Package call holds the words of a live call: who, which legs, what was asked
// of them and what became of it, as plain values that cross every layer.
//
// It never knows SIP headers, SQL or Temporal, and it never reads a clock.
package call

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// ID names one call: all that one caller experiences. It reads as the second
// it began (UTC) and a random part, so a list of them sorts by time:
// "20261122-163201-4f7k2mq". The same text is the log key, the address of the
// call's page and, behind "call-", the workflow ID.
type ID string

// idAlphabet has 32 letters and leaves out those that are misread aloud.
const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// NewID makes the ID of a call that began at the given instant.
func NewID(at time.Time, random [7]byte) ID {
	var tail [7]byte
	for i, b := range random {
		tail[i] = idAlphabet[b&31]
	}
	return ID(at.UTC().Format("20060102-150405-") + string(tail[:]))
}

// LegID names one leg: the call's ID, a dot and "a" for the caller or "b1",
// "b2" … for those rung, in the order they were rung. A caller who was rung too
// (see Originate) keeps that name.
type LegID string

// ALeg is the caller's leg of a call.
func ALeg(id ID) LegID { return LegID(string(id) + ".a") }

// BLeg is the n-th leg that a call rang, counted from 1.
func BLeg(id ID, n int) LegID { return LegID(fmt.Sprintf("%s.b%d", id, n)) }

// Call is the call that a leg belongs to.
func (l LegID) Call() ID {
	id, _, _ := strings.Cut(string(l), ".")
	return ID(id)
}

// LegState is where a leg stands in its life.
type LegState string

// The states of a leg, in the order it can pass them.
const (
	LegTrying   LegState = "trying"
	LegRinging  LegState = "ringing"
	LegEarly    LegState = "early"
	LegAnswered LegState = "answered"
	LegEnded    LegState = "ended"
)

var legMoves = map[LegState][]LegState{
	LegTrying:   {LegRinging, LegEarly, LegAnswered, LegEnded},
	LegRinging:  {LegEarly, LegAnswered, LegEnded},
	LegEarly:    {LegAnswered, LegEnded},
	LegAnswered: {LegEnded},
}

// CanMove tells whether a leg in state s may go to next.
func (s LegState) CanMove(next LegState) bool {
	for _, to := range legMoves[s] {
		if to == next {
			return true
		}
	}
	return false
}

// Digits is what a caller keyed. It prints as a count wherever it is logged,
// since callers key PINs and card numbers.
type Digits string

// LogValue keeps digits out of logs.
func (d Digits) LogValue() slog.Value { return slog.StringValue(fmt.Sprintf("[%d digits]", len(d))) }

// Duration is a time.Duration that reads as "1.5s" in JSON, so that an
// operator reading an activity's input in Temporal UI needs no arithmetic.
type Duration time.Duration

// Seconds is n whole seconds.
func Seconds(n int) Duration { return Duration(time.Duration(n) * time.Second) }

// Std is the duration as the standard library has it.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String is the duration as time.Duration prints it.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalJSON writes "1.5s".
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Duration) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return fmt.Errorf("duration: %w", err)
	}
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("duration: %w", err)
	}
	*d = Duration(parsed)
	return nil
}

// Incoming is a call that has just reached a node: classified, not answered. A
// callback has not begun yet, and gets its leg when somebody answers it. Without
// an id it is no call: who routes it only asks where a number leads.
type Incoming struct {
	Call       ID        `json:"call"`
	Leg        LegID     `json:"leg"`
	Node       string    `json:"node"`
	Caller     string    `json:"caller"`                // E.164 with plus, an internal number, or empty when withheld
	CallerName string    `json:"caller_name,omitempty"` // display name as presented
	Called     string    `json:"called"`                // what was dialled, as it stood in the request URI
	Trunk      string    `json:"trunk,omitempty"`       // id of the trunk it came by, or
	Account    string    `json:"account,omitempty"`     // id of the contact method that dialled, or the account of a test call
	At         time.Time `json:"at"`                    // when the INVITE arrived, node's clock
	Callback   *Callback `json:"callback,omitempty"`    // why the house calls, where it is the house that does
}

// Callback is a promise to call somebody back who waited in a queue.
type Callback struct {
	ID            string   `json:"id"`  // of the promise: behind "callback-" it is a workflow ID
	Try           int      `json:"try"` // from 1
	ContactMethod string   `json:"contact_method"`
	Ring          Duration `json:"ring"`
	Flow          FlowRef  `json:"flow"`   // in which the caller goes on
	Module        string   `json:"module"` // the queue in it
	Ticket        string   `json:"ticket"` // that holds the place in the queue
}

// EventKind is what an unasked event reports.
type EventKind string

// The kinds of event a node reports while no operation is pending.
const (
	EventLegEnded EventKind = "leg-ended" // a party hung up or its media was lost
	EventNodeLost EventKind = "node-lost" // the node came back without this call's legs
)

// Event is something a node saw that nobody had asked it to wait for. Seq
// counts per call from 1, so a repeat is recognised and dropped.
type Event struct {
	Seq   int       `json:"seq"`
	Kind  EventKind `json:"kind"`
	Leg   LegID     `json:"leg,omitempty"`
	Cause Cause     `json:"cause,omitempty"`
	At    time.Time `json:"at"`
}
