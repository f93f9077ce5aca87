package simulate

import (
	"strings"
	"testing"
	"time"

	"tandem/flow"
)

func waiting(q flow.Queue, cables ...string) flow.Flow {
	return draw([]flow.Module{entry(), {ID: "sales", Kind: "queue", Settings: &q}, playback("sorry", flow.AudioPlayback{Audio: "2s"})},
		append([]string{"line next sales", "sales timeout sorry"}, cables...)...)
}

func members(ids ...string) []flow.QueueMember {
	var out []flow.QueueMember
	for _, id := range ids {
		out = append(out, flow.QueueMember{ContactMethod: id, Ring: 10})
	}
	return out
}

func TestCallersWaitByTheRulesOfTheQueue(t *testing.T) {
	ten := 10
	for _, c := range []struct {
		claim string
		q     flow.Queue
		sc    flow.Scenario
		want  string
	}{
		{"a member answers", flow.Queue{Members: members("ann")}, flow.Scenario{},
			"line:next(entered) sales:(answered) talked caller-hangup 33s"},
		{"the next in turn is rung where one does not answer", flow.Queue{Strategy: "in-order", Members: members("ann", "bob")},
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "silent"}}},
			"line:next(entered) sales:(answered) talked caller-hangup 43s"},
		{"all ring together, and the first answer wins", flow.Queue{Members: members("ann", "bob")},
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {After: seconds(8)}, "bob": {After: seconds(2)}}},
			"line:next(entered) sales:(answered) talked caller-hangup 32s"},
		{"who declines rests and is rung again", flow.Queue{Timeout: 12, Rest: &ten, Members: members("ann")},
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "declines", After: seconds(1)}}},
			"line:next(entered) sales:timeout(timeout) sorry:next(played) answered flow-ended 14s"},
		{"nobody is there and the queue is left", flow.Queue{LeaveWhenEmpty: true, Members: members("ann")},
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "absent"}}},
			"line:next(entered) sales:no-members(no-members) sorry:next(played) answered flow-ended 2s"},
		{"nobody is there and the caller waits", flow.Queue{Timeout: 20, Members: members("ann", "weekdays")},
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "absent"}}},
			"line:next(entered) sales:timeout(timeout) sorry:next(played) answered flow-ended 22s"},
		{"the second level is rung when nobody of the first is free", flow.Queue{Members: []flow.QueueMember{{ContactMethod: "ann", Ring: 10}, {ContactMethod: "bob", Level: 2}}},
			flow.Scenario{Phones: map[string]flow.Phone{"ann": {Does: "declines", After: seconds(4)}}},
			"line:next(entered) sales:(answered) talked caller-hangup 37s"},
		{"the caller keys out of it", flow.Queue{EscapeKey: "9", Members: members("ann")},
			flow.Scenario{Keys: []flow.Keying{{Digits: "19"}}, Phones: map[string]flow.Phone{"ann": {Does: "silent"}}},
			"line:next(entered) sales:escape(escape) sorry:next(played) answered flow-ended 3.3s"},
		{"the caller gives up", flow.Queue{Announce: "position", Every: 15, Members: members("ann")},
			flow.Scenario{GiveUp: seconds(40), Phones: map[string]flow.Phone{"ann": {Does: "silent"}}},
			"line:next(entered) sales:(caller-hangup) answered caller-hangup 40s"},
	} {
		got := told(run(t, waiting(c.q), c.sc))
		last := got[strings.LastIndexByte(got, '\n')+1:]
		if whole(last) != whole(c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", c.claim, got, c.want)
		}
	}
}

// whole drops the fractions of a second that messages are under way.
func whole(told string) string {
	at := strings.LastIndexByte(told, ' ')
	d, err := time.ParseDuration(told[at+1:])
	if err != nil {
		return told
	}
	return told[:at] + " " + d.Round(time.Second).String()
}

func TestAQuarterOfAnHourInAQueueIsWaitedToTheEnd(t *testing.T) {
	r := run(t, waits["queue"].flow, waits["queue"].sc)
	heard := 0
	for _, s := range r.Steps {
		if strings.Contains(s.Text, "announcement") {
			heard++
		}
	}
	// "You are number", the number, "in the queue": once a minute.
	if r.Lasted < seconds(15*60) || r.Path[1].Exit != "timeout" || heard < 3*13 {
		t.Errorf("left by %q after %v, with %d pieces of announcement", r.Path[1].Exit, r.Lasted, heard)
	}
}
