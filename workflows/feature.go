package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
	office "tandem/flow/directory"
)

// features does what codes ask for that are dialled when idle, and tells which
// audio says how it stands then.
var features = map[string]func(workflow.Context, *walk, flow.Feature) (audio string, err error){
	office.FeatureQueueLogIn: changing(office.MemberToggleIn, logInAnswer),
	office.FeatureQueuePause: changing(office.MemberTogglePause, pauseAnswer),
	office.FeatureOverride:   override,
}

// feature does what a code asks for, says how it stands then and ends the call.
func (w *walk) feature(ctx workflow.Context, f flow.Feature) error {
	do, ok := features[f.ID]
	if !ok {
		return &over{cause: call.CauseNotFound}
	}
	audio, err := do(ctx, w, f)
	if err != nil {
		return err
	}
	w.answer()
	in := call.Play{Leg: w.in.Leg, Answer: true, Audio: audio, Times: 1}
	var played call.Played
	if err := workflow.ExecuteActivity(onNode(ctx, w.in.Node, "Say how it stands"), media.Play, in).Get(ctx, &played); err != nil {
		return err
	}
	if played.Outcome == call.OutcomeCallerGone {
		return w.gone()
	}
	return &over{cause: call.CauseNormal}
}

// changing is a feature that changes the person who dials as a member of queues.
func changing(c office.MemberChange, answer func([]office.Member) string) func(workflow.Context, *walk, flow.Feature) (string, error) {
	return func(ctx workflow.Context, w *walk, _ flow.Feature) (string, error) {
		in := activities.ChangeInput{ContactMethod: w.in.Account, Change: c, Call: w.in.Call, At: workflow.Now(ctx)}
		var members []office.Member
		change := lookup(ctx, "Queues: "+string(c))
		if err := workflow.ExecuteLocalActivity(change, queues.Change, in).Get(ctx, &members); err != nil {
			return "", err
		}
		return answer(members), nil
	}
}

func logInAnswer(members []office.Member) string {
	switch {
	case len(members) == 0:
		return call.AudioQueueNone
	case slices.ContainsFunc(members, func(m office.Member) bool { return m.LoggedIn }):
		return call.AudioQueueIn
	}
	return call.AudioQueueOut
}

// pauseAnswer tells somebody who is logged in nowhere just that.
func pauseAnswer(members []office.Member) string {
	audio := logInAnswer(members)
	switch {
	case audio != call.AudioQueueIn:
	case slices.ContainsFunc(members, func(m office.Member) bool { return m.Paused }):
		return call.AudioQueuePaused
	default:
		return call.AudioQueueOn
	}
	return audio
}

// override holds the time router of the digits behind the code, or lets it go.
func override(ctx workflow.Context, w *walk, f flow.Feature) (string, error) {
	in := activities.ToggleInput{Code: f.Digits, By: "code from " + shown(w.entry.Caller), At: workflow.Now(ctx)}
	var done activities.Toggled
	if err := workflow.ExecuteLocalActivity(once(ctx, "Override of code "+f.Digits), routers.Toggle, in).Get(ctx, &done); err != nil {
		return "", err
	}
	if done.Unknown {
		return call.AudioOverrideUnknown, nil
	}
	return overrideAnswers[done.State], nil
}

// overrideAnswers tell how a time router is held.
var overrideAnswers = map[string]string{
	"open":   call.AudioOverrideOpen,
	"closed": call.AudioOverrideClosed,
	"":       call.AudioOverrideOff,
}
