package ui

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

func TestATestCallIsToldHeardAndKeyed(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		s, line := b.calls(b.signedIn("ann", directory.FlowEditor))
		defer s.CloseNow()
		got := line.call
		if got.Revision != 12 || got.Entry != "number" || got.Caller != "+15550123" || got.By != "ann@example.org" || got.At.IsZero() {
			t.Errorf("the call asked for is %+v", got)
		}
		if len(got.Flow.Modules) != 2 || got.Flow.ID != "main" {
			t.Errorf("it walks %+v, want the draft as it would be published", got.Flow)
		}
		for _, e := range []TestEvent{{Kind: TestPlaced, Call: "c"}, {Kind: TestRinging}, {Kind: TestAnswered}} {
			line.events <- e
			if told := s.told(); told.TestEvent != e {
				t.Errorf("told %+v, want %+v", told.TestEvent, e)
			}
		}
		tone, word := bytes.Repeat([]byte{0x23}, TestFrame), bytes.Repeat([]byte{0x42}, TestFrame)
		line.heard <- tone
		if kind, body, err := s.Read(t.Context()); err != nil || kind != websocket.MessageBinary || !bytes.Equal(body, tone) {
			t.Errorf("the browser hears %v %x: %v", kind, body, err)
		}
		if err := s.Write(t.Context(), websocket.MessageBinary, word); err != nil {
			t.Fatal(err)
		}
		if said := <-line.said; !bytes.Equal(said, word) {
			t.Errorf("the line hears %x", said)
		}
		for _, key := range "5*#" {
			s.order(`{"key":"` + string(key) + `"}`)
			if got := <-line.keys; got != key {
				t.Errorf("the line gets the key %c, want %c", got, key)
			}
		}
		s.order(`{"hangup":true}`)
		if told := s.told(); told.Kind != TestEnded || told.Text != "The caller hung up." {
			t.Errorf("at the end %+v is told", told)
		}
		line.hungUp()
		synctest.Wait()
		if len(b.store.noted) != 1 || b.store.noted[0].Action != "test call" || b.store.noted[0].Subject != "flow main" || !strings.Contains(b.store.noted[0].After, `"draft":12`) {
			t.Errorf("the audit log says %+v", b.store.noted)
		}
	})
}

func TestADraftThatIsSentAlongIsWalkedInPlaceOfTheStoredOne(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		s := b.open(b.signedIn("ann", directory.FlowEditor))
		s.order(`{"dial":{"entry":"in","caller":"101","caller_name":"Bob","flow":{"id":"another","name":"Edited","modules":[
			{"id":"in","kind":"internal-number","name":"In","settings":{"internal_number":"700"}}],"cables":[]}}}`)
		line := <-b.exchange.lines
		if c := line.call; c.Flow.ID != "main" || c.Flow.Name != "Edited" || c.Entry != "in" || c.Caller != "101" || c.CallerName != "Bob" {
			t.Errorf("the call asked for is %+v", c)
		}
		_ = s.CloseNow()
		line.hungUp()
		synctest.Wait()
	})
}

func TestTheWayOfATestCallIsToldAsItGoesAndWholeAtTheEnd(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		s, line := b.calls(b.signedIn("ann", directory.Owner))
		defer s.CloseNow()
		line.events <- TestEvent{Kind: TestPlaced, Call: "c"}
		s.told()
		for n, module := range []string{"number", "bye"} {
			b.engine.leads("c", module)
			told := s.told()
			if told.Kind != testWalked || len(told.Path) != n+1 || told.Path[n].Module != module {
				t.Errorf("after %d modules %+v is told", n+1, told)
			}
		}
		b.store.mu.Lock()
		b.store.calls = []call.LedgerEntry{{Call: "c", Path: b.engine.entry.Path, Outcome: "answered", Cause: call.CauseFlowEnded}}
		b.store.mu.Unlock()
		line.end(TestEvent{Kind: TestEnded, Cause: call.CauseFlowEnded})
		if told := s.told(); told.Kind != TestEnded || told.Text != "The flow ended here." {
			t.Errorf("at its end %+v is told", told)
		}
		if told := s.told(); told.Kind != testOver || len(told.Path) != 2 || !strings.Contains(told.Text, "no person joined") {
			t.Errorf("in the end %+v is told", told)
		}
		if _, _, err := s.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
			t.Errorf("then the socket says %v", err)
		}
	})
}

func TestALoginHasOneTestCallAndAProcessFour(t *testing.T) {
	inBooth(t, func(t *testing.T, b *booth) {
		ann := b.signedIn("ann", directory.Owner)
		first, line := b.calls(ann)
		if told := b.open(ann).untilError(); told.Error != errTestTaken.Text {
			t.Errorf("a second call is refused with %q", told.Error)
		}
		for _, name := range []string{"bea", "cid", "dan"} {
			s, _ := b.calls(b.signedIn(name, directory.Owner))
			defer s.CloseNow()
		}
		eve := b.signedIn("eve", directory.Owner)
		if told := b.open(eve).untilError(); told.Error != errTestFull.Text {
			t.Errorf("a fifth call is refused with %q", told.Error)
		}
		_ = first.CloseNow()
		line.hungUp()
		synctest.Wait()
		s, _ := b.calls(eve)
		_ = s.CloseNow()
		synctest.Wait()
	})
}

