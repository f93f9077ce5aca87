package reflex

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
)

// follow lets a menu run through a script and writes down what it does: keys
// are themselves, "." is the end of audio, "t" the end of a wait. What stands
// before a "|" was keyed before the prompt; what of it is left is written last.
func follow(in call.Gather, script string) string {
	m := NewMenu(in)
	ahead, now, split := strings.Cut(script, "|")
	if !split {
		ahead, now = "", script
	}
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
	take(m.Begin(call.Digits(ahead)))
	for _, c := range []byte(now) {
		switch c {
		case '.':
			take(m.AudioEnded())
		case 't':
			take(m.TimeUp())
		default:
			take(m.Key(c))
		}
	}
	if rest := m.Rest(); rest != "" {
		out = append(out, "left:"+string(rest))
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

func TestMenuTakesKeysFromBeforeThePrompt(t *testing.T) {
	plain := call.Gather{Prompt: "ask", Entries: []call.Digits{"1", "2", "345"}, Playbacks: 2, Timeout: call.Seconds(5), InterDigit: call.Seconds(2), BargeIn: true, TypeAhead: true}
	with := func(change func(*call.Gather)) call.Gather {
		g := plain
		change(&g)
		return g
	}
	scolds := with(func(g *call.Gather) { g.Invalid = "no" })
	for _, c := range []struct {
		claim  string
		in     call.Gather
		script string
		want   string
	}{
		{"an entry keyed ahead leaves without a prompt", plain, "2|", "key:2:0"},
		{"what follows it is left for the next menu", plain, "212|", "key:2:0 left:12"},
		{"also without barge-in, which is about the prompt", with(func(g *call.Gather) { g.BargeIn = false }), "1|", "key:1:0"},
		{"an entry begun ahead goes on", plain, "34|5", "2s key:345:0"},
		{"or runs out", plain, "34|t", "2s invalid:34:1"},
		{"a wrong entry is wrong all the same", plain, "7|", "invalid:7:1"},
		{"and what follows it is forgotten", scolds, "71|", "no"},
		{"since it counts as one playback", scolds, "7|..t", "no ask 5s no-input::2"},
		{"nothing keyed ahead is the prompt", plain, "|", "ask"},
		{"without type-ahead it is dropped", with(func(g *call.Gather) { g.TypeAhead = false }), "2|1", "ask key:1:1"},
		{"and so it is where the menu begins with a scolding", with(func(g *call.Gather) { g.Invalid, g.Wrong, g.Used = "no", true, 1 }), "2|.1", "no ask key:1:2"},
		{"an internal number can be keyed ahead", with(func(g *call.Gather) { g.Direct = true }), "2017|", "direct:2017:0"},
	} {
		if got := follow(c.in, c.script); got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.claim, c.script, got, c.want)
		}
	}
}

func TestMenuTakesInternalNumbers(t *testing.T) {
	direct := call.Gather{Prompt: "ask", Entries: []call.Digits{"2", "34*", "5678", "*"}, Playbacks: 2, Timeout: call.Seconds(5), InterDigit: call.Seconds(2), BargeIn: true, Direct: true}
	with := func(change func(*call.Gather)) call.Gather {
		g := direct
		change(&g)
		return g
	}
	for _, c := range []struct {
		claim  string
		in     call.Gather
		script string
		want   string
	}{
		{"four digits are as many as there can be", direct, "1017", "ask 2s 2s 2s direct:1017:1"},
		{"fewer wait for the timer", direct, "10t", "ask 2s 2s direct:10:1"},
		{"or for the hash", direct, "101#", "ask 2s 2s 2s direct:101:1"},
		{"an entry that begins an internal number waits for it", direct, "201t", "ask 2s 2s 2s direct:201:1"},
		{"and wins over an equal one by the timer", direct, "2t", "ask 2s key:2:1"},
		{"or by the hash", direct, "2#", "ask 2s key:2:1"},
		{"an entry of four digits wins at once", direct, "5678", "ask 2s 2s 2s key:5678:1"},
		{"half an entry can be an internal number", direct, "34t", "ask 2s 2s direct:34:1"},
		{"and the whole leaves at once where no internal number goes on", direct, "34*", "ask 2s 2s key:34*:1"},
		{"so does an entry that is no digit", direct, "*", "ask key:*:1"},
		{"other symbols are wrong at once", direct, "10*", "ask 2s 2s invalid:10*:1"},
		{"the hash alone is wrong", direct, "#", "ask invalid::1"},
		{"a hash that is an entry is one", with(func(g *call.Gather) { g.Entries = []call.Digits{"#"} }), "#", "ask key:#:1"},
		{"and ends an internal number all the same", with(func(g *call.Gather) { g.Entries = []call.Digits{"#"} }), "10#", "ask 2s 2s direct:10:1"},
		{"a number that led nowhere is scolded and the prompt repeated", with(func(g *call.Gather) { g.Invalid, g.Wrong, g.Used = "no", true, 1 }), ".2t", "no ask 2s key:2:2"},
		{"until the playbacks are used", with(func(g *call.Gather) { g.Invalid, g.Wrong, g.Used = "no", true, 2 }), ".", "no no-input::2"},
		{"without a scolding at once", with(func(g *call.Gather) { g.Wrong, g.Used = true, 1 }), "2#", "ask 2s key:2:2"},
	} {
		if got := follow(c.in, c.script); got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.claim, c.script, got, c.want)
		}
	}
}

