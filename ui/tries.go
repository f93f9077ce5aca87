package ui

import (
	"sync"
	"time"
)

// Lock-out (product sheet 9): ten failedTries lock an e-mail for 15 minutes.
const (
	maxFailures = 10
	lockTime    = 15 * time.Minute
	maxTries    = 10_000 // e-mails remembered; beyond, the oldest are forgotten
)

// tries counts failed sign-ins by e-mail, whether or not a login owns it, so
// that a lock tells nobody which logins exist.
//
// Why not only in the store: a row for every e-mail a stranger makes up would
// let strangers fill the database. The store's own lock still holds for known
// logins across restarts and several web processes.
type tries struct {
	mu sync.Mutex
	by map[string]failedTries
}

type failedTries struct {
	count int
	last  time.Time
}

func (t *tries) locked(email string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.by[email]
	return f.count >= maxFailures && now.Sub(f.last) < lockTime
}

func (t *tries) failed(email string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.by[email]
	if now.Sub(f.last) >= lockTime {
		f.count = 0
	}
	t.by[email] = failedTries{f.count + 1, now}
	if len(t.by) > maxTries {
		t.forget(now)
	}
}

func (t *tries) passed(email string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.by, email)
}

// forget drops what has run out and, when that is too little, the oldest; at
// last anything, since the clock may have been set back.
func (t *tries) forget(now time.Time) {
	for age := lockTime; len(t.by) > maxTries*9/10; age /= 2 {
		for email, f := range t.by {
			if now.Sub(f.last) >= age || age == 0 {
				delete(t.by, email)
			}
		}
	}
}
