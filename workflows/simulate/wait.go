package simulate

import (
	"errors"

	"tandem/flow/call"
)

var errUnbuilt = errors.New("unbuilt")

// Wait implements activities.Switch.
func (w *world) Wait(call.OpID, call.Wait, func(call.Waited, error)) error { return errUnbuilt }

// Offer implements activities.Switch.
func (w *world) Offer(call.OpID, call.Offer, func(call.Offered, error)) error { return errUnbuilt }
