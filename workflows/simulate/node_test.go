package simulate

import (
	"strings"
	"testing"

	"tandem/flow"
	"tandem/flow/call"
)

func TestPhonesDoWhatTheyAreToldTo(t *testing.T) {
	ring := func(ids ...string) flow.Flow {
		var all []flow.RingDestination
		for i, id := range ids {
			all = append(all, flow.RingDestination{ContactMethod: id, Start: 5 * i, Length: 10})
		}
		return draw([]flow.Module{entry(), group("desk", all...)}, "line next desk")
	}
	for _, c := range []struct {
		claim  string
		f      flow.Flow
		phones map[string]flow.Phone
		want   string
	}{
		{"absent accounts are unavailable at once", ring("ann", "bob"), map[string]flow.Phone{"ann": {Does: "absent"}, "bob": {Does: "absent"}},
			"line:next(entered) desk:unavailable(unavailable) missed flow-ended 0s"},
		{"busy ones have not rung", ring("ann", "bob"), map[string]flow.Phone{"ann": {Does: "busy"}, "bob": {Does: "busy"}},
			"line:next(entered) desk:unavailable(unavailable) missed flow-ended 0s"},
		{"who declines has rung", ring("ann"), map[string]flow.Phone{"ann": {Does: "declines"}},
			"line:next(entered) desk:no-answer(no-answer) missed flow-ended 3s"},
		{"disabled ones are skipped", ring("disabled", "ann"), map[string]flow.Phone{"ann": {Does: "silent"}},
			"line:next(entered) desk:no-answer(no-answer) missed flow-ended 10s"},
		{"who is off schedule is skipped at the moment of the call", ring("weekdays", "ann"), map[string]flow.Phone{"ann": {Does: "silent"}},
			"line:next(entered) desk:no-answer(no-answer) missed flow-ended 10s"},
		{"all off schedule are unavailable at once", ring("weekdays", "weekdays-2"), nil,
			"line:next(entered) desk:unavailable(unavailable) missed flow-ended 0s"},
		{"a forwarding that leads nowhere is unavailable", ring("forwarding"), map[string]flow.Phone{"forwarding": {Does: "absent"}},
			"line:next(entered) desk:unavailable(unavailable) missed flow-ended 0s"},
		{"the first answer wins", ring("ann", "bob"), map[string]flow.Phone{"ann": {After: seconds(9)}, "bob": {After: seconds(1)}},
			"line:next(entered) desk:(answered) talked caller-hangup 36s"},
		{"an answer after the time is none", ring("ann"), map[string]flow.Phone{"ann": {After: seconds(11)}},
			"line:next(entered) desk:no-answer(no-answer) missed flow-ended 10s"},
		{"nobody is rung by an empty group", ring(), nil,
			"line:next(entered) desk:unavailable(unavailable) refused flow-ended 0s"},
	} {
		got := told(run(t, c.f, flow.Scenario{Phones: c.phones}))
		if got = got[strings.LastIndexByte(got, '\n')+1:]; got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.claim, got, c.want)
		}
	}
}

func TestPlaybacksAreHeardAsTheNodePlaysThem(t *testing.T) {
	line := func(p flow.AudioPlayback) flow.Flow {
		return draw([]flow.Module{entry(), playback("news", p)}, "line next news")
	}
	for _, c := range []struct {
		claim string
		f     flow.Flow
		sc    flow.Scenario
		want  string
	}{
		{"audio that is missing is skipped", line(flow.AudioPlayback{Audio: "lost"}), flow.Scenario{}, "news:next(skipped) answered flow-ended 0s"},
		{"a list that loops until it is skipped", line(flow.AudioPlayback{Audio: "7s", Times: 2, SkipKey: "1"}), flow.Scenario{Keys: []flow.Keying{{Digits: "1", After: seconds(20)}}},
			"news:next(skipped-by-key) answered flow-ended 20s"},
		{"several times", line(flow.AudioPlayback{Audio: "2s", Times: 3}), flow.Scenario{}, "news:next(played) answered flow-ended 6s"},
		{"a skip key ends it", line(flow.AudioPlayback{Audio: "2s", Endless: true, SkipKey: "#"}), flow.Scenario{Keys: []flow.Keying{{Digits: "1#", After: seconds(7)}}},
			"news:next(skipped-by-key) answered flow-ended 7.3s"},
		{"other keys do not, and before the answer a caller cancels", line(flow.AudioPlayback{Audio: "2s", Endless: true, Early: true}),
			flow.Scenario{Keys: []flow.Keying{{Digits: "1"}}, GiveUp: seconds(20)}, "news:(caller-cancelled) refused caller-cancelled 20s"},
		{"the most patient caller hangs up after a day", line(flow.AudioPlayback{Audio: "2s", Endless: true}), flow.Scenario{},
			"news:(caller-hangup) answered caller-hangup 24h0m0s"},
	} {
		got := told(run(t, c.f, c.sc))
		if !strings.HasSuffix(got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.claim, got, c.want)
		}
	}
}

