package ui

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// Patience with slow clients. A timeout of the whole server would end streams
// and uploads that do well; so a body must come at some speed from its first
// byte to its last, and every piece of an answer must be taken in some time.
const (
	patience = 30 * time.Second
	slowest  = 16 << 10 // bytes of a body in a second
)

// hurry bounds how long a client may take to send its request and to take the
// answer. Whoever is slower loses the connection, and nobody else a thing.
func (p *Panel) hurry(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	ctl := http.NewResponseController(w)
	if r.ContentLength != 0 {
		body := &promptBody{ReadCloser: r.Body, ctl: ctl, until: time.Now().Add(p.cfg.patience)}
		_ = ctl.SetReadDeadline(body.until) // a writer without deadlines is a test's
		r.Body = body
	}
	return &promptWriter{w, ctl, p.cfg.patience}
}

// promptBody is a request's body that must come in time.
type promptBody struct {
	io.ReadCloser
	ctl   *http.ResponseController
	until time.Time
}

// Read implements io.Reader. Once all has come there is no hurry any more: a
// deadline would end the handler.
func (b *promptBody) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	b.until = b.until.Add(time.Duration(n) * time.Second / slowest)
	if errors.Is(err, io.EOF) {
		_ = b.ctl.SetReadDeadline(time.Time{})
	} else {
		_ = b.ctl.SetReadDeadline(b.until)
	}
	return n, err
}

// promptWriter is an answer that must be taken in time, piece by piece.
type promptWriter struct {
	http.ResponseWriter
	ctl      *http.ResponseController
	patience time.Duration
}

// Write implements http.ResponseWriter.
func (w *promptWriter) Write(b []byte) (int, error) {
	_ = w.ctl.SetWriteDeadline(time.Now().Add(w.patience))
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController find what the server's own writer can do.
func (w *promptWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
