package ui

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// booth is a panel in memory with an exchange that the test plays: all in one
// bubble, so that half an hour passes at once.
type booth struct {
	t        *testing.T
	store    *draftStore
	exchange *fakeExchange
	engine   *engine
	stop     context.CancelFunc // of the panel
	client   *http.Client
}

// draftStore is a store with one draft.
type draftStore struct {
	*fakeStore
	problems []flow.Problem
	noted    []directory.AuditEntry
}

func (s *draftStore) Draft(_ context.Context, id string) (directory.Draft, error) {
	if id != "main" {
		return directory.Draft{}, ErrNotFound
	}
	return directory.Draft{Revision: 12, Flow: flow.Flow{ID: "main", Name: "Main line", Modules: []flow.Module{
		{ID: "number", Kind: "phone-number", Name: "Main number", Settings: &flow.PhoneNumber{Number: "+15550100"}},
		{ID: "old", Kind: "phone-number", Name: "Old number", Shelved: true, Settings: &flow.PhoneNumber{Number: "+15550109"}},
		{ID: "bye", Kind: "hangup", Name: "Goodbye", Settings: &flow.Hangup{}}},
		Cables: []flow.Cable{{From: "number", Exit: "next", To: "bye"}}}}, nil
}

func (s *draftStore) Check(context.Context, flow.Flow) ([]flow.Problem, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problems, nil
}

func (s *draftStore) Audit(_ context.Context, e directory.AuditEntry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noted = append(s.noted, e)
	return nil
}

// engine is a Live whose one call a test leads.
type engine struct {
	office
	entry call.LedgerEntry
}

func (e *engine) Live(context.Context, call.ID) (call.LedgerEntry, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.entry.Live {
		return call.LedgerEntry{}, ErrNotFound
	}
	return e.entry, nil
}

// leads takes the call to one more module.
func (e *engine) leads(id call.ID, module string) {
	e.mu.Lock()
	if n := len(e.entry.Path); n > 0 {
		e.entry.Path[n-1].Exit = "next"
	}
	e.entry.Call, e.entry.Live = id, true
	e.entry.Path = append(e.entry.Path, call.PathEntry{Module: module, Name: module})
	e.at = []call.Position{{Call: id, Module: module, Seq: len(e.entry.Path)}}
	tell := e.moved
	e.mu.Unlock()
	if tell != nil {
		tell()
	}
}

// inBooth runs a claim in a bubble with a panel of its own.
func inBooth(t *testing.T, claim func(t *testing.T, b *booth)) {
	synctest.Test(t, func(t *testing.T) {
		b := &booth{t: t, store: &draftStore{fakeStore: newFakeStore()}, exchange: newExchange(), engine: &engine{}}
		ctx, stop := context.WithCancel(t.Context())
		b.stop = stop
		panel, err := New(Config{Store: b.store, Live: b.engine, TestCalls: b.exchange, Done: ctx.Done()})
		if err != nil {
			t.Fatal(err)
		}
		network := make(wires)
		b.client = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			network <- there
			return here, nil
		}}}
		server := &http.Server{Handler: panel}
		var serving sync.WaitGroup
		serving.Go(func() { _ = server.Serve(network) }) // ends when the network is closed
		claim(t, b)
		stop()
		synctest.Wait()
		b.client.CloseIdleConnections()
		close(network)
		_ = server.Close()
		serving.Wait()
	})
}

// signedIn opens a session for a login of some role.
func (b *booth) signedIn(name string, role directory.Role, flows ...string) (token string) {
	b.t.Helper()
	email := name + "@example.org"
	b.store.logins[email] = directory.Login{ID: name, Email: email, Role: role, Flows: flows}
	token, err := b.store.CreateSession(b.t.Context(), name, time.Hour)
	if err != nil {
		b.t.Fatal(err)
	}
	return token
}

// socket is the browser's end of a test call.
type socket struct {
	*websocket.Conn
	t *testing.T
}

// handshake asks for a socket as a browser would.
func (b *booth) handshake(token string, change ...func(http.Header)) (*websocket.Conn, *http.Response, error) {
	head := http.Header{"Cookie": {"tandem=" + token}, "Origin": {"http://panel.example"}}
	for _, ch := range change {
		ch(head)
	}
	return websocket.Dial(b.t.Context(), "ws://panel.example/api/flows/main/test-call", &websocket.DialOptions{HTTPClient: b.client, HTTPHeader: head})
}

func (b *booth) open(token string) socket {
	b.t.Helper()
	conn, _, err := b.handshake(token)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.CloseNow() }) // it may be closed
	return socket{conn, b.t}
}

// calls dials, and answers both ends of the call.
func (b *booth) calls(token string) (socket, *fakeLine) {
	b.t.Helper()
	s := b.open(token)
	s.order(`{"dial":{"entry":"number","caller":"+1 555 0123"}}`)
	return s, <-b.exchange.lines
}

func (s socket) order(text string) {
	s.t.Helper()
	if err := s.Write(s.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

// told is the next message in words.
func (s socket) told() testTold {
	s.t.Helper()
	for {
		kind, body, err := s.Read(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		var v testTold
		if kind == websocket.MessageText {
			if err := json.Unmarshal(body, &v); err != nil {
				s.t.Fatal(err)
			}
			return v
		}
	}
}

// untilError reads what is told until it is why there is no call any more, and
// sees that the socket is closed after it.
func (s socket) untilError() testTold {
	s.t.Helper()
	for {
		v := s.told()
		if v.Error == "" {
			continue
		}
		if _, _, err := s.Read(s.t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
			s.t.Errorf("after %q the socket says %v", v.Error, err)
		}
		return v
	}
}

// hungUp waits until the line has been hung up.
func (l *fakeLine) hungUp() { <-l.ctx.Done() }
