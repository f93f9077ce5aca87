package sipmedia

import (
	"sync"

	"tandem/flow/call"
)

// lines knows which people and contact methods have legs on this node: who is
// busy, and of whom no more legs may ring. It is shared by all calls.
type lines struct {
	mu    sync.Mutex
	legs  map[string]int             // rung and not ended, by contact method
	talks map[string]map[call.ID]int // answered or dialling, by contact method and by user
}

func newLines() *lines {
	return &lines{legs: map[string]int{}, talks: map[string]map[call.ID]int{}}
}

// names are the words under which a leg is known: no id begins like the other's.
func names(contactMethod, user string) []string {
	var out []string
	if contactMethod != "" {
		out = append(out, "method "+contactMethod)
	}
	if user != "" {
		out = append(out, "user "+user)
	}
	return out
}

// busy tells whether a target is in another call and does not want a second one
// (product sheet 3.6 and 4.1). A forwarding is whatever stands behind it: how
// many calls that takes is its limit, and only its owner can be busy.
func (n *lines) busy(t call.Target, in call.ID) bool {
	if t.CallWaiting {
		return false
	}
	if t.URI != "" {
		t.ContactMethod = ""
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, name := range names(t.ContactMethod, t.User) {
		for id := range n.talks[name] {
			if id != in {
				return true
			}
		}
	}
	return false
}

// admit counts legs that are about to be rung for a target, unless there are as
// many as may be at once.
func (n *lines) admit(t call.Target, legs int) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if t.AtOnce > 0 && n.legs[t.ContactMethod] >= t.AtOnce {
		return false
	}
	n.legs[t.ContactMethod] += legs
	return true
}

// dismiss takes an admitted leg off the count.
func (n *lines) dismiss(contactMethod string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.legs[contactMethod]--; n.legs[contactMethod] <= 0 {
		delete(n.legs, contactMethod)
	}
}

// occupy notes that those named are in a call.
func (n *lines) occupy(names []string, in call.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, name := range names {
		if n.talks[name] == nil {
			n.talks[name] = map[call.ID]int{}
		}
		n.talks[name][in]++
	}
}

// vacate takes that back.
func (n *lines) vacate(names []string, in call.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, name := range names {
		if n.talks[name][in]--; n.talks[name][in] <= 0 {
			delete(n.talks[name], in)
		}
		if len(n.talks[name]) == 0 {
			delete(n.talks, name)
		}
	}
}
