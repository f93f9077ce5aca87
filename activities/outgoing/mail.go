package outgoing

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"tandem/flow/directory"
)

// Mail sends mails, each on a connection of its own.
type Mail struct {
	Guard Guard
	Roots *x509.CertPool // that certificates of servers lead to; nil: the system's
}

// Times given to a server. RFC 5321 §4.5.3.2.6 asks for ten minutes after the
// end of the data, since whoever gives up before it is heard sends twice; our
// server is one that takes mail from us only, so five are plenty.
const (
	signInTimeout = 30 * time.Second
	dataTimeout   = 5 * time.Minute
)

// FailedError is a mail that did not leave, by the part of sending that failed.
type FailedError struct {
	Part directory.MailPart
	Err  error
}

// Error says which part failed, and how.
func (e *FailedError) Error() string { return fmt.Sprintf("%s: %s", e.Part, e.Err) }

// Unwrap is what went wrong.
func (e *FailedError) Unwrap() error { return e.Err }

// Send sends a mail. What the server refuses by a permanent answer (RFC 5321
// §4.2.1) wraps directory.ErrMailRefused; so does what is no mail.
func (m Mail) Send(ctx context.Context, by directory.SMTP, letter directory.Mail) error {
	msg, err := message(by, letter)
	if err != nil {
		return fmt.Errorf("%w: %w", directory.ErrMailRefused, &FailedError{directory.MailRefused, err})
	}
	client, err := m.open(ctx, by)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }() // whatever is said now, the mail is with the server or not
	stop := context.AfterFunc(ctx, func() { _ = client.Close() })
	defer stop()
	sender, err := mail.NewClient(by.Host, mail.WithTimeout(dataTimeout), mail.WithoutNoop())
	if err != nil {
		return &FailedError{directory.MailRefused, err}
	}
	err = sender.SendWithSMTPClient(client, msg)
	switch {
	case msg.IsDelivered(): // what fails after the server's 250 is no reason to send again
		_ = client.Quit()
		return nil
	case err == nil:
		return &FailedError{directory.MailRefused, errors.New("the server did not take it")}
	}
	return refusal(err)
}

// refusal tells an answer that stands from one that may be another at the next
// try.
func refusal(err error) error {
	var sending *mail.SendError
	if !errors.As(err, &sending) {
		return &FailedError{directory.MailRefused, err}
	}
	failed := &FailedError{directory.MailRefused, answered{sending}}
	if sending.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %w", directory.ErrMailRefused, failed)
	}
	return failed
}

// answered is what a server answered, without the recipient and our own
// Message-ID, which the library writes behind it and every reader knows.
type answered struct{ *mail.SendError }

func (a answered) Error() string {
	text, _, _ := strings.Cut(a.SendError.Error(), ", affected ")
	return text
}

func (a answered) Unwrap() error { return a.SendError }

// message writes a mail. Its Message-ID is made of the letter's own id, so that
// one that arrives twice is known as one.
func message(by directory.SMTP, letter directory.Mail) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.From(by.Sender), msg.To(letter.To)); err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(by.Sender, "@")
	msg.SetMessageIDWithValue(letter.ID + "@" + strings.TrimSuffix(domain, ">"))
	msg.SetDateWithValue(letter.At)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: nobody's holiday answers it
	msg.Subject(strings.Join(strings.Fields(letter.Subject), " "))
	msg.SetBodyString(mail.TypeTextPlain, letter.Body)
	return msg, nil
}

// open connects to the server and signs in, each part failing by its name.
func (m Mail) open(ctx context.Context, by directory.SMTP) (*smtp.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, signInTimeout)
	defer cancel()
	conn, err := m.connect(ctx, by)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	client, err := m.greet(conn, by)
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return client, nil
}

func (m Mail) connect(ctx context.Context, by directory.SMTP) (net.Conn, error) {
	port := cmp.Or(by.Port, directory.DefaultSMTPPort)
	conn, err := m.Guard.Dial(ctx, "tcp", net.JoinHostPort(by.Host, strconv.Itoa(port)))
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return nil, &FailedError{directory.MailName, err}
	case err != nil:
		return nil, &FailedError{directory.MailConnect, err}
	case port != directory.ImplicitTLSPort:
		return conn, nil
	}
	safe := tls.Client(conn, m.config(by))
	if err := safe.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, &FailedError{directory.MailTLS, err}
	}
	return safe, nil
}

