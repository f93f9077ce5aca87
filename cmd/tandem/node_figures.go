package main

import "tandem/sipmedia"

// nodeFigures are what a node holds at one moment, as /api/system shows it.
// Without calls all but goroutines, bindings and connections go back to 0:
// results are kept for half a minute, ports rest as long.
func nodeFigures(s sipmedia.Stats) map[string]int {
	return map[string]int{
		"calls":         s.Calls,
		"kept results":  s.Kept,
		"legs":          s.Legs,
		"operations":    s.Operations,
		"streams":       s.RTP.Streams,
		"ports":         s.RTP.PortsInUse,
		"resting ports": s.RTP.PortsQuarantined,
		"dialogs":       s.SIP.Dialogs,
		"transactions":  s.SIP.Transactions,
		"connections":   s.SIP.Connections,
		"bindings":      s.SIP.Bindings,
		"goroutines":    s.Goroutines,
	}
}
