package flow

// InternalNumber is where an internal number of 1–4 digits enters a flow. It
// does not answer.
type InternalNumber struct {
	InternalNumber string `json:"internal_number"`
}

// Exits: next.
func (*InternalNumber) Exits() []ExitSpec { return []ExitSpec{{ID: "next", Label: "next", Main: true}} }

// Validate requires 1–4 digits.
func (n *InternalNumber) Validate() []Problem {
	if n.InternalNumber == "" {
		return required("internal_number", false)
	}
	return inRange("internal_number", allDigits(n.InternalNumber) && len(n.InternalNumber) <= 4, "1 to 4 digits")
}

// Refs names the internal number.
func (n *InternalNumber) Refs() []Ref {
	return refs(Ref{RefInternalNumber, n.InternalNumber, "internal_number"})
}
