package flow

import (
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
)

// path writes "menu key:1, ring" as what a call walked; every step has a reason.
func path(text string) []call.PathEntry {
	var out []call.PathEntry
	for _, step := range strings.Split(text, ", ") {
		module, exit, _ := strings.Cut(step, " ")
		out = append(out, call.PathEntry{Module: module, Name: "‹" + module + "›", Exit: exit, Left: time.Unix(1, 0),
			Reason: call.Reason{Text: "because of " + module}})
	}
	return out
}

func TestWhyNotNamesTheLastPointFromWhichAModuleCouldBeReached(t *testing.T) {
	loop := changed(t, `"exit":"next","to":"bye"`, `"exit":"next","to":"menu"`, `{"from":"menu","exit":"no-input","to":"sorry"}`, `{"from":"menu","exit":"no-input","to":"bye"}`)
	fault := changed(t, `"exit":"next","to":"bye"}`, `"exit":"next","to":"bye"},{"from":"ring","exit":"error","to":"island"}`,
		`"settings":{}}]`, `"settings":{}},{"id":"island","kind":"hangup","name":"Island","settings":{}}]`)
	island := changed(t, `"settings":{}}]`, `"settings":{}},{"id":"island","kind":"hangup","name":"Island","settings":{}}]`)
	for name, tt := range map[string]struct {
		f      Flow
		path   string
		module string
		want   Answer
	}{
		"walked": {parsed(t, mainLine), "in next, menu key:1, ring", "ring",
			Answer{true, 2, "The call came to “Ring” from “‹menu›” by key 1: because of menu."}},
		"entry": {parsed(t, mainLine), "in next, menu", "in", Answer{true, 0, "The call came to “Number” as the first module."}},
		"left by another key": {parsed(t, mainLine), "in next, menu key:2, sorry next, bye", "ring",
			Answer{false, 1, "At “‹menu›” the call left by key 2: because of menu. To “Ring” leads only key 1."}},
		"ended before": {parsed(t, mainLine), "in next, menu", "ring",
			Answer{false, 1, "The call ended at “‹menu›”: because of menu. To “Ring” leads only key 1."}},
		"exit without cable": {changed(t, `,{"from":"menu","exit":"no-input","to":"sorry"}`, ``), "in next, menu no-input", "bye",
			Answer{false, 1, "The call left “‹menu›” by “no input”: because of menu, and no cable leads on from there. To “Bye” leads only key 1 or key 2."}},
		"ended between": {parsed(t, mainLine), "in next, menu key:1", "bye",
			Answer{false, 1, "The call ended when it had left “‹menu›” by key 1: because of menu, before it came to “Bye”."}},
		"a loop back is another chance": {loop, "in next, menu key:2, sorry next, menu no-input, bye", "ring",
			Answer{false, 3, "At “‹menu›” the call left by “no input”: because of menu. To “Ring” leads only key 1 or key 2."}},
		"the error exit counts when cabled": {fault, "in next, menu key:1, ring no-answer, sorry next, bye", "island",
			Answer{false, 2, "At “‹ring›” the call left by “no answer”: because of ring. To “Island” leads only “error”."}},
		"never on a way": {island, "in next, menu key:2, sorry", "island",
			Answer{false, -1, "No way leads from “‹in›”, where the call came in, to “Island”."}},
		"no such module": {island, "in next, menu", "gone", Answer{false, -1, `This version of the flow has no module "gone".`}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := WhyNot(tt.f, path(tt.path), tt.module); got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestACallThatIsStillOnItsWayCanStillCome(t *testing.T) {
	live := path("in next, menu")
	live[1].Left = time.Time{}
	got := WhyNot(parsed(t, mainLine), live, "ring")
	if want := (Answer{false, 1, "The call is still at “‹menu›” and can come to “Ring” by key 1."}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := WhyNot(parsed(t, mainLine), nil, "ring"); got.At != -1 || got.Reached {
		t.Errorf("without a path: %+v", got)
	}
}
