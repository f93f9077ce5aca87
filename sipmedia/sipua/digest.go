package sipua

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// digestServer checks passwords (RFC 8760, RFC 7616). Its nonces are stateless:
// any node with the same secret recognises them. What it keeps is which nonce
// counts were used, for nonces that a right password has already been proved with.
type digestServer struct {
	realm  string
	secret []byte
	life   time.Duration
	decoy  string   // stands in for the password of users that do not exist
	tries  *limiter // wrong passwords by source

	mu    sync.Mutex
	used  map[string]*counts
	floor time.Time // nonces older than this are stale
}

// counts are the nonce counts used with one nonce: a window of the 64 below the
// highest, since datagrams arrive out of order.
type counts struct {
	top    uint32
	bits   uint64
	minted time.Time
}

// maxNonces bounds the table of used nonces: about 10 MB, and more phones than
// a node serves.
const maxNonces = 65536

// algorithms are offered in this order, strongest first (RFC 8760 §2.3).
var algorithms = []struct {
	name string
	hash func() hash.Hash
}{{"SHA-256", sha256.New}, {"MD5", md5.New}}

func newDigestServer(realm string, secret []byte, life time.Duration, tries int) *digestServer {
	if len(secret) == 0 {
		secret = make([]byte, 32)
		rand.Read(secret)
	}
	const forgiveEvery = 15.0 // seconds until one wrong password is forgotten
	return &digestServer{realm: realm, secret: secret, life: life, decoy: randomText(16),
		tries: newLimiter(1/forgiveEvery, float64(tries)), used: map[string]*counts{}}
}

// verdict is what came of looking at a request's credentials.
type verdict int

const (
	verdictNone  verdict = iota // none for our realm, or wrong: challenge
	verdictStale                // right but for the nonce's age or count: challenge with stale=true
	verdictRight
	verdictBlocked // too many wrong ones from this source: silence
)

// check looks at the credentials of a request. lookup finds the password of a
// username; the work is the same whether or not there is such a user.
func (s *digestServer) check(method string, auth []string, from netip.Addr, trusted bool,
	lookup func(user string) (password string, found bool)) (string, verdict) {
	for _, line := range auth {
		c, ok := parseDigest(line)
		if !ok || c["realm"] != s.realm {
			continue
		}
		if !trusted && s.tries.empty(from) {
			return "", verdictBlocked
		}
		v := s.judge(method, c, from, lookup)
		if v == verdictNone {
			s.tries.allow(from)
		}
		return c["username"], v
	}
	return "", verdictNone
}

func (s *digestServer) judge(method string, c map[string]string, from netip.Addr,
	lookup func(string) (string, bool)) verdict {
	password, known := lookup(c["username"])
	if !known {
		password = s.decoy
	}
	right := s.response(method, c, password)
	matches := right != "" && subtle.ConstantTimeCompare([]byte(right), []byte(strings.ToLower(c["response"]))) == 1
	minted, ours := s.minted(c["nonce"], from)
	switch {
	case !ours:
		// Another source's nonce, or one of before a change of secret. A phone
		// whose address has changed must not count as a guesser.
		return verdictStale
	case !matches || !known:
		return verdictNone
	case time.Since(minted) > s.life:
		return verdictStale
	}
	count, err := strconv.ParseUint(c["nc"], 16, 32)
	if err != nil || !s.fresh(c["nonce"], minted, uint32(count)) {
		return verdictStale
	}
	return verdictRight
}

// response computes what the client should have sent (RFC 7616 §3.4.1), "" if
// it used what we did not offer. Without qop there is no nonce count and so no
// guard against replay; such clients are refused.
func (s *digestServer) response(method string, c map[string]string, password string) string {
	if c["qop"] != "auth" || c["cnonce"] == "" || c["uri"] == "" {
		return ""
	}
	return digestResponse(c["algorithm"], c["username"], s.realm, password, method, c)
}

// digestResponse computes the response for the given parameters; "" for an unknown algorithm.
func digestResponse(algorithm, user, realm, password, method string, c map[string]string) string {
	if algorithm == "" {
		algorithm = "MD5" // RFC 7616 §3.4
	}
	for _, a := range algorithms {
		if !strings.EqualFold(a.name, algorithm) {
			continue
		}
		h := func(parts ...string) string {
			sum := a.hash()
			sum.Write([]byte(strings.Join(parts, ":")))
			return hex.EncodeToString(sum.Sum(nil))
		}
		ha1, ha2 := h(user, realm, password), h(method, c["uri"])
		if c["qop"] == "" {
			return h(ha1, c["nonce"], ha2)
		}
		return h(ha1, c["nonce"], c["nc"], c["cnonce"], c["qop"], ha2)
	}
	return ""
}

