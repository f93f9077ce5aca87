// Package outgoingtest is a real SMTP server on loopback for tests: it takes
// mail, or answers as it is told to.
//
// It is never imported outside tests.
package outgoingtest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp" // a server that speaks SMTP as others do, and not as we think it is spoken

	"tandem/flow/directory"
)

// Who may sign in.
const (
	User     = "tandem"
	Password = "correct horse"
)

// Mailbox is a server and what it has taken.
type Mailbox struct {
	Host string
	Port int
	Cert *x509.Certificate // that its own leads to

	t       testing.TB
	mu      sync.Mutex
	answers []error // to the next mails; what follows is taken
	hangUp  bool    // when a mail was taken
	letters []Letter
	news    chan struct{}
}

// Letter is a mail as it arrived.
type Letter struct {
	From, To string
	mail.Header
	Body string
}

// Option changes a server before it starts.
type Option func(*smtp.Server, *Mailbox)

// WithoutTLS makes a server that talks in the clear.
func WithoutTLS(s *smtp.Server, _ *Mailbox) { s.TLSConfig = nil }

// HangsUp makes a server that ends the connection when it has taken a mail.
func HangsUp(_ *smtp.Server, m *Mailbox) { m.hangUp = true }

// Answers tells what a server says to its first mails, at the end of the data.
func Answers(all ...error) Option {
	return func(_ *smtp.Server, m *Mailbox) { m.answers = all }
}

// Answer is a reply of SMTP. The code 0 is none: the connection ends instead.
func Answer(code int, text string) error {
	if code == 0 {
		return errCut
	}
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
}

var errCut = errors.New("cut")

// New starts a server that ends with the test.
func New(t testing.TB, options ...Option) *Mailbox {
	t.Helper()
	pair := httptest.NewTLSServer(nil) // for its certificate, which is good for 127.0.0.1
	pair.Close()
	m := &Mailbox{t: t, Cert: pair.Certificate(), news: make(chan struct{}, 100)}
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{box: m, conn: c}, nil }))
	s.TLSConfig = &tls.Config{Certificates: pair.TLS.Certificates}
	s.Domain, s.ErrorLog = "mail.test", log.New(io.Discard, "", 0)
	for _, change := range options {
		change(s, m)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().(*net.TCPAddr)
	m.Host, m.Port = at.IP.String(), at.Port
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.Serve(l) }()
	t.Cleanup(func() { _, _ = s.Close(), l.Close(); <-ended }) // the server may not know its listener yet
	return m
}

// Settings are those with which mail gets here.
func (m *Mailbox) Settings() directory.SMTP {
	return directory.SMTP{Host: m.Host, Port: m.Port, User: User, Password: Password, Sender: "pbx@example.org"}
}

// Roots are what the server's certificate leads to.
func (m *Mailbox) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(m.Cert)
	return pool
}

// RootsFile holds the same for another process.
func (m *Mailbox) RootsFile() string {
	m.t.Helper()
	path := filepath.Join(m.t.TempDir(), "roots.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: m.Cert.Raw}), 0o644); err != nil {
		m.t.Fatal(err)
	}
	return path
}

// Letters are those taken so far.
func (m *Mailbox) Letters() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters)
}

// Await waits until n letters were taken.
func (m *Mailbox) Await(n int, most time.Duration) []Letter {
	m.t.Helper()
	for bound := time.After(most); ; {
		if got := m.Letters(); len(got) >= n {
			return got
		}
		select {
		case <-m.news:
		case <-bound:
			m.t.Fatalf("%d letters after %v, want %d", len(m.Letters()), most, n)
		}
	}
}

// session is one connection.
type session struct {
	box      *Mailbox
	conn     *smtp.Conn
	signedIn bool
	from, to string
	took     bool
}

// AuthMechanisms implements smtp.AuthSession.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return smtp.ErrAuthFailed
		}
		s.signedIn = true
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.signedIn {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

// Data implements smtp.Session.
func (s *session) Data(r io.Reader) error {
	msg, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(msg.Body)
	if err != nil {
		return err
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if len(s.box.answers) > 0 {
		next := s.box.answers[0]
		s.box.answers = s.box.answers[1:]
		if errors.Is(next, errCut) {
			_ = s.conn.Conn().Close()
		}
		if next != nil {
			return next
		}
	}
	s.box.letters = append(s.box.letters, Letter{From: s.from, To: s.to, Header: msg.Header, Body: string(body)})
	s.took = true
	s.box.news <- struct{}{}
	return nil
}

// Reset implements smtp.Session.
func (s *session) Reset() {
	if s.took && s.box.hangUp {
		_ = s.conn.Conn().Close()
	}
}

// Logout implements smtp.Session.
func (*session) Logout() error { return nil }
