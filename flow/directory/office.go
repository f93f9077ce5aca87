package directory

import (
	"time"

	"tandem/flow/call"
	"tandem/flow/schedule"
)

// Role is what a login may do, by the table of rights.
type Role string

// The roles, widest first.
const (
	Owner      Role = "owner"
	Admin      Role = "admin"
	FlowEditor Role = "flow-editor"
	Supervisor Role = "supervisor"
	Agent      Role = "agent"
	ReadOnly   Role = "read-only"
)

// Roles lists all roles, widest first.
var Roles = []Role{Owner, Admin, FlowEditor, Supervisor, Agent, ReadOnly}

// Login is a right to enter the panel.
type Login struct {
	ID          string    `json:"id"`
	Email       string    `json:"email"` // lower case
	Role        Role      `json:"role"`
	Flows       []string  `json:"flows,omitempty"`      // limited to these flows; empty: all
	NoPublish   bool      `json:"no_publish,omitempty"` // a flow-editor who may not publish
	User        string    `json:"user,omitempty"`       // id of the person it belongs to
	TOTP        bool      `json:"totp"`                 // a second factor is set up
	Invited     bool      `json:"invited,omitempty"`    // has no password yet
	Failed      int       `json:"failed,omitempty"`     // wrong passwords since the last right one
	LockedUntil time.Time `json:"locked_until,omitzero"`
	LastSeen    time.Time `json:"last_seen,omitzero"`
	Created     time.Time `json:"created"`
}

// Locked tells whether the login refuses every password at an instant.
func (l Login) Locked(now time.Time) bool { return now.Before(l.LockedUntil) }

// Token is a key to the API.
type Token struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"` // 1–60 characters
	Role     Role      `json:"role"`
	Flows    []string  `json:"flows,omitempty"`  // limited to these flows; empty: all
	Expires  time.Time `json:"expires,omitzero"` // zero: never
	LastUsed time.Time `json:"last_used,omitzero"`
	Created  time.Time `json:"created"`
	By       string    `json:"by"` // e-mail of who made it
}

// AudioFile is one file of the library. Its id stays when its content changes.
type AudioFile struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"` // 1–120 characters
	MediaType string        `json:"media_type"`
	SHA256    string        `json:"sha256"`           // of the bytes, hexadecimal; set by the store
	Size      int           `json:"size"`             // bytes
	Length    call.Duration `json:"length"`           // of the sound
	Source    string        `json:"source,omitempty"` // file name as uploaded, "microphone" or empty
	Added     time.Time     `json:"added"`
	Bytes     []byte        `json:"-"` // not filled in lists
}

// Playlist is audio files played one after the other.
type Playlist struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"` // 1–60 characters
	Files   []string `json:"files"`
	Shuffle bool     `json:"shuffle,omitempty"`
	Loop    bool     `json:"loop,omitempty"`
}

// Schedule is opening hours with an id and a name.
type Schedule struct {
	ID   string `json:"id"`
	Name string `json:"name"` // 1–60 characters, unique
	schedule.Hours
}

// General is the settings of the whole installation.
type General struct {
	Name             string   `json:"name"`              // of the system
	Zone             string   `json:"zone"`              // IANA
	OverLimitDecline int      `json:"over_limit"`        // 403, 480, 486, 600 or 603
	Country          string   `json:"country,omitempty"` // ISO 3166, for national numbers
	Dialling         string   `json:"dialling"`          // e164 or national
	HoldMusic        string   `json:"hold_music,omitempty"`
	LongestCall      int      `json:"longest_call"` // minutes, 10–1440
	StrictRingGroups bool     `json:"strict_ring_groups"`
	HistoryDays      int      `json:"history_days"`
	PublicAddress    string   `json:"public_address,omitempty"`
	AllowedTargets   Networks `json:"allowed_targets,omitempty"` // private networks that mail and HTTP requests may reach
}

// FeatureCode is one code that is keyed in a call or dialled when idle.
type FeatureCode struct {
	ID   string `json:"id"` // what it does, such as "attended-transfer"
	Code string `json:"code"`
	On   bool   `json:"on"`
}

// AuditEntry is one line of the audit log: who did what, when, from where.
type AuditEntry struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"`
	Login   string    `json:"login"`  // e-mail, or token and its name
	Remote  string    `json:"remote"` // address it came from
	Action  string    `json:"action"`
	Subject string    `json:"subject"`
	Before  string    `json:"before,omitempty"` // JSON, secrets as "changed"
	After   string    `json:"after,omitempty"`
}
