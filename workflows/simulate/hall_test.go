package simulate

import (
	"errors"
	"strings"
	"testing"

	"tandem/flow"
)

func TestACallerFindsAQueueAsTheScenarioFillsIt(t *testing.T) {
	for _, c := range []struct {
		claim string
		q     flow.Queue
		sc    flow.Scenario
		story string
		want  string
	}{
		{"who came before is served before", flow.Queue{Members: members("ann")},
			flow.Scenario{TalkFor: seconds(20), Queues: map[string]flow.Hall{"sales": {Waiting: 2}}},
			"2 callers wait in \"Sales\" already", "line:next(entered) sales:(answered) talked caller-hangup 1m9s"},
		{"every member takes one of them", flow.Queue{Strategy: "in-order", Members: members("ann", "bob")},
			flow.Scenario{TalkFor: seconds(20), Queues: map[string]flow.Hall{"sales": {Waiting: 2}}},
			"bob takes a caller who came before", "line:next(entered) sales:(answered) talked caller-hangup 46s"},
		{"the queue is full", flow.Queue{MaxWaiting: 3, Members: members("ann")},
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "silent"}}, Queues: map[string]flow.Hall{"sales": {Waiting: 3}}},
			"the queue sends the caller on: 3 callers wait already", "line:next(entered) sales:full(full) sorry:next(played) answered flow-ended 2s"},
		{"the position is told", flow.Queue{Timeout: 30, Announce: "position", Every: 15, Members: members("ann")},
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "busy"}}, Queues: map[string]flow.Hall{"sales": {Waiting: 1}}},
			"1 caller waits in", "line:next(entered) sales:timeout(timeout) sorry:next(played) answered flow-ended 32s"},
		{"a member who pauses is not rung, and the caller waits", flow.Queue{Timeout: 20, LeaveWhenEmpty: true, Members: members("ann")},
			flow.Scenario{Queues: map[string]flow.Hall{"sales": {Away: map[string]string{"ann": "paused"}}}},
			"the caller waits", "line:next(entered) sales:timeout(timeout) sorry:next(played) answered flow-ended 22s"},
		{"where all are logged out, a caller is sent on", flow.Queue{LeaveWhenEmpty: true, Members: members("ann")},
			flow.Scenario{Queues: map[string]flow.Hall{"sales": {Away: map[string]string{"ann": "out"}}}},
			"no member is logged in", "line:next(entered) sales:no-members(no-members) sorry:next(played) answered flow-ended 2s"},
	} {
		r := run(t, waiting(c.q, "sales no-members sorry"), c.sc)
		got := told(r)
		last := got[strings.LastIndexByte(got, '\n')+1:]
		if whole(last) != whole(c.want) || !strings.Contains(got, c.story) {
			t.Errorf("%s:\n%s\nwant\n%s\nand %q", c.claim, got, c.want, c.story)
		}
	}
}

func TestAQueueThatMakesNoSenseIsRefused(t *testing.T) {
	for _, h := range []flow.Hall{{Waiting: -1}, {Waiting: flow.MaxWaiting + 1}, {Away: map[string]string{"ann": "asleep"}}} {
		sc := flow.Scenario{Entry: "line", Queues: map[string]flow.Hall{"sales": h}}
		if _, err := New(office{}).Run(t.Context(), waiting(flow.Queue{Members: members("ann")}), sc); !errors.Is(err, ErrScenario) {
			t.Errorf("%+v: %v", h, err)
		}
	}
}