func (m Mail) config(by directory.SMTP) *tls.Config {
	return &tls.Config{ServerName: by.Host, RootCAs: m.Roots, MinVersion: tls.VersionTLS12}
}

// errNoTLS says that a server would talk in the clear only.
var errNoTLS = errors.New("the server offers no TLS")

// greet says hello, begins TLS and signs in.
func (m Mail) greet(conn net.Conn, by directory.SMTP) (*smtp.Client, error) {
	client, err := smtp.NewClient(conn, by.Host)
	if err == nil {
		err = client.Hello(helloName(by.Sender))
	}
	if err != nil {
		return nil, &FailedError{directory.MailConnect, err}
	}
	offered, _ := client.Extension("STARTTLS")
	_, safe := client.TLSConnectionState()
	switch {
	case safe:
	case offered:
		err = client.StartTLS(m.config(by))
	case by.TLS != directory.TLSIfOffered:
		err = errNoTLS
	}
	if err != nil {
		return nil, &FailedError{directory.MailTLS, err}
	}
	if err := signIn(client, by); err != nil {
		return nil, &FailedError{directory.MailSignIn, err}
	}
	return client, nil
}

// helloName is what we call ourselves: the domain that mails come from, since a
// machine behind an address translator has no name that a server could check.
func helloName(sender string) string {
	_, domain, _ := strings.Cut(sender, "@")
	return cmp.Or(domain, "localhost")
}

// signInWays are the ways to sign in, the best first. Those that send the
// password itself refuse a connection without TLS.
var signInWays = []struct {
	name string
	make func(by directory.SMTP) smtp.Auth
}{
	{"SCRAM-SHA-256", func(by directory.SMTP) smtp.Auth { return smtp.ScramSHA256Auth(by.User, by.Password) }},
	{"SCRAM-SHA-1", func(by directory.SMTP) smtp.Auth { return smtp.ScramSHA1Auth(by.User, by.Password) }},
	{"CRAM-MD5", func(by directory.SMTP) smtp.Auth { return smtp.CRAMMD5Auth(by.User, by.Password) }},
	{"PLAIN", func(by directory.SMTP) smtp.Auth { return smtp.PlainAuth("", by.User, by.Password, by.Host, false) }},
	{"LOGIN", func(by directory.SMTP) smtp.Auth { return smtp.LoginAuth(by.User, by.Password, by.Host, false) }},
}

func signIn(client *smtp.Client, by directory.SMTP) error {
	if by.User == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	for _, way := range signInWays {
		if containsWord(offered, way.name) {
			return client.Auth(way.make(by))
		}
	}
	return errors.New("the server offers no way to sign in that we know")
}

func containsWord(list, word string) bool {
	for _, w := range strings.Fields(list) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// Try sends a test mail and says how that went.
func (m Mail) Try(ctx context.Context, by directory.SMTP, to string) directory.MailTried {
	began := time.Now()
	t := directory.MailTried{At: began.UTC(), To: to, Server: net.JoinHostPort(by.Host, strconv.Itoa(by.Port)), Text: "The server took the mail. Later bounces are not seen here."}
	err := m.Send(ctx, by, directory.Mail{ID: fmt.Sprintf("test-%d", began.UnixNano()), To: to, At: began, Subject: "Test mail of Tandem",
		Body: "Mail leaves this system as it is set up.\n"})
	t.TookMS = time.Since(began).Milliseconds()
	var failed *FailedError
	if errors.As(err, &failed) {
		t.Failed, t.Text = failed.Part, said(failed.Err)
	}
	return t
}

// said is what a server answered, or else what went wrong.
func said(err error) string {
	var answer *textproto.Error
	var sending *mail.SendError
	switch {
	case errors.Is(err, ErrForbidden):
		return innermost(err, ErrForbidden)
	case errors.As(err, &answer):
		return answer.Error()
	case errors.As(err, &sending):
		return answered{sending}.Error()
	}
	return plain(err)
}
