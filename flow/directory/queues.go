package directory

import (
	"slices"
	"time"

	"tandem/flow"
	"tandem/flow/queue"
)

// Queue is one queue of a published flow.
type Queue struct {
	ID       queue.ID
	Flow     string // id
	FlowName string
	Module   string // id
	Name     string // of the module
	Settings flow.Queue
}

// Holds tells whether a contact method is a member.
func (q Queue) Holds(contactMethod string) bool {
	return slices.ContainsFunc(q.Settings.Members, func(m flow.QueueMember) bool { return m.ContactMethod == contactMethod })
}

// Member is what a member of a queue whose members log in has said last.
// Whoever has said nothing is logged out.
type Member struct {
	Queue         queue.ID  `json:"queue"`
	ContactMethod string    `json:"contact_method"`
	LoggedIn      bool      `json:"logged_in"`
	Paused        bool      `json:"paused"`
	Since         time.Time `json:"since,omitzero"`
	By            string    `json:"by,omitempty"` // e-mail address of a login, or id of the call that dialled the code
}

// MemberChange is what somebody wants of members of queues.
type MemberChange string

// The changes. A toggle does to all members what is not done to one of them
// yet, and otherwise undoes it. Only who is logged in can pause.
const (
	MemberLogIn       MemberChange = "log-in"
	MemberLogOut      MemberChange = "log-out"
	MemberPause       MemberChange = "pause"
	MemberResume      MemberChange = "resume"
	MemberToggleIn    MemberChange = "toggle-log-in"
	MemberTogglePause MemberChange = "toggle-pause"
)

// memberChanges is what each change but a toggle makes of a member. Logging in
// and out begin afresh: a pause ends with the shift.
var memberChanges = map[MemberChange]func(*Member){
	MemberLogIn:  func(m *Member) { m.LoggedIn, m.Paused = true, m.LoggedIn && m.Paused },
	MemberLogOut: func(m *Member) { m.LoggedIn, m.Paused = false, false },
	MemberPause:  func(m *Member) { m.Paused = m.LoggedIn },
	MemberResume: func(m *Member) { m.Paused = false },
}

// Known tells whether there is such a change.
func (c MemberChange) Known() bool {
	return memberChanges[c] != nil || c == MemberToggleIn || c == MemberTogglePause
}

// Settle is what a toggle means for members as they are; every other change
// means itself.
func (c MemberChange) Settle(members []Member) MemberChange {
	switch c {
	case MemberToggleIn:
		if slices.ContainsFunc(members, func(m Member) bool { return !m.LoggedIn }) {
			return MemberLogIn
		}
		return MemberLogOut
	case MemberTogglePause:
		if slices.ContainsFunc(members, func(m Member) bool { return m.LoggedIn && !m.Paused }) {
			return MemberPause
		}
		return MemberResume
	}
	return c
}

// Apply is a member after a change that is no toggle.
func (m Member) Apply(c MemberChange) Member {
	if change := memberChanges[c]; change != nil {
		change(&m)
	}
	return m
}
