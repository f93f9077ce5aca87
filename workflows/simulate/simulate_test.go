package simulate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/schedule"
)

// office is the facts of these tests: every contact method is an account whose
// name is its id, unless its id says otherwise, and audio is named by its length.
type office struct{ err error }

func (o office) Targets(_ context.Context, ids []string, at time.Time) ([]call.Target, error) {
	out := make([]call.Target, len(ids))
	for i, id := range ids {
		out[i] = call.Target{ContactMethod: id, Name: id, Account: id}
		switch {
		case strings.HasPrefix(id, "forwarding"):
			out[i].Account, out[i].URI = "", "sip:"+id+"@example.net"
		case strings.HasPrefix(id, "mobile"):
			out[i].Confirm, out[i].Whisper, out[i].AtOnce = true, "1s", 1
		case strings.HasPrefix(id, "disabled"):
			out[i].Skip = call.CauseUnavailable
		case strings.HasPrefix(id, "weekdays") && (at.Weekday() == time.Saturday || at.Weekday() == time.Sunday):
			out[i].Skip = call.CauseOffSchedule
		}
	}
	return out, o.err
}

func (office) Loops(_ context.Context, id string) bool { return id == "7s" }

// Internal knows Ann by 201 and the flow Sales by 300.
func (o office) Internal(ctx context.Context, number string, at time.Time) (flow.Route, error) {
	switch number {
	case "201":
		return flow.Route{Number: number, Direct: &call.Target{ContactMethod: "ann", Name: "Ann", Account: "ann", Ring: call.Seconds(30)}}, o.err
	case "300":
		sales := flow.Flow{ID: "sales", Name: "Sales", Modules: []flow.Module{
			{ID: "line", Kind: "internal-number", Name: "Short", Settings: &flow.InternalNumber{InternalNumber: "300"}}, hangup("bye", flow.Hangup{})},
			Cables: []flow.Cable{{From: "line", Exit: "next", To: "bye"}}}
		return flow.Route{Number: number, Entry: "line", Revision: &flow.Revision{ID: "sales", Version: 7, Flow: sales}}, o.err
	}
	return flow.Route{Number: number, Refused: call.CauseNotFound}, o.err
}

// Number knows Ann by +15550201, from inside and by the number of the tests.
func (o office) Number(_ context.Context, number, by string, _ time.Time) (flow.Route, error) {
	switch {
	case number == "+15550201" && (by == "" || by == "+15550100"):
		return flow.Route{Number: number, Direct: &call.Target{ContactMethod: "ann", Name: "Ann", Account: "ann", Ring: call.Seconds(30)}}, o.err
	case by == "":
		return flow.Route{Number: number, Refused: call.CauseForbidden}, o.err
	}
	return flow.Route{Number: number, Refused: call.CauseNotFound}, o.err
}

func (office) AudioLength(_ context.Context, id string) (time.Duration, bool) {
	switch id {
	case call.AudioInvalid:
		return 2 * time.Second, true
	case call.AudioApology:
		return 3 * time.Second, true
	}
	d, err := time.ParseDuration(id)
	return d, err == nil
}

func (o office) Zone(context.Context) (string, error) { return "Europe/Stockholm", o.err }

// Hours knows one schedule: weekdays from nine to five, closed on 24 December.
func (o office) Hours(_ context.Context, id string) (string, schedule.Hours, error) {
	if id != "office" {
		return "", schedule.Hours{}, o.err
	}
	h := schedule.Hours{Zone: "America/New_York", Exceptions: []schedule.Exception{{Label: "Christmas", From: "2026-12-24", To: "2026-12-24"}}}
	for day := time.Monday; day <= time.Friday; day++ {
		h.Week[day] = []schedule.Range{{From: 9 * 60, To: 17 * 60}}
	}
	return "Office", h, o.err
}

