package call

import "time"

// Position is where a running call is, for those who watch it. It is the whole
// state each time, so that the newest is all that anybody needs.
type Position struct {
	Call      ID        `json:"call"`
	Caller    Party     `json:"caller"`
	Called    string    `json:"called"`
	Direction string    `json:"direction"`
	Node      string    `json:"node,omitempty"`
	Account   string    `json:"account,omitempty"` // contact method that dialled
	Started   time.Time `json:"started"`
	Flow      FlowRef   `json:"flow,omitzero"`
	Module    string    `json:"module,omitempty"` // id; empty: it walks no flow
	Name      string    `json:"name,omitempty"`   // of the module
	Kind      string    `json:"kind,omitempty"`
	Since     time.Time `json:"since"`             // it has been here
	From      string    `json:"from,omitempty"`    // module that it came from
	Exit      string    `json:"exit,omitempty"`    // by which it left that one
	Ringing   []string  `json:"ringing,omitempty"` // names of who is rung
	Talking   string    `json:"talking,omitempty"` // name of who talks with the caller
	With      []string  `json:"with,omitempty"`    // contact methods that ring or talk
	Room      string    `json:"room,omitempty"`    // conference that the caller is in
	Host      bool      `json:"host,omitempty"`    // as a host of it
	Seq       int       `json:"seq"`               // counts the steps of the call: the higher is the newer
	Over      bool      `json:"over,omitempty"`    // the call has ended: there is no position any more
}

// Tested tells whether a call is a test, or what a test call has promised: it
// counts in no figures.
func (p Position) Tested() bool { return p.Direction == "test" || p.Flow.Draft > 0 }
