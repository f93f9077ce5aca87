package ui

import (
	"fmt"
	"net/http"
	"sync"
)

// testSeats are the places of test calls: one for each login, and not many in
// all. Each takes a phone, two UDP ports and somebody's microphone.
type testSeats struct {
	mu sync.Mutex
	by map[string]bool // by login
}

// testCallsAtOnce is how many test calls one process carries.
const testCallsAtOnce = 4

// Why there is no seat, in the words shown.
var (
	errTestTaken = &Refusal{Status: http.StatusConflict, Text: "You have a test call already, perhaps in another window. Hang that one up first."}
	errTestFull  = &Refusal{Status: http.StatusServiceUnavailable, Text: fmt.Sprintf("%d test calls are under way, more are not carried. Try again in a moment.", testCallsAtOnce)}
)

// take gives a login a seat. Whoever took it must leave, and may do so twice.
func (s *testSeats) take(login string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.by[login]:
		return nil, errTestTaken
	case len(s.by) >= testCallsAtOnce:
		return nil, errTestFull
	case s.by == nil:
		s.by = map[string]bool{}
	}
	s.by[login] = true
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.by, login)
	}), nil
}
