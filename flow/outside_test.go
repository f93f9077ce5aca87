package flow

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// addresses knows two contact methods, of which one is an address, and nothing
// of a mail server.
type addresses struct{ Anything }

func (addresses) Mailable(id string) bool { return id == "mail" }
func (addresses) MailLeaves() bool        { return false }

// problemsOf are the ids and fields of what is wrong with a module alone.
func problemsOf(s Settings, known Known) []string {
	f := Flow{ID: "f", Name: "F", Modules: []Module{{ID: "m", Kind: "x", Name: "M", Settings: s}}}
	g := newGraph(&f)
	var out []string
	for _, p := range checkModule(g, &f.Modules[0], known) {
		if p.ID != "dead-end" {
			out = append(out, p.ID+" "+p.Field)
		}
	}
	return out
}

func TestANotificationGoesToAddresses(t *testing.T) {
	many := make([]string, MaxRecipients+1)
	for i := range many {
		many[i] = strings.Repeat("x", i+1)
	}
	for name, c := range map[string]struct {
		set   Notification
		known Known
		want  []string
	}{
		"right":             {Notification{To: []string{"mail"}}, nil, nil},
		"nobody":            {Notification{}, nil, []string{"setting-missing to"}},
		"twice the same":    {Notification{To: []string{"mail", "mail"}}, nil, []string{"setting-range to.1"}},
		"too many":          {Notification{To: many}, nil, []string{"setting-range to"}},
		"too often":         {Notification{To: []string{"mail"}, Every: -1}, nil, []string{"setting-range every"}},
		"subject of lines":  {Notification{To: []string{"mail"}, Subject: "a\nb"}, nil, []string{"setting-range subject"}},
		"a phone, no SMTP":  {Notification{To: []string{"mail", "phone"}}, addresses{}, []string{"not-email to.1", "mail-unset to"}},
		"text that is long": {Notification{To: []string{"mail"}, Body: strings.Repeat("x", MaxNoticeBody+1)}, nil, []string{"setting-range body"}},
	} {
		if c.known == nil {
			c.known = Anything{}
		}
		if got := problemsOf(&c.set, c.known); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestARequestHasAHostThatNoCallerChooses(t *testing.T) {
	for url, want := range map[string]bool{
		"https://crm.example/x?n={caller}": true, "http://10.0.0.1:8080": true, "https://[2001:db8::1]:8443/{called}": true, "https://crm.example?x={a}": true,
		"https://{host}/x": false, "https://crm.{domain}/x": false, "https://a@crm.example/": false, "ftp://crm.example/": false, "crm.example/x": false,
		"https://crm.example/a b": false, "https://crm.example/#x": false, "https://crm.example:port/": false,
	} {
		if got := problemsOf(&HTTPRequest{URL: url}, Anything{}); (len(got) == 0) != want {
			t.Errorf("%s: %q", url, got)
		}
	}
}

func TestARequestIsCheckedAtEachField(t *testing.T) {
	for want, change := range map[string]func(*HTTPRequest){
		"setting-missing url":              func(h *HTTPRequest) { h.URL = "" },
		"setting-range method":             func(h *HTTPRequest) { h.Method = "get" },
		"setting-range timeout":            func(h *HTTPRequest) { h.Timeout = 11 },
		"setting-range body":               func(h *HTTPRequest) { h.Body = strings.Repeat("x", MaxHTTPBody+1) },
		"setting-range headers.0.name":     func(h *HTTPRequest) { h.Headers = []HTTPHeader{{"Host", "x"}} },
		"setting-range headers.0.value":    func(h *HTTPRequest) { h.Headers = []HTTPHeader{{"X", "a\r\nb"}} },
		"setting-missing variables.0.path": func(h *HTTPRequest) { h.Variables = []HTTPVariable{{"a", ""}} },
		"setting-missing variables.0.name": func(h *HTTPRequest) { h.Variables = []HTTPVariable{{"", "a"}} },
		"setting-range variables.0.name":   func(h *HTTPRequest) { h.Variables = []HTTPVariable{{"caller", "a"}} },
	} {
		h := HTTPRequest{URL: "https://crm.example/"}
		change(&h)
		if got := problemsOf(&h, Anything{}); !slices.Equal(got, []string{want}) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestFieldsAreWrittenAsTheirPlaceWantsThem(t *testing.T) {
	hostile := "a\"b&c=d\r\nX: y{caller}"
	value := func(field string) (string, bool) { return hostile, field == "caller_name" }
	h := HTTPRequest{URL: "https://crm.example/?n={caller_name}&x={unknown}", Body: `{"name":"{caller_name}"}`, Headers: []HTTPHeader{{"X-Name", "{caller_name}"}}}.Filled(value)
	if want := "https://crm.example/?n=a%22b%26c%3Dd%0D%0AX%3A%20y%7Bcaller%7D&x={unknown}"; h.URL != want {
		t.Errorf("address %s", h.URL)
	}
	var body map[string]string
	if err := json.Unmarshal([]byte(h.Body), &body); err != nil || body["name"] != hostile {
		t.Errorf("body %s: %v", h.Body, err)
	}
	if h.Headers[0].Value != `a"b&c=d  X: y{caller}` {
		t.Errorf("header %q", h.Headers[0].Value)
	}
	form := HTTPRequest{URL: "https://crm.example/", Body: "n={caller_name}", Headers: []HTTPHeader{{"content-type", "application/x-www-form-urlencoded"}}}.Filled(value)
	if strings.ContainsAny(strings.TrimPrefix(form.Body, "n="), "&=\r\n") {
		t.Errorf("form %q", form.Body)
	}
}
