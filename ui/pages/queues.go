package pages

import "time"

// QueuesView is the list of queues.
type QueuesView struct {
	Frame
	Stream   string
	Poll     string // address of this list
	Fault    string
	List     List
	Narrowed bool
	Rows     []QueueRow
}

// QueueRow is one queue at one glance.
type QueueRow struct {
	Link, Name     string
	Flow, FlowLink string // the link is empty where it may not be seen
	Waiting        int
	Since          time.Time // the longest wait
	Wait           string
	Free, Members  int
}

// QueueView is one queue as it stands.
type QueueView struct {
	Frame
	Stream              string
	Fault               string
	Name                string
	Flow, FlowLink      string
	Canvas              string // the flow with its calls
	Strategy            string
	Note                string // of how members log in
	Callers             []QueueCaller
	Control             bool // something can be done to one of them
	Team                []QueueMember
	Answered, Abandoned int
	Waiting, Callbacks  int // on the line, and promised to be called
	Free                int
}

// QueueCaller is one who waits.
type QueueCaller struct {
	Place    int
	Link     string // empty: may not be seen
	Caller   Party
	Since    time.Time
	Wait     string
	Priority int
	State    Badge
	Doing    string    // who is rung
	Next     time.Time // a callback is tried again; zero: not put off
	Action   string    // address that withdraws a callback; empty: not allowed
	Question string    // asked before
}

// QueueMember is one member and what can be done to it.
type QueueMember struct {
	Name   string
	State  Badge
	Detail string // until when, or with whom
	Link   string // call that it is in
	Level  int
	Calls  int
	Since  time.Time // it is logged in or out or paused; zero: never said
	By     string
	ByCall string // address of the call that dialled the code
	Action string // address that changes it; empty: not allowed
	Wishes []Option
}
