package sipmedia

import (
	"strings"

	"tandem/flow/call"
	"tandem/sipmedia/dtmf"
)

// choosy is a task that leaves some keys to whoever asks for keys next. Any
// other task takes them all.
type choosy interface{ wants(k dtmf.Key) bool }

// maxAhead bounds what is kept of a caller's keys: more than a few menus ahead
// nobody knows the way.
const maxAhead = 32

// keep remembers a key that nobody has asked for yet.
func (l *leg) keep(k dtmf.Key) {
	if len(l.ahead) < maxAhead {
		l.ahead += call.Digits([]byte{byte(k)})
	}
}

// takeAhead is what was keyed before anybody asked, and forgets it.
func (l *leg) takeAhead() call.Digits {
	keys := l.ahead
	l.ahead = ""
	return keys
}

// wants implements choosy: before it begins, a gather finds all keys kept.
func (g *gatherer) wants(dtmf.Key) bool { return g.begun }

// wants implements choosy: a playback asks for the key that skips it.
func (p *player) wants(k dtmf.Key) bool {
	return strings.IndexByte(string(p.in.SkipKey), byte(k)) >= 0
}

// wants implements choosy: who waits for an answer may key ahead.
func (r *ringer) wants(dtmf.Key) bool { return false }
