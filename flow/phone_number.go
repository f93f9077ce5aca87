package flow

import "tandem/flow/dialplan"

// PhoneNumber is where calls to one E.164 number of ours enter a flow. It does
// not answer.
type PhoneNumber struct {
	Number string `json:"number"`         // E.164 with plus, claimed by this module alone
	Move   bool   `json:"move,omitempty"` // take it from its present claimant at publish

	CallerNameRules []NameRule `json:"caller_name_rules,omitempty"`
}

// Exits: next; overflow when the number or trunk has too many calls at once.
func (*PhoneNumber) Exits() []ExitSpec {
	return []ExitSpec{{ID: "next", Label: "next", Main: true}, {ID: "overflow", Label: "overflow"}}
}

// Validate requires the number, written as it is claimed.
func (p *PhoneNumber) Validate() []Problem {
	rules := nameRules("caller_name_rules", p.CallerNameRules)
	if p.Number == "" {
		return append(required("number", false), rules...)
	}
	n, err := dialplan.ParseNumber(p.Number)
	return append(inRange("number", err == nil && n.String() == p.Number, "a plus and 7 to 15 digits"), rules...)
}

func (p *PhoneNumber) moves() bool { return p.Move }

func (p *PhoneNumber) settled() Settings {
	out := *p
	out.Move = false
	return &out
}

// Refs names the number.
func (p *PhoneNumber) Refs() []Ref { return refs(Ref{RefNumber, p.Number, "number"}) }
