// Package directory is the words of who and what an installation consists of:
// users, contact methods, numbers, trunks, logins, audio and settings, as plain
// values that the database keeps and the panel shows.
//
// It looks nothing up and decides nothing about calls.
package directory

import (
	"errors"
	"fmt"
	"strings"
)

// Errors with which a store answers, wrapped with what was being done.
var (
	ErrNotFound = errors.New("does not exist")
	ErrStale    = errors.New("was changed by somebody else meanwhile")
	ErrTaken    = errors.New("is taken already")       // a name, user name or network
	ErrInvalid  = errors.New("is not allowed")         // out of the range that is allowed
	ErrLinked   = errors.New("is linked to something") // names what does not exist, or is still named
	ErrDenied   = errors.New("e-mail or password is wrong")
	ErrLocked   = errors.New("too many wrong passwords, try again later")
	ErrLast     = errors.New("is the last owner")
	ErrBusy     = errors.New("is being done already")
	ErrReused   = errors.New("was used for another request")
)

// Kind is a kind of thing that can be used by others, removed and restored.
type Kind string

// The kinds of things.
const (
	KindFlow          Kind = "flow"
	KindNumber        Kind = "number"
	KindContactMethod Kind = "contact-method"
	KindTrunk         Kind = "trunk"
	KindUser          Kind = "user"
	KindLogin         Kind = "login"
	KindAudio         Kind = "audio"
	KindPlaylist      Kind = "playlist"
	KindSchedule      Kind = "schedule"
	KindToken         Kind = "token"
	KindList          Kind = "list"
	KindCallNote      Kind = "call-note"
)

// Use is one place that uses a thing.
type Use struct {
	Kind   Kind   `json:"kind"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	Module string `json:"module,omitempty"` // id, where a flow uses it
	Where  string `json:"where,omitempty"`  // "draft" or "version 3" of a flow, "direct number" of a contact method

	ModuleName string `json:"module_name,omitempty"`
}

// InUseError refuses the removal of something in use and lists every use.
type InUseError struct {
	Kind Kind
	ID   string
	Uses []Use
}

// Error names the uses.
func (e *InUseError) Error() string {
	var by []string
	for _, u := range e.Uses {
		by = append(by, strings.TrimSpace(fmt.Sprintf("%s %q %s", u.Kind, u.Name, u.Where)))
	}
	return fmt.Sprintf("%s %q is used by %s", e.Kind, e.ID, strings.Join(by, ", "))
}

// Claimant is who holds a number or internal number: a module of a flow, or a
// contact method.
type Claimant struct {
	Flow          string `json:"flow,omitempty"`
	FlowName      string `json:"flow_name,omitempty"`
	Module        string `json:"module,omitempty"`
	ContactMethod string `json:"contact_method,omitempty"`
	ContactName   string `json:"contact_name,omitempty"`
}

// String says who it is.
func (c Claimant) String() string {
	switch {
	case c.ContactMethod != "":
		return fmt.Sprintf("contact method %q", or(c.ContactName, c.ContactMethod))
	case c.Flow != "":
		return fmt.Sprintf("module %q of flow %q", c.Module, or(c.FlowName, c.Flow))
	}
	return "nobody"
}

// IsZero tells whether nobody claims it.
func (c Claimant) IsZero() bool { return c.Flow == "" && c.ContactMethod == "" }

// Moved is a number that a publish took from who held it.
type Moved struct {
	Kind Kind     `json:"kind"` // KindNumber, or "internal-number"
	ID   string   `json:"id"`
	From Claimant `json:"from"`
	To   Claimant `json:"to"`
}

// Publication is what a publish did.
type Publication struct {
	Version int     `json:"version"`
	Moved   []Moved `json:"moved,omitempty"`
}

// TakenError refuses a claim and names who holds what was asked for.
type TakenError struct {
	Kind Kind   // KindNumber, or "internal-number"
	ID   string // the number
	By   Claimant
}

// Error names the number and its claimant.
func (e *TakenError) Error() string { return fmt.Sprintf("%s %s is taken by %s", e.Kind, e.ID, e.By) }

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
