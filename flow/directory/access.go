package directory

import "time"

// Session is one signed-in browser.
type Session struct {
	ID      string // names it in a list; it opens nothing
	Login   Login
	Created time.Time
	Expires time.Time
	Strict  bool // a second factor is required of everybody
}

// Answer is what a write under an idempotency key was answered with, to be
// given again to whoever repeats it.
type Answer struct {
	Status int
	Type   string // media type
	Body   []byte
}

// Editor is somebody who has the editor of a flow open.
type Editor struct {
	Email string    `json:"email"`
	Since time.Time `json:"since"`
}

// Family is a family of tables that processes hold in memory or show.
type Family string

// The families, as the triggers of the schema name them.
const (
	FamilyAccounts  Family = "accounts"
	FamilyTrunks    Family = "trunks"
	FamilyNumbers   Family = "numbers"
	FamilyBindings  Family = "bindings"
	FamilyAudio     Family = "audio"
	FamilyFlows     Family = "flows"
	FamilySettings  Family = "settings"
	FamilyUsers     Family = "users"
	FamilySchedules Family = "schedules"
	FamilyLists     Family = "lists"
	FamilyLogins    Family = "logins"
	FamilyPresence  Family = "presence"
	FamilyCalls     Family = "calls"
)

// News tells which family of tables has changed. All means that changes may
// have been missed: everything should be read again.
type News struct {
	All    bool
	Family Family
}

// Has tells whether news touches a family.
func (n News) Has(f Family) bool { return n.All || n.Family == f }
