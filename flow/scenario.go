package flow

import (
	"encoding/json"
	"slices"
	"time"

	"tandem/flow/call"
)

// Scenario is one imagined call: who calls by which entry and when, what the
// caller keys, and what the phones do.
type Scenario struct {
	Entry      string               `json:"entry"`            // id of the entry module
	Caller     string               `json:"caller,omitempty"` // empty: withheld
	CallerName string               `json:"caller_name,omitempty"`
	Called     string               `json:"called,omitempty"`     // number dialled, where the entry has none of its own
	At         time.Time            `json:"at"`                   // the moment of the call
	Keys       []Keying             `json:"keys,omitempty"`       // one is used up at each playback of a prompt; after the last, silence
	Phones     map[string]Phone     `json:"phones,omitempty"`     // by contact method; one not named answers after 3 s
	Replies    map[string]HTTPReply `json:"replies,omitempty"`    // by id of a module; a server not named answers 200
	Overrides  map[string]string    `json:"overrides,omitempty"`  // of time routers by module, open or closed; those in force now do not count
	Queues     map[string]Hall      `json:"queues,omitempty"`     // by id of a queue; in one not named nobody waits, and all members take calls
	TalkFor    call.Duration        `json:"talk_for,omitempty"`   // 0 is the default 30 s
	HangUpBy   string               `json:"hang_up_by,omitempty"` // who ends the talk: caller (default) or callee
	OverLimit  bool                 `json:"over_limit,omitempty"` // one call more than its number takes
	GiveUp     call.Duration        `json:"give_up,omitempty"`    // the caller hangs up this long after the call began, unless talking; 0: never
}

// Keying is what the caller keys during one playback of a prompt.
type Keying struct {
	Digits string        `json:"digits"`          // empty: nothing
	After  call.Duration `json:"after,omitempty"` // from the beginning of the playback; 0 is the default 1 s
	Gap    call.Duration `json:"gap,omitempty"`   // between keys; 0 is the default 300 ms
}

// Phone is what a contact method does when it is rung.
type Phone struct {
	Does     string        `json:"does"`               // one of PhoneDoes; empty is answers
	After    call.Duration `json:"after,omitempty"`    // from the first ring; 0 is the default 3 s
	Confirms string        `json:"confirms,omitempty"` // what is done when a key has to confirm; one of PhoneConfirms, empty is accepts
}

// PhoneDoes lists what a phone can do: answers and declines happen after
// Phone.After, silent rings and never answers, absent has no binding.
var PhoneDoes = []string{"answers", "declines", "busy", "silent", "absent"}

// PhoneConfirms lists what a person can do who has answered and is asked to
// confirm by a key.
var PhoneConfirms = []string{"accepts", "ignores", "hangs-up"}

// Hall is a queue as the caller of a scenario finds it.
type Hall struct {
	Waiting int               `json:"waiting,omitempty"` // callers who are there already; each talks as long as the scenario says
	Away    map[string]string `json:"away,omitempty"`    // members who take no calls, by contact method; one of AwayStates
}

// AwayStates lists why a member of a queue takes no calls.
var AwayStates = []string{"paused", "out"}

// MaxWaiting is how many callers a Hall may hold.
const MaxWaiting = 100

func (h Hall) fits() bool {
	for _, state := range h.Away {
		if !slices.Contains(AwayStates, state) {
			return false
		}
	}
	return h.Waiting >= 0 && h.Waiting <= MaxWaiting
}

// Test is a saved run: a scenario, and the path and end that are right for it.
type Test struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Scenario Scenario   `json:"scenario"`
	Want     []TestStep `json:"want"`
	Cause    call.Cause `json:"cause,omitempty"` // empty: any
}

// MarshalJSON prints no steps as an empty list, which a reader of the file need
// not tell from a missing one.
func (t Test) MarshalJSON() ([]byte, error) {
	type plain Test // drops this method, so that Marshal does not recurse
	if t.Want == nil {
		t.Want = []TestStep{}
	}
	return json.Marshal(plain(t))
}

// TestStep is a module and the exit it is left by; empty: the call ends there.
type TestStep struct {
	Module string `json:"module"`
	Exit   Exit   `json:"exit"`
}

// Run is what became of a simulated call.
type Run struct {
	Path    []call.PathEntry `json:"path"`
	Steps   []RunStep        `json:"steps"`
	Outcome string           `json:"outcome"`
	Cause   call.Cause       `json:"cause"`
	Ending  string           `json:"ending"` // the cause in words
	Lasted  call.Duration    `json:"lasted"`
	Onward  *call.FlowRef    `json:"onward,omitempty"` // flow that the call goes on in, where it leaves this one: that is not imagined
}

// RunStep is one thing that happened, in words.
type RunStep struct {
	At     call.Duration `json:"at"` // since the call began
	Module string        `json:"module,omitempty"`
	Text   string        `json:"text"`
}

// TestResult tells whether a saved test still holds.
type TestResult struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	Text   string `json:"text"` // the first step that differs, in words
	At     int    `json:"at"`   // of that step in the path, from 0
	Run    Run    `json:"run"`
}
