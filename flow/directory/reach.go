package directory

import (
	"net/netip"
	"time"

	"tandem/flow/call"
	"tandem/flow/dialplan"
)

// Number is one E.164 number of ours.
type Number struct {
	E164     dialplan.Number `json:"e164"`
	Label    string          `json:"label,omitempty"`
	Disabled bool            `json:"disabled,omitempty"`
	Trunks   []string        `json:"trunks,omitempty"` // ids of the trunks that may call it

	CallsAtOnce int `json:"calls_at_once"` // 0–1000; 0: no limit

	Claimant Claimant `json:"claimant,omitzero"` // read only
}

// Trunk is a carrier's side of the system.
type Trunk struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"` // 1–60 characters, unique
	Disabled bool           `json:"disabled,omitempty"`
	Networks []netip.Prefix `json:"networks,omitempty"` // where its calls come from; each leads to one trunk
	Username string         `json:"username,omitempty"` // set: inbound calls need digest as well
	Password string         `json:"password,omitempty"` // sealed when stored; the panel and the API never give it out
	Codecs   []string       `json:"codecs,omitempty"`   // in order; empty is PCMA, PCMU

	CallsAtOnce int `json:"calls_at_once"` // 0–5000; 0: no limit

	NoEarlyMedia bool `json:"no_early_media,omitempty"` // its callers hear nothing before the answer
}

// Limits of calls at once. A new trunk has TrunkCallsAtOnce until somebody says
// otherwise.
const (
	MaxNumberCalls   = 1000
	MaxTrunkCalls    = 5000
	TrunkCallsAtOnce = 30
)

// ContactKind is a kind of contact method.
type ContactKind string

// The kinds. sip-account and sip-forwarding can be rung; the others are kept
// and skipped as unavailable.
const (
	App            ContactKind = "app"
	SIPAccount     ContactKind = "sip-account"
	PSTNForwarding ContactKind = "pstn-forwarding"
	SIPForwarding  ContactKind = "sip-forwarding"
	Email          ContactKind = "email"
)

// ContactMethod is one way to reach somebody.
type ContactMethod struct {
	ID              string                  `json:"id"`
	Kind            ContactKind             `json:"kind"`
	Name            string                  `json:"name"`            // 1–60 characters
	Owner           string                  `json:"owner,omitempty"` // id of a user
	Disabled        bool                    `json:"disabled,omitempty"`
	InternalNumber  dialplan.InternalNumber `json:"internal_number,omitzero"` // zero: none
	DirectNumbers   []dialplan.Number       `json:"direct_numbers,omitempty"` // numbers that ring it and nothing else
	Ring            call.Duration           `json:"ring,omitempty"`           // whole seconds, 5–120; 0 is the default 30
	Username        string                  `json:"username,omitempty"`       // sip-account, unique; sip-forwarding where the other side asks for digest
	Password        string                  `json:"password,omitempty"`       // sip-account, sip-forwarding; sealed when stored, shown once
	MaxBindings     int                     `json:"max_bindings,omitempty"`   // sip-account, 1–10; 0 is the default 5
	BindingLifetime call.Duration           `json:"binding_lifetime,omitempty"`
	Networks        []netip.Prefix          `json:"networks,omitempty"`      // sip-account; empty: may come from anywhere
	URI             string                  `json:"uri,omitempty"`           // sip-forwarding, "sip:…"; email, the address
	Number          dialplan.Number         `json:"number,omitzero"`         // pstn-forwarding
	Confirm         bool                    `json:"confirm,omitempty"`       // forwardings: whoever answers has to key 1 first
	Whisper         string                  `json:"whisper,omitempty"`       // forwardings: id of audio that whoever answers hears first
	CallWaiting     bool                    `json:"call_waiting,omitempty"`  // sip-account: is rung while in a call
	CallsAtOnce     int                     `json:"calls_at_once,omitempty"` // forwardings, see MaxCallsAtOnce; 0: no limit
}

// MaxCallsAtOnce is how many calls at the same time may be allowed to a kind,
// and UsualCallsAtOnce how many a new one is given (product sheet 4.4).
var (
	MaxCallsAtOnce   = map[ContactKind]int{PSTNForwarding: 30, SIPForwarding: 100}
	UsualCallsAtOnce = map[ContactKind]int{PSTNForwarding: 1, SIPForwarding: 10}
)

// Binding is a registered contact of a SIP account (RFC 3261 §10), as shown.
type Binding struct {
	Contact   string    `json:"contact"`
	Received  string    `json:"received"`
	Transport string    `json:"transport"`
	UserAgent string    `json:"user_agent,omitempty"`
	Expires   time.Time `json:"expires"`
	Node      string    `json:"node"`
}

// User is a person in the directory. A user needs no login.
type User struct {
	ID         string `json:"id"`
	FirstName  string `json:"first_name,omitempty"`
	LastName   string `json:"last_name"` // 1–60 characters
	Email      string `json:"email,omitempty"`
	Department string `json:"department,omitempty"`
	JobTitle   string `json:"job_title,omitempty"`
	Schedule   string `json:"schedule,omitempty"` // id; outside it the user's contact methods are not rung
}

// Name is the user's name as pages print it.
func (u User) Name() string {
	if u.FirstName == "" {
		return u.LastName
	}
	return u.FirstName + " " + u.LastName
}
