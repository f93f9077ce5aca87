package sipua

import (
	"context"
	"errors"
	"net/netip"
)

// Dialog is one INVITE usage (RFC 3261 §12), received or placed. Its methods
// may be called from any goroutine, its Handler's included, and never block
// longer than one write to the network, except Reinvite and Info, which wait
// for the peer and end with their context.
type Dialog struct{}

// Facts is what an incoming INVITE said, or what an outgoing one was. It does not change.
type Facts struct {
	// From is the user part of the From URI (the number of a tel: URI), FromName
	// the display name, FromHost its host.
	From, FromName, FromHost string
	// To is the user of the To header, RequestUser that of the request URI.
	To, RequestUser, RequestURI string
	// Identity is the user of P-Asserted-Identity, RemoteParty that of
	// Remote-Party-ID, with IdentityName the display name; Privacy the value of Privacy.
	Identity, IdentityName, RemoteParty, Privacy string
	Source                                       netip.AddrPort
	Transport                                    string // "udp" or "tcp"
	// Account or Trunk says who called; both nil on calls we placed and with Config.Anyone.
	Account     *Account
	Trunk       *Trunk
	MaxForwards int
	Offer       []byte // nil: late offer
	UserAgent   string
}

// Facts returns what the INVITE said.
func (d *Dialog) Facts() *Facts { return nil }

// CallID returns the Call-ID.
func (d *Dialog) CallID() string { return "" }

// LocalTag returns our tag, unique for each dialog.
func (d *Dialog) LocalTag() string { return "" }

// RemoteTag returns the peer's tag; empty before the first answer to a call we placed.
func (d *Dialog) RemoteTag() string { return "" }

// Header returns the first value of a header of the INVITE.
func (d *Dialog) Header(name string) string { return "" }

// Headers returns all values of a header of the INVITE.
func (d *Dialog) Headers(name string) []string { return nil }

// Provisional sends 180, 181, 182 or 183, with SDP as early media if not nil,
// and repeats it each minute while the call is unanswered. Incoming calls only.
func (d *Dialog) Provisional(status int, sdp []byte) error { return errors.New("not built") }

// Answer sends 200 and repeats it until the ACK comes or 64·T1 is over.
func (d *Dialog) Answer(sdp []byte) error { return errors.New("not built") }

// Reject sends a final answer of 300–699. cause becomes the Reason header (RFC
// 3326): a whole value such as `Q.850;cause=17`, or words, which become
// `SIP;cause=<status>;text="<words>"`.
func (d *Dialog) Reject(status int, cause string, headers ...Header) error {
	return errors.New("not built")
}

// Cancel gives up a call we placed: CANCEL as soon as a provisional answer
// allows it; if a 200 crosses it, ACK and BYE. On an answered call it is Bye.
func (d *Dialog) Cancel(cause string) {}

// Bye hangs up. On an unanswered incoming call it is Reject(480), on an
// unanswered outgoing one Cancel. It may be called twice.
func (d *Dialog) Bye(cause string) {}

// Reinvite offers a new session (sdp nil: asks the peer for an offer, which
// goes to Handler.Offer) and returns the peer's answer. Glare (491) is tried
// again after the pause of RFC 3261 §14.1.
func (d *Dialog) Reinvite(ctx context.Context, sdp []byte) (answer []byte, err error) {
	return nil, errors.New("not built")
}

// Info sends an INFO (RFC 6086).
func (d *Dialog) Info(ctx context.Context, contentType string, body []byte) error {
	return errors.New("not built")
}
