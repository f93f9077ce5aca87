package workflows

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
)

// httpRequest asks a web server and goes on by what it answers. A caller who is
// answered hears hold music if that takes its time; any other hears what was to
// be heard before.
func httpRequest(ctx workflow.Context, w *walk, m *flow.HTTPRequest) (flow.Exit, error) {
	in := activities.AskInput{Module: w.at.ID, Request: m.Filled(w.field)}
	host, _, _ := strings.Cut(in.Request.URL, "?") // what follows may be a secret
	asked := call.Fact{Name: "asked", Value: in.Request.Method + " " + host}
	reply, err := w.hold(ctx, workflow.ExecuteActivity(asking(ctx, in.Request.Timeout, w.summary("ask "+host)), outside.Ask, in))
	switch {
	case unanswered(err):
		reply.Note = "no answer in time"
	case err != nil:
		return "", err
	}
	facts := []call.Fact{asked}
	for _, v := range reply.Variables {
		if w.set(v.Name, v.Value) {
			facts = append(facts, v)
		}
	}
	if reply.Note != "" {
		facts = append(facts, call.Fact{Name: "note", Value: reply.Note})
	}
	switch {
	case reply.OK():
		w.because("ok", fmt.Sprintf("the server answered %d", reply.Status), facts...)
		return "ok", nil
	case reply.Status > 0:
		w.because("failed", fmt.Sprintf("the server answered %d", reply.Status), facts...)
	default:
		w.because("failed", "the server did not answer: "+reply.Note, facts...)
	}
	return "failed", nil
}

// holdAfter is how long an answer may take before a caller hears music: a beat
// of it in front of a quick answer would be worse than none.
const holdAfter = time.Second

// hold waits for an answer, with music after a moment for a caller who is
// answered. The music ends when the next operation takes its place.
func (w *walk) hold(ctx workflow.Context, answer workflow.Future) (reply flow.HTTPReply, err error) {
	music, silence := workflow.WithCancel(ctx)
	defer silence()
	waiting := workflow.NewSelector(ctx)
	ready, gone := false, false
	waiting.AddFuture(answer, func(f workflow.Future) { ready, err = true, f.Get(ctx, &reply) })
	if w.answered {
		waiting.AddFuture(workflow.NewTimer(music, holdAfter), func(workflow.Future) {
			play := call.Play{Leg: w.in.Leg, Audio: call.AudioHold}
			playing := workflow.ExecuteActivity(onNode(music, w.in.Node, w.summary("hold music")), media.Play, play)
			waiting.AddFuture(playing, func(f workflow.Future) {
				var got call.Played
				gone = f.Get(ctx, &got) == nil && got.Outcome == call.OutcomeCallerGone // music that fails is no reason to give up
			})
		})
	}
	for !ready && !gone {
		waiting.Select(ctx)
	}
	if gone {
		return reply, w.gone()
	}
	return reply, err
}

// unanswered tells a request that nobody knows the outcome of: the worker that
// sent it is gone. It is not sent again.
func unanswered(err error) bool {
	var timeout *temporal.TimeoutError
	return errors.As(err, &timeout)
}
