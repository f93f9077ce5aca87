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
	ownAccount    right = "own account" // of a person, not of a token
	seeCalls      right = "see calls"   // an agent sees own calls only
	seeFlows      right = "see flows"
	editFlows     right = "edit flows"    // drafts, schedules, audio, simulation
	makeFlows     right = "make flows"    // unless the login is limited to named ones
	publishFlows  right = "publish flows" // unless the login says no_publish
	seePeople     right = "see people"    // numbers and contact methods
	seeUsers      right = "see users"     // and trunks
	editContacts  right = "edit contact methods"
	editPeople    right = "edit people" // users, logins, trunks, numbers, tokens, settings
	editAccess    right = "change how people sign in"
	holdRouters   right = "override"      // hold time routers open or closed
	overrideCalls right = "control calls" // hang up, move; an agent own calls only
	markCalls     right = "mark calls"    // notes, missed and resolved; an agent own calls only
	seeAudit      right = "see the audit log"
	seeSystem     right = "see the system"
)

// rightsOf is the whole rule of who may do what. What is limited further
// (named flows, own calls) is checked where the thing is known.
var rightsOf = map[right][]directory.Role{
	signedIn:      directory.Roles,
	ownAccount:    directory.Roles,
	seeCalls:      directory.Roles,
	seeFlows:      {directory.Owner, directory.Admin, directory.FlowEditor, directory.Supervisor, directory.ReadOnly},
	editFlows:     {directory.Owner, directory.Admin, directory.FlowEditor},
	makeFlows:     {directory.Owner, directory.Admin, directory.FlowEditor},
	publishFlows:  {directory.Owner, directory.Admin, directory.FlowEditor},
	seePeople:     {directory.Owner, directory.Admin, directory.FlowEditor, directory.Supervisor, directory.ReadOnly},
	seeUsers:      {directory.Owner, directory.Admin},
	editContacts:  {directory.Owner, directory.Admin},
	editPeople:    {directory.Owner, directory.Admin},
	editAccess:    {directory.Owner},
	holdRouters:   {directory.Owner, directory.Admin, directory.FlowEditor, directory.Supervisor},
	overrideCalls: {directory.Owner, directory.Admin, directory.Supervisor, directory.Agent},
	markCalls:     {directory.Owner, directory.Admin, directory.FlowEditor, directory.Supervisor, directory.Agent},
	seeAudit:      {directory.Owner, directory.Admin},
	seeSystem:     {directory.Owner, directory.Admin, directory.FlowEditor, directory.Supervisor, directory.ReadOnly},
}

// allowed tells whether a login has a right. Nobody is nil.
func allowed(need right, who *directory.Login) bool {
	switch {
	case need == anyone:
		return true
	case who == nil || need == publishFlows && who.NoPublish || need == ownAccount && isToken(who):
		return false
	case need == makeFlows && len(who.Flows) > 0:
		return false // it would not see what it made
	}
	return slices.Contains(rightsOf[need], who.Role)
}

// mayFlow tells whether a login limited to named flows may see one of them.
func mayFlow(who *directory.Login, id string) bool {
	return len(who.Flows) == 0 || slices.Contains(who.Flows, id)
}
