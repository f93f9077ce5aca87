package outgoing

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"tandem/flow"
)

// ask sends a request to a server on this machine.
func ask(t *testing.T, r flow.HTTPRequest, serve http.HandlerFunc) flow.HTTPReply {
	t.Helper()
	s := httptest.NewServer(serve)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	r.URL = s.URL + r.URL
	reply, err := NewWeb(Guard{Allowed: loopback}).Ask(t.Context(), "m", r)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

var customer = []flow.HTTPVariable{{Name: "tier", Path: "customer.tier"}, {Name: "second", Path: "agents.1.name"}, {Name: "open", Path: "open"}}

func TestValuesAreTakenOutOfAnAnswer(t *testing.T) {
	reply := ask(t, flow.HTTPRequest{URL: "/x", Variables: customer}, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"customer":{"tier":"gold"},"agents":[{"name":"Ann"},{"name":"Bob"}],"open":true}`)
	})
	if got := fmt.Sprint(reply.Variables); !reply.OK() || got != "[{tier gold} {second Bob} {open true}]" || reply.Note != "" {
		t.Errorf("reply %+v", reply)
	}
}

func TestARequestIsSentAsItIsSet(t *testing.T) {
	var got string
	ask(t, flow.HTTPRequest{Method: "POST", URL: "/find?n=%2B46", Body: `{"a":1}`, Headers: []flow.HTTPHeader{{Name: "Authorization", Value: "Bearer abc"}}},
		func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			got = fmt.Sprintln(r.Method, r.URL.Query().Get("n"), r.Header.Get("Authorization"), r.Header.Get("Content-Type"), string(body))
		})
	if want := "POST +46 Bearer abc application/json {\"a\":1}\n"; got != want {
		t.Errorf("the server got %q, want %q", got, want)
	}
}

func TestWhatIsNoUsableAnswerIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		ok    bool
		note  string
	}{
		"no JSON":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, true, "no JSON"},
		"a value missing": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"open":1}`) }, true, "nothing in the answer at customer.tier"},
		"too large": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `"`+strings.Repeat("x", maxAnswer)+`"`)
		}, true, "larger than 256 kB"},
		"refused":   {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) }, false, ""},
		"broke off": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false, "EOF"},
		"header too large": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 2*maxAnswerHeaders))
		}, false, "header"},
	} {
		t.Run(name, func(t *testing.T) {
			reply := ask(t, flow.HTTPRequest{URL: "/", Variables: customer}, c.serve)
			if reply.OK() != c.ok || !strings.Contains(reply.Note, c.note) {
				t.Errorf("reply %+v", reply)
			}
		})
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	var asked atomic.Int32
	reply := ask(t, flow.HTTPRequest{URL: "/"}, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	})
	if reply.OK() || reply.Status != http.StatusFound || asked.Load() != 1 {
		t.Errorf("reply %+v after %d requests", reply, asked.Load())
	}
}

func TestAServerThatIsSilentIsGivenUpInTimeAndAskedOnce(t *testing.T) {
	var asked atomic.Int32
	reply := ask(t, flow.HTTPRequest{URL: "/", Timeout: 1}, func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		<-r.Context().Done()
	})
	if reply.OK() || reply.Note != "no answer within 1 s" || asked.Load() != 1 {
		t.Errorf("reply %+v after %d requests", reply, asked.Load())
	}
}

func TestAServerOfOurOwnNetworkIsNotAsked(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	reply, err := NewWeb(Guard{Allowed: nowhere}).Ask(t.Context(), "m", flow.HTTPRequest{URL: "http://" + l.Addr().String()})
	if err != nil || reply.Status != 0 || !strings.HasPrefix(reply.Note, "127.0.0.1 is an address of a private") {
		t.Errorf("reply %+v, %v", reply, err)
	}
}
