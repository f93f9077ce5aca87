package workflows

import (
	"strconv"

	"tandem/flow"
	"tandem/flow/call"
)

// rename applies a module's caller-name rules to the name as it is shown by
// now (product sheet 11: each list to the result before it) and notes which
// rule did it. The number, and the name in the ledger, stay what they were.
func (w *walk) rename(rules []flow.NameRule) {
	before := w.from.Name
	name, i := flow.RenameWith(rules, before, w.field)
	if i < 0 {
		return
	}
	w.from.Name = name
	w.note(
		call.Fact{Name: "caller_name", Value: name},
		call.Fact{Name: "caller_name_before", Value: before},
		call.Fact{Name: "caller_name_rule", Value: strconv.Itoa(i + 1)})
}

// note keeps facts for the reason by which the current module will be left.
func (w *walk) note(facts ...call.Fact) { w.noted = append(w.noted, facts...) }
