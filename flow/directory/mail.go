package directory

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// SMTP is the server that takes our mail.
type SMTP struct {
	Host        string `json:"host"`
	Port        int    `json:"port"`                   // 0 is the default 587; 465 is TLS from the first byte
	TLS         string `json:"tls,omitempty"`          // TLSRequired, the default, or TLSIfOffered
	User        string `json:"user,omitempty"`         // empty: no sign-in
	Password    string `json:"password,omitempty"`     // sealed when stored, never shown again
	HasPassword bool   `json:"has_password,omitempty"` // read only
	Sender      string `json:"sender"`                 // address that mails come from
}

// Whether anything is said without TLS. A password never is.
const (
	TLSRequired  = "required"
	TLSIfOffered = "if-offered"
)

// DefaultSMTPPort is where mail is submitted (RFC 6409 §3.1), and ImplicitTLSPort
// where it is with TLS from the first byte (RFC 8314 §3.3).
const (
	DefaultSMTPPort = 587
	ImplicitTLSPort = 465
)

// Mail is one mail to one recipient.
type Mail struct {
	ID      string    `json:"id"` // the same however often it is sent
	To      string    `json:"to"` // address
	Subject string    `json:"subject"`
	Body    string    `json:"body"`
	At      time.Time `json:"at"` // of what it tells
}

// Errors of sending. Anything else may be gone at the next try.
var (
	ErrMailUnset   = errors.New("no server for outgoing mail is set up")
	ErrMailRefused = errors.New("refused for good")
)

// MailPart is the part of sending a mail that can fail.
type MailPart string

// The parts, in their order.
const (
	MailName    MailPart = "name"    // of the server is not known
	MailConnect MailPart = "connect" // nobody is there, or not one who speaks SMTP
	MailTLS     MailPart = "tls"
	MailSignIn  MailPart = "sign-in"
	MailRefused MailPart = "refused" // sender, recipient or content
)

// MailTried is the outcome of a test mail.
type MailTried struct {
	At     time.Time `json:"at"`
	To     string    `json:"to"`
	Server string    `json:"server"`           // host and port
	TookMS int64     `json:"took_ms"`          // until it was taken, or failed
	Failed MailPart  `json:"failed,omitempty"` // empty: it was taken
	Text   string    `json:"text"`             // what the server said, or what went wrong
}

// Notice asks whether a notification may send a mail to one recipient now.
type Notice struct {
	ID            string        `json:"id"`
	Module        string        `json:"module"` // flow and module
	ContactMethod string        `json:"contact_method"`
	Every         time.Duration `json:"every"`
}

// Admission is whether a notice goes out. Asked again for the same notice, the
// answer is the same.
type Admission struct {
	Goes    bool   `json:"goes"`
	LeftOut int    `json:"left_out,omitempty"` // how many did not, since the last that did
	Name    string `json:"name,omitempty"`     // of the recipient
}

// Networks is a list of networks, as text one on each line. A single address
// is a network of one.
type Networks []netip.Prefix

// UnmarshalText reads a text; commas and spaces part entries too.
func (n *Networks) UnmarshalText(text []byte) error {
	return n.read(strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune("\n\r\t,; ", r) }))
}

// UnmarshalJSON reads a list of texts.
func (n *Networks) UnmarshalJSON(data []byte) error {
	var entries []string
	if err := json.Unmarshal(data, &entries); err != nil {
		return err
	}
	return n.read(entries)
}

func (n *Networks) read(entries []string) error {
	*n = nil
	for _, entry := range entries {
		prefix, err := netip.ParsePrefix(entry)
		if addr, single := netip.ParseAddr(entry); single == nil {
			prefix, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return fmt.Errorf("%q is no address or network: write 10.1.2.3 or 10.1.0.0/16", entry)
		}
		*n = append(*n, prefix.Masked())
	}
	return nil
}

// String is one network on each line.
func (n Networks) String() string {
	var out []string
	for _, p := range n {
		if p.IsSingleIP() {
			out = append(out, p.Addr().String())
			continue
		}
		out = append(out, p.String())
	}
	return strings.Join(out, "\n")
}
