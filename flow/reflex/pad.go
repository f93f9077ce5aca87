package reflex

// Pad makes wishes of the keys of a party in a conference: a star and a digit
// (product sheet 3.14). All other keys mean nothing.
type Pad struct{ starred bool }

// Wish is what a party of a conference asks for by key.
type Wish string

// The wishes. All but the first are a host's.
const (
	MuteSelf  Wish = "mute-self"
	Lock      Wish = "lock"
	MuteAll   Wish = "mute-all"
	EndForAll Wish = "end-for-all"
)

var wishes = map[byte]Wish{'1': MuteSelf, '2': Lock, '3': MuteAll, '9': EndForAll}

// Key is told each key; the wish is empty until one is complete.
func (p *Pad) Key(k byte) Wish {
	if k == '*' {
		p.starred = true
		return ""
	}
	was := p.starred
	p.starred = false
	if !was {
		return ""
	}
	return wishes[k]
}

// HostOnly tells whether the wish is a host's alone.
func (w Wish) HostOnly() bool { return w != MuteSelf }
