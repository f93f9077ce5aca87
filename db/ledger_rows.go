package db

import (
	"time"

	"tandem/flow/call"
)

// pathRow is a path entry as it is stored.
type pathRow struct {
	Module, Name, Kind, Exit string
	Entered                  time.Time
	LeftAt                   *time.Time
	Reason                   call.Reason
	FlowID, FlowName         string
	FlowVersion              int
}

func (r pathRow) entry() call.PathEntry {
	return call.PathEntry{Module: r.Module, Name: r.Name, Kind: r.Kind, Entered: r.Entered.UTC(), Left: moment(r.LeftAt),
		Exit: r.Exit, Reason: r.Reason, Flow: call.FlowRef{ID: r.FlowID, Name: r.FlowName, Version: r.FlowVersion}}
}

// legRow is a leg as it is stored.
type legRow struct {
	ID                                 call.LegID
	Side, Node, PartyNumber, PartyName string
	State                              call.LegState
	ContactMethod, Trunk, Remote       string
	SIPCallID                          string
	Started, Ringing, Answered, Ended  *time.Time
	Status                             int
	Cause                              call.Cause
	Media                              call.Media
}

func (r legRow) leg() call.Leg {
	return call.Leg{ID: r.ID, Side: r.Side, Node: r.Node, State: r.State, Party: call.Party{Number: r.PartyNumber, Name: r.PartyName},
		ContactMethod: r.ContactMethod, Trunk: r.Trunk, Remote: r.Remote, SIPCallID: r.SIPCallID,
		Started: moment(r.Started), Ringing: moment(r.Ringing), Answered: moment(r.Answered), Ended: moment(r.Ended),
		Status: r.Status, Cause: r.Cause, Media: r.Media}
}

// attemptRow is a routing attempt as it is stored.
type attemptRow struct {
	Leg                               call.LegID
	Module, ContactMethod             string
	Name, Binding                     string
	Started, Ringing, Answered, Ended *time.Time
	Status                            int
	Cause                             call.Cause
	Skipped                           bool
}

func (r attemptRow) attempt() call.Attempt {
	return call.Attempt{Leg: r.Leg, Module: r.Module, ContactMethod: r.ContactMethod, Name: r.Name, Binding: r.Binding,
		Started: moment(r.Started), Ringing: moment(r.Ringing), Answered: moment(r.Answered), Ended: moment(r.Ended),
		Status: r.Status, Cause: r.Cause, Skipped: r.Skipped}
}
