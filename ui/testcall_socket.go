package ui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket" // RFC 6455 with contexts and without dependencies; the standard library has none

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// testSocket is one test call and the browser that places it.
//
// # Why audio goes through the panel
//
// WebRTC would carry the audio itself, and Opus. It would also ask for DTLS,
// ICE and a way through NAT, for what a person does for a minute at a desk, and
// the caller's end of a call is G.711 as a rule. A WebSocket goes wherever the
// page went. What it costs is that a lost packet holds up those behind it, which
// is heard as a gap. We would think again when people take calls in the browser.
type testSocket struct {
	p     *Panel
	r     *http.Request // that opened it: who calls
	draft directory.Draft
	conn  *websocket.Conn
	keys  chan rune
	tasks sync.WaitGroup

	mu   sync.Mutex
	line TestLine // until the call is placed, one that is dialling
}

// dialling stands for a line until there is one: hanging up gives up the call.
type dialling struct {
	TestLine
	giveUp func()
}

func (dialling) Say([]byte) {}
func (d dialling) Hangup()  { d.giveUp() }

// Limits of a test call.
const (
	testCallTime  = 30 * time.Minute
	testDialWait  = 10 * time.Second // from the socket's being open to the order to dial
	testWriteWait = 5 * time.Second  // a browser that takes longer for a message has gone
	testPingEvery = 10 * time.Second
	testPongWait  = 5 * time.Second
	testLookEvery = 2 * time.Second // at whether who calls is still signed in
	testTaleWait  = 5 * time.Second // for the engine to write a call down that has ended

	maxTestDial  = flow.MaxFlowBytes // one message: the order to dial may bring a flow
	maxTestOrder = 1 << 10           // any message after it
	maxKeysAhead = 32                // a key takes its time on the line
)

// Why a test call does not begin or go on, in the words shown.
var (
	errNoTestCalls  = &Refusal{Status: http.StatusNotImplemented, Text: "This panel places no test calls."}
	errNoUpgrade    = &Refusal{Status: http.StatusUpgradeRequired, Text: "A test call is a WebSocket (RFC 6455): ask for the upgrade."}
	errDialFirst    = &Refusal{Status: http.StatusBadRequest, Text: `Begin with {"dial":{"entry":"…","caller":"…"}}, once.`}
	errTestFrame    = &Refusal{Status: http.StatusBadRequest, Text: fmt.Sprintf("A frame of audio has %d bytes.", TestFrame)}
	errTestLong     = &Refusal{Status: http.StatusConflict, Text: fmt.Sprintf("A test call lasts %d minutes at the most: it was hung up.", int(testCallTime.Minutes()))}
	errTestSignOut  = &Refusal{Status: http.StatusUnauthorized, Text: "You are no longer signed in: the call was hung up."}
	errTestNoRight  = &Refusal{Status: http.StatusForbidden, Text: "Your role does not allow this any more: the call was hung up."}
	errTestStopping = &Refusal{Status: http.StatusServiceUnavailable, Text: "The panel is being stopped: the call was hung up."}
	errTestGone     = errors.New("the browser has gone")  // nobody is left to be told
	errTestGivenUp  = errors.New("the call was given up") // before it was placed, by who knows it
)

// testCallRoutes place real calls through drafts.
func testCallRoutes() []route {
	return []route{{pattern: "GET /api/flows/{id}/test-call", right: editFlows, area: api, serve: (*Panel).apiTestCall, doc: doc{
		summary: `Call through the draft of a flow, by WebSocket: send {"dial":{"entry","caller"}}, then frames of 160 bytes of G.711 μ-law, {"key":"5"} and {"hangup":true}; the same frames come back, and what becomes of the call`,
		out:     reflect.TypeFor[testTold](), status: http.StatusSwitchingProtocols}}}
}

// apiTestCall opens the socket. A browser shows nothing of a handshake that was
// refused, so what may well happen is refused behind it, in words.
func (p *Panel) apiTestCall(w http.ResponseWriter, r *http.Request) error {
	if fromElsewhere(r) {
		return errCrossSite
	}
	d, err := p.drafted(r)
	switch {
	case err != nil:
		return err
	case p.cfg.TestCalls == nil:
		return errNoTestCalls
	case !strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		w.Header().Set("Upgrade", "websocket") // RFC 9110 §15.5.22
		return errNoUpgrade
	}
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		p.log.Warn("no socket for a test call", "remote", remoteOf(r), "err", err)
		return nil // it has been answered
	}
	defer conn.CloseNow()
	s := &testSocket{p: p, r: r, draft: d, conn: conn, keys: make(chan rune, maxKeysAhead)}
	s.part(s.serve(r.Context()))
	s.tasks.Wait()
	return nil
}

// fromElsewhere tells whether another site asks. A GET changes nothing as a
// rule, so http.CrossOriginProtection lets it pass; this one places a call, and
// is held to the rule of writes. Browsers name the origin of every WebSocket.
func fromElsewhere(r *http.Request) bool {
	asWrite := r.WithContext(r.Context())
	asWrite.Method = http.MethodPost
	return http.NewCrossOriginProtection().Check(asWrite) != nil
}

