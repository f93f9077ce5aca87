package workflows

import (
	"errors"
	"fmt"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// MoveUpdate is the name of the update that sends a running call to a module.
const MoveUpdate = "move"

// ExitMoved is the exit of a module that an operator moved a call out of. No
// cable can hang on it.
const ExitMoved flow.Exit = "moved"

// Move asks a running call to go on at another module of its flow.
type Move struct {
	Module string `json:"module"` // id
	By     string `json:"by"`     // who asks, for the path
}

// Reasons why a call cannot be moved.
var (
	errNoFlow   = errors.New("this call walks no flow")
	errNoModule = errors.New("there is no such module in the version that this call walks")
	errEntry    = errors.New("a call cannot be moved to where calls come in")
	errOver     = errors.New("this call is ending")
	errMoving   = errors.New("this call is being moved already")
)

// takeMoves lets operators move the call.
func (w *walk) takeMoves(ctx workflow.Context) error {
	err := workflow.SetUpdateHandlerWithOptions(ctx, MoveUpdate, w.move, workflow.UpdateHandlerOptions{Validator: w.movable})
	if err != nil {
		return fmt.Errorf("take moves: %w", err)
	}
	return nil
}

// movable refuses a move before it becomes part of the call's history.
func (w *walk) movable(m Move) error {
	if w.rev == nil {
		return errNoFlow
	}
	to, ok := w.rev.Flow.Module(m.Module)
	switch {
	case w.hungUp || w.lost || !w.onPath:
		return errOver
	case w.moving != nil:
		return errMoving
	case !ok:
		return errNoModule
	case flow.Catalog[to.Kind].Entry:
		return errEntry
	}
	return nil
}

// move takes the call out of its module. The node is not told to stop: the
// next operation takes the place of the one that is pending there.
func (w *walk) move(_ workflow.Context, m Move) error {
	w.moving = &m
	w.interrupt()
	return nil
}

// run walks one module. Where an operator moved the call meanwhile, the module
// to go on at is the second result.
func (w *walk) run(ctx workflow.Context, m *flow.Module) (flow.Exit, *flow.Module, error) {
	step, interrupt := workflow.WithCancel(ctx)
	defer interrupt()
	w.interrupt = interrupt
	exit, err := runners[m.Kind](step, w, m)
	if w.moving == nil || ctx.Err() != nil || w.hungUp {
		if err != nil {
			exit, err = w.mend(ctx, m, err)
		}
		return exit, nil, err
	}
	to, _ := w.rev.Flow.Module(w.moving.Module) // movable has found it
	w.endTalk(ctx)
	w.because("moved", fmt.Sprintf("moved to %s by %s", to.Name, w.moving.By),
		call.Fact{Name: "by", Value: w.moving.By}, call.Fact{Name: "to", Value: to.Name})
	w.moving, w.onward = nil, nil
	return ExitMoved, to, nil
}

// endTalk counts a conversation that a move cut off; the node hangs up on who
// talked with the caller when the next operation begins.
func (w *walk) endTalk(ctx workflow.Context) {
	if w.talks != "" {
		w.entry.TalkMS += workflow.Now(ctx).Sub(w.talkSince).Milliseconds()
		w.talks = ""
	}
	w.rings = rung{}
}
