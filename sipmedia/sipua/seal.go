package sipua

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// sealHeader carries what one node says to another in an INVITE: the second it
// was said, the text, and a MAC over both, the Call-ID and the body.
//
// # Why a seal and no digest
//
// Nodes share Config.Secret already, so they need no accounts for each other,
// no list of addresses that somebody has to keep, and no second round trip while
// a caller waits. What is sealed cannot be used with other audio addresses, nor
// twice, nor later than sealLife. We would change over to TLS with certificates
// on both sides the day that nodes encrypt their signalling.
const sealHeader = "Tandem-Seal"

// sealLife is how old a seal may be, and how far clocks of nodes may differ.
const sealLife = 30 * time.Second

// seals makes and judges seals. Those seen are remembered as long as they would
// be believed.
type seals struct {
	key []byte // nil: this node has no secret in common with others

	mu   sync.Mutex
	seen map[string]time.Time // by MAC, when it was said
}

// newSeals derives the key, so that nothing made for digests fits.
func newSeals(secret []byte) *seals {
	s := &seals{seen: map[string]time.Time{}}
	if len(secret) > 0 {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte("seal"))
		s.key = mac.Sum(nil)
	}
	return s
}

// make is the header value for a text.
func (s *seals) make(text, callID string, body []byte, now time.Time) string {
	at := strconv.FormatInt(now.Unix(), 10)
	return at + " " + base64.RawURLEncoding.EncodeToString([]byte(text)) + " " + s.mac(at, text, callID, body)
}

func (s *seals) mac(at, text, callID string, body []byte) string {
	mac := hmac.New(sha256.New, s.key)
	sum := sha256.Sum256(body)
	fmt.Fprintf(mac, "%s\n%s\n%s\n%x", at, callID, text, sum)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// open is the text of a request's seal. It is false without a seal, and for one
// that is not ours, too old, or was there before.
func (s *seals) open(req *sip.Request, now time.Time) (string, bool) {
	parts := strings.Split(value(req, sealHeader), " ")
	if s.key == nil || len(parts) != 3 || req.CallID() == nil {
		return "", false
	}
	second, err := strconv.ParseInt(parts[0], 10, 64)
	text, err2 := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil || err2 != nil {
		return "", false
	}
	want := s.mac(parts[0], string(text), req.CallID().Value(), req.Body())
	said := time.Unix(second, 0)
	if !hmac.Equal([]byte(want), []byte(parts[2])) || now.Sub(said).Abs() > sealLife {
		return "", false
	}
	return string(text), s.first(want, said, now)
}

// first tells whether a seal is seen for the first time.
func (s *seals) first(mac string, said, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for old, at := range s.seen { // a handful: those of the last minute that came from nodes
		if now.Sub(at) > sealLife {
			delete(s.seen, old)
		}
	}
	if _, again := s.seen[mac]; again {
		return false
	}
	s.seen[mac] = said
	return true
}
