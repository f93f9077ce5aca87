package flow

import "slices"

// InternalNumber is where an internal number of 1–4 digits enters a flow. It
// does not answer.
type InternalNumber struct {
	InternalNumber string `json:"internal_number"`
	Move           bool   `json:"move,omitempty"` // take it from its present claimant at publish
}

// EmergencyNumbers are numbers of 1–4 digits that lead to help in some country
// and so can be nobody's internal number.
var EmergencyNumbers = []string{"000", "110", "111", "112", "113", "118", "119", "911", "995", "999"}

// Exits: next.
func (*InternalNumber) Exits() []ExitSpec { return []ExitSpec{{ID: "next", Label: "next", Main: true}} }

// Validate requires 1–4 digits.
func (n *InternalNumber) Validate() []Problem {
	if n.InternalNumber == "" {
		return required("internal_number", false)
	}
	if slices.Contains(EmergencyNumbers, n.InternalNumber) {
		return inRange("internal_number", false, "no emergency number")
	}
	return inRange("internal_number", allDigits(n.InternalNumber) && len(n.InternalNumber) <= 4, "1 to 4 digits")
}

func (n *InternalNumber) moves() bool { return n.Move }

func (n *InternalNumber) settled() Settings { return &InternalNumber{InternalNumber: n.InternalNumber} }

// Refs names the internal number.
func (n *InternalNumber) Refs() []Ref {
	return refs(Ref{RefInternalNumber, n.InternalNumber, "internal_number"})
}