// Listed knows one list, "pests", with one entry.
func (o office) Listed(_ context.Context, lists, entries []string) (flow.Listed, error) {
	if slices.Contains(lists, "pests") && slices.Contains(entries, "+1555*") {
		return flow.Listed{List: "pests", Name: "Pests", Entry: "+1555*"}, o.err
	}
	return flow.Listed{}, o.err
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// draw makes a flow of modules and of cables written "from exit to". The first
// module is the entry of the scenarios.
func draw(modules []flow.Module, cables ...string) flow.Flow {
	f := flow.Flow{ID: "f", Name: "Test", Modules: modules}
	for i := range f.Modules {
		f.Modules[i].Name = strings.ToUpper(f.Modules[i].ID[:1]) + f.Modules[i].ID[1:]
	}
	for _, c := range cables {
		var from, exit, to string
		if _, err := fmt.Sscan(c, &from, &exit, &to); err != nil {
			panic(err)
		}
		f.Cables = append(f.Cables, flow.Cable{From: from, Exit: flow.Exit(exit), To: to})
	}
	return f
}

func entry() flow.Module {
	return flow.Module{ID: "line", Kind: "phone-number", Settings: &flow.PhoneNumber{Number: "+15550100"}}
}

func menu(id string, m flow.VoiceMenu) flow.Module {
	return flow.Module{ID: id, Kind: "voice-menu", Settings: &m}
}

func playback(id string, p flow.AudioPlayback) flow.Module {
	return flow.Module{ID: id, Kind: "audio-playback", Settings: &p}
}

func group(id string, destinations ...flow.RingDestination) flow.Module {
	return flow.Module{ID: id, Kind: "ring-group", Settings: &flow.RingGroup{Destinations: destinations}}
}

func hangup(id string, h flow.Hangup) flow.Module {
	return flow.Module{ID: id, Kind: "hangup", Settings: &h}
}

// told is a run as these tests compare it: each step, and how it ended.
func told(r flow.Run) string {
	var b strings.Builder
	for _, s := range r.Steps {
		fmt.Fprintf(&b, "%v %s\n", s.At, s.Text)
	}
	for _, p := range r.Path {
		fmt.Fprintf(&b, "%s:%s(%s) ", p.Module, p.Exit, p.Reason.Code)
	}
	fmt.Fprintf(&b, "%s %s %v", r.Outcome, r.Cause, r.Lasted)
	return b.String()
}

func run(t *testing.T, f flow.Flow, sc flow.Scenario) flow.Run {
	t.Helper()
	sc.Entry, sc.At = f.Modules[0].ID, noon
	r, err := New(office{}).Run(t.Context(), f, sc)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func seconds(n float64) call.Duration { return call.Duration(n * float64(time.Second)) }

// support is a menu that leads to two phones, a message and an end.
func support() flow.Flow {
	return draw([]flow.Module{
		entry(),
		menu("welcome", flow.VoiceMenu{Audio: "3s", Entries: []string{"1", "2", "22"}, Timeout: 4, Playbacks: 2}),
		group("desk", flow.RingDestination{ContactMethod: "ann", Length: 10}, flow.RingDestination{ContactMethod: "bob", Start: 10, Length: 10}),
		playback("sorry", flow.AudioPlayback{Audio: "2s"}),
		hangup("bye", flow.Hangup{Cause: "busy", Audio: "1s"}),
	}, "line next welcome", "welcome key:1 desk", "welcome key:2 sorry", "welcome key:22 bye", "welcome no-input bye",
		"desk no-answer sorry", "sorry next welcome")
}

func TestACallTellsItsStory(t *testing.T) {
	for _, c := range []struct {
		claim string
		sc    flow.Scenario
		want  string
	}{
		{"a key in the prompt leads to a phone, the next rings when the first is busy", flow.Scenario{
			Keys: []flow.Keying{{Digits: "1"}}, Phones: map[string]flow.Phone{"ann": {Does: "busy"}}, TalkFor: seconds(10)}, `
0s the call came in on +15550100
0s the prompt "Welcome" plays
1s the caller keys 1
1s ann is busy
1s bob rings
4s bob answers
14s the caller hangs up
14s the call ends: the caller hung up
line:next(entered) welcome:key:1(key) desk:(answered) talked caller-hangup 14s`},
		{"the called party hangs up", flow.Scenario{
			Keys: []flow.Keying{{Digits: "1", After: seconds(5)}}, Phones: map[string]flow.Phone{"ann": {After: seconds(2)}}, HangUpBy: "callee"}, `
0s the call came in on +15550100
0s the prompt "Welcome" plays
5s the caller keys 1
5s ann rings
7s ann answers
37s ann hangs up
37s the call ends: the called party hung up
line:next(entered) welcome:key:1(key) desk:(answered) talked callee-hangup 37s`},
		{"an entry that could go on waits, then the caller is sent round", flow.Scenario{
			Keys: []flow.Keying{{Digits: "2"}}}, `
0s the call came in on +15550100
0s the prompt "Welcome" plays
1s the caller keys 2
3s "Sorry" plays
5s the prompt "Welcome" plays
12s the prompt "Welcome" plays again, 2 of 2
19s the caller hears the last audio
20s the call ends: busy
line:next(entered) welcome:key:2(key) sorry:next(played) welcome:no-input(no-input) bye:(hangup) answered busy 20s`},
		{"a wrong key is scolded and asked again", flow.Scenario{
			Keys: []flow.Keying{{Digits: "9"}, {Digits: "22", After: seconds(2), Gap: seconds(0.5)}}}, `
0s the call came in on +15550100
0s the prompt "Welcome" plays
1s the caller keys 9
1s the caller hears that this is no valid choice
3s the prompt "Welcome" plays again, 2 of 2
5s the caller keys 2
5.5s the caller keys 2
5.5s the caller hears the last audio
6.5s the call ends: busy
line:next(entered) welcome:key:22(key) bye:(hangup) answered busy 6.5s`},
		{"a caller gives up while phones ring", flow.Scenario{
			Keys: []flow.Keying{{Digits: "1"}}, GiveUp: seconds(13), Phones: map[string]flow.Phone{"ann": {Does: "silent"}, "bob": {Does: "silent"}}}, `
0s the call came in on +15550100
0s the prompt "Welcome" plays
1s the caller keys 1
1s ann rings
11s ann stops ringing, nobody has answered
11s bob rings
13s the caller hangs up
13s bob stops ringing: the caller gave up before an answer
13s the call ends: the caller hung up
line:next(entered) welcome:key:1(key) desk:(caller-hangup) answered caller-hangup 13s`},
		{"nobody patient gives up while talking", flow.Scenario{
			Keys: []flow.Keying{{Digits: "1"}}, GiveUp: seconds(5), TalkFor: seconds(3)}, `
0s the call came in on +15550100
0s the prompt "Welcome" plays
1s the caller keys 1
1s ann rings
4s ann answers
7s the caller hangs up
7s the call ends: the caller hung up
line:next(entered) welcome:key:1(key) desk:(answered) talked caller-hangup 7s`},
	} {
		if got, want := told(run(t, support(), c.sc)), strings.TrimSpace(c.want); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", c.claim, got, want)
		}
	}
}

func TestAFlowInCirclesEnds(t *testing.T) {
	f := draw([]flow.Module{entry(), playback("a", flow.AudioPlayback{Audio: "lost"})}, "line next a", "a next a")
	if r := run(t, f, flow.Scenario{}); r.Cause != call.CauseLoop || len(r.Path) != 100 || r.Outcome != "failed" {
		t.Errorf("%d modules, %s, %s", len(r.Path), r.Outcome, r.Cause)
	}
}

func TestADraftIsWalkedAsTheEngineWould(t *testing.T) {
	f := draw([]flow.Module{entry(), playback("a", flow.AudioPlayback{}), menu("b", flow.VoiceMenu{}), playback("c", flow.AudioPlayback{Audio: "1s"})},
		"line next a", "a next b", "b no-input c", "c next a")
	f.Modules[3].Shelved = true
	want := "line:next(entered) a:next(skipped) b:no-input(no-input) answered flow-ended 15s"
	if got := told(run(t, f, flow.Scenario{})); !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestACallWithoutItsMomentIsOneOfNow(t *testing.T) {
	r, err := New(office{}).Run(t.Context(), support(), flow.Scenario{Entry: "line", GiveUp: seconds(1)})
	if err != nil || time.Since(r.Path[0].Entered).Abs() > time.Minute {
		t.Errorf("entered %v, %v", r.Path, err)
	}
}

func TestAScenarioThatMakesNoSenseIsRefused(t *testing.T) {
	for _, sc := range []flow.Scenario{
		{Entry: "nowhere"}, {Entry: "welcome"}, {Entry: "line", HangUpBy: "nobody"}, {Entry: "line", GiveUp: -1},
		{Entry: "line", Keys: []flow.Keying{{Digits: "12x"}}}, {Entry: "line", Phones: map[string]flow.Phone{"ann": {Does: "sleeps"}}},
		{Entry: "line", Keys: []flow.Keying{{Digits: strings.Repeat("1", 1001)}}}, {Entry: "line", Called: "the boss"},
	} {
		if _, err := New(office{}).Run(t.Context(), support(), sc); !errors.Is(err, ErrScenario) {
			t.Errorf("%+v: %v", sc, err)
		}
	}
}

func TestFactsThatCannotBeHadAreNoRun(t *testing.T) {
	down := errors.New("the database is down")
	sc := flow.Scenario{Entry: "line", Keys: []flow.Keying{{Digits: "1"}}}
	if _, err := New(office{err: down}).Run(t.Context(), support(), sc); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(office{}).Run(ctx, support(), sc); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestACallAboveALimitIsImagined(t *testing.T) {
	f := draw([]flow.Module{entry(), hangup("bye", flow.Hangup{}), hangup("full", flow.Hangup{Cause: "busy"})}, "line next bye", "line overflow full")
	if got := run(t, f, flow.Scenario{OverLimit: true}); got.Path[0].Exit != "overflow" || got.Cause != call.CauseBusy {
		t.Errorf("with overflow cabled: %s", told(got))
	}
	f.Cables = f.Cables[:1]
	if got := run(t, f, flow.Scenario{OverLimit: true}); len(got.Path) != 1 || got.Cause != call.CauseOverLimit {
		t.Errorf("without: %s", told(got))
	}
}

func TestAStartIsEnteredInASimulation(t *testing.T) {
	f := draw([]flow.Module{{ID: "go", Kind: flow.KindStart, Settings: &flow.Start{}},
		{ID: "note", Kind: "set-variable", Settings: &flow.SetVariable{Variable: "day", Value: "{date} {time}"}}, hangup("bye", flow.Hangup{})},
		"go next note", "note next bye")
	got := run(t, f, flow.Scenario{Called: "+15550142"})
	if text := got.Path[0].Reason.Text; !strings.Contains(text, "+15550142") {
		t.Errorf("the call came in so: %s", text)
	}
	if len(got.Path) != 3 || got.Path[1].Reason.Text != "day is now “2026-11-22 13:00:00”" {
		t.Errorf("%s %+v", told(got), got.Path)
	}
}

func TestTheLastAudioIsHeardUnanswered(t *testing.T) {
	f := draw([]flow.Module{entry(), hangup("bye", flow.Hangup{Cause: "not-found", Audio: "2s"})}, "line next bye")
	got := run(t, f, flow.Scenario{})
	if got.Outcome != "refused" || got.Lasted != seconds(2) {
		t.Errorf("%s", told(got))
	}
	if got := run(t, f, flow.Scenario{GiveUp: seconds(1)}); got.Cause != call.CauseCallerCancelled {
		t.Errorf("a caller who gives up: %s", told(got))
	}
}
