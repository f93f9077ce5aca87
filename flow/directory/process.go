package directory

import "time"

// Process is one running process of the installation, as it last reported
// itself.
type Process struct {
	Role    string // node, worker, web, temporal
	ID      string // one of possibly several of its role
	PID     int
	Host    string
	Addr    string // where it is reached
	Version string
	Ready   bool           // read: also heard of lately
	Detail  string         // one line for the system page
	Figures map[string]int // what it holds now, by name

	Since time.Time // read only: start of this process
	Seen  time.Time // read only: last beat
}
