package call

import (
	"fmt"
	"time"
)

// Reason is why a module was left by the exit it was left by: a code of the
// kind's own closed list and the facts that decided.
type Reason struct {
	Code  string `json:"code"`
	Text  string `json:"text"` // one sentence for a person
	Facts []Fact `json:"facts,omitempty"`
}

// Fact is one piece of evidence behind a decision.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// PathEntry is one module that a call walked.
type PathEntry struct {
	Module  string    `json:"module"`        // id
	Flow    FlowRef   `json:"flow,omitzero"` // that the module belongs to, where it is not the call's first
	Name    string    `json:"name"`
	Kind    string    `json:"kind"`
	Entered time.Time `json:"entered"`
	Left    time.Time `json:"left,omitzero"`
	Exit    string    `json:"exit,omitempty"` // empty: the call ended here
	Reason  Reason    `json:"reason"`
}

// FlowRef names the published version that a call walked, or the draft that a
// test call did.
type FlowRef struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version int    `json:"version"`         // 0: a draft
	Draft   int    `json:"draft,omitempty"` // its revision
	Test    string `json:"test,omitempty"`  // id of the test call that keeps it as it was
}

// Edition says in words which version or draft it is.
func (f FlowRef) Edition() string {
	if f.Draft > 0 {
		return fmt.Sprintf("draft %d", f.Draft)
	}
	return fmt.Sprintf("version %d", f.Version)
}

// LedgerEntry is the row that describes a call: what `tandem call` prints and
// /api/calls/{id} returns.
type LedgerEntry struct {
	Call       ID          `json:"id"`
	Live       bool        `json:"live"`
	Direction  string      `json:"direction"` // inbound, internal, callback: we call who has waited, or test: of a draft
	Caller     Party       `json:"caller"`
	Called     string      `json:"called"`
	Trunk      string      `json:"trunk,omitempty"`
	Flow       FlowRef     `json:"flow,omitzero"`
	Node       string      `json:"node"`
	Started    time.Time   `json:"started"`
	Answered   time.Time   `json:"answered,omitzero"` // when the caller was answered
	Ended      time.Time   `json:"ended,omitzero"`
	AnsweredBy string      `json:"answered_by,omitempty"` // who talked with the caller, else the module that answered
	Outcome    string      `json:"outcome"`               // talked, answered, missed, refused, failed
	Cause      Cause       `json:"cause"`
	TalkMS     int64       `json:"talk_ms"` // time joined with a person
	Path       []PathEntry `json:"path"`
	Legs       []Leg       `json:"legs"`
	Attempts   []Attempt   `json:"attempts"`
}

// SIPMessage is one line of a call's ladder.
type SIPMessage struct {
	At        time.Time `json:"at"`
	Leg       LegID     `json:"leg"`
	In        bool      `json:"in"` // received by us
	Remote    string    `json:"remote"`
	Transport string    `json:"transport"`
	First     string    `json:"first"` // request or status line
	Text      string    `json:"text"`  // whole message, credentials removed
}
