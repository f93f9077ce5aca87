package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Notification sends a mail beside the call. The call neither waits for it nor
// fails with it.
type Notification struct {
	To      []string `json:"to,omitempty"`      // ids of contact methods of kind email, 1–20
	Subject string   `json:"subject,omitempty"` // text with fields; empty is a ready text
	Body    string   `json:"body,omitempty"`    // text with fields; empty is a ready text
	Every   int      `json:"every,omitempty"`   // s, 1–86400: at most one mail to each in that time; 0 is the default 60
}

// Limits of a notification (product sheet 3.13).
const (
	MaxRecipients    = 20
	MaxNoticeSubject = 200  // bytes
	MaxNoticeBody    = 4000 // bytes
	MaxNoticeEvery   = 86400
	defaultEveryMail = 60
)

// The ready text of a notification.
const (
	NoticeSubject = "{caller} came to {module}"
	NoticeBody    = "Caller: {caller} {caller_name}\nCalled: {called}\nWhen: {date} {time} {zone}\nFlow: {flow}, {module}\nCall: {call_id}\n"
)

// WithDefaults fills what was left open.
func (n Notification) WithDefaults() Notification {
	n.Subject, n.Body = cmp.Or(n.Subject, NoticeSubject), cmp.Or(n.Body, NoticeBody)
	n.Every = cmp.Or(n.Every, defaultEveryMail)
	return n
}

// Exits: next.
func (*Notification) Exits() []ExitSpec { return []ExitSpec{{ID: "next", Label: "next", Main: true}} }

// Validate checks how many receive it, and that no text is too long.
func (n *Notification) Validate() []Problem {
	out := required("to", len(n.To) > 0)
	out = append(out, inRange("to", len(n.To) <= MaxRecipients, "1 to 20 recipients")...)
	for i, id := range n.To {
		if id == "" || slices.Contains(n.To[:i], id) {
			out = append(out, Problem{ID: "setting-range", Level: Error, Field: fmt.Sprintf("to.%d", i), Text: "every recipient stands here once"})
		}
	}
	out = append(out, inRange("subject", len(n.Subject) <= MaxNoticeSubject && !strings.ContainsAny(n.Subject, "\r\n"), "one line of at most 200 bytes")...)
	out = append(out, inRange("body", len(n.Body) <= MaxNoticeBody, "at most 4000 bytes")...)
	return append(out, inRange("every", between(n.WithDefaults().Every, 1, MaxNoticeEvery), "1 s to a day")...)
}

// Refs names the recipients.
func (n *Notification) Refs() []Ref {
	var out []Ref
	for i, id := range n.To {
		out = append(out, refs(Ref{RefContactMethod, id, fmt.Sprintf("to.%d", i)})...)
	}
	return out
}

// ask wants recipients that have an address, and a way for mail to leave.
func (n *Notification) ask(known Known) []Problem {
	var out []Problem
	for _, r := range n.Refs() {
		if known.Exists(r) && !known.Mailable(r.ID) {
			out = append(out, Problem{ID: "not-email", Level: Error, Field: r.Field, Text: "this contact method is no e-mail address"})
		}
	}
	if len(n.To) > 0 && !known.MailLeaves() {
		out = append(out, Problem{ID: "mail-unset", Level: Warning, Field: "to", Text: "no mail can leave before SMTP is set up in Settings"})
	}
	return out
}
