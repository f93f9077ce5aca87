package activities

import (
	"context"
	"fmt"

	"tandem/flow"
)

// Web asks web servers. An answer of any kind, and that there was none, is a
// reply; an error is a fault of our own.
type Web interface {
	Ask(ctx context.Context, module string, r flow.HTTPRequest) (flow.HTTPReply, error)
}

// Outside are the activities by which a call meets the world.
type Outside struct{ Web Web }

// AskInput is one request, its fields filled in.
type AskInput struct {
	Module  string           `json:"module"` // id
	Request flow.HTTPRequest `json:"request"`
}

// Ask sends a request once.
func (o *Outside) Ask(ctx context.Context, in AskInput) (flow.HTTPReply, error) {
	reply, err := o.Web.Ask(ctx, in.Module, in.Request)
	if err != nil {
		return flow.HTTPReply{}, fmt.Errorf("ask a web server: %w", err)
	}
	return reply, nil
}
