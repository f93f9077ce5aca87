package activities

import (
	"context"
	"fmt"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// Lookup is the part of the store that routes calls.
type Lookup interface {
	Route(ctx context.Context, in call.Incoming) (flow.Route, error)
	Targets(ctx context.Context, contactMethods []string, at time.Time) ([]call.Target, error)
	Internal(ctx context.Context, number string, at time.Time) (flow.Route, error)
	// ClaimRoom gives a conference room to a node, unless another holds it, and
	// tells which does.
	ClaimRoom(ctx context.Context, room, node string) (call.RoomPlace, error)
	// Opening reads the override of a module, and the hours of a schedule where
	// one is named.
	Opening(ctx context.Context, flowID, module, schedule string) (flow.Opening, error)
	// Listed finds one of some entries on one of some lists.
	Listed(ctx context.Context, lists, entries []string) (flow.Listed, error)
	// Roles lists the processes of the installation, and which of them are there.
	Roles(ctx context.Context) ([]directory.Process, error)
}

// Directory are the activities that look up where a call leads.
type Directory struct{ Lookup Lookup }

// Route finds the flow, contact method or refusal for what was dialled.
func (d *Directory) Route(ctx context.Context, in call.Incoming) (flow.Route, error) {
	route, err := d.Lookup.Route(ctx, in)
	if err != nil {
		return flow.Route{}, fmt.Errorf("find the route of %s: %w", in.Call, err)
	}
	return route, nil
}

// TargetsInput asks where to ring contact methods.
type TargetsInput struct {
	ContactMethods []string  `json:"contact_methods"`
	At             time.Time `json:"at"` // the moment that opening hours are asked about
}

// Targets finds where to ring contact methods, in the order asked.
func (d *Directory) Targets(ctx context.Context, in TargetsInput) ([]call.Target, error) {
	targets, err := d.Lookup.Targets(ctx, in.ContactMethods, in.At)
	if err != nil {
		return nil, fmt.Errorf("look up contact methods: %w", err)
	}
	return targets, nil
}

// InternalInput asks where an internal number leads.
type InternalInput struct {
	Number string    `json:"number"`
	At     time.Time `json:"at"` // the moment that opening hours are asked about
}

// Internal finds the flow or contact method that an internal number leads to,
// whoever keyed it; one that is nobody's is refused as not found.
func (d *Directory) Internal(ctx context.Context, in InternalInput) (flow.Route, error) {
	route, err := d.Lookup.Internal(ctx, in.Number, in.At)
	if err != nil {
		return flow.Route{}, fmt.Errorf("look up an internal number: %w", err)
	}
	return route, nil
}

// RoomInput asks for a conference room.
type RoomInput struct {
	Room string `json:"room"`
	Node string `json:"node"` // of the caller
}

// Room finds the node that holds a conference room; that of the caller if none
// does yet.
func (d *Directory) Room(ctx context.Context, in RoomInput) (call.RoomPlace, error) {
	place, err := d.Lookup.ClaimRoom(ctx, in.Room, in.Node)
	if err != nil {
		return call.RoomPlace{}, fmt.Errorf("claim room %s: %w", in.Room, err)
	}
	return place, nil
}
