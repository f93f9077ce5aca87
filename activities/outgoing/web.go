package outgoing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"tandem/flow"
	"tandem/flow/call"
)

// Web sends HTTP requests, each on a connection of its own and once: it follows
// no redirect, uses no proxy and repeats nothing.
type Web struct{ client *http.Client }

// Bounds of an answer.
const (
	maxAnswer        = 256 << 10 // of which values are taken
	maxAnswerHeaders = 16 << 10
)

// NewWeb makes a Web whose connections pass a guard.
func NewWeb(g Guard) *Web {
	return &Web{&http.Client{
		Transport: &http.Transport{DialContext: g.Dial, DisableKeepAlives: true, MaxResponseHeaderBytes: maxAnswerHeaders, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // where it leads nobody has allowed
		},
	}}
}

// Ask sends a request and takes its variables out of the answer.
func (w *Web) Ask(ctx context.Context, _ string, r flow.HTTPRequest) (flow.HTTPReply, error) {
	r = r.WithDefaults()
	ctx, cancel := context.WithTimeout(ctx, time.Duration(r.Timeout)*time.Second)
	defer cancel()
	req, err := request(ctx, r)
	if err != nil {
		return flow.HTTPReply{Note: err.Error()}, nil // what was filled in makes no request
	}
	answer, err := w.client.Do(req)
	if err != nil {
		return flow.HTTPReply{Note: noAnswer(err, r.Timeout)}, nil
	}
	defer func() { _ = answer.Body.Close() }()
	reply := flow.HTTPReply{Status: answer.StatusCode}
	if !reply.OK() || len(r.Variables) == 0 {
		return reply, nil
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case err != nil:
		return flow.HTTPReply{Note: "the answer broke off: " + noAnswer(err, r.Timeout)}, nil
	case len(body) > maxAnswer:
		reply.Note = fmt.Sprintf("the answer is larger than %d kB, nothing was taken from it", maxAnswer>>10)
	case !gjson.ValidBytes(body):
		reply.Note = "the answer is no JSON, nothing was taken from it"
	default:
		reply.Variables, reply.Note = values(body, r.Variables)
	}
	return reply, nil
}

func request(ctx context.Context, r flow.HTTPRequest) (*http.Request, error) {
	var body io.Reader
	if r.Body != "" {
		body = bytes.NewReader([]byte(r.Body))
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "Tandem")
	if kind := r.ContentType(); kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if len(r.Variables) > 0 {
		req.Header.Set("Accept", "application/json")
	}
	for _, h := range r.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	return req, nil
}

// values takes what is asked for out of a JSON answer. A path that leads to
// nothing sets no variable.
func values(body []byte, wanted []flow.HTTPVariable) (out []call.Fact, note string) {
	var missing []string
	for _, v := range wanted {
		found := gjson.GetBytes(body, v.Path)
		if !found.Exists() {
			missing = append(missing, v.Path)
			continue
		}
		out = append(out, call.Fact{Name: v.Name, Value: cut(found.String(), flow.MaxVariableBytes)})
	}
	if len(missing) > 0 {
		note = "nothing in the answer at " + strings.Join(missing, ", ")
	}
	return out, note
}

// cut shortens a text to so many bytes, and never within a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// noAnswer says why there was none.
func noAnswer(err error, timeout int) string {
	var name *net.DNSError
	var timed interface{ Timeout() bool }
	switch {
	case errors.Is(err, ErrForbidden):
		return innermost(err, ErrForbidden)
	case errors.As(err, &name) && name.IsNotFound:
		return fmt.Sprintf("there is no host %s", name.Name)
	case errors.As(err, &timed) && timed.Timeout():
		return fmt.Sprintf("no answer within %d s", timeout)
	}
	return plain(err)
}

// plain leaves out where an error passed: people want to read what it is.
func plain(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}

// innermost is the text of the last error of a chain that wraps another.
func innermost(err, wrapped error) string {
	for inner := errors.Unwrap(err); inner != nil && inner != wrapped && errors.Is(inner, wrapped); inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}
