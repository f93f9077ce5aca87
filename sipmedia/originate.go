package sipmedia

import "tandem/flow/call"

// Originate begins a call by ringing whoever is to be its caller. About done and
// the error see Play.
func (s *Switch) Originate(call.OpID, call.Originate, func(call.Originated, error)) error {
	return s.unknown()
}
