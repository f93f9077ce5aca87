package activities

import (
	"context"
	"fmt"
	"time"

	"tandem/flow"
)

// OpeningInput asks a time router how it decides.
type OpeningInput struct {
	Flow   string          `json:"flow"` // id
	Module string          `json:"module"`
	Router flow.TimeRouter `json:"router"`
	At     time.Time       `json:"at"`
}

// Opening looks up an override and the hours of a time router and decides.
func (d *Directory) Opening(ctx context.Context, in OpeningInput) (flow.Verdict, error) {
	schedule := ""
	if in.Router.BySchedule() {
		schedule = in.Router.Schedule
	}
	o, err := d.Lookup.Opening(ctx, in.Flow, in.Module, schedule)
	if err != nil {
		return flow.Verdict{}, fmt.Errorf("look up opening hours: %w", err)
	}
	return in.Router.Decide(in.At, o), nil
}

// ListedInput asks whether a caller is on one of some shared lists.
type ListedInput struct {
	Lists  []string `json:"lists"` // ids
	Caller string   `json:"caller"`
}

// Listed finds the entry of a shared list that a caller meets.
func (d *Directory) Listed(ctx context.Context, in ListedInput) (flow.Listed, error) {
	listed, err := d.Lookup.Listed(ctx, in.Lists, flow.BlockingEntries(in.Caller))
	if err != nil {
		return flow.Listed{}, fmt.Errorf("look at shared lists: %w", err)
	}
	return listed, nil
}
