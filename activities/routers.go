package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tandem/flow/directory"
)

// Overrides is the part of the store that holds time routers open or closed.
type Overrides interface {
	// ToggleOverride lets a time router that is held go by its hours again, and
	// holds any other in the opposite of what its hours say; directory.ErrNotFound
	// for a code that none has.
	ToggleOverride(ctx context.Context, code, by string, now time.Time) (directory.Toggled, error)
}

// Routers are the activities by which people hold time routers.
type Routers struct{ Overrides Overrides }

// ToggleInput is the code of a time router, and who dialled it when.
type ToggleInput struct {
	Code string    `json:"code"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// Toggled is how a time router is held after its code was dialled.
type Toggled struct {
	Unknown bool   `json:"unknown,omitempty"` // no router has this code
	State   string `json:"state,omitempty"`   // open or closed; empty: its hours decide
}

// Toggle holds a time router, or lets it go.
func (r *Routers) Toggle(ctx context.Context, in ToggleInput) (Toggled, error) {
	done, err := r.Overrides.ToggleOverride(ctx, in.Code, in.By, in.At)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		return Toggled{Unknown: true}, nil
	case err != nil:
		return Toggled{}, fmt.Errorf("override by code %s: %w", in.Code, err)
	}
	return Toggled{State: done.Override.State}, nil
}
