package reflex

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
)

// walk lets a time line run on a clock of its own and writes down what happens
// when. over names bars that end by themselves, and how long after they began.
func walk(bars []call.Bar, over map[int]time.Duration) string {
	t := NewTimeline(bars)
	now := time.Duration(0)
	ends := map[int]time.Duration{}
	var out []string
	for {
		expired, begun := t.Advance(now)
		for _, i := range expired {
			out = append(out, fmt.Sprintf("-%d@%.0f", i, now.Seconds()))
			delete(ends, i)
		}
		for _, i := range begun {
			out = append(out, fmt.Sprintf("+%d@%.0f", i, now.Seconds()))
			if after, early := over[i]; early {
				ends[i] = now + after
			}
		}
		next, more := t.Next()
		if !more {
			return strings.Join(out, " ")
		}
		for i, at := range ends {
			if at <= next {
				next = at
				_ = i
			}
		}
		now = max(now, next)
		for i, at := range ends {
			if at <= now {
				t.Over(i)
				delete(ends, i)
			}
		}
	}
}

func bar(start, length int) call.Bar {
	return call.Bar{Start: call.Seconds(start), Length: call.Seconds(length)}
}

func TestTimelineRingsBarsInTheirTime(t *testing.T) {
	for _, c := range []struct {
		claim string
		bars  []call.Bar
		over  map[int]time.Duration
		want  string
	}{
		{"together", []call.Bar{bar(0, 20), bar(0, 20)}, nil, "+0@0 +1@0 -0@20 -1@20"},
		{"in turn", []call.Bar{bar(0, 20), bar(20, 10)}, nil, "+0@0 -0@20 +1@20 -1@30"},
		{"overlapping", []call.Bar{bar(0, 20), bar(10, 20)}, nil, "+0@0 +1@10 -0@20 -1@30"},
		{"a gap closes by itself", []call.Bar{bar(0, 10), bar(30, 10)}, nil, "+0@0 -0@10 +1@10 -1@20"},
		{"a busy one lets the next begin at once", []call.Bar{bar(0, 20), bar(20, 20)}, map[int]time.Duration{0: time.Second}, "+0@0 +1@1 -1@21"},
		{"and all the rest moves forward", []call.Bar{bar(0, 20), bar(20, 10), bar(25, 10)},
			map[int]time.Duration{0: time.Second}, "+0@0 +1@1 +2@6 -1@11 -2@16"},
		{"but not while another rings", []call.Bar{bar(0, 20), bar(0, 10), bar(20, 10)},
			map[int]time.Duration{0: time.Second}, "+0@0 +1@0 -1@10 +2@10 -2@20"},
		{"all of them busy end at once", []call.Bar{bar(0, 20), bar(20, 10), bar(30, 10)},
			map[int]time.Duration{0: 0, 1: 0, 2: 0}, "+0@0 +1@0 +2@0"},
		{"nobody", nil, nil, ""},
	} {
		if got := walk(c.bars, c.over); got != c.want {
			t.Errorf("%s: %s, want %s", c.claim, got, c.want)
		}
	}
}

func TestARingThatNobodyHeardIsNoUnansweredOne(t *testing.T) {
	line := NewTimeline([]call.Bar{bar(0, 20)})
	if got := line.Nobody(); got != call.OutcomeNobody {
		t.Errorf("before any phone rang: %s", got)
	}
	line.Rang()
	if got := line.Nobody(); got != call.OutcomeNoAnswer {
		t.Errorf("after one rang: %s", got)
	}
}

func TestABarThatIsBeingConfirmedIsNotOverWithItsTime(t *testing.T) {
	line := NewTimeline([]call.Bar{bar(0, 20), bar(20, 10)})
	line.Advance(0)
	line.Keep(0)
	expired, begun := line.Advance(20 * time.Second)
	if fmt.Sprint(expired, begun) != "[0] [1]" || !line.Ringing() {
		t.Errorf("at its time: expired %v, begun %v", expired, begun)
	}
	line.Advance(30 * time.Second)
	if _, timed := line.Next(); timed || !line.Ringing() {
		t.Error("whoever confirms is not waited for")
	}
	line.Over(0)
	if _, timed := line.Next(); timed || line.Ringing() {
		t.Error("something is left after the end")
	}
}

func TestABarThatIsHeldBackRingsWhenAnotherIsOver(t *testing.T) {
	line := NewTimeline([]call.Bar{bar(0, 20), bar(0, 20), bar(0, 30), bar(30, 10)})
	line.Advance(0)
	if !line.HoldBack(1) || !line.HoldBack(2) {
		t.Fatal("there is one to wait for")
	}
	if at, _ := line.Next(); at != 20*time.Second {
		t.Errorf("next is at %v", at)
	}
	line.Over(0)
	if _, begun := line.Advance(12 * time.Second); fmt.Sprint(begun) != "[1 2]" {
		t.Errorf("begun at 12 s: %v", begun)
	}
	line.HoldBack(2)
	if expired, begun := line.Advance(32 * time.Second); fmt.Sprint(expired, begun) != "[1] [2 3]" {
		t.Errorf("at 32 s: expired %v, begun %v", expired, begun)
	}
	line.Over(3)
	if at, _ := line.Next(); at != 60*time.Second {
		t.Errorf("rings to %v, not to the end of the time line", at)
	}
}

func TestNothingIsHeldBackForNobody(t *testing.T) {
	line := NewTimeline([]call.Bar{bar(0, 20)})
	line.Advance(0)
	if line.HoldBack(0) {
		t.Error("there is none to wait for")
	}
}

func TestABarThatIsHeldBackToTheEndNeverRings(t *testing.T) {
	line := NewTimeline([]call.Bar{bar(0, 60), bar(0, 20)})
	line.Advance(0)
	line.HoldBack(1)
	if expired, begun := line.Advance(60 * time.Second); fmt.Sprint(expired, begun) != "[0] []" || line.Ringing() {
		t.Errorf("at the end: expired %v, begun %v", expired, begun)
	}
}