// md5Only are phones that give up at the sight of an algorithm they do not know,
// instead of taking the next (RFC 8760 §2.4), by the start of their User-Agent.
// They are offered MD5 alone.
var md5Only = []string{
	"baresip v0.", "baresip v1.", // libre before 2.0: any other algorithm ends in ENOSYS
	"SIPp", // 3.6 reads the first challenge only
}

// challenge is a fresh set of WWW-Authenticate headers.
func (s *digestServer) challenge(from netip.Addr, agent string, stale bool) *problem {
	nonce, note := s.nonce(time.Now(), from), ""
	if stale {
		note = ", stale=true"
	}
	p := &problem{status: 401, reason: phrase(401)}
	simple := slices.ContainsFunc(md5Only, func(start string) bool { return strings.HasPrefix(agent, start) })
	for _, a := range algorithms {
		if simple && a.name != "MD5" {
			continue
		}
		p.headers = append(p.headers, Header{"WWW-Authenticate",
			fmt.Sprintf(`Digest realm="%s", nonce="%s", algorithm=%s, qop="auth"%s`, quoted(s.realm), nonce, a.name, note)})
	}
	return p
}

// A nonce is: 8 bytes of time, 8 random ones, and 16 bytes of an HMAC over both
// and the source address.
const nonceText, nonceSize = 16, 32

func (s *digestServer) nonce(at time.Time, from netip.Addr) string {
	b := make([]byte, nonceText, nonceSize)
	binary.BigEndian.PutUint64(b, uint64(at.UnixMilli()))
	rand.Read(b[8:nonceText])
	return base64.RawURLEncoding.EncodeToString(append(b, s.seal(b, from)...))
}

// minted tells when a nonce was made, if we made it, for this address.
func (s *digestServer) minted(nonce string, from netip.Addr) (time.Time, bool) {
	b, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(b) != nonceSize || !hmac.Equal(b[nonceText:], s.seal(b[:nonceText], from)) {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(b))), true
}

func (s *digestServer) seal(b []byte, from netip.Addr) []byte {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write(b)
	addr, _ := from.MarshalBinary()
	mac.Write(addr)
	return mac.Sum(nil)[:nonceSize-nonceText]
}

// fresh marks a nonce count as used; false if it was.
func (s *digestServer) fresh(nonce string, minted time.Time, n uint32) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n == 0 || minted.Before(s.floor) {
		return false
	}
	c := s.used[nonce]
	if c == nil {
		s.makeRoom()
		c = &counts{minted: minted}
		s.used[nonce] = c
	}
	const window = 64
	switch {
	case n > c.top:
		shift := n - c.top
		c.bits = c.bits<<min(shift, window) | 1
		if shift >= window {
			c.bits = 1
		}
		c.top = n
		return true
	case c.top-n >= window || c.bits&(1<<(c.top-n)) != 0:
		return false
	}
	c.bits |= 1 << (c.top - n)
	return true
}

// makeRoom forgets nonces when the table is full. A forgotten one could be
// replayed, so all that are as old count as stale from then on.
func (s *digestServer) makeRoom() {
	for age := s.life; len(s.used) >= maxNonces; age /= 2 {
		if age < time.Millisecond {
			age = 0
		}
		s.floor = time.Now().Add(-age)
		s.forget(s.floor)
		if age == 0 {
			clear(s.used)
		}
	}
}

func (s *digestServer) forget(before time.Time) {
	for nonce, c := range s.used {
		if c.minted.Before(before) {
			delete(s.used, nonce)
		}
	}
}

// sweep forgets nonces that are too old to be used anyway.
func (s *digestServer) sweep() {
	s.tries.sweep()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(time.Now().Add(-s.life - time.Second))
}

// parseDigest reads the value of an Authorization or WWW-Authenticate header
// into its parameters, names in lower case.
func parseDigest(line string) (map[string]string, bool) {
	scheme, rest, found := strings.Cut(strings.TrimSpace(line), " ")
	if !found || !strings.EqualFold(scheme, "Digest") {
		return nil, false
	}
	params := map[string]string{}
	for rest = strings.TrimLeft(rest, " \t,"); rest != ""; rest = strings.TrimLeft(rest, " \t,") {
		name, after, found := strings.Cut(rest, "=")
		if !found {
			return nil, false
		}
		val, left, ok := digestValue(strings.TrimLeft(after, " \t"))
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := params[name]; !ok || twice {
			return nil, false
		}
		params[name], rest = val, left
	}
	return params, true
}

// digestValue reads one value, quoted or not, and returns what follows it.
func digestValue(s string) (val, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		i := strings.IndexByte(s, ',')
		if i < 0 {
			i = len(s)
		}
		return strings.TrimSpace(s[:i]), s[i:], true
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return unquoted(s[1:i]), s[i+1:], true
		}
	}
	return "", "", false
}
