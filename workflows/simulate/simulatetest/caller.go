package simulatetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/workflows/simulate"
)

// Slack is how far a real call may be off the imagined one without that anything
// comes out differently, whatever is late and whatever is early.
const (
	Slack = 600 * time.Millisecond
	drift = 1500 * time.Millisecond // of the moment of giving up, which alone counts from the beginning of the call
)

// slow is how long after its beginning a caller may hear audio and leave off
// keying.
const slow = 400 * time.Millisecond

// network is how much later a key may reach the engine than the end of a wait
// that is over in the moment in which it is keyed: too soon for a slow caller to
// have left off.
const network = 150 * time.Millisecond

// Bounds of a drawn call.
const (
	longest  = 25 * time.Second
	maxPath  = 25 // where a flow leads other ways at all
	tries    = 400
	farTries = 50 // in which a call is looked for that goes far, but not in circles
	farPath  = 5  // modules at least
)

// At is the moment of all drawn calls.
var At = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Scenario draws the k-th caller of the n-th flow, and the run that the
// simulator makes of it: one that a real call has to repeat, since no
// decision in it hangs on less than Slack.
func (s Stock) Scenario(ctx context.Context, sim *simulate.Simulator, f flow.Flow, n, k int) (flow.Scenario, flow.Run, error) {
	d := s.dice(n, k+1)
	far := d.one(60) // chance alone prefers short ways, on which little can happen too late
	for i := range tries {
		sc := s.caller(d, f, n)
		want, err := sim.Run(ctx, f, sc)
		if err == nil && hasty(f, want) && len(sc.Keys) > 0 {
			sc.Keys = nil
			want, err = sim.Run(ctx, f, sc)
		}
		if err != nil {
			return sc, want, err
		}
		if want.Lasted.Std() > longest {
			sc.GiveUp = call.Duration(longest - time.Duration(d.IntN(8000))*time.Millisecond)
			if want, err = sim.Run(ctx, f, sc); err != nil {
				return sc, want, err
			}
		}
		if want.Onward != nil {
			continue // a real call walks the other flow too
		}
		if i < farTries && (len(want.Path) > maxPath || far && len(want.Path) < farPath) || want.Lasted.Std() > 2*longest {
			continue
		}
		sure, err := s.sure(ctx, sim, d, f, sc, Way(want.Path, want.Outcome, want.Cause))
		if sure || err != nil {
			return sc, want, err
		}
	}
	return flow.Scenario{}, flow.Run{}, fmt.Errorf("flow %d of seed %d: no caller was found in %d tries whose way is sure", n, s.Seed, tries)
}

// hasty tells whether a caller may miss that keys are listened for: a queue sends
// the call on before its music is heard, or a repeated sound follows another,
// with nothing between them but menus that were keyed ahead of.
func hasty(f flow.Flow, r flow.Run) bool {
	var before Listen // how the last module that was heard listens
	for _, p := range r.Path {
		m, _ := f.Module(p.Module)
		now, heard := listens(m), p.Left.Sub(p.Entered) >= Slack
		switch {
		case p.Kind == "queue" && !heard, now == Looped && before == Looped:
			return true
		case heard:
			before = now
		}
	}
	return false
}

// caller draws one.
func (s Stock) caller(d dice, f flow.Flow, n int) flow.Scenario {
	sc := flow.Scenario{At: At, Phones: map[string]flow.Phone{}, TalkFor: seconds(d.between(10, 20)), HangUpBy: pick(d, []string{"caller", "callee"})}
	var entries, asked []string
	replies := map[string]flow.HTTPReply{}
	for _, m := range f.Modules {
		switch s := m.Settings.(type) {
		case *flow.VoiceMenu:
			asked = append(asked, s.Entries...)
		case *flow.AudioPlayback:
			asked = append(asked, s.SkipKey)
		case *flow.Queue:
			asked = append(asked, s.EscapeKey)
		case *flow.Callback:
			asked = append(asked, wishes...)
		case *flow.Conference:
			asked = append(asked, s.PIN, s.PIN+"#", s.HostPIN, s.HostPIN, wrongPIN, endForAll, endForAll)
		case *flow.HTTPRequest:
			if !strings.Contains(s.URL, WebOK+"?") {
				replies[m.ID] = flow.HTTPReply{Status: 404}
			}
		case *flow.InternalNumber:
			entries, asked = append(entries, m.ID), append(asked, s.InternalNumber)
		default:
			if flow.Catalog[m.Kind].Entry {
				entries = append(entries, m.ID)
			}
		}
	}
	sc.Entry, sc.Caller, sc.Replies = pick(d, entries), outside, replies
	if m, ok := f.Module(sc.Entry); ok && m.Kind == "internal-number" {
		sc.Caller = inside
	}
	if m, ok := f.Module(sc.Entry); ok && m.Kind == flow.KindStart {
		sc.Called = Dialled(n, m).ID
	}
	for range d.IntN(9) {
		sc.Keys = append(sc.Keys, flow.Keying{Digits: digits(d, asked), After: seconds(d.between(8, 36)), Gap: seconds(8)})
	}
	for _, p := range s.Phones {
		does := pick(d, []string{"answers", "declines", "declines", "busy", "busy", "silent"})
		sc.Phones[p] = flow.Phone{Does: does, After: seconds(d.between(10, 45))}
		if Confirms(p) {
			sc.Phones[p] = flow.Phone{Does: pick(d, []string{"answers", does}), After: sc.Phones[p].After, Confirms: pick(d, []string{"accepts", "accepts", "ignores", "hangs-up"})}
		}
	}
	for _, p := range s.Teams[Team(n)] {
		sc.Phones[p] = flow.Phone{Does: pick(d, []string{"answers", "declines", "busy", "silent"}), After: seconds(d.between(10, 45))}
	}
	for _, p := range append([]string{Inside(insideNumber)}, s.Absent...) { // who calls from inside is not registered
		sc.Phones[p] = flow.Phone{Does: "absent"}
	}
	if d.one(25) {
		sc.GiveUp = seconds(d.between(20, 180))
	}
	return sc
}

