package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

// testOrder is what the browser asks of a test call, one thing at a time.
type testOrder struct {
	Dial   *testDial `json:"dial,omitempty"` // first, and once
	Key    string    `json:"key,omitempty"`  // 0-9, * or #
	Hangup bool      `json:"hangup,omitempty"`
}

// testDial asks for a test call.
type testDial struct {
	Entry      string     `json:"entry"`                 // id of the module by which it enters
	Caller     string     `json:"caller"`                // a number, an internal number, or empty: withheld
	CallerName string     `json:"caller_name,omitempty"` //
	Flow       *flow.Flow `json:"flow,omitempty"`        // as it is edited; without it the stored draft
}

// testTold is what the panel says about a test call, beside its audio.
type testTold struct {
	TestEvent
	Path     []call.PathEntry `json:"path,omitempty"`    // with walked and over: the modules so far
	Ringing  []string         `json:"ringing,omitempty"` // with walked: who is rung
	Talking  string           `json:"talking,omitempty"` // with walked: who talks with the caller
	Text     string           `json:"text,omitempty"`    // with ended and over: the same in words
	Error    string           `json:"error,omitempty"`   // why there is no call, or no longer
	Problems []flow.Problem   `json:"problems,omitempty"`
}

// What becomes of a test call beyond its line: where the engine leads it.
const (
	testWalked TestEventKind = "walked" // it has come to another module
	testOver   TestEventKind = "over"   // it is written down: Path and Text are whole
)

// readOrder reads one order. What is not known is refused, not passed over.
func readOrder(body []byte) (testOrder, error) {
	var in testOrder
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return in, &Refusal{Status: http.StatusBadRequest, Text: "The order could not be read: " + cut(shown(err.Error()), 200)}
	}
	return in, nil
}

// testKeys are the keys of a phone.
const testKeys = "0123456789*#"

// key is the one key that an order presses.
func (o testOrder) key() (rune, error) {
	if len(o.Key) != 1 || !strings.Contains(testKeys, o.Key) {
		return 0, refuse("key", "A key is one of "+testKeys+".")
	}
	return rune(o.Key[0]), nil
}

// testCall is the call that an order asks for, once the draft has no errors.
func (p *Panel) testCall(ctx context.Context, d directory.Draft, in testDial, by string) (directory.TestCall, error) {
	f := d.Flow
	if in.Flow != nil {
		f = *in.Flow
		f.ID = d.Flow.ID
	}
	problems, err := p.cfg.Store.Check(ctx, f)
	if err != nil {
		return directory.TestCall{}, fmt.Errorf("checking the flow: %w", err)
	}
	if errs := flow.Errors(problems); len(errs) > 0 {
		return directory.TestCall{}, &Refusal{Status: http.StatusUnprocessableEntity, Text: counted(len(errs), "error stops", "errors stop") + " the call.", Flow: problems}
	}
	f = f.Published()
	if m, ok := f.Module(in.Entry); !ok || !flow.Catalog[m.Kind].Entry {
		return directory.TestCall{}, refuse("dial.entry", "Choose the module by which the call enters.")
	}
	caller, err := testCaller(in.Caller)
	if err != nil {
		return directory.TestCall{}, err
	}
	return directory.TestCall{Flow: f, Revision: d.Revision, Entry: in.Entry, Caller: caller,
		CallerName: shown(in.CallerName), By: by, At: p.cfg.Now()}, nil
}

// testCaller reads who the caller shall be: an internal number, a number, or
// nobody.
func testCaller(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if n, err := dialplan.ParseInternalNumber(text); err == nil {
		return n.String(), nil
	}
	n, err := dialplan.ParseNumber(text)
	if err != nil {
		return "", refuse("dial.caller", "The caller is a number such as +15550123, an internal number, or nothing: withheld.")
	}
	return n.String(), nil
}
