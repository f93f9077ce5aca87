package workflows

import (
	"tandem/flow"
	"tandem/flow/call"
)

// text fills in the fields of a text: what is known of the running call, and
// the variables that the flow has set.
func (w *walk) text(s string) string { return flow.Expand(s, w.field) }

// field is the value of one field. A variable cannot take the name of a field
// of the call.
func (w *walk) field(name string) (string, bool) {
	if value, ok := fields[name]; ok {
		return value(w), true
	}
	return w.variable(name)
}

// fields pairs every name of flow.TextFields with its value.
var fields = map[string]func(*walk) string{
	"call_id":     func(w *walk) string { return string(w.in.Call) },
	"date":        func(w *walk) string { return w.clock.Format("2006-01-02") },
	"time":        func(w *walk) string { return w.clock.Format("15:04:05") },
	"zone":        func(w *walk) string { return w.zone },
	"direction":   func(w *walk) string { return w.entry.Direction },
	"caller":      func(w *walk) string { return callerWords(w.from) },
	"caller_name": func(w *walk) string { return w.from.Name },
	"called":      func(w *walk) string { return w.entry.Called },
	"flow":        func(w *walk) string { return w.entry.Flow.Name },
	"module":      func(w *walk) string { return w.here().Name },
	"queue":       func(w *walk) string { return w.lastOf("queue") },
}

// callerWords is a caller's number, or "anonymous" where it was withheld.
func callerWords(p call.Party) string {
	if p.Number == "" {
		return "anonymous"
	}
	return p.Number
}

// lastOf is the name of the module of a kind that the call was in last.
func (w *walk) lastOf(kind string) string {
	for i := len(w.entry.Path) - 1; i >= 0; i-- {
		if w.entry.Path[i].Kind == kind {
			return w.entry.Path[i].Name
		}
	}
	return ""
}

// variable is what the flow has set under a name.
func (w *walk) variable(name string) (string, bool) {
	for _, v := range w.vars {
		if v.Name == name {
			return v.Value, true
		}
	}
	return "", false
}

// set gives a variable its newest value, cut where it is too long. It is false
// where the call has as many variables as it may have.
func (w *walk) set(name, value string) bool {
	value = flow.CutBytes(value, flow.MaxVariableBytes)
	for i := range w.vars {
		if w.vars[i].Name == name {
			w.vars[i].Value = value
			return true
		}
	}
	if len(w.vars) >= flow.MaxVariables {
		return false
	}
	w.vars = append(w.vars, call.Fact{Name: name, Value: value})
	return true
}
