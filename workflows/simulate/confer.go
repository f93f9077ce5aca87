package simulate

import "tandem/flow/call"

// Confer implements activities.Switch.
func (w *world) Confer(call.OpID, call.Confer, func(call.Conferred, error)) error { return errUnbuilt }
