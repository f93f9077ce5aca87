package simulatetest

import (
	"fmt"
	"slices"

	"tandem/flow"
	"tandem/flow/call"
)

// music is what callers hear in queues and conferences. Whoever may key there
// hears by it that this has begun.
const music = "loop-2"

// PINs of drawn conferences.
const (
	guestPIN = "12"
	hostPIN  = "9876"
	wrongPIN = "0000"

	endForAll = "*9" // keyed by a host
)

// queue draws one whose rules depend on nothing but the caller of the scenario:
// each finds it as if nobody had been there before.
func (a *artist) queue() flow.Settings {
	rest := a.between(1, 2)
	q := &flow.Queue{Strategy: pick(a.dice, flow.QueueStrategies), Timeout: a.between(6, 14), Rest: &rest, HoldMusic: music, LeaveWhenEmpty: a.one(40)}
	if a.one(40) {
		q.EscapeKey = pick(a.dice, []string{"9", "#", "*"})
	}
	team := slices.Clone(a.stock.Teams[Team(a.n)])
	if a.one(25) {
		team = slices.Clone(a.stock.Absent)
	}
	a.Shuffle(len(team), func(i, j int) { team[i], team[j] = team[j], team[i] })
	for _, id := range team[:a.between(1, len(team))] {
		q.Members = append(q.Members, flow.QueueMember{ContactMethod: id, Ring: a.between(5, 7), Level: a.between(1, 2)})
	}
	return q
}

// conference draws one that a caller has to oneself.
func (a *artist) conference() flow.Settings {
	c := &flow.Conference{MusicAlone: music, NoTones: a.one(50)}
	if a.one(60) {
		c.PIN = guestPIN
	}
	if a.one(60) {
		c.HostPIN, c.WaitForHost = hostPIN, a.one(50)
	}
	return c
}

// callback draws one that asks with a prompt which begins with a mark.
func (a *artist) callback() flow.Settings {
	return &flow.Callback{NumberPrompt: "ask-2", Tries: a.between(1, 5)}
}

// wishes are what callers key who are asked where to be called back: their own
// number, none, the numbers of phones, numbers of nobody's phone, and none at all.
var wishes = []string{"#", "#", "#", "#", insideNumber + "#", insideNumber + "#", insideNumber, directNumber + "#", directNumber + "#", "*", "7#", "8#"}

// Numbers of phones, as callers key them.
const (
	insideNumber = "9001"
	directNumber = "00" + directDigits
	directDigits = "19980001"
)

// Inside is the account of an inside caller, by its internal number.
func Inside(number string) string { return "caller-" + number }

// Direct is the number of the first phone of a stock.
const Direct = "+" + directDigits

// number is where a full number leads that a caller keys.
func (s Stock) number(number, by string) flow.Route {
	switch {
	case number == Direct:
		return flow.Route{Number: number, Direct: &call.Target{ContactMethod: s.Phones[0], Name: s.Phones[0], Account: s.Phones[0]}}
	case by == "":
		return flow.Route{Number: number, Refused: call.CauseForbidden}
	}
	return flow.Route{Number: number, Refused: call.CauseNotFound}
}

// Alone names what only one scenario of the n-th flow may use at a time, and
// perhaps one of another flow: whoever waits or confers there would meet others.
// It is empty where callers meet nobody.
func Alone(n int, f flow.Flow) string {
	has := func(kind string) bool {
		return slices.ContainsFunc(f.Modules, func(m flow.Module) bool { return m.Kind == kind })
	}
	switch {
	case has("queue"):
		return fmt.Sprintf("team %d", Team(n))
	case has("conference"):
		return "flow " + f.ID
	}
	return ""
}
