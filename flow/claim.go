package flow

import "slices"

// moving is settings of an entry that may take what they claim from whoever
// claims it now, once, at publish.
type moving interface {
	Settings
	moves() bool
	settled() Settings // the same without the wish
}

// Moves tells whether the module takes its number from its present claimant
// when the flow is published.
func (m *Module) Moves() bool {
	s, ok := m.Settings.(moving)
	return ok && s.moves()
}

// Settled is the flow without any wish to move a number. What was moved once
// never moves again by itself: neither a roll back nor the next publish takes a
// number from somebody who has taken it since.
func (f Flow) Settled() Flow {
	f.Modules = slices.Clone(f.Modules)
	for i := range f.Modules {
		if s, ok := f.Modules[i].Settings.(moving); ok {
			f.Modules[i].Settings = s.settled()
		}
	}
	return f
}

// Moving tells whether any module wants to move a number.
func (f Flow) Moving() bool {
	return slices.ContainsFunc(f.Modules, func(m Module) bool { return !m.Shelved && m.Moves() })
}
