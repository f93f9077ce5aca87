package directory

import "time"

// Process is one process of the installation, as it last reported itself.
type Process struct {
	Role    string // node, worker, web …
	ID      string // one of possibly several of its role
	PID     int
	Host    string
	Addr    string // where it is reached
	Version string
	Ready   bool           // said so, and was heard of lately by the store's clock
	Detail  string         // why not ready, or what it does
	Figures map[string]int // what it holds now, by name
	Since   time.Time      // start of the process
	Seen    time.Time      // when it last reported
}

// FlowName is a flow in a list to choose from.
type FlowName struct {
	ID        string
	Name      string
	Published int // version in force; 0: none
}

// Names gives the words for what flows name by id.
type Names struct {
	ContactMethods map[string]string
	Audio          map[string]string
}
