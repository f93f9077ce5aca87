// Package sipua is Tandem's SIP user agent: it turns datagrams and TCP streams
// into calls, and calls into SIP messages, on one node.
//
// It never looks inside a body (SDP is bytes here), never touches audio, and
// never decides what a call does next: it tells a [Handler] and obeys a [Dialog].
//
// # A call
//
// An INVITE passes, in this order: the source filter and size limits, the
// parser, validation, its transaction, classification (trunk by address,
// account by digest), and only then becomes a [Dialog] that [Config.OnCall]
// sees; 100 Trying is on the wire before OnCall runs. [UA.Invite] is the same
// road outwards. Whatever happens afterwards reaches the dialog's Handler in
// order, on one goroutine that belongs to the dialog and ends with it.
//
// # Why only half of sipgo
//
// github.com/emiago/sipgo gives the parser and the message types. Its
// transports and transactions are not used; ours are in listen.go, stream.go
// and the tx_*.go files, some eight hundred lines, because in v1.7.2: every message is
// handled on a goroutine of its own, so a CANCEL can overtake its INVITE
// inside the process; a client transaction blocks with its lock held until
// somebody reads a provisional answer; timers are package variables, so two
// user agents cannot differ and a test cannot be quick; a UDP message above
// 1300 bytes is refused outright; each source address that ever sent a datagram
// keeps an entry in the connection pool; a CANCEL is answered 487 with a tag of
// its own behind the dialog's back; parse errors log the whole message. What
// would change our mind: a sipgo whose transaction layer takes its timers as
// values and hands over messages in the order in which they were read.
//
// # Why a request above 1300 bytes still goes by UDP
//
// RFC 3261 §18.1.1 wants a congestion controlled transport then. We switch to
// TCP only if the peer already has a TCP connection with us; otherwise the
// request leaves as one (fragmented) datagram:
// a phone behind a NAT or a carrier that listens on UDP only could not be
// reached otherwise. Answers always follow the request's own path.
package sipua
