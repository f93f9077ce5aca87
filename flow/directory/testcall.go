package directory

import (
	"time"

	"tandem/flow"
	"tandem/flow/call"
)

// TestCall is a call that somebody at the panel places through a draft. It is a
// real call: phones ring, mails go out. Only the flow it walks is one that
// nobody has published.
type TestCall struct {
	ID         string    // 128 random bits as lower-case hexadecimals
	Flow       flow.Flow // as it stood when the call was asked for
	Revision   int       // of the draft
	Entry      string    // id of the module by which it enters
	Caller     string    // E.164 with plus, an internal number, or empty: withheld
	CallerName string
	By         string // e-mail of the login that tries
	At         time.Time
	Call       call.ID // read only: the one call that walks it; empty before
}

// TestCallFor is how long a test call may be placed after it was asked for.
const TestCallFor = time.Minute
