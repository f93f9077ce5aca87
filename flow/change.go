package flow

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Change is one small reversible step of an edit: one item of a flow before
// and after, null where it does not exist.
type Change struct {
	In     string          `json:"in"`  // name, tabs, module, cable, frame, note or test
	Key    string          `json:"key"` // the item's id; of a cable its from, a space and its exit; empty for name and tabs
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// What a change can be in.
const (
	InName   = "name"
	InTabs   = "tabs"
	InModule = "module"
	InCable  = "cable"
	InFrame  = "frame"
	InNote   = "note"
	InTest   = "test"
)

// Reverse is the change that takes this one back.
func (c Change) Reverse() Change { c.Before, c.After = c.After, c.Before; return c }

// ConflictError refuses a change whose Before is not what stands in the flow.
type ConflictError struct {
	Change Change
	Now    json.RawMessage // what stands; null: nothing
}

// Error names the item.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s %q was changed meanwhile", e.Change.In, e.Change.Key)
}

// Apply makes changes to a flow, all of them or none. It compares values, not
// bytes, keeps the order of what stays and puts what is new at the end, so that
// a flow is exported in the same order again. The error is a *ConflictError, or
// wraps ErrFormat where a change cannot be read or leads past a limit.
func Apply(f Flow, changes []Change) (Flow, error) {
	e := newEditing(&f)
	for i, c := range changes {
		if err := e.apply(c); err != nil {
			if conflict := (*ConflictError)(nil); errors.As(err, &conflict) {
				return Flow{}, conflict
			}
			return Flow{}, fmt.Errorf("%w: change %d of %s %q: %w", ErrFormat, i+1, cut(c.In), cut(c.Key), err)
		}
	}
	out := e.flow(f)
	if err := out.countFits(); err != nil {
		return Flow{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return out, nil
}

// Diff lists what leads from a to b, items in the order of their kinds and then
// of the flows: what a holds, then what only b holds. Ids of the flows and the
// order of items within them do not count.
func Diff(a, b Flow) []Change {
	from, to := newEditing(&a), newEditing(&b)
	var out []Change
	for i, was := range from.parts {
		out = append(out, diffPart(was, to.parts[i])...)
	}
	return out
}

func diffPart(a, b part) []Change {
	var out []Change
	seen := map[string]bool{}
	for _, key := range a.keys() {
		seen[key] = true
		if before, after := a.now(key), b.now(key); !same(before, after) {
			out = append(out, Change{In: a.in(), Key: key, Before: before, After: after})
		}
	}
	for _, key := range b.keys() {
		if !seen[key] {
			out = append(out, Change{In: a.in(), Key: key, Before: a.now(key), After: b.now(key)})
		}
	}
	return out
}

// Equal tells whether two flows hold the same items, in whatever order.
func Equal(a, b Flow) bool { return a.ID == b.ID && len(Diff(a, b)) == 0 }

func same(a, b json.RawMessage) bool { return string(a) == string(b) }

// absent is how an item that does not exist is written.
var absent = json.RawMessage("null")

func exists(item json.RawMessage) bool { return len(item) > 0 && !same(item, absent) }
