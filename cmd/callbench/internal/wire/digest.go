package wire

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
)

// ErrDigest says that no challenge of a 401 or 407 can be answered.
var ErrDigest = errors.New("no digest challenge we can answer")

// Credentials are what a caller proves itself with.
type Credentials struct{ User, Password string }

// Challenge is one WWW-Authenticate or Proxy-Authenticate header.
type Challenge struct {
	Proxy     bool
	Realm     string
	Nonce     string
	Opaque    string
	Algorithm string // as printed in the header; "" means MD5
	QopAuth   bool   // the server offers qop=auth
}

// digestHashes are the algorithms understood, by lower-case name.
var digestHashes = map[string]func() hash.Hash{"": md5.New, "md5": md5.New, "sha-256": sha256.New}

// ChallengeIn picks the strongest answerable challenge of a 401 or 407.
func ChallengeIn(res *Message) (Challenge, error) {
	header, proxy := "WWW-Authenticate", false
	if res.Status == 407 {
		header, proxy = "Proxy-Authenticate", true
	}
	var best *Challenge
	for _, h := range res.Headers {
		if !strings.EqualFold(h.Name, header) {
			continue
		}
		ch, ok := parseChallenge(h.Value)
		ch.Proxy = proxy
		// RFC 8760 §2.4: of several, SHA-256 before MD5.
		if ok && (best == nil || strings.EqualFold(ch.Algorithm, "sha-256")) {
			best = &ch
		}
	}
	if best == nil {
		return Challenge{}, ErrDigest
	}
	return *best, nil
}

func parseChallenge(value string) (Challenge, bool) {
	scheme, rest, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Digest") {
		return Challenge{}, false
	}
	fields := map[string]string{}
	for _, part := range splitList(rest) {
		key, val, _ := strings.Cut(part, "=")
		fields[strings.ToLower(strings.TrimSpace(key))] = strings.Trim(strings.TrimSpace(val), `"`)
	}
	ch := Challenge{
		Realm: fields["realm"], Nonce: fields["nonce"],
		Opaque: fields["opaque"], Algorithm: fields["algorithm"],
	}
	qops := strings.Split(strings.ReplaceAll(strings.ToLower(fields["qop"]), " ", ""), ",")
	ch.QopAuth = slices.Contains(qops, "auth")
	_, known := digestHashes[strings.ToLower(ch.Algorithm)]
	return ch, known && ch.Nonce != "" && (ch.QopAuth || fields["qop"] == "")
}

// Answer computes the Authorization header for one request (RFC 7616 §3.4).
// count is the nonce count, from 1; cnonce is our own random text.
func (ch Challenge) Answer(c Credentials, method, uri string, count int, cnonce string) Header {
	sum := func(parts ...string) string {
		h := digestHashes[strings.ToLower(ch.Algorithm)]()
		h.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(h.Sum(nil))
	}
	a1, a2 := sum(c.User, ch.Realm, c.Password), sum(method, uri)
	var b strings.Builder
	fmt.Fprintf(&b, `Digest username="%s", realm="%s", nonce="%s", uri="%s"`, c.User, ch.Realm, ch.Nonce, uri)
	if ch.QopAuth {
		nc := fmt.Sprintf("%08x", count)
		fmt.Fprintf(&b, `, response="%s", qop=auth, nc=%s, cnonce="%s"`,
			sum(a1, ch.Nonce, nc, cnonce, "auth", a2), nc, cnonce)
	} else {
		fmt.Fprintf(&b, `, response="%s"`, sum(a1, ch.Nonce, a2))
	}
	if ch.Algorithm != "" {
		b.WriteString(", algorithm=" + ch.Algorithm)
	}
	if ch.Opaque != "" {
		b.WriteString(`, opaque="` + ch.Opaque + `"`)
	}
	name := "Authorization"
	if ch.Proxy {
		name = "Proxy-Authorization"
	}
	return Header{name, b.String()}
}
