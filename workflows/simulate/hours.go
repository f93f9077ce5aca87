package simulate

import (
	"context"

	"tandem/flow"
)

// Opening implements activities.Lookup. An override that is in force now says
// nothing about an imagined moment: only those of the scenario count.
func (w *world) Opening(_ context.Context, _, module, schedule string) (o flow.Opening, err error) {
	o.Override.State = w.sc.Overrides[module]
	if o.Override.State != "" {
		o.Override.By = "the scenario"
	}
	if o.Zone, err = w.facts.Zone(w.ctx); err != nil {
		return flow.Opening{}, w.unknown(err)
	}
	if schedule == "" {
		return o, nil
	}
	if o.Name, o.Hours, err = w.facts.Hours(w.ctx, schedule); err != nil {
		return flow.Opening{}, w.unknown(err)
	}
	return o, nil
}

// Listed implements activities.Lookup.
func (w *world) Listed(_ context.Context, lists, entries []string) (flow.Listed, error) {
	listed, err := w.facts.Listed(w.ctx, lists, entries)
	if err != nil {
		return flow.Listed{}, w.unknown(err)
	}
	return listed, nil
}
