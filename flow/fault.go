package flow

// onFault is the exit by which a kind goes on after a fault of our own where its
// error exit carries no cable. One that does not stand here apologises and ends
// the call (product sheet 3.0).
var onFault = map[string]func(Settings) Exit{
	"time-router":    always(ExitClosed),
	"caller-router":  func(s Settings) Exit { return s.(*CallerRouter).Otherwise() },
	"blocklist":      always("next"),
	"audio-playback": always("next"),
	KindCallback:     always(ExitDeclined),
}

func always(e Exit) func(Settings) Exit { return func(Settings) Exit { return e } }

// OnFault is the exit by which the module goes on after a fault of our own; none
// where that ends the call.
func (m *Module) OnFault() Exit {
	if exit, ok := onFault[m.Kind]; ok {
		return exit(m.Settings)
	}
	return ""
}
