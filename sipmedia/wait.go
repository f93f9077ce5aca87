package sipmedia

import (
	"errors"

	"tandem/flow/call"
)

var errUnbuilt = errors.New("unbuilt")

// Wait keeps a caller waiting. About done and the error see Play.
func (s *Switch) Wait(call.OpID, call.Wait, func(call.Waited, error)) error { return errUnbuilt }

// Offer rings members for a caller who waits. About done and the error see Play.
func (s *Switch) Offer(call.OpID, call.Offer, func(call.Offered, error)) error { return errUnbuilt }
