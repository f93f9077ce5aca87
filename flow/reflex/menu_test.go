package reflex

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
)

// follow lets a menu run through a script and writes down what it does: keys
// are themselves, "." is the end of audio, "t" the end of a wait.
func follow(in call.Gather, script string) string {
	m := NewMenu(in)
	var out []string
	take := func(s MenuStep) {
		switch {
		case s.Ended != nil:
			out = append(out, fmt.Sprintf("%s:%s:%d", s.Ended.Outcome, string(s.Ended.Digits), s.Ended.Playbacks))
		case s.Play != "":
			out = append(out, s.Play)
		case s.Wait > 0:
			out = append(out, s.Wait.String())
		}
	}
	take(m.Begin())
	for _, c := range []byte(script) {
		switch c {
		case '.':
			take(m.AudioEnded())
		case 't':
			take(m.TimeUp())
		default:
			take(m.Key(c))
		}
	}
	return strings.Join(out, " ")
}

func TestMenuFollowsItsRules(t *testing.T) {
	plain := call.Gather{Prompt: "ask", Entries: []call.Digits{"1", "2"}, Playbacks: 2, Timeout: call.Seconds(5), InterDigit: call.Seconds(2), BargeIn: true}
	with := func(change func(*call.Gather)) call.Gather {
		g := plain
		change(&g)
		return g
	}
	longer := with(func(g *call.Gather) { g.Entries = []call.Digits{"1", "12", "345"} })
	scolds := with(func(g *call.Gather) { g.Invalid = "no" })
	for _, c := range []struct {
		claim  string
		in     call.Gather
		script string
		want   string
	}{
		{"a unique entry leaves at once, in the prompt", plain, "1", "ask key:1:1"},
		{"and after it", plain, ".2", "ask 5s key:2:1"},
		{"silence repeats the prompt until the playbacks are used", plain, ".t.t", "ask 5s ask 5s no-input::2"},
		{"a wrong entry is invalid at once", plain, "7", "ask invalid:7:1"},
		{"a wrong entry is scolded when asked to", scolds, "7.1", "ask no ask key:1:2"},
		{"and counts as one playback", scolds, "7.7.", "ask no ask no no-input::2"},
		{"keys during the scolding are dropped", scolds, "712.", "ask no ask"},
		{"keys after the end are dropped", plain, "112", "ask key:1:1"},
		{"without barge-in keys in the prompt are dropped", with(func(g *call.Gather) { g.BargeIn = false }), "1.2", "ask 5s key:2:1"},
		{"a longer entry waits for the timer", longer, "1t", "ask 2s key:1:1"},
		{"or for the hash", longer, "1#", "ask 2s key:1:1"},
		{"or becomes the longer one", longer, "12", "ask 2s key:12:1"},
		{"each key starts the timer anew", longer, "345", "ask 2s 2s key:345:1"},
		{"half an entry is wrong when the timer decides", longer, "34t", "ask 2s 2s invalid:34:1"},
		{"and when the hash does", longer, "3#", "ask 2s invalid:3:1"},
		{"an entry that goes astray is wrong at once", longer, "19", "ask 2s invalid:19:1"},
		{"the end of audio that a key has stopped is nothing", longer, "1.t", "ask 2s key:1:1"},
		{"the hash can be an entry", with(func(g *call.Gather) { g.Entries = []call.Digits{"#", "1"} }), "#", "ask key:#:1"},
		{"or the end of one", with(func(g *call.Gather) { g.Entries = []call.Digits{"1#", "1"} }), "1#", "ask 2s key:1#:1"},
		{"the hash alone is wrong otherwise", plain, "#", "ask invalid::1"},
		{"a menu without audio listens at once", with(func(g *call.Gather) { g.Prompt = "" }), "t", "5s 5s"},
		{"a wait is never nothing", with(func(g *call.Gather) { g.Timeout = 0 }), ".", "ask " + time.Millisecond.String()},
	} {
		if got := follow(c.in, c.script); got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.claim, c.script, got, c.want)
		}
	}
}

func TestMenuSaysWhichKeysSilenceIt(t *testing.T) {
	for _, c := range []struct {
		phase menuPhase
		barge bool
		want  string
	}{{menuPrompt, true, everyKey}, {menuPrompt, false, ""}, {menuScolding, true, ""}} {
		m := Menu{phase: c.phase, in: call.Gather{BargeIn: c.barge}}
		if got := m.Silencers(); got != c.want {
			t.Errorf("phase %d, barge-in %v: %q, want %q", c.phase, c.barge, got, c.want)
		}
	}
}

// FuzzMenu holds that a menu ends, whatever is keyed, and within its playbacks.
func FuzzMenu(f *testing.F) {
	f.Add("1t.#", "12", "no", 3)
	f.Fuzz(func(t *testing.T, script, entry, invalid string, playbacks int) {
		in := call.Gather{Prompt: "ask", Invalid: invalid, Entries: []call.Digits{"1", call.Digits(entry)}, Playbacks: 1 + playbacks&7, BargeIn: true}
		m := NewMenu(in)
		step := m.Begin()
		for _, c := range []byte(script) {
			if step.Ended != nil {
				break
			}
			step = m.Key(c)
		}
		for range 4 * in.Playbacks {
			if step.Ended != nil || m.phase == menuIdle {
				break
			}
			if m.Sounding() {
				step = m.AudioEnded()
			} else {
				step = m.TimeUp()
			}
		}
		if m.phase != menuIdle {
			t.Fatalf("goes on for ever, phase %d", m.phase)
		}
		if m.playbacks > in.Playbacks {
			t.Fatalf("%d playbacks of %d", m.playbacks, in.Playbacks)
		}
	})
}