func TestATestCallEndsWithWhatAllowedIt(t *testing.T) {
	for name, c := range map[string]struct {
		end   func(b *booth, token string)
		after time.Duration
		want  *Refusal
	}{
		"the session": {func(b *booth, token string) { _ = b.store.EndSession(b.t.Context(), token) }, testLookEvery, errTestSignOut},
		"the right": {func(b *booth, token string) {
			b.store.mu.Lock()
			defer b.store.mu.Unlock()
			s := b.store.sessions[token]
			s.Login.Role = directory.Agent
			b.store.sessions[token] = s
		}, testLookEvery, errTestNoRight},
		"the panel":    {func(b *booth, _ string) { b.stop() }, 0, errTestStopping},
		"half an hour": {func(*booth, string) {}, testCallTime, errTestLong},
	} {
		t.Run(name, func(t *testing.T) {
			inBooth(t, func(t *testing.T, b *booth) {
				token := b.signedIn("ann", directory.FlowEditor)
				s, line := b.calls(token)
				c.end(b, token)
				began := time.Now()
				if told := s.untilError(); told.Error != c.want.Text {
					t.Errorf("the browser is told %q, want %q", told.Error, c.want.Text)
				}
				line.hungUp()
				if took := time.Since(began); took > c.after {
					t.Errorf("the call ended after %v, want %v", took, c.after)
				}
			})
		})
	}
}

func TestABrowserThatGoesOrStallsIsHungUp(t *testing.T) {
	for name, leave := range map[string]func(s socket, line *fakeLine){
		"closes":           func(s socket, _ *fakeLine) { _ = s.Close(websocket.StatusNormalClosure, "") },
		"goes":             func(s socket, _ *fakeLine) { _ = s.CloseNow() },
		"answers no ping":  func(socket, *fakeLine) {},
		"takes no message": func(_ socket, line *fakeLine) { line.heard <- make([]byte, TestFrame) },
	} {
		t.Run(name, func(t *testing.T) {
			inBooth(t, func(t *testing.T, b *booth) {
				s, line := b.calls(b.signedIn("ann", directory.FlowEditor))
				began := time.Now()
				leave(s, line)
				line.hungUp()
				if took := time.Since(began); took > testPingEvery+testPongWait {
					t.Errorf("it is hung up after %v", took)
				}
				_ = s.CloseNow()
				synctest.Wait()
			})
		})
	}
}

func TestACallIsGivenUpWhileItIsPlaced(t *testing.T) {
	for name, leave := range map[string]func(s socket){
		"by hanging up": func(s socket) { s.order(`{"hangup":true}`) },
		"by going":      func(s socket) { _ = s.CloseNow() },
	} {
		t.Run(name, func(t *testing.T) {
			inBooth(t, func(t *testing.T, b *booth) {
				b.exchange.slow = true
				ann := b.signedIn("ann", directory.FlowEditor)
				s := b.open(ann)
				s.order(`{"dial":{"entry":"number","caller":""}}`)
				leave(s)
				if _, _, err := s.Read(t.Context()); err == nil {
					t.Error("the socket is still open")
				}
				synctest.Wait()
				b.exchange.slow = false
				again, _ := b.calls(ann)
				_ = again.CloseNow()
				synctest.Wait()
			})
		})
	}
}

func TestWhatIsNoOrderEndsTheCallWithItsReason(t *testing.T) {
	frame := func(n int) func(socket) {
		return func(s socket) { _ = s.Write(s.t.Context(), websocket.MessageBinary, make([]byte, n)) }
	}
	words := func(text string) func(socket) { return func(s socket) { s.order(text) } }
	for name, c := range map[string]struct {
		send func(socket)
		want string
	}{
		"a short frame":    {frame(TestFrame - 1), "160 bytes"},
		"a long frame":     {frame(TestFrame + 1), "160 bytes"},
		"no JSON":          {words("hello"), "could not be read"},
		"an unknown order": {words(`{"sing":true}`), "could not be read"},
		"no key":           {words(`{"key":"A"}`), "one of 0123456789*#"},
		"two keys":         {words(`{"key":"12"}`), "one of 0123456789*#"},
		"another call":     {words(`{"dial":{"entry":"number","caller":""}}`), "once"},
	} {
		t.Run(name, func(t *testing.T) {
			inBooth(t, func(t *testing.T, b *booth) {
				s, line := b.calls(b.signedIn("ann", directory.FlowEditor))
				c.send(s)
				if told := s.untilError(); !strings.Contains(told.Error, c.want) {
					t.Errorf("the browser is told %q, want %q", told.Error, c.want)
				}
				line.hungUp()
			})
		})
	}
	inBooth(t, func(t *testing.T, b *booth) {
		s, line := b.calls(b.signedIn("ann", directory.FlowEditor))
		s.order(`{"key":"` + strings.Repeat("1", maxTestOrder) + `"}`)
		line.hungUp()
		if _, _, err := s.Read(t.Context()); err == nil {
			t.Error("after a long message the socket is still open")
		}
	})
}

