package flow

import (
	"time"

	"tandem/flow/call"
)

// Revision is one immutable published version of a flow, or the draft of it that
// a test call walks.
type Revision struct {
	ID      string `json:"id"` // of the flow
	Version int    `json:"version"`
	Draft   int    `json:"draft,omitempty"` // revision of the draft; Version is 0 then
	Test    string `json:"test,omitempty"`  // id of the test call that keeps the draft
	Flow    Flow   `json:"flow"`
}

// Ref names the revision in a ledger entry.
func (r Revision) Ref() call.FlowRef {
	return call.FlowRef{ID: r.ID, Name: r.Flow.Name, Version: r.Version, Draft: r.Draft, Test: r.Test}
}

// Route is where a dialled string leads: into a flow, straight to a contact
// method, to something that a code does, or nowhere, with the cause.
type Route struct {
	Number   string        `json:"number,omitempty"` // what was dialled, normalised
	Revision *Revision     `json:"revision,omitempty"`
	Entry    string        `json:"entry,omitempty"` // module id in the revision
	Direct   *call.Target  `json:"direct,omitempty"`
	Feature  *Feature      `json:"feature,omitempty"`
	Refused  call.Cause    `json:"refused,omitempty"`
	Longest  call.Duration `json:"longest,omitempty"` // conversation; 0: the default
	Zone     string        `json:"zone,omitempty"`    // of the installation
	At       time.Time     `json:"at,omitzero"`       // when the call began, on the clock of that zone
	Over     *Over         `json:"over,omitempty"`    // the call is one too many
	Test     *Tested       `json:"test,omitempty"`    // it is a test call
}

// Tested is what a test call passes for, whatever its signalling says.
type Tested struct {
	Caller call.Party `json:"caller"`
	Called string     `json:"called"` // the number of the entry, or its name
}

// Called is what a call that enters by a module has dialled: its number where it
// has one, else its name.
func (m *Module) Called() string {
	for _, ref := range m.Settings.Refs() {
		if (ref.Kind == RefNumber || ref.Kind == RefInternalNumber) && m.Claims(ref) {
			return ref.ID
		}
	}
	return m.Name
}

// Over says that a call is one more than may run at once.
type Over struct {
	Of      string `json:"of"`      // whose limit it is: number or trunk
	Limit   int    `json:"limit"`   // calls at once
	Decline int    `json:"decline"` // status that refuses such a call
}

// OverWords are what each Of is called.
var OverWords = map[string]string{"number": "this number", "trunk": "this trunk"}

// Feature is what a code that was dialled asks for.
type Feature struct {
	ID     string `json:"id"`               // of a feature of the directory
	Digits string `json:"digits,omitempty"` // behind the code
}
