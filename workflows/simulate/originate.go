package simulate

import "tandem/flow/call"

// Originate implements activities.Switch. Only calls that come in are
// simulated: promises of others are told and not kept.
func (w *world) Originate(call.OpID, call.Originate, func(call.Originated, error)) error {
	return call.ErrNoLeg
}
