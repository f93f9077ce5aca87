package directory

import (
	"fmt"
	"time"

	"tandem/flow"
)

// FlowLine is one line of the list of flows.
type FlowLine struct {
	ID            string    `json:"id"`
	Name          string    `json:"name"`
	Version       int       `json:"version"` // in force; 0: none
	PublishedAt   time.Time `json:"published_at,omitzero"`
	PublishedBy   string    `json:"published_by,omitempty"`
	PublishOnSave bool      `json:"publish_on_save,omitempty"`
	Newer         bool      `json:"newer"`   // the draft was changed since, or never published
	Entries       []string  `json:"entries"` // numbers and internal numbers: claimed, or before any publish those of the draft
	Revision      int       `json:"revision"`
	Created       time.Time `json:"created"`
	Updated       time.Time `json:"updated"`
	UpdatedBy     string    `json:"updated_by,omitempty"`
	Calls         int       `json:"calls"` // in the last 24 hours
}

// Draft is a flow as somebody edits it. No caller ever meets it.
type Draft struct {
	Flow          flow.Flow `json:"flow"`
	Revision      int       `json:"revision"`  // counts the saves; the next save names it
	Published     int       `json:"published"` // version that new calls walk; 0: none
	Newer         bool      `json:"newer"`     // the draft was changed since, or never published
	PublishOnSave bool      `json:"publish_on_save"`
	Updated       time.Time `json:"updated"`
	UpdatedBy     string    `json:"updated_by"`
}

// Version is one published version of a flow.
type Version struct {
	Version int       `json:"version"`
	Author  string    `json:"author"`
	Note    string    `json:"note"`
	At      time.Time `json:"at"`
	Current bool      `json:"current"`
}

// ProblemsError refuses a publish and carries the errors of flow.Validate.
type ProblemsError struct{ Problems []flow.Problem }

// Error names the first problem and counts them.
func (e *ProblemsError) Error() string {
	first := e.Problems[0]
	if len(e.Problems) == 1 {
		return fmt.Sprintf("the flow has an error: module %q: %s", first.Module, first.Text)
	}
	return fmt.Sprintf("the flow has %d errors, first module %q: %s", len(e.Problems), first.Module, first.Text)
}
