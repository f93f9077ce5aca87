package flow

import (
	"encoding/json"
	"fmt"
)

// Conflict is an item that two people changed differently since they began
// from the same flow.
type Conflict struct {
	In     string          `json:"in"`
	Key    string          `json:"key"`
	Base   json.RawMessage `json:"base"`
	Mine   json.RawMessage `json:"mine"`
	Theirs json.RawMessage `json:"theirs"`
	Label  string          `json:"label"` // the item in words
}

// Merge joins two edits of one flow item by item. Where they contradict each
// other theirs stays, since it is saved already, and the item is reported.
func Merge(base, mine, theirs Flow) (Flow, []Conflict) {
	e, to := newEditing(&theirs), newEditing(&mine)
	names := moduleNames(mine, base, theirs)
	var out []Conflict
	clash := func(c Change, theirs json.RawMessage) {
		out = append(out, Conflict{In: c.In, Key: c.Key, Base: c.Before, Mine: c.After, Theirs: theirs, Label: label(c, names)})
	}
	for i, was := range newEditing(&base).parts {
		for _, c := range diffPart(was, to.parts[i]) {
			switch now := e.parts[i].now(c.Key); {
			case same(now, c.After): // both made the same change
			case !same(now, c.Before):
				clash(c, now)
			case e.parts[i].set(c.Key, c.After) != nil:
				clash(c, now)
			}
		}
	}
	merged := e.flow(theirs)
	return merged, append(out, cutOff(&merged, base, mine, theirs, names)...)
}

// cutOff drops cables that lost one of their ends because one side removed a
// module and the other connected it, and reports them.
func cutOff(merged *Flow, base, mine, theirs Flow, names map[string]string) []Conflict {
	b, m, t, now := newCabling(&base), newCabling(&mine), newCabling(&theirs), newCabling(merged)
	var out []Conflict
	var kept []Cable
	for _, c := range merged.Cables {
		if now.whole(c) || !m.wholeAt(c) && !t.wholeAt(c) {
			kept = append(kept, c)
			continue
		}
		change := Change{In: InCable, Key: c.key()}
		out = append(out, Conflict{In: InCable, Key: c.key(), Base: b.item(c), Mine: m.item(c), Theirs: t.item(c), Label: label(change, names)})
	}
	merged.Cables = kept
	return out
}

// cabling finds what a cable of another flow is in this one.
type cabling struct {
	modules map[string]bool
	cables  map[string]Cable
}

func newCabling(f *Flow) cabling {
	c := cabling{map[string]bool{}, map[string]Cable{}}
	for i := range f.Modules {
		c.modules[f.Modules[i].ID] = true
	}
	for _, x := range f.Cables {
		c.cables[x.key()] = x
	}
	return c
}

func (c cabling) whole(x Cable) bool { return c.modules[x.From] && c.modules[x.To] }

// wholeAt tells whether this flow has the very cable, with both its ends.
func (c cabling) wholeAt(x Cable) bool { return c.cables[x.key()] == x && c.whole(x) }

func (c cabling) item(x Cable) json.RawMessage {
	if mine, ok := c.cables[x.key()]; ok {
		return printed(mine)
	}
	return absent
}

func moduleNames(flows ...Flow) map[string]string {
	names := map[string]string{}
	for _, f := range flows {
		for i := range f.Modules {
			names[f.Modules[i].ID] = f.Modules[i].Name
		}
	}
	return names
}

// label says in words which item a change is about.
func label(c Change, names map[string]string) string {
	switch c.In {
	case InName:
		return "the flow's name"
	case InTabs:
		return "the tabs"
	case InModule:
		return fmt.Sprintf("module “%s”", named(names, c.Key))
	case InCable:
		from, exit := splitCableKey(c.Key)
		return fmt.Sprintf("cable from “%s” by %s", named(names, from), exitWords(exit))
	}
	var text struct{ Name, Text string }
	for _, item := range []json.RawMessage{c.After, c.Before} {
		if text.Name+text.Text == "" {
			_ = json.Unmarshal(item, &text) // null leaves it empty
		}
	}
	return fmt.Sprintf("%s “%s”", c.In, cut(text.Name+text.Text))
}
