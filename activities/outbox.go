package activities

import (
	"context"
	"fmt"
	"time"

	"tandem/flow/directory"
)

// Postbox is the part of the store that knows whom notices reach and how they
// leave.
type Postbox interface {
	AdmitNotice(ctx context.Context, n directory.Notice) (directory.Admission, error)
	MailAddress(ctx context.Context, contactMethod string) (string, error)
	MailAccount(ctx context.Context) (directory.SMTP, error)
}

// Post carries one mail to the server that takes our mail. What is refused for
// good wraps directory.ErrMailRefused.
type Post interface {
	Send(ctx context.Context, by directory.SMTP, m directory.Mail) error
}

// Outbox are the activities that send notices.
type Outbox struct {
	Postbox Postbox
	Post    Post
}

// Admit asks whether a notice goes out to a recipient now.
func (o *Outbox) Admit(ctx context.Context, n directory.Notice) (directory.Admission, error) {
	a, err := o.Postbox.AdmitNotice(ctx, n)
	if err != nil {
		return directory.Admission{}, fmt.Errorf("admit a notice: %w", err)
	}
	return a, nil
}

// SendInput is one notice to one recipient.
type SendInput struct {
	ID            string    `json:"id"` // of the notice
	ContactMethod string    `json:"contact_method"`
	Subject       string    `json:"subject"`
	Body          string    `json:"body"`
	LeftOut       int       `json:"left_out,omitempty"` // told at the end of the body
	At            time.Time `json:"at"`
}

// Send tries once. Address and server are looked up at every try, so that one
// that was mended is used at once.
func (o *Outbox) Send(ctx context.Context, in SendInput) error {
	to, err := o.Postbox.MailAddress(ctx, in.ContactMethod)
	if err != nil {
		return outcome(fmt.Errorf("find the recipient: %w", err))
	}
	by, err := o.Postbox.MailAccount(ctx)
	if err != nil {
		return outcome(fmt.Errorf("find the way out: %w", err))
	}
	m := directory.Mail{ID: in.ID + "." + in.ContactMethod, To: to, Subject: in.Subject, Body: in.Body + leftOut(in.LeftOut), At: in.At}
	if err := o.Post.Send(ctx, by, m); err != nil {
		return outcome(fmt.Errorf("send to %s: %w", to, err))
	}
	return nil
}

// leftOut tells a recipient of the notices that did not come.
func leftOut(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "\n\nOne more notice like this was left out before it.\n"
	}
	return fmt.Sprintf("\n\n%d more notices like this were left out before it.\n", n)
}
