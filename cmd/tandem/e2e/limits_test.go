package e2e

import (
	"errors"
	"fmt"
	"testing"

	"tandem/flow"
	"tandem/flow/call"
	sipphone "tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
)

// A number that takes one call refuses the second by the code of the settings,
// sends it on by overflow once that is cabled, and takes another when the first
// is over.
func TestTheCallAboveALimitIsRefusedOrOverflows(t *testing.T) {
	in := start(t)
	store, ctx := in.openStore(), t.Context()
	carrier := siptest.NewPhone(t, sipphone.Config{Addr: carrierAddr, Server: in.server(), User: "carrier"})

	number, err := store.Number(ctx, "+15550103") // answers and stays silent
	number.CallsAtOnce = 1
	general, generalErr := store.General(ctx)
	general.OverLimitDecline = 603
	if err := errors.Join(err, generalErr, store.SaveNumber(ctx, number), store.SaveGeneral(ctx, general)); err != nil {
		t.Fatal(err)
	}

	first := carrier.Dial(t, "+15550103")
	first.Await(t, sipphone.Answered)
	if end := carrier.Dial(t, "+15550103").AwaitEnd(t); end.Status != 603 {
		t.Errorf("the second call ended with %+v", end)
	}
	if e := in.lastCall(); e.Cause != call.CauseOverLimit || e.Outcome != "refused" {
		t.Errorf("the ledger says %s, %s", e.Outcome, e.Cause)
	}

	draft, err := store.Draft(ctx, number.Claimant.Flow)
	if err != nil {
		t.Fatal(err)
	}
	draft.Flow.Modules = append(draft.Flow.Modules, flow.Module{ID: "full", Kind: "hangup", Name: "Full", X: 640, Y: 320, Settings: &flow.Hangup{Cause: string(call.CauseBusy)}})
	draft.Flow.Cables = append(draft.Flow.Cables, flow.Cable{From: number.Claimant.Module, Exit: "overflow", To: "full"})
	next, err := store.SaveDraft(ctx, draft.Flow, draft.Revision, "tests")
	if err == nil {
		_, err = store.Publish(ctx, draft.Flow.ID, next, "tests", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	if end := carrier.Dial(t, "+15550103").AwaitEnd(t); end.Status != 486 {
		t.Errorf("with overflow cabled the second call ended with %+v", end)
	}

	first.Hangup()
	first.AwaitEnd(t)
	in.eventually("another call is let in", func() error {
		again := carrier.Dial(t, "+15550103")
		select {
		case e := <-again.Events():
			defer again.Hangup()
			if e.Kind == sipphone.Ended {
				return fmt.Errorf("refused: %+v", e.End)
			}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}
