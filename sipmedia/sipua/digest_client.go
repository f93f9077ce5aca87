package sipua

import (
	"fmt"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// login answers digest challenges for one call or registration. It keeps the
// last challenge, so that later requests bring their answer along.
type login struct {
	user, password string

	header    string // Authorization or Proxy-Authorization
	challenge map[string]string
	count     uint32
	last      string // what the latest INVITE carried
}

// challenged takes the challenge of a 401 or 407. It reports whether another
// try makes sense: we have a password, and it is not the one just refused.
func (l *login) challenged(res *sip.Response) bool {
	name, header := "www-authenticate", "Authorization"
	if res.StatusCode == 407 {
		name, header = "proxy-authenticate", "Proxy-Authorization"
	}
	if l.user == "" {
		return false
	}
	best, rank := map[string]string(nil), len(algorithms)
	for _, line := range values(res, name) {
		c, ok := parseDigest(line)
		if !ok || !usableQop(c["qop"]) {
			continue
		}
		algorithm := c["algorithm"]
		if algorithm == "" {
			algorithm = "MD5"
		}
		for i, a := range algorithms {
			if strings.EqualFold(a.name, algorithm) && i < rank {
				best, rank = c, i
			}
		}
	}
	if best == nil {
		return false
	}
	again := l.challenge != nil && l.header == header && l.challenge["realm"] == best["realm"]
	l.header, l.challenge, l.count = header, best, 0
	return !again || strings.EqualFold(best["stale"], "true")
}

func usableQop(qop string) bool {
	return qop == "" || slices.Contains(strings.FieldsFunc(qop, func(r rune) bool { return r == ',' || r == ' ' }), "auth")
}

// sign puts the answer to the kept challenge into a request.
func (l *login) sign(req *sip.Request) {
	if l.challenge == nil {
		return
	}
	l.count++
	c := map[string]string{"nonce": l.challenge["nonce"], "uri": req.Recipient.String()}
	if l.challenge["qop"] != "" {
		c["qop"], c["cnonce"], c["nc"] = "auth", randomText(8), fmt.Sprintf("%08x", l.count)
	}
	realm, algorithm := l.challenge["realm"], l.challenge["algorithm"]
	var b strings.Builder
	fmt.Fprintf(&b, `Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s"`,
		quoted(l.user), quoted(realm), c["nonce"], c["uri"],
		digestResponse(algorithm, l.user, realm, l.password, string(req.Method), c))
	if algorithm != "" {
		b.WriteString(", algorithm=" + algorithm)
	}
	if c["qop"] != "" {
		fmt.Fprintf(&b, `, qop=auth, cnonce="%s", nc=%s`, c["cnonce"], c["nc"])
	}
	if opaque, found := l.challenge["opaque"]; found {
		fmt.Fprintf(&b, `, opaque="%s"`, quoted(opaque))
	}
	set(req, sip.NewHeader(l.header, b.String()))
	if req.Method == sip.INVITE {
		l.last = b.String()
	}
}

// repeatFor gives an ACK the credentials of its INVITE (RFC 3261 §22.1).
func (l *login) repeatFor(ack *sip.Request) {
	if l.last != "" {
		set(ack, sip.NewHeader(l.header, l.last))
	}
}
