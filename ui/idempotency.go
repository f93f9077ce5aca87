package ui

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"mime"
	"net/http"

	"tandem/flow/directory"
)

// keyHeader carries the key that a script chose for a write. Sent again with
// the same key, the write is not done again: the first answer is given.
const keyHeader = "Idempotency-Key"

const maxKey = 200

// once serves a route, and at most once where its caller gave a key.
func (p *Panel) once(w http.ResponseWriter, r *http.Request, rt route) error {
	key := r.Header.Get(keyHeader)
	if key == "" || rt.area != api || loginOf(r) == nil || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return rt.serve(p, w, r)
	}
	if len(key) > maxKey {
		return refuse("", fmt.Sprintf("An idempotency key has at most %d characters.", maxKey))
	}
	request, err := fingerprint(r)
	if err != nil {
		return err
	}
	who := loginOf(r).ID
	before, err := p.cfg.Store.Idempotent(r.Context(), who, key, request)
	if err != nil {
		return err
	}
	if before != nil {
		w.Header().Set("Idempotent-Replayed", "true")
		if before.Type != "" {
			w.Header().Set("Content-Type", before.Type)
		}
		w.WriteHeader(before.Status)
		w.Write(before.Body) // an error means the caller has gone
		return nil
	}
	return p.remember(w, r, rt, who, key)
}

// remember carries a write out and keeps its answer. It is kept although the
// caller may have gone meanwhile: that is when it will be asked for. A panic
// counts as a fault, after which the key is free again.
func (p *Panel) remember(w http.ResponseWriter, r *http.Request, rt route, who, key string) error {
	kept := &keptAnswer{header: http.Header{}, Answer: directory.Answer{Status: http.StatusInternalServerError}}
	defer func() {
		if err := p.cfg.Store.Answered(context.WithoutCancel(r.Context()), who, key, kept.Answer); err != nil {
			p.log.Error("answer under an idempotency key cannot be kept", "path", r.URL.Path, "err", err)
		}
	}()
	r.Header.Del("Accept-Encoding") // what is kept must suit any later caller
	if err := rt.serve(p, kept, r); err != nil {
		p.fail(kept, r, rt.area, err)
	}
	kept.Type, kept.Body = kept.header.Get("Content-Type"), kept.body.Bytes()
	for name, values := range kept.header {
		w.Header()[name] = values
	}
	w.WriteHeader(kept.Status)
	w.Write(kept.Body) // an error means the caller has gone
	return nil
}

// keptAnswer is an answer held back until it is whole.
type keptAnswer struct {
	directory.Answer
	header http.Header
	body   bytes.Buffer
	begun  bool
}

// Header implements http.ResponseWriter.
func (k *keptAnswer) Header() http.Header { return k.header }

// WriteHeader implements http.ResponseWriter.
func (k *keptAnswer) WriteHeader(status int) {
	if !k.begun {
		k.begun, k.Status = true, status
	}
}

// Write implements http.ResponseWriter.
func (k *keptAnswer) Write(b []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	return k.body.Write(b)
}

// fingerprint tells one request from another: its verb, address and body.
func fingerprint(r *http.Request) ([]byte, error) {
	sum := sha256.New()
	kind, boundary := r.Header.Get("Content-Type"), ""
	if media, params, err := mime.ParseMediaType(kind); err == nil && params["boundary"] != "" {
		kind, boundary = media, params["boundary"] // a form that is sent again is parted anew
	}
	fmt.Fprintf(sum, "%s %s\n%s\n%s\n", r.Method, r.URL.RequestURI(), kind, r.Header.Get("If-Match"))
	if r.PostForm != nil { // parsed already, to find its verb
		io.WriteString(sum, r.PostForm.Encode())
		return sum.Sum(nil), nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, unreadable("body", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if boundary != "" {
		body = bytes.ReplaceAll(body, []byte(boundary), nil)
	}
	sum.Write(body)
	return sum.Sum(nil), nil
}