// serve carries one call, and answers why it ended: nil where all is told.
func (s *testSocket) serve(ctx context.Context) error {
	leave, err := s.p.seats.take(loginOf(s.r).ID)
	if err != nil {
		return err
	}
	defer leave()
	ctx, stop := context.WithTimeoutCause(ctx, testCallTime, errTestLong)
	defer stop()
	t, err := s.asked(ctx)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	s.line = dialling{giveUp: func() { end(errTestGivenUp) }}
	s.start(ctx, end, s.listen, s.beat, s.watch)
	line, err := s.p.cfg.TestCalls.Dial(ctx, t)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("placing the call: %w", err)
	}
	defer line.Hangup()
	s.mu.Lock()
	s.line = line
	s.mu.Unlock()
	s.start(ctx, end, s.press, s.pass)
	return s.follow(ctx, t, leave)
}

// start begins tasks. Each ends with ctx, and an error of one ends them all.
func (s *testSocket) start(ctx context.Context, end context.CancelCauseFunc, tasks ...func(context.Context) error) {
	for _, task := range tasks {
		s.tasks.Go(func() {
			if err := task(ctx); err != nil {
				end(err)
			}
		})
	}
}

// at is the line as it is now.
func (s *testSocket) at() TestLine {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.line
}

// asked reads the order to dial.
func (s *testSocket) asked(ctx context.Context) (directory.TestCall, error) {
	s.conn.SetReadLimit(maxTestDial)
	ctx, cancel := context.WithTimeout(ctx, testDialWait)
	defer cancel()
	kind, body, err := s.conn.Read(ctx)
	if err != nil {
		return directory.TestCall{}, errTestGone
	}
	s.conn.SetReadLimit(maxTestOrder)
	if kind != websocket.MessageText {
		return directory.TestCall{}, errDialFirst
	}
	in, err := readOrder(body)
	if err != nil {
		return directory.TestCall{}, err
	}
	if in.Dial == nil {
		return directory.TestCall{}, errDialFirst
	}
	return s.p.testCall(ctx, s.draft, *in.Dial, whoOf(s.r))
}

// follow tells what becomes of the call until it has ended and is written down.
func (s *testSocket) follow(ctx context.Context, t directory.TestCall, leave func()) error {
	line := s.at()
	var trail chan error // of a call that was placed
	over := make(chan struct{})
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-s.p.cfg.Done:
			return errTestStopping
		case e, more := <-line.Events():
			if !more {
				return errors.New("a test call ended without a word")
			}
			told := testTold{TestEvent: e}
			if e.Kind == TestEnded {
				told.Text = ended(e)
			}
			if err := s.tell(told); err != nil {
				return err
			}
			switch {
			case e.Kind == TestPlaced && trail == nil:
				s.audit(t, e.Call)
				trail = make(chan error, 1)
				s.tasks.Go(func() { trail <- s.trail(ctx, e.Call, over) })
			case e.Kind == TestEnded:
				leave()
				close(over)
				if trail == nil {
					return nil
				}
				return <-trail
			}
		}
	}
}

// audit keeps who called through which draft.
func (s *testSocket) audit(t directory.TestCall, id call.ID) {
	entry, _ := t.Flow.Module(t.Entry) // it was looked for before
	s.p.audit(s.r, "test call", "flow "+t.Flow.ID, nil, map[string]any{"draft": t.Revision, "entry": entry.Name, "caller": t.Caller, "call": id})
}

// ended says in words how a test call ended.
func ended(e TestEvent) string {
	if e.Status >= 300 {
		return fmt.Sprintf("Refused with %d: %s.", e.Status, e.Cause.Text())
	}
	return sentence(e.Cause.Text())
}

// part says why the call is over, where there is somebody left to be told, and
// closes the socket.
func (s *testSocket) part(err error) {
	var why *Refusal
	switch {
	case err == nil, errors.Is(err, errTestGivenUp):
		s.conn.Close(websocket.StatusNormalClosure, "")
		return
	case errors.Is(err, errTestGone):
		s.conn.CloseNow()
		return
	case !errors.As(err, &why):
		s.p.log.Error("test call failed", "flow", s.draft.Flow.ID, "err", err)
		why = &Refusal{Text: fault.text}
	}
	if s.tell(testTold{Error: why.Text, Problems: why.Flow}) == nil {
		s.conn.Close(websocket.StatusPolicyViolation, "")
	}
}

// tell sends one message of words.
func (s *testSocket) tell(v testTold) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing what becomes of a test call: %w", err)
	}
	return s.write(websocket.MessageText, body)
}

// write sends one message whole, even if the call ends meanwhile: a write that
// is broken off takes the socket with it.
func (s *testSocket) write(kind websocket.MessageType, body []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), testWriteWait)
	defer cancel()
	if err := s.conn.Write(ctx, kind, body); err != nil {
		return errTestGone
	}
	return nil
}