// digits draws what is keyed at one prompt: mostly what something asks for, or
// what two things do, by whoever knows the way.
func digits(d dice, asked []string) string {
	switch n := d.IntN(100); {
	case n < 12 && len(asked) > 0:
		return pick(d, asked) + pick(d, asked)
	case n < 80 && len(asked) > 0:
		return pick(d, asked)
	case n < 90:
		return pick(d, []string{"7", "0", "99", "1#", "#"})
	}
	return ""
}

// seconds are given in tenths.
func seconds(tenths int) call.Duration {
	return call.Duration(tenths) * call.Duration(100*time.Millisecond)
}

// sure tells whether a scenario goes the same way when all that happens in it
// is a little early or late.
func (s Stock) sure(ctx context.Context, sim *simulate.Simulator, d dice, f flow.Flow, sc flow.Scenario, want string) (bool, error) {
	always := func(by time.Duration) func() time.Duration { return func() time.Duration { return by } }
	never, early, late, after := always(0), always(-Slack), always(Slack), always(network)
	chance := func() time.Duration { return time.Duration(d.IntN(3)-1) * Slack }
	for _, by := range []shift{
		{never, never, 0, slow}, {after, never, 0, slow}, {early, early, -drift, 0}, {late, late, Slack, slow}, {early, early, Slack, slow}, {late, late, -drift, 0},
		{early, late, Slack, 0}, {late, early, -drift, 0}, // who keys, and who is rung meanwhile
		{chance, chance, -drift, 0}, {chance, chance, Slack, slow}, {chance, chance, Slack, 0}, {chance, chance, -drift, slow},
	} {
		run, err := sim.Reacting(by.reaction).Run(ctx, f, shifted(sc, by))
		if err != nil {
			return false, err
		}
		if Way(run.Path, run.Outcome, run.Cause) != want {
			return false, nil
		}
	}
	return true, nil
}

// shift is how much later keys and phones are, each, and the end of patience, and
// how slowly the caller reacts.
type shift struct {
	keys, phones func() time.Duration
	give         time.Duration
	reaction     time.Duration
}

// shifted is a scenario in which everything happens at another time.
func shifted(sc flow.Scenario, by shift) flow.Scenario {
	move := func(d *call.Duration, by time.Duration) {
		if *d > 0 {
			*d = max(*d+call.Duration(by), call.Duration(time.Millisecond))
		}
	}
	out := sc
	out.Keys = nil
	for _, k := range sc.Keys {
		move(&k.After, by.keys())
		out.Keys = append(out.Keys, k)
	}
	out.Phones = map[string]flow.Phone{}
	for _, id := range slices.Sorted(maps.Keys(sc.Phones)) { // chance has to meet them in one order
		p := sc.Phones[id]
		move(&p.After, by.phones())
		out.Phones[id] = p
	}
	move(&out.GiveUp, by.give)
	return out
}

// Way is all of a call that a simulation has to foretell: modules, exits,
// reasons and the end.
func Way(path []call.PathEntry, outcome string, cause call.Cause) string {
	var b strings.Builder
	for _, p := range path {
		fmt.Fprintf(&b, "%s %s (%s)\n", p.Module, p.Exit, p.Reason.Code)
	}
	fmt.Fprintf(&b, "%s, %s", outcome, cause)
	return b.String()
}
