package ui

import (
	"slices"

	"tandem/flow/directory"
)

// right is what a route asks of whoever calls it (product sheet 1).
type right string

// The rights.
const (
	undeclared    right = "" // the zero value opens nothing
	anyone        right = "anyone"
	signedIn      right = "signed in"
	seeCalls      right = "see calls" // an agent sees own calls only
	seeFlows      right = "see flows"
	editFlows     right = "edit flows"    // drafts, schedules, audio, simulation
	publishFlows  right = "publish flows" // unless the login says no_publish
	seePeople     right = "see people"    // users, contact methods, numbers, trunks
	editContacts  right = "edit contact methods"
	editPeople    right = "edit people"   // users, logins, trunks, numbers, tokens, settings
	overrideCalls right = "control calls" // hang up, move
	seeAudit      right = "see the audit log"
	seeSystem     right = "see the system"
)

// rightsOf is the whole rule of who may do what. What is limited further
// (named flows, own calls) is checked where the thing is known.
var rightsOf = map[right][]directory.Role{
	signedIn:      directory.Roles,
	seeCalls:      directory.Roles,
	seeFlows:      {directory.Owner, directory.Admin, directory.FlowEditor, directory.Supervisor, directory.ReadOnly},
	editFlows:     {directory.Owner, directory.Admin, directory.FlowEditor},
	publishFlows:  {directory.Owner, directory.Admin, directory.FlowEditor},
	seePeople:     {directory.Owner, directory.Admin, directory.FlowEditor, directory.Supervisor, directory.ReadOnly},
	editContacts:  {directory.Owner, directory.Admin},
	editPeople:    {directory.Owner, directory.Admin},
	overrideCalls: {directory.Owner, directory.Admin, directory.Supervisor},
	seeAudit:      {directory.Owner, directory.Admin},
	seeSystem:     {directory.Owner, directory.Admin, directory.FlowEditor, directory.Supervisor, directory.ReadOnly},
}

// allowed tells whether a login has a right. Nobody is nil.
func allowed(need right, who *directory.Login) bool {
	switch {
	case need == anyone:
		return true
	case who == nil || need == publishFlows && who.NoPublish:
		return false
	}
	return slices.Contains(rightsOf[need], who.Role)
}

// mayFlow tells whether a login limited to named flows may see one of them.
func mayFlow(who *directory.Login, id string) bool {
	return len(who.Flows) == 0 || slices.Contains(who.Flows, id)
}
