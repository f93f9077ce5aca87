package sipua

import (
	"net/netip"
	"time"
)

// Header is one header field, name and value.
type Header struct{ Name, Value string }

// Outgoing describes a call to place.
type Outgoing struct {
	// To is the request URI, "sip:101@192.0.2.7:5060;transport=tcp" or "tel:+1555…"
	// (with Route then).
	To string
	// Route is where to send; zero: the URI's host is resolved. For a binding it
	// is Binding.Received, and the whole dialog then stays with it, whatever the
	// phone writes into Contact.
	Route netip.AddrPort
	// Transport is "udp" or "tcp"; empty: the URI's transport parameter, else udp.
	Transport string
	// Path are Route header values to put in (Binding.Path).
	Path []string
	// From is the user part of the From URI, FromName its display name.
	From, FromName string
	// FromDomain is its host; empty: our address.
	FromDomain string
	// ToUser overrides the user of the To header; empty: that of To.
	ToUser string
	// PAI adds P-Asserted-Identity with From (RFC 3325). Only to trusted peers.
	PAI bool
	// Identity and IdentityName are asserted instead of From; only with PAI.
	Identity, IdentityName string
	// Anonymous withholds From (RFC 3323: Privacy: id) but keeps PAI.
	Anonymous bool
	// Offer is our SDP; nil: a late offer, answered through Handler.Offer.
	Offer   []byte
	Headers []Header
	// Seal is a text for another node, which takes the call for what it says and
	// asks for no credentials. It can be read on the way, but not made or used
	// again by anybody without Config.Secret.
	Seal string
	// Username and Password answer a 401 or 407.
	Username, Password string
	// MaxForwards, 1–255; 0 means 70.
	MaxForwards int
	// NoAnswerAfter cancels the call when nobody has answered; 0: never.
	NoAnswerAfter time.Duration
	// Local picks the socket to send from when there are several; zero: the
	// first with the transport.
	Local netip.AddrPort
	// CallID, if set, is used instead of a random one.
	CallID string
}
