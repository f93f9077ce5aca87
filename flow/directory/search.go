package directory

import (
	"strings"
	"time"
)

// Kinds of things that are found and never removed by themselves.
const (
	KindModule         Kind = "module"
	KindInternalNumber Kind = "internal-number"
	KindCall           Kind = "call"
)

// Search asks for things by what somebody typed. Words and digits are folded
// (FoldText) and never both empty.
type Search struct {
	Text        string   // as typed, to find what is named by an id
	Words       []string // each must occur in the thing's name
	Digits      []string // of a number, as it may be stored; one of them must occur in the thing's number
	ModuleKinds []string // modules of these kinds are found as well
	Scope       []string // ids of the only flows whose things may be seen; empty: all
	User        string   // id of the only user whose calls may be seen; empty: all
	Limit       int      // of each kind
}

// Found is one thing that a search has found.
type Found struct {
	Kind          Kind
	ID            string
	Name          string
	Note          string // a few words more, such as a label or a department
	Flow          string // id of the flow that it is in or leads to
	FlowName      string
	Module        string    // of that flow: its id, or of a module its kind
	ContactMethod string    // that it leads to
	At            time.Time // of a call
}

// Letters that a search takes for their plain forms, and those forms; the
// schema's function folded has the same.
const (
	accented = "àáâãäåāăąçćčďđèéêëēėęěğìíîïīįıķĺľłñńňòóôõöøōőŕřśşšșťțùúûüūůűųýÿźżž"
	unmarked = "aaaaaaaaacccddeeeeeeeegiiiiiiiklllnnnoooooooorrssssttuuuuuuuuyyzzz"
)

var unmark = func() *strings.Replacer {
	var pairs []string
	for i, letter := range []rune(accented) {
		pairs = append(pairs, string(letter), unmarked[i:i+1])
	}
	return strings.NewReplacer(pairs...)
}()

// FoldText is a text as a search compares it: small letters without accents.
func FoldText(text string) string { return unmark.Replace(strings.ToLower(text)) }

// Most words and characters of a search that are looked at.
const (
	searchWords = 6
	searchRunes = 100
)

// ReadSearch reads what somebody typed. A number may be spelled in any way:
// +46 8 123, 0046-8-123 and 08 123 find +468123.
func ReadSearch(text string) Search {
	text = strings.TrimSpace(text)
	if runes := []rune(text); len(runes) > searchRunes {
		text = string(runes[:searchRunes])
	}
	words := strings.Fields(FoldText(text))
	return Search{Text: text, Words: words[:min(len(words), searchWords)], Digits: digitsOf(text)}
}

// digitsOf are the ways in which a number may be stored that somebody typed,
// or a part of it; none where it is no number.
func digitsOf(text string) []string {
	plain := strings.NewReplacer("(0)", "", " ", "", "\u00a0", "", "-", "", ".", "", "/", "", "(", "", ")", "").Replace(text)
	digits, international := strings.CutPrefix(plain, "+")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return nil
	}
	out := []string{digits}
	for _, prefix := range []string{"00", "0"} { // a way out of the country, or into an area
		if rest, had := strings.CutPrefix(digits, prefix); had && !international && len(rest) >= 4 {
			out = append(out, rest)
		}
	}
	return out
}
