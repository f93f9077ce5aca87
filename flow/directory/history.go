package directory

import (
	"time"

	"tandem/flow/call"
)

// MaxTotal is where the count of a long list ends: "10000" then means as many
// or more.
const MaxTotal = 10_000

// CallFilter chooses calls for a list. Zero fields choose all.
type CallFilter struct {
	Text          string     // in caller number, caller name, called, flow or who answered; letters of either case
	From, To      time.Time  // began at or after From and before To
	Outcome       string     // talked, answered, missed, refused, failed
	Direction     string     // inbound, internal, callback, test
	Flow          string     // id
	Number        string     // called, as the ledger has it
	ContactMethod string     // id of one that took part or was tried
	Cause         call.Cause // of the end
	Mark          CallMark   // what people have done to it
	Earnest       bool       // neither test calls nor what a test call has promised
	Scope         []string   // ids of the only flows whose calls may be seen; empty: all
	User          string     // id of the only user whose calls may be seen; empty: all

	Sort      CallSort
	Ascending bool
	After     call.ID // the last call of the page before
	Before    call.ID // the first call of the page behind; one of both is set
	Limit     int     // 1–200; 0 is the default 50
}

// CallMark chooses calls by what people have done to them.
type CallMark string

// The marks; empty is any.
const (
	MarkOpen     CallMark = "open"     // people were wanted and nobody talked, and nobody has taken care of it since
	MarkResolved CallMark = "resolved" // somebody has
	MarkNoted    CallMark = "noted"    // somebody has written about it
)

// CallNote is what somebody wrote about a call.
type CallNote struct {
	ID   string    `json:"id"`
	Call call.ID   `json:"call"`
	Text string    `json:"text"` // 1–2000 characters
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// CallMarks is what people have done to a call.
type CallMarks struct {
	Call       call.ID    `json:"call"`
	Notes      int        `json:"notes"`
	ResolvedBy string     `json:"resolved_by,omitempty"` // who took care of it, such as by calling back
	ResolvedAt *time.Time `json:"resolved_at,omitempty"`
}

// CallSort is what a list of calls is sorted by.
type CallSort string

// What calls can be sorted by; empty is ByStart.
const (
	ByStart      CallSort = "started"
	ByTalk       CallSort = "talk"
	ByCaller     CallSort = "caller"
	ByCalled     CallSort = "called"
	ByFlow       CallSort = "flow"
	ByAnsweredBy CallSort = "answered_by"
	ByOutcome    CallSort = "outcome"
	ByCause      CallSort = "cause"
)

// CallPage is one page of a list of calls.
type CallPage struct {
	Calls []call.LedgerEntry // without path, legs and attempts
	Prev  call.ID            // Before of the page ahead; empty: this is the first
	Next  call.ID            // After of the next page; empty: this is the last
	Total int                // calls that match, counted to MaxTotal
}

// AuditFilter chooses entries of the audit log. Zero fields choose all.
type AuditFilter struct {
	Text     string // in login, action, subject or address
	Login    string
	Action   string
	From, To time.Time
	After    int64 // the last entry of the page before
	Limit    int   // 1–200; 0 is the default 50
}

// AuditPage is one page of the audit log, newest first.
type AuditPage struct {
	Entries []AuditEntry
	Next    int64 // After of the next page; 0: this is the last
	Total   int   // entries that match, counted to MaxTotal
}

// Figures is what a dashboard shows of the calls since some instant.
type Figures struct {
	Offered     int           `json:"offered"`
	Answered    int           `json:"answered"`
	Missed      int           `json:"missed"`
	Refused     int           `json:"refused"`
	Failed      int           `json:"failed"`
	AverageTalk call.Duration `json:"average_talk"` // of calls with talk
	LongestTalk call.Duration `json:"longest_talk"`

	Hours   []HourFigures      `json:"hours"`   // every hour since then, also one without calls
	Numbers []NumberFigures    `json:"numbers"` // the busiest, busiest first
	Failing []call.LedgerEntry `json:"failing"` // the last that failed, newest first
}

// HourFigures is the calls of one hour of the local clock.
type HourFigures struct {
	At       time.Time `json:"at"` // its beginning
	Offered  int       `json:"offered"`
	Answered int       `json:"answered"`
}

// NumberFigures is the calls to one number.
type NumberFigures struct {
	Number   string    `json:"number"`
	Label    string    `json:"label,omitempty"`
	Offered  int       `json:"offered"`
	Answered int       `json:"answered"`
	Last     time.Time `json:"last"`
}
