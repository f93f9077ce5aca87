package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tandem/flow/dialplan"
)

// Blocklist keeps out callers by their number. It does not answer.
type Blocklist struct {
	Numbers      NumberList `json:"numbers,omitempty"`      // 0–10,000; * at the end makes a prefix
	SharedLists  []string   `json:"shared_lists,omitempty"` // ids
	BlockEmpty   bool       `json:"block_empty,omitempty"`  // no number, or a withheld one
	BlockLetters bool       `json:"block_letters,omitempty"`
	DeclineCode  int        `json:"decline_code,omitempty"` // one of DeclineCodes; 0 is the default 603
}

// DeclineCodes are the answers that a blocked caller's side can get.
var DeclineCodes = []int{403, 480, 486, 600, 603, 607}

// Limits and default of a blocklist (product sheet 3.11).
const (
	MaxBlocked         = 10_000
	MaxBlockedLength   = 64 // of an entry
	maxSharedLists     = 100
	defaultDeclineCode = 603
)

// ExitBlocked is the exit of a blocklist for those on it.
const ExitBlocked Exit = "blocked"

// WithDefaults fills what was left open.
func (b Blocklist) WithDefaults() Blocklist {
	b.DeclineCode = cmp.Or(b.DeclineCode, defaultDeclineCode)
	return b
}

// Exits: next, blocked. Uncabled, blocked declines the call.
func (*Blocklist) Exits() []ExitSpec {
	return []ExitSpec{{ID: "next", Label: "next", Main: true, Tone: "good"}, {ID: ExitBlocked, Label: "blocked", Tone: "bad"}}
}

// Listed is the entry of a shared list that a caller met; the zero Listed: none.
type Listed struct {
	List  string `json:"list,omitempty"` // id
	Name  string `json:"name,omitempty"`
	Entry string `json:"entry,omitempty"`
}

// Match tells why the settings alone block a caller: the entry that matches, or
// in words what is odd about the number. Both are empty where they do not.
func (b *Blocklist) Match(caller string) (entry, odd string) {
	switch {
	case caller == "" && b.BlockEmpty:
		return "", "the caller shows no number"
	case b.BlockLetters && strings.ContainsFunc(caller, unicode.IsLetter):
		return "", "the number holds letters"
	}
	entries := map[string]bool{}
	for _, e := range BlockingEntries(caller) {
		entries[e] = true
	}
	for _, n := range b.Numbers {
		if entries[n] {
			return n, ""
		}
	}
	return "", ""
}

// BlockingEntries lists every entry of a blocklist that a caller would meet:
// the number as it is presented and each beginning of it with a star, and for
// an E.164 number the same in each way that it can be written.
func BlockingEntries(caller string) []string {
	if caller == "" || len(caller) > MaxBlockedLength {
		return nil
	}
	forms := []string{caller}
	if n, err := dialplan.ParseNumber(caller); err == nil {
		digits := n.String()[1:]
		forms = append(forms, "+"+digits, digits, "00"+digits)
	}
	var out []string
	for _, f := range forms {
		out = append(out, f)
		for i := range f {
			out = append(out, f[:i]+"*")
		}
		out = append(out, f+"*")
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(e string) bool { return e == "*" })
}

// Validate checks the entries.
func (b *Blocklist) Validate() []Problem {
	out := inRange("numbers", len(b.Numbers) <= MaxBlocked, "at most 10,000 entries")
	out = append(out, inRange("shared_lists", len(b.SharedLists) <= maxSharedLists, "at most 100 lists")...)
	out = append(out, inRange("decline_code", slices.Contains(DeclineCodes, b.WithDefaults().DeclineCode), "403, 480, 486, 600, 603 or 607")...)
	for i, n := range b.Numbers[:min(len(b.Numbers), MaxBlocked)] {
		if err := CheckBlocked(n); err != nil {
			out = append(out, Problem{ID: "setting-range", Level: Error, Field: "numbers", Text: fmt.Sprintf("entry %d: %v", i+1, err)})
		}
	}
	return out
}

// CheckBlocked tells what is wrong with an entry of a blocklist.
func CheckBlocked(entry string) error {
	switch {
	case entry == "" || len(entry) > MaxBlockedLength:
		return fmt.Errorf("%q has no 1 to %d characters", cut(entry), MaxBlockedLength)
	case strings.ContainsFunc(entry, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return fmt.Errorf("%q holds a blank", cut(entry))
	case strings.Contains(strings.TrimSuffix(entry, "*"), "*"):
		return fmt.Errorf("%q has a * that is not at its end", cut(entry))
	case entry == "*":
		return fmt.Errorf("%q would block everybody", entry)
	}
	return nil
}

// Refs names the shared lists.
func (b *Blocklist) Refs() []Ref {
	var out []Ref
	for i, id := range b.SharedLists {
		out = append(out, refs(Ref{RefList, id, fmt.Sprintf("shared_lists.%d", i)})...)
	}
	return out
}
