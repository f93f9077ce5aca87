package sipua

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

var sealTime = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// sealed is an INVITE with a seal of one node, changed on its way.
func sealed(secret, body string, change func(*sip.Request)) *sip.Request {
	req := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", Host: "192.0.2.2"})
	id := sip.CallIDHeader("call-1")
	req.AppendHeader(&id)
	req.SetBody([]byte(body))
	add(req, sealHeader, newSeals([]byte(secret)).make("the text", "call-1", []byte(body), sealTime))
	if change != nil {
		change(req)
	}
	return req
}

func TestASealIsBelievedOnceAndOnlyWhole(t *testing.T) {
	const secret = "0123456789abcdef"
	replace := func(old, new string) func(*sip.Request) {
		return func(req *sip.Request) {
			h := req.GetHeader(sealHeader)
			req.ReplaceHeader(sip.NewHeader(sealHeader, strings.Replace(h.Value(), old, new, 1)))
		}
	}
	for name, tc := range map[string]struct {
		req    *sip.Request
		secret string
		after  time.Duration
		want   bool
	}{
		"as it was made":       {sealed(secret, "v=0", nil), secret, 0, true},
		"a little later":       {sealed(secret, "v=0", nil), secret, sealLife, true},
		"by a slow clock":      {sealed(secret, "v=0", nil), secret, -sealLife, true},
		"too late":             {sealed(secret, "v=0", nil), secret, sealLife + time.Second, false},
		"by another secret":    {sealed("fedcba9876543210", "v=0", nil), secret, 0, false},
		"without a secret":     {sealed(secret, "v=0", nil), "", 0, false},
		"with another body":    {sealed(secret, "v=0", func(r *sip.Request) { r.SetBody([]byte("v=1")) }), secret, 0, false},
		"with another text":    {sealed(secret, "v=0", replace("dGhlIHRleHQ", "dGhlIHRleHU")), secret, 0, false},
		"with another second":  {sealed(secret, "v=0", replace("17", "18")), secret, 0, false},
		"in another call":      {sealed(secret, "v=0", func(r *sip.Request) { *r.CallID() = "call-2" }), secret, 0, false},
		"cut off":              {sealed(secret, "v=0", replace(" ", "")), secret, 0, false},
		"not there":            {sealed(secret, "v=0", func(r *sip.Request) { r.RemoveHeader(sealHeader) }), secret, 0, false},
		"as if it were base64": {sealed(secret, "v=0", replace("dGhl", "!!!!")), secret, 0, false},
	} {
		s := newSeals([]byte(tc.secret))
		now := sealTime.Add(tc.after)
		text, got := s.open(tc.req, now)
		if got != tc.want || got && text != "the text" {
			t.Errorf("%s: got %q, %v, want %v", name, text, got, tc.want)
		}
		if _, again := s.open(tc.req, now); again {
			t.Errorf("%s: believed twice", name)
		}
	}
}

// Whatever stands in the header, nobody gets in without the secret, and nothing
// but the very seal gets in with it.
func FuzzSeal(f *testing.F) {
	const secret = "0123456789abcdef"
	right := sealed(secret, "v=0", nil).GetHeader(sealHeader).Value()
	for _, seed := range []string{right, "", "  ", "1 2 3", "1795348800 dGhlIHRleHQ AAAA", strings.ToUpper(right)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		req := sealed(secret, "v=0", func(r *sip.Request) { r.RemoveHeader(sealHeader) })
		add(req, sealHeader, header)
		if text, ok := newSeals([]byte(secret)).open(req, sealTime); ok && (text != "the text" || value(req, sealHeader) != right) {
			t.Errorf("%q opens %q", header, text)
		}
	})
}
