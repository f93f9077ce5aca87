package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/forms"
)

// fakeStore is a Store in memory.
type fakeStore struct {
	Store // what these tests do not touch

	mu       sync.Mutex
	broken   error // every method answers it
	logins   map[string]directory.Login
	password string // of every login
	checks   int    // how often a password was checked
	sessions map[string]directory.Session
	calls    []call.LedgerEntry
	messages map[call.ID][]call.SIPMessage
	roles    []Role
	flows    []FlowSummary
	versions map[string][]VersionSummary
	graphs   []flow.Revision
	names    forms.Names
}

func newFakeStore() *fakeStore {
	return &fakeStore{logins: map[string]directory.Login{"owner@example.org": {ID: "l1", Email: "owner@example.org", Role: "owner"}},
		password: "correct horse battery", sessions: map[string]directory.Session{}, messages: map[call.ID][]call.SIPMessage{}}
}

func (s *fakeStore) SignIn(_ context.Context, email, password string) (directory.Login, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checks++
	who, ok := s.logins[email]
	if !ok || password != s.password {
		return directory.Login{}, cmp.Or(s.broken, directory.ErrDenied)
	}
	return who, s.broken
}

func (s *fakeStore) CreateSession(_ context.Context, login string, lasts time.Duration) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := fmt.Sprintf("token-%d", len(s.sessions))
	for _, who := range s.logins {
		if who.ID == login {
			s.sessions[token] = directory.Session{ID: token, Login: who, Expires: sampleNow.Add(lasts)}
		}
	}
	return token, s.broken
}

func (s *fakeStore) Session(_ context.Context, token string) (directory.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.sessions[token]
	if !ok {
		return directory.Session{}, cmp.Or(s.broken, ErrNotFound)
	}
	return x, s.broken
}

func (s *fakeStore) EndSession(_ context.Context, token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, token)
	return s.broken
}

func (s *fakeStore) Calls(_ context.Context, f directory.CallFilter) (directory.CallPage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := directory.CallPage{Total: len(s.calls)}
	for _, e := range s.calls {
		text := strings.ToLower(e.Caller.Number + " " + e.Caller.Name + " " + e.Called + " " + e.Flow.Name + " " + e.AnsweredBy)
		switch {
		case f.Text != "" && !strings.Contains(text, strings.ToLower(f.Text)),
			f.Outcome != "" && f.Outcome != e.Outcome, f.Direction != "" && f.Direction != e.Direction,
			f.After != "" && e.Call >= f.After, e.Started.Before(f.From), !f.To.IsZero() && !e.Started.Before(f.To):
			continue
		}
		if len(page.Calls) == f.Limit {
			page.Next = page.Calls[f.Limit-1].Call
			break
		}
		page.Calls = append(page.Calls, e)
	}
	return page, s.broken
}

func (s *fakeStore) Ledger(_ context.Context, id call.ID) (call.LedgerEntry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.calls, func(e call.LedgerEntry) bool { return e.Call == id })
	if i < 0 {
		return call.LedgerEntry{}, cmp.Or(s.broken, ErrNotFound)
	}
	return s.calls[i], s.broken
}

func (s *fakeStore) Messages(_ context.Context, id call.ID) ([]call.SIPMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.messages[id], s.broken
}

func (s *fakeStore) Roles(context.Context) ([]Role, error)        { return s.roles, s.broken }
func (s *fakeStore) Flows(context.Context) ([]FlowSummary, error) { return s.flows, s.broken }
func (s *fakeStore) Lists(context.Context) ([]directory.List, error) {
	return nil, s.broken
}
func (s *fakeStore) Names(context.Context) (forms.Names, error) { return s.names, s.broken }

func (s *fakeStore) Versions(_ context.Context, id string) ([]VersionSummary, error) {
	return s.versions[id], s.broken
}

func (s *fakeStore) Version(_ context.Context, id string, version int) (flow.Revision, error) {
	for _, r := range s.graphs {
		if r.ID == id && r.Version == version {
			return r, s.broken
		}
	}
	return flow.Revision{}, cmp.Or(s.broken, ErrNotFound)
}

// fakeLive is a Live in memory.
type fakeLive struct {
	nobody
	mu    sync.Mutex
	down  bool
	moved []string
	calls []call.LedgerEntry
	met   []call.Position // in conferences
}

var errAway = errors.New("temporal is away")

func (l *fakeLive) Live(_ context.Context, id call.ID) (call.LedgerEntry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return call.LedgerEntry{}, errAway
	}
	for _, e := range l.calls {
		if e.Call == id {
			return e, nil
		}
	}
	return call.LedgerEntry{}, ErrNotFound
}

func (l *fakeLive) Positions(context.Context) ([]call.Position, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return nil, errAway
	}
	out := slices.Clone(l.met)
	for _, e := range l.calls {
		at := call.Position{Call: e.Call, Caller: e.Caller, Called: e.Called, Direction: e.Direction, Started: e.Started, Since: e.Started, Flow: e.Flow}
		if n := len(e.Path); n > 0 {
			at.Module, at.Name, at.Kind, at.Since = e.Path[n-1].Module, e.Path[n-1].Name, e.Path[n-1].Kind, e.Path[n-1].Entered
		}
		out = append(out, at)
	}
	return out, nil
}

// Audit, Login and TokenOf answer as a store without log, e-mails and tokens.
func (s *fakeStore) Audit(context.Context, directory.AuditEntry) error { return s.broken }

func (s *fakeStore) Login(context.Context, string) (directory.Login, error) {
	return directory.Login{}, ErrNotFound
}

func (s *fakeStore) TokenOf(context.Context, string) (directory.Token, error) {
	return directory.Token{}, ErrNotFound
}

func (s *fakeStore) CallNotes(context.Context, call.ID) ([]directory.CallNote, error) {
	return nil, s.broken
}

func (s *fakeStore) CallMarks(context.Context, []call.ID) (map[call.ID]directory.CallMarks, error) {
	return nil, s.broken
}

func (s *fakeStore) Waits(context.Context, []call.ID) (map[call.ID]time.Duration, error) {
	return nil, s.broken
}

func (s *fakeStore) Setting(context.Context, string, any) error {
	return cmp.Or(s.broken, error(ErrNotFound))
}