func TestMenuTakesWhateverIsKeyed(t *testing.T) {
	free := call.Gather{Prompt: "ask", Free: 4, Playbacks: 2, Timeout: call.Seconds(5), InterDigit: call.Seconds(2), BargeIn: true}
	for _, c := range []struct {
		claim  string
		script string
		want   string
	}{
		{"as many as it is free to take", "4711", "ask 2s 2s 2s key:4711:1"},
		{"fewer by the hash", "47#", "ask 2s 2s key:47:1"},
		{"or by the timer", "47t", "ask 2s 2s key:47:1"},
		{"of any kind", "4*", "ask 2s 2s"},
		{"nothing is no input", ".t.t", "ask 5s ask 5s no-input::2"},
		{"and so is the hash alone", "#.#", "ask ask 5s no-input::2"},
	} {
		if got := follow(free, c.script); got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.claim, c.script, got, c.want)
		}
	}
}

// The caller of a callback keys a number and #, # alone, or * alone.
func TestMenuTakesEntriesBesideWhateverIsKeyed(t *testing.T) {
	number := call.Gather{Prompt: "ask", Invalid: "no", Entries: []call.Digits{"#", "*"}, Free: 5, Playbacks: 2, Timeout: call.Seconds(5), InterDigit: call.Seconds(2), BargeIn: true}
	for _, c := range []struct {
		claim  string
		script string
		want   string
	}{
		{"an entry at once", "#", "ask key:#:1"},
		{"each of them", ".*", "ask 5s key:*:1"},
		{"what it is free to take by the hash", "101#", "ask 2s 2s 2s key:101:1"},
		{"or in full", "46700", "ask 2s 2s 2s 2s key:46700:1"},
		{"an entry begins a number no more than it ends one", "1*#", "ask 2s 2s key:1*:1"},
		{"nothing is no input", ".t.t", "ask 5s ask 5s no-input::2"},
	} {
		if got := follow(number, c.script); got != c.want {
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

// FuzzMenu holds that a menu ends, whatever is keyed, within its playbacks, and
// with nothing that was not keyed.
func FuzzMenu(f *testing.F) {
	f.Add("1t.#", "12", "no", "", byte(3))
	f.Add("2017", "2", "", "17", byte(0x18))
	f.Add("47#", "", "no", "4", byte(0x43))
	f.Fuzz(func(t *testing.T, script, entry, invalid, ahead string, how byte) {
		in := call.Gather{Prompt: "ask", Invalid: invalid, Entries: []call.Digits{"1", call.Digits(entry)}, Playbacks: 1 + int(how&7), BargeIn: true,
			Direct: how&8 != 0, TypeAhead: how&16 != 0, Wrong: how&32 != 0, Used: int(how >> 7), Free: int(how>>6&1) * 5}
		m := NewMenu(in)
		step := m.Begin(call.Digits(ahead))
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
		holdResult(t, in, ahead, script, m, step.Ended)
	})
}

func holdResult(t *testing.T, in call.Gather, ahead, script string, m *Menu, got *call.Gathered) {
	if got == nil {
		return // it ended before the script did
	}
	switch {
	case got.Outcome == call.OutcomeDirect && (!in.Direct || !internal(got.Digits) || slices.Contains(in.Entries, got.Digits)):
		t.Fatalf("%q as an internal number of %+v", got.Digits, in)
	case got.Outcome == call.OutcomeKey && in.Free == 0 && !slices.Contains(in.Entries, got.Digits):
		t.Fatalf("%q is no entry of %+v", got.Digits, in)
	case !strings.HasSuffix(ahead, string(m.Rest())):
		t.Fatalf("%q is left of %q", m.Rest(), ahead)
	case !keyedInOrder(string(got.Digits), ahead+script):
		t.Fatalf("%q was never keyed in %q and %q", got.Digits, ahead, script)
	}
}

// keyedInOrder tells whether digits are among the keys, in their order.
func keyedInOrder(digits, keys string) bool {
	for i := range len(keys) {
		if digits != "" && digits[0] == keys[i] {
			digits = digits[1:]
		}
	}
	return digits == ""
}
