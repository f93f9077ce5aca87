package flow

import (
	"slices"
	"strings"
)

// secretive is settings that may hold what a file must not.
type secretive interface {
	Settings
	withoutSecrets() Settings
}

// WithoutSecrets is the flow as it may leave the house: what opens doors is not
// in it, and whoever imports the flow is asked for it.
func (f Flow) WithoutSecrets() Flow {
	f.Modules = slices.Clone(f.Modules)
	for i := range f.Modules {
		if s, ok := f.Modules[i].Settings.(secretive); ok {
			f.Modules[i].Settings = s.withoutSecrets()
		}
	}
	return f
}

// secretWords stand in the names of headers whose values open doors.
var secretWords = []string{"auth", "cookie", "key", "token", "secret", "passw", "signature", "credential"}

// Secret tells whether the value of a header is not for others, by its name.
func (x HTTPHeader) Secret() bool {
	name := strings.ToLower(x.Name)
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

func (h *HTTPRequest) withoutSecrets() Settings {
	out := *h
	out.Headers = slices.Clone(h.Headers)
	for i, x := range out.Headers {
		if x.Secret() {
			out.Headers[i].Value = ""
		}
	}
	return &out
}
