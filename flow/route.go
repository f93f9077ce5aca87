package flow

import (
	"time"

	"tandem/flow/call"
)

// Revision is one immutable published version of a flow.
type Revision struct {
	ID      string `json:"id"` // of the flow
	Version int    `json:"version"`
	Flow    Flow   `json:"flow"`
}

// Ref names the revision in a ledger entry.
func (r Revision) Ref() call.FlowRef {
	return call.FlowRef{ID: r.ID, Name: r.Flow.Name, Version: r.Version}
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
}

// Feature is what a code that was dialled asks for.
type Feature struct {
	ID     string `json:"id"`               // of a feature of the directory
	Digits string `json:"digits,omitempty"` // behind the code
}
