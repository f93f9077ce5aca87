package sipua

// Handler gets the news of one [Dialog]. Calls come one at a time and in the
// order of the events, on the dialog's own goroutine; a slow handler delays
// only its own dialog. Embed [NopHandler] to implement a part of it.
type Handler interface {
	// Progress reports 180, 181, 182 or 183 of a call we placed, with the SDP
	// of the fork that sent it (nil without). 100 is not reported.
	Progress(status int, sdp []byte)
	// Answered reports the first 2xx of a call we placed. The ACK has been
	// sent. If the call was placed without an offer, Offer was asked before.
	Answered(sdp []byte)
	// Confirmed reports the ACK to a 2xx of ours: to the INVITE or to a
	// re-INVITE. sdp is the peer's answer when the offer was in our 2xx.
	Confirmed(sdp []byte)
	// Offer is a re-INVITE or UPDATE of the peer; sdp nil means that they want
	// our offer. The answer travels with status 200; any other status
	// (488, 491, 500 …) refuses and leaves the session as it was.
	Offer(sdp []byte) (answer []byte, status int)
	// Info is an INFO request; the returned status answers it (0 means 200).
	Info(contentType string, body []byte) (status int)
	// Ended is called exactly once and last.
	Ended(End)
}

// EndKind says how a dialog ended.
type EndKind string

// All kinds of end.
const (
	EndBye           EndKind = "bye"            // an answered call was hung up
	EndRejected      EndKind = "rejected"       // a final answer of 300 to 699
	EndCancelled     EndKind = "cancelled"      // CANCEL before an answer
	EndTimeout       EndKind = "timeout"        // no (final) answer in time
	EndNoACK         EndKind = "no-ack"         // our 2xx was never acknowledged (RFC 3261 §13.3.1.4)
	EndRefreshFailed EndKind = "refresh-failed" // the session timer ran out (RFC 4028 §10)
	EndTransport     EndKind = "transport"      // the peer cannot be reached
)

// End says why a dialog ended.
type End struct {
	// Status is the final SIP status that ended an unanswered call, 100–699;
	// 0 when an answered call ended.
	Status int
	// Cause is the text of the Reason header (RFC 3326) that came with the end
	// or that we sent with it; empty without.
	Cause string
	// ByPeer is true when the other side ended it.
	ByPeer bool
	Why    EndKind
	// RetryAfter, Contacts: what a refusal said about where or when to try
	// again: the Retry-After header in seconds (0: none), and the Contact URIs
	// of a 3xx.
	RetryAfter int
	Contacts   []string
}

// NopHandler ignores all news, answers offers with 488 and INFO with 200.
type NopHandler struct{}

// Progress ignores it.
func (NopHandler) Progress(int, []byte) {}

// Answered ignores it.
func (NopHandler) Answered([]byte) {}

// Confirmed ignores it.
func (NopHandler) Confirmed([]byte) {}

// Offer refuses with 488 Not Acceptable Here.
func (NopHandler) Offer([]byte) ([]byte, int) { return nil, 488 }

// Info accepts with 200.
func (NopHandler) Info(string, []byte) int { return 200 }

// Ended ignores it.
func (NopHandler) Ended(End) {}
