package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
)

// Figures of asking for a PIN (product sheet 3.14).
const (
	pinTries = 3
	pinTime  = call.Duration(10 * time.Second) // for a try, from the end of the prompt
	pinPause = call.Duration(3 * time.Second)  // after a key: the PIN was shorter than it can be
)

// conference lets a caller who knows the PIN into the module's room and stays
// until the caller leaves it, which is the end of the call.
func conference(ctx workflow.Context, w *walk, m *flow.Conference) (flow.Exit, error) {
	set := m.WithDefaults()
	w.answer()
	guest, err := w.askPIN(ctx, set)
	switch {
	case err != nil:
		return "", err
	case guest == stranger:
		return "refused", w.refuseRoom(ctx, "wrong-pin", call.Fact{Name: "tries", Value: fmt.Sprint(pinTries)})
	}
	conferred, err := w.confer(ctx, set, guest == host)
	if err != nil {
		return "", err
	}
	facts := []call.Fact{{Name: "as", Value: string(guest)}, {Name: "stayed", Value: conferred.Lasted.Std().Round(time.Second).String()}}
	if conferred.Most > 0 {
		facts = append(facts, call.Fact{Name: "most_parties", Value: fmt.Sprint(conferred.Most)})
	}
	switch conferred.Outcome {
	case call.OutcomeRefused:
		return "refused", w.refuseRoom(ctx, conferred.Note, call.Fact{Name: "max", Value: fmt.Sprint(set.Max)})
	case call.OutcomeDone:
		w.because("ended-for-all", "a host ended the conference for all", facts...)
		return "", &over{cause: call.CauseNormal}
	}
	err = w.gone()
	w.because(string(w.goneCause()), w.goneCause().Text(), facts...)
	return "", err
}

// guest is what a PIN makes of a caller.
type guest string

const (
	host     guest = "host"
	party    guest = "guest"
	stranger guest = "stranger"
)

// guestWith judges what was keyed. An open room takes who keys nothing.
func guestWith(set flow.Conference, keyed call.Digits) guest {
	switch k := string(keyed); {
	case k == set.PIN:
		return party
	case k != "" && k == set.HostPIN:
		return host
	}
	return stranger
}

// askPIN asks for a PIN where there is any.
func (w *walk) askPIN(ctx workflow.Context, set flow.Conference) (guest, error) {
	if set.PIN == "" && set.HostPIN == "" {
		return party, nil
	}
	ctx = onNode(ctx, w.in.Node, w.summary("ask for the PIN"))
	in := call.Gather{Leg: w.in.Leg, Prompt: call.AudioEnterPIN, Invalid: call.AudioWrongPIN, Playbacks: 1, BargeIn: true,
		Timeout: pinTime, InterDigit: pinPause, Free: flow.MaxPIN, TypeAhead: set.TypeAhead}
	for range pinTries {
		var got call.Gathered
		if err := workflow.ExecuteActivity(ctx, media.Gather, in).Get(ctx, &got); err != nil {
			return stranger, err
		}
		if got.Outcome == call.OutcomeCallerGone {
			return stranger, w.gone()
		}
		if g := guestWith(set, got.Digits); g != stranger {
			return g, nil
		}
		in.Wrong, in.TypeAhead = true, false
	}
	return stranger, nil
}

// confer finds the node that holds the room and puts the caller into it.
func (w *walk) confer(ctx workflow.Context, set flow.Conference, asHost bool) (call.Conferred, error) {
	room := w.rev.ID + "/" + w.at.ID // of the flow that the call is in now
	var place call.RoomPlace
	find := lookup(ctx, w.summary("find the room"))
	err := workflow.ExecuteLocalActivity(find, directory.Room, activities.RoomInput{Room: room, Node: w.in.Node}).Get(ctx, &place)
	if err != nil {
		return call.Conferred{}, err
	}
	in := call.Confer{Leg: w.in.Leg, Room: room, Host: asHost, Max: set.Max, Tones: !set.NoTones,
		WaitForHost: set.WaitForHost, Music: set.MusicAlone, Longest: w.longest}
	if place.Node != w.in.Node {
		in.Node, in.Address = place.Node, place.Address
	}
	w.room, w.hosts = room, asHost
	w.tell(ctx)
	defer func() { w.room, w.hosts = "", false }()
	var conferred call.Conferred
	err = workflow.ExecuteActivity(onNode(ctx, w.in.Node, w.summary("in the conference")), media.Confer, in).Get(ctx, &conferred)
	return conferred, err
}

// refusals says why a room is closed to a caller, and what tells the caller.
var refusals = map[string]struct{ text, audio string }{
	"wrong-pin":           {"no right PIN was keyed", call.AudioWrongPIN},
	call.ConferenceFull:   {"the conference has as many parties as it may", call.AudioConferenceFull},
	call.ConferenceLocked: {"a host has locked the conference", call.AudioConferenceLocked},
	call.ConferenceAway:   {"the node that holds the conference cannot be reached", call.AudioApology},
}

// refuseRoom tells a caller why the room is closed, where the flow has nothing
// to tell.
func (w *walk) refuseRoom(ctx workflow.Context, note string, fact call.Fact) error {
	why := refusals[note]
	w.because(note, why.text, fact)
	if w.rev.Flow.Cabled(w.at.ID, "refused") {
		return nil
	}
	return w.say(ctx, why.audio)
}

// say plays audio of the engine's own once. Audio that cannot be played is left
// out.
func (w *walk) say(ctx workflow.Context, audio string) error {
	ctx = onNode(ctx, w.in.Node, w.summary("play "+audio))
	var played call.Played
	err := workflow.ExecuteActivity(ctx, media.Play, call.Play{Leg: w.in.Leg, Answer: true, Audio: audio, Times: 1}).Get(ctx, &played)
	if err == nil && played.Outcome == call.OutcomeCallerGone {
		err = w.gone()
	}
	return err
}