func TestAMenuListensOnlyWhereItSays(t *testing.T) {
	ask := func(m flow.VoiceMenu) flow.Flow {
		m.Audio, m.Entries, m.Timeout, m.Playbacks = "5s", []string{"1"}, 2, 1
		return draw([]flow.Module{entry(), menu("ask", m)}, "line next ask")
	}
	early := flow.Scenario{Keys: []flow.Keying{{Digits: "1"}}}
	late := flow.Scenario{Keys: []flow.Keying{{Digits: "1", After: seconds(6)}}}
	for _, c := range []struct {
		f    flow.Flow
		sc   flow.Scenario
		want string
	}{
		{ask(flow.VoiceMenu{}), early, "ask:key:1(key) answered flow-ended 1s"},
		{ask(flow.VoiceMenu{NoBargeIn: true}), early, "ask:no-input(no-input) answered flow-ended 7s"},
		{ask(flow.VoiceMenu{NoBargeIn: true}), late, "ask:key:1(key) answered flow-ended 6s"},
	} {
		if got := told(run(t, c.f, c.sc)); !strings.HasSuffix(got, c.want) {
			t.Errorf("got\n%s\nwant\n%s", got, c.want)
		}
	}
}

func TestInternalNumbersLeadOutOfAMenu(t *testing.T) {
	short := flow.Module{ID: "short", Kind: "internal-number", Settings: &flow.InternalNumber{InternalNumber: "17"}}
	f := draw([]flow.Module{entry(), menu("ask", flow.VoiceMenu{Audio: "5s", Entries: []string{"1", "2"}, DirectDial: true, Playbacks: 2, Timeout: 3}), hangup("bye", flow.Hangup{}), short},
		"line next ask", "ask key:1 bye", "ask no-input bye", "short next bye")
	for _, c := range []struct {
		claim string
		keys  string
		want  string
	}{
		{"its own into the draft", "17", "ask:direct(direct) short:next(entered) bye:(hangup) answered normal 3.3s"},
		{"a person's to the phone, with which the call ends", "201", "ask:(direct) talked caller-hangup 36.6s"},
		{"that of another flow only to its entry", "300", "line:next(entered) ask:direct(direct) answered flow-ended 3.6s"},
		{"one that is nobody's nowhere", "9999", "ask:no-input(no-input) bye:(hangup) answered normal 11.9s"},
		{"an entry wins", "1", "ask:key:1(key) bye:(hangup) answered normal 3s"},
	} {
		got := told(run(t, f, flow.Scenario{Keys: []flow.Keying{{Digits: c.keys}}}))
		if !strings.HasSuffix(got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.claim, got, c.want)
		}
	}
}

func TestTheWayIntoAnotherFlowIsTold(t *testing.T) {
	f := draw([]flow.Module{entry(), menu("ask", flow.VoiceMenu{Audio: "5s", Entries: []string{"1"}, DirectDial: true})}, "line next ask")
	r := run(t, f, flow.Scenario{Keys: []flow.Keying{{Digits: "300"}}})
	if last := r.Steps[len(r.Steps)-1]; last.Module != "ask" || !strings.Contains(last.Text, `goes on in the flow "Sales", version 7, at "Short"`) {
		t.Errorf("the last step is %+v", last)
	}
	if r.Onward == nil || r.Onward.Name != "Sales" || r.Onward.Version != 7 {
		t.Errorf("the call goes on in %+v", r.Onward)
	}
}

func TestKeysOfWhoWaitsForAnAnswerCountInTheNextMenu(t *testing.T) {
	f := draw([]flow.Module{entry(), menu("one", flow.VoiceMenu{Audio: "5s", Entries: []string{"1"}}), group("desk", flow.RingDestination{ContactMethod: "silent", Length: 10}),
		menu("two", flow.VoiceMenu{Audio: "5s", Entries: []string{"2"}, TypeAhead: true})}, "line next one", "one key:1 desk", "desk no-answer two")
	sc := flow.Scenario{Keys: []flow.Keying{{Digits: "12"}}, Phones: map[string]flow.Phone{"silent": {Does: "silent"}}}
	if got, want := told(run(t, f, sc)), "two:key:2(key) answered flow-ended 11s"; !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestKeysFromBeforeAMenuCountWhereItKeepsThem(t *testing.T) {
	line := func(ahead bool) flow.Flow {
		return draw([]flow.Module{entry(), menu("one", flow.VoiceMenu{Audio: "5s", Entries: []string{"1"}}), playback("news", flow.AudioPlayback{Audio: "2s"}),
			menu("two", flow.VoiceMenu{Audio: "5s", Entries: []string{"2"}, TypeAhead: ahead, Timeout: 1, Playbacks: 1})},
			"line next one", "one key:1 news", "news next two")
	}
	for _, c := range []struct {
		ahead bool
		gap   int
		want  string
	}{
		{true, 1, "two:key:2(key) answered flow-ended 3s"},
		{false, 1, "two:no-input(no-input) answered flow-ended 9s"},
		{true, 4, "two:key:2(key) answered flow-ended 5s"}, // still on its way
		{false, 4, "two:no-input(no-input) answered flow-ended 9s"},
	} {
		sc := flow.Scenario{Keys: []flow.Keying{{Digits: "12", Gap: call.Seconds(c.gap)}}}
		if got := told(run(t, line(c.ahead), sc)); !strings.HasSuffix(got, c.want) {
			t.Errorf("after %d s, type-ahead %v:\n%s\nwant\n%s", c.gap, c.ahead, got, c.want)
		}
	}
}