func TestACallThatCannotBePlacedIsRefusedInWords(t *testing.T) {
	for name, c := range map[string]struct {
		order string
		want  string
	}{
		"no dial":          {`{"key":"1"}`, "Begin with"},
		"no entry":         {`{"dial":{"entry":"bye","caller":""}}`, "by which the call enters"},
		"a shelved entry":  {`{"dial":{"entry":"old","caller":""}}`, "by which the call enters"},
		"a strange caller": {`{"dial":{"entry":"number","caller":"Bob"}}`, "The caller is a number"},
	} {
		t.Run(name, func(t *testing.T) {
			inBooth(t, func(t *testing.T, b *booth) {
				s := b.open(b.signedIn("ann", directory.FlowEditor))
				s.order(c.order)
				if told := s.untilError(); !strings.Contains(told.Error, c.want) {
					t.Errorf("the browser is told %q, want %q", told.Error, c.want)
				}
			})
		})
	}
	t.Run("a draft with errors", func(t *testing.T) {
		inBooth(t, func(t *testing.T, b *booth) {
			b.store.problems = []flow.Problem{{ID: "dead-end", Level: flow.Error, Module: "number"}, {ID: "consent", Level: flow.Warning}}
			s := b.open(b.signedIn("ann", directory.FlowEditor))
			s.order(`{"dial":{"entry":"number","caller":""}}`)
			if told := s.untilError(); told.Error != "1 error stops the call." || !slices.Equal(told.Problems, b.store.problems) {
				t.Errorf("the browser is told %+v", told)
			}
		})
	})
	t.Run("no node", func(t *testing.T) {
		inBooth(t, func(t *testing.T, b *booth) {
			b.exchange.away = errors.New("no node answers")
			s := b.open(b.signedIn("ann", directory.FlowEditor))
			s.order(`{"dial":{"entry":"number","caller":""}}`)
			if told := s.untilError(); told.Error != fault.text {
				t.Errorf("the browser is told %q", told.Error)
			}
		})
	})
	t.Run("nothing in time", func(t *testing.T) {
		inBooth(t, func(t *testing.T, b *booth) {
			s := b.open(b.signedIn("ann", directory.FlowEditor))
			began := time.Now()
			if _, _, err := s.Read(t.Context()); err == nil || time.Since(began) > testDialWait {
				t.Errorf("after %v: %v", time.Since(began), err)
			}
		})
	})
}

func TestATestCallComesFromThePanelAndFromWhoMayEdit(t *testing.T) {
	none := func(http.Header) {}
	set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	for name, c := range map[string]struct {
		role   directory.Role
		flows  []string
		change func(http.Header)
		status int
	}{
		"an editor":          {directory.FlowEditor, nil, none, 101},
		"of this flow":       {directory.FlowEditor, []string{"main"}, none, 101},
		"of another flow":    {directory.FlowEditor, []string{"other"}, none, 404},
		"a supervisor":       {directory.Supervisor, nil, none, 403},
		"an agent":           {directory.Agent, nil, none, 403},
		"a reader":           {directory.ReadOnly, nil, none, 403},
		"another site":       {directory.Owner, nil, set("Origin", "http://elsewhere.example"), 403},
		"no site":            {directory.Owner, nil, set("Origin", "null"), 403},
		"a site beside":      {directory.Owner, nil, set("Sec-Fetch-Site", "same-site"), 403},
		"a program, no site": {directory.Owner, nil, func(h http.Header) { h.Del("Origin") }, 101},
		"nobody":             {directory.Owner, nil, func(h http.Header) { h.Del("Cookie") }, 401},
	} {
		t.Run(name, func(t *testing.T) {
			inBooth(t, func(t *testing.T, b *booth) {
				conn, answer, err := b.handshake(b.signedIn("ann", c.role, c.flows...), c.change)
				if answer == nil || answer.StatusCode != c.status {
					t.Errorf("answers %v %v, want %d", answer, err, c.status)
				}
				if conn != nil {
					_ = conn.CloseNow()
				}
				synctest.Wait()
			})
		})
	}
}

func TestWithoutAnUpgradeOrAnExchangeThereIsNoTestCall(t *testing.T) {
	w := flowWorld(t)
	editor := w.as(directory.FlowEditor)
	if d := editor.draft("main-line"); d.Rights.Call {
		t.Error("the editor offers a call that nobody places")
	}
	editor.want(editor.get("/api/flows/main-line/test-call"), http.StatusNotImplemented)
	panel, err := New(Config{Store: w.store, TestCalls: newExchange()})
	if err != nil {
		t.Fatal(err)
	}
	w.panel = panel
	editor.want(editor.get("/api/flows/main-line/test-call"), http.StatusUpgradeRequired)
	if !editor.draft("main-line").Rights.Call || w.as(directory.ReadOnly).draft("main-line").Rights.Call {
		t.Error("the call is not offered to those who may edit, and to them alone")
	}
}
