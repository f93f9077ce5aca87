package flow

import "encoding/json"

// Change is one small reversible step of an edit: one item of a flow before
// and after, null where it does not exist.
type Change struct {
	In     string          `json:"in"`  // name, tabs, module, cable, frame, note or test
	Key    string          `json:"key"` // the item's id; of a cable its from, a space and its exit; empty for name and tabs
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

// Reverse is the change that takes this one back.
func (c Change) Reverse() Change { c.Before, c.After = c.After, c.Before; return c }
