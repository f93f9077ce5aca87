package ui

import (
	"context"
	"fmt"
	"slices"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// The number and the account of the sample installation by which sampleDial
// places a first call.
const (
	sampleNumber  = "+15550100"
	sampleAccount = "100"
)

// firstCall says how a first call can be placed here: by the command that the
// sample installation knows, or by dialling a number that leads somewhere.
func (p *Panel) firstCall(ctx context.Context) (pages.FirstCall, error) {
	numbers, err := p.cfg.Store.Numbers(ctx)
	if err != nil {
		return pages.FirstCall{}, fmt.Errorf("reading numbers: %w", err)
	}
	methods, err := p.cfg.Store.ContactMethods(ctx)
	if err != nil {
		return pages.FirstCall{}, fmt.Errorf("reading contact methods: %w", err)
	}
	out := pages.FirstCall{}
	for _, n := range numbers {
		if n.Claimant.IsZero() || n.Disabled {
			continue
		}
		if out.Number == "" || n.E164.String() == sampleNumber {
			out.Number = n.E164.String()
		}
	}
	known := slices.ContainsFunc(methods, func(m directory.ContactMethod) bool { return m.Username == sampleAccount && !m.Disabled })
	if out.Number == sampleNumber && known {
		out.Code = p.cfg.DialHint
	}
	return out, nil
}
