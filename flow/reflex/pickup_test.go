package reflex

import (
	"fmt"
	"strings"
	"testing"

	"tandem/flow/call"
)

// pickUp lets one who has answered run through a script and writes down what
// happens: keys are themselves, "." is the end of audio, "t" the end of the time.
func pickUp(target call.Target, script string) string {
	p := NewPickup(target)
	var out []string
	take := func(s PickupStep) {
		if s.Won {
			out = append(out, "won")
		}
		if s.Play != "" {
			out = append(out, s.Play)
		}
		if s.Limit > 0 {
			out = append(out, s.Limit.String())
		}
		for word, is := range map[string]bool{"join": s.Join, "lost": s.Lost} {
			if is {
				out = append(out, word)
			}
		}
	}
	take(p.Begin())
	for _, c := range []byte(script) {
		switch c {
		case '.':
			take(p.AudioEnded())
		case 't':
			take(p.TimeUp())
		default:
			take(p.Key(c))
		}
	}
	return strings.Join(out, " ")
}

func TestWhoAnswersConfirmsAndHearsTheWhisperBeforeTheCaller(t *testing.T) {
	plain, whisper := call.Target{}, call.Target{Whisper: "sales"}
	confirm, both := call.Target{Confirm: true}, call.Target{Confirm: true, Whisper: "sales"}
	for _, c := range []struct {
		claim  string
		target call.Target
		script string
		want   string
	}{
		{"nothing is asked for", plain, "", "won join"},
		{"a whisper is heard to its end", whisper, ".", "won sales join"},
		{"keys and time change nothing about it", whisper, "1t", "won sales"},
		{"the key confirms, during the prompt", confirm, "1", "system-confirm 15s won join"},
		{"and after it", confirm, ".1", "system-confirm 15s won join"},
		{"no other key does", confirm, "2#*0", "system-confirm 15s"},
		{"without the key it is lost when the time is over", confirm, ".t", "system-confirm 15s lost"},
		{"and stays so", confirm, ".t1", "system-confirm 15s lost"},
		{"the whisper follows the key", both, "1.", "system-confirm 15s won sales join"},
		{"the time is over no more after the key", both, "1t", "system-confirm 15s won sales"},
		{"nobody is joined twice", confirm, "11.", "system-confirm 15s won join"},
	} {
		if got := pickUp(c.target, c.script); got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.claim, c.script, got, c.want)
		}
	}
}

// wait lets a wait run through a script: keys are themselves, "." is the end of
// what is said, "l" the limit, "a" the time of the next announcement, "+" and
// "-" somebody who wins the caller and hangs up again.
func wait(in call.Wait, script string) string {
	w := NewWaiting(in)
	var out []string
	take := func(s WaitStep) {
		switch {
		case s.Ended != "":
			out = append(out, string(s.Ended))
		case s.Say != "":
			out = append(out, s.Say)
		case s.Music:
			out = append(out, fmt.Sprintf("music(%v)", s.Announce))
		}
	}
	take(w.Begin())
	for _, c := range []byte(script) {
		switch c {
		case '.':
			take(w.AudioEnded())
		case 'l':
			take(w.LimitUp())
		case 'a':
			take(w.AnnounceUp())
		case '+':
			w.Claim()
		case '-':
			take(w.Unclaim())
		default:
			take(w.Key(c))
		}
	}
	return strings.Join(out, " ")
}

func TestAWaitFollowsItsRules(t *testing.T) {
	in := call.Wait{Say: []string{"place", "two"}, Announce: call.Seconds(60), Escape: "#"}
	for _, c := range []struct {
		claim  string
		in     call.Wait
		script string
		want   string
	}{
		{"without anything to say there is music at once", call.Wait{}, "", "music(0s)"},
		{"what is to be said is said first, then the music goes on", in, "..", "place two music(1m0s)"},
		{"the limit ends it", in, "..l", "place two music(1m0s) done"},
		{"also while something is said", in, "l", "place done"},
		{"the time of an announcement ends it", in, "..a", "place two music(1m0s) announce"},
		{"only the escape key does", in, "1*#", "place key"},
		{"no key is one where none is set", call.Wait{}, "#", "music(0s)"},
		{"it ends once", in, "#l..a#", "place key"},
		{"an answer that came first wins over all of it", in, "..+la#", "place two music(1m0s)"},
		{"unless nothing comes of it", in, "..+l-", "place two music(1m0s) done"},
		{"then the first that was due counts", in, "..+l#-", "place two music(1m0s) done"},
		{"but nothing is less due than an announcement", in, "..+al-", "place two music(1m0s) done"},
		{"and where nothing was due it goes on", in, "..+-a", "place two music(1m0s) announce"},
	} {
		if got := wait(c.in, c.script); got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.claim, c.script, got, c.want)
		}
	}
}
