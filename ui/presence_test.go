package ui

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
)

// heard is an open stream of events, line by line.
type heard struct {
	t     testing.TB
	lines *bufio.Scanner
	body  interface{ Close() error }
}

// listen opens a stream as somebody.
func (c *client) listen(ctx context.Context, base, path string) *heard {
	c.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	return &heard{c.t, bufio.NewScanner(a.Body), a.Body}
}

// until reads lines until one holds a text.
func (h *heard) until(text string) {
	h.t.Helper()
	for h.lines.Scan() {
		if strings.Contains(h.lines.Text(), text) {
			return
		}
	}
	h.t.Fatalf("the stream ended without %q: %v", text, h.lines.Err())
}

func TestEditorsSeeEachOtherComeSaveAndGo(t *testing.T) {
	w := flowWorld(t)
	server := httptest.NewServer(w.panel)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ann, ben := w.as(directory.Admin), w.as(directory.FlowEditor)
	a := ann.listen(ctx, server.URL, "/api/flows/main-line/presence")
	defer a.body.Close()
	a.until(`"email":"admin@example.org"`)
	b := ben.listen(ctx, server.URL, "/api/flows/main-line/presence")
	a.until(`"email":"flow-editor@example.org"`)
	d := ben.draft("main-line")
	ben.want(ben.patch("main-line", d.Revision, edit(t, d, func(f *flow.Flow) { f.Modules[0].X += 16 })...), 200)
	a.until(`"by":"flow-editor@example.org"`)
	b.body.Close()
	a.until(`{"editors":[{"email":"admin@example.org"`)
}

func TestAStoppingPanelEndsItsStreams(t *testing.T) {
	w := flowWorld(t)
	done := make(chan struct{})
	panel, err := New(Config{Store: w.store, Done: done})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(panel)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	me := w.as(directory.Admin)
	s := me.listen(ctx, server.URL, "/api/flows/main-line/presence")
	defer s.body.Close()
	s.until("presence")
	close(done)
	for s.lines.Scan() { // to its end
	}
	if err := s.lines.Err(); err != nil {
		t.Errorf("the stream broke: %v", err)
	}
	if left, err := w.store.Editors(t.Context(), "main-line"); err != nil || len(left) != 0 {
		t.Errorf("%v are still there (%v)", left, err)
	}
}
