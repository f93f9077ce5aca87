package sipmedia

import "tandem/flow/call"

// Confer puts a caller into a conference. About done and the error see Play.
func (s *Switch) Confer(call.OpID, call.Confer, func(call.Conferred, error)) error { return errUnbuilt }
