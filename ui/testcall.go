package ui

import (
	"context"

	"tandem/flow/call"
	"tandem/flow/directory"
)

// TestCalls places real calls through drafts, for somebody who speaks and
// listens at a browser.
type TestCalls interface {
	// Dial places a call that walks a draft. It returns once the call is on its
	// way; what becomes of it are events of the line. The line ends with ctx.
	Dial(ctx context.Context, t directory.TestCall) (TestLine, error)
}

// TestFrame is the length of one frame of a test call: 20 ms of G.711 μ-law at
// 8 kHz, a byte a sample (RFC 3551 §4.5.14).
const TestFrame = 160

// TestLine is the caller's end of a test call.
type TestLine interface {
	// Events tells what becomes of the call, in order; it is closed after the
	// event TestEnded.
	Events() <-chan TestEvent
	// Heard gives what the caller hears, a frame of TestFrame bytes each 20 ms
	// while there is audio. Frames nobody takes in time are dropped.
	Heard() <-chan []byte
	// Say sends a frame of TestFrame bytes; what is said too fast is dropped.
	Say(frame []byte)
	// Key presses one key: 0-9, * or # (RFC 4733).
	Key(ctx context.Context, key rune) error
	// Hangup ends the call; it may be called twice.
	Hangup()
}

// TestEventKind is what became of a test call.
type TestEventKind string

// The kinds of event. A call is placed once, and ends once.
const (
	TestPlaced   TestEventKind = "placed"   // the engine has taken the call; Call is known
	TestRinging  TestEventKind = "ringing"  // 180
	TestEarly    TestEventKind = "early"    // 183 with audio
	TestAnswered TestEventKind = "answered" // 200
	TestEnded    TestEventKind = "ended"    // Cause and Status are known
)

// TestEvent is one thing that became of a test call.
type TestEvent struct {
	Kind   TestEventKind `json:"kind"`
	Call   call.ID       `json:"call,omitempty"`   // with placed
	Cause  call.Cause    `json:"cause,omitempty"`  // with ended
	Status int           `json:"status,omitempty"` // with ended: of the SIP answer that refused it, or 0
}
