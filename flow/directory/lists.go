package directory

import (
	"time"

	"tandem/flow"
)

// List is callers to be blocked, shared by flows.
type List struct {
	ID      string `json:"id"`
	Name    string `json:"name"` // 1–60 characters, unique
	Entries int    `json:"entries"`
}

// MaxListEntries of one list.
const MaxListEntries = 100_000

// ListEntry is one line of a list.
type ListEntry struct {
	Entry string    `json:"entry"` // as a caller presents the number; * at the end makes a prefix
	Note  string    `json:"note,omitempty"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

// EntryFilter chooses entries of a list. Zero fields choose all.
type EntryFilter struct {
	Text          string // in entry or note
	Skip, Limit   int    // Limit 0: all
	NewestAtFirst bool
}

// EntryPage is one page of a list's entries.
type EntryPage struct {
	Entries []ListEntry
	Total   int // entries that match
}

// Toggled is what became of a time router by its code.
type Toggled struct {
	Flow       string        `json:"flow"` // id
	FlowName   string        `json:"flow_name"`
	Module     string        `json:"module"` // id
	ModuleName string        `json:"module_name"`
	Override   flow.Override `json:"override"` // in force now; the zero Override: the hours decide again
	Now        flow.Verdict  `json:"now"`      // where it sends callers now
}
