package flow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tandem/flow/call"
)

// HTTPRequest asks a web server and goes on by its answer. It does not answer
// the call.
type HTTPRequest struct {
	Method    string         `json:"method,omitempty"` // one of HTTPMethods; empty is GET
	URL       string         `json:"url"`              // http or https; fields may stand behind the host
	Headers   []HTTPHeader   `json:"headers,omitempty"`
	Body      string         `json:"body,omitempty"`    // text with fields
	Timeout   int            `json:"timeout,omitempty"` // s, 1–10; 0 is the default 5
	Variables []HTTPVariable `json:"variables,omitempty"`
}

// HTTPHeader is one header of a request. It is part of the flow and no secret.
type HTTPHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"` // text with fields
}

// HTTPVariable takes a value out of a JSON answer.
type HTTPVariable struct {
	Name string `json:"name"` // of the variable
	Path string `json:"path"` // such as customer.orders.0.id
}

// HTTPReply is what became of a request.
type HTTPReply struct {
	Status    int         `json:"status,omitempty"` // of the answer; 0: there was none
	Variables []call.Fact `json:"variables,omitempty"`
	Note      string      `json:"note,omitempty"` // what was wrong, in words
}

// OK tells whether the server did what was asked.
func (r HTTPReply) OK() bool { return r.Status >= 200 && r.Status < 300 }

// HTTPMethods are the methods of requests, the default first.
var HTTPMethods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}

// Limits of a request (product sheet 3.15).
const (
	MaxHTTPHeaders     = 20
	MaxHTTPVariables   = 20
	MaxHTTPURL         = 2000 // bytes, before fields are filled in
	MaxHTTPBody        = 4000
	maxHTTPHeader      = 1000
	maxHTTPPath        = 200
	defaultHTTPTimeout = 5
)

// WithDefaults fills what was left open.
func (h HTTPRequest) WithDefaults() HTTPRequest {
	h.Method, h.Timeout = cmp.Or(h.Method, HTTPMethods[0]), cmp.Or(h.Timeout, defaultHTTPTimeout)
	return h
}

// Exits: ok, failed.
func (*HTTPRequest) Exits() []ExitSpec {
	return []ExitSpec{{ID: "ok", Label: "ok", Main: true, Tone: "good"}, {ID: "failed", Label: "failed", Main: true, Tone: "bad"}}
}

// Refs: none.
func (*HTTPRequest) Refs() []Ref { return nil }

var (
	// httpAddress wants a scheme and a host that no field changes: a caller must
	// not choose who is asked.
	httpAddress = regexp.MustCompile(`^https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?([/?][^\s#]*)?$`)
	httpToken   = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$") // RFC 9110 §5.6.2
)

// ownHeaders are those that the connection sets itself (RFC 9110 §7.6.1).
var ownHeaders = []string{"connection", "content-length", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}

// Validate checks address, headers, sizes and variables.
func (h *HTTPRequest) Validate() []Problem {
	set := h.WithDefaults()
	out := required("url", h.URL != "")
	if h.URL != "" {
		out = append(out, inRange("url", len(h.URL) <= MaxHTTPURL && httpAddress.MatchString(h.URL),
			"http:// or https://, a host without fields, and at most 2000 bytes")...)
	}
	out = append(out, inRange("method", slices.Contains(HTTPMethods, set.Method), strings.Join(HTTPMethods, ", "))...)
	out = append(out, inRange("timeout", between(set.Timeout, 1, 10), "1 to 10 s")...)
	out = append(out, inRange("body", len(h.Body) <= MaxHTTPBody, "at most 4000 bytes")...)
	out = append(out, inRange("headers", len(h.Headers) <= MaxHTTPHeaders, "at most 20 headers")...)
	for i, x := range h.Headers {
		field := fmt.Sprintf("headers.%d.", i)
		out = append(out, inRange(field+"name", httpToken.MatchString(x.Name) && !slices.Contains(ownHeaders, strings.ToLower(x.Name)),
			"a header such as Authorization, not one that the connection sets itself")...)
		out = append(out, required(field+"value", x.Value != "" || !x.Secret())...) // an import has none
		out = append(out, inRange(field+"value", len(x.Value) <= maxHTTPHeader && !strings.ContainsAny(x.Value, "\r\n"), "one line of at most 1000 bytes")...)
	}
	return append(out, h.checkVariables()...)
}

func (h *HTTPRequest) checkVariables() []Problem {
	out := inRange("variables", len(h.Variables) <= MaxHTTPVariables, "at most 20 variables")
	for i, v := range h.Variables {
		field := fmt.Sprintf("variables.%d.", i)
		out = append(out, VariableName(field+"name", v.Name)...)
		out = append(out, required(field+"path", v.Path != "")...)
		out = append(out, inRange(field+"path", len(v.Path) <= maxHTTPPath, "at most 200 bytes")...)
	}
	return out
}

// Filled is the request with the fields of its texts filled in, each written as
// its place wants it: a name with a quotation mark breaks no JSON, and one with
// an ampersand adds nothing to an address.
func (h HTTPRequest) Filled(value func(field string) (string, bool)) HTTPRequest {
	h = h.WithDefaults()
	written := func(escape func(string) string) func(string) (string, bool) {
		return func(field string) (string, bool) {
			v, ok := value(field)
			return escape(v), ok
		}
	}
	h.URL = Expand(h.URL, written(urlEscape))
	h.Body = Expand(h.Body, written(h.bodyEscape()))
	h.Headers = slices.Clone(h.Headers)
	for i := range h.Headers {
		h.Headers[i].Value = Expand(h.Headers[i].Value, written(oneLine))
	}
	return h
}

// bodyEscape is how values are written into the body, by what it is.
func (h *HTTPRequest) bodyEscape() func(string) string {
	switch kind := h.ContentType(); {
	case strings.Contains(kind, "json"):
		return jsonEscape
	case strings.Contains(kind, "x-www-form-urlencoded"):
		return urlEscape
	}
	return func(s string) string { return s }
}

// ContentType is what the body is: as a header says, or by how it begins.
func (h *HTTPRequest) ContentType() string {
	for _, x := range h.Headers {
		if strings.EqualFold(x.Name, "content-type") {
			return strings.ToLower(x.Value)
		}
	}
	switch body := strings.TrimSpace(h.Body); {
	case body == "":
		return ""
	case strings.HasPrefix(body, "{"), strings.HasPrefix(body, "["):
		return "application/json"
	}
	return "text/plain; charset=utf-8"
}

// urlEscape writes everything but unreserved characters as %XX (RFC 3986 §2.3).
func urlEscape(s string) string {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	var b strings.Builder
	for _, c := range []byte(s) {
		if strings.IndexByte(unreserved, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// jsonEscape is the inside of a JSON string.
func jsonEscape(s string) string {
	quoted, _ := json.Marshal(s) // a string always marshals
	return string(quoted[1 : len(quoted)-1])
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
