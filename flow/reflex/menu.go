package reflex

import (
	"slices"
	"strings"
	"time"

	"tandem/flow/call"
)

// Menu is the rules of one gather (product sheet 3.4 and 11).
type Menu struct {
	in        call.Gather
	playbacks int
	keyed     call.Digits
	phase     menuPhase
}

type menuPhase uint8

const (
	menuIdle     menuPhase = iota // before Begin and after the end: keys are dropped
	menuPrompt                    // the prompt plays
	menuListen                    // the prompt is over, no key yet
	menuCollect                   // between the keys of an entry
	menuScolding                  // "not valid" plays: keys are dropped
)

// MenuStep is what to do next: exactly one of the fields is set, or none, which
// means to go on as before.
type MenuStep struct {
	Play  string         // begin this audio and report its end
	Wait  time.Duration  // silence the audio and report when nothing was keyed for so long
	Ended *call.Gathered // the gather is over
}

// NewMenu is the rules of a gather that has not begun.
func NewMenu(in call.Gather) *Menu { return &Menu{in: in} }

// Begin starts the first playback.
func (m *Menu) Begin() MenuStep { return m.prompt() }

// AudioEnded is told when the audio that was asked for has ended by itself, or
// could not be played at all.
func (m *Menu) AudioEnded() MenuStep {
	switch m.phase {
	case menuPrompt:
		m.phase = menuListen
		return pause(m.in.Timeout)
	case menuScolding:
		return m.again()
	}
	return MenuStep{}
}

// Key is told each key that is down.
func (m *Menu) Key(k byte) MenuStep {
	switch {
	case m.phase == menuPrompt && m.in.BargeIn, m.phase == menuListen, m.phase == menuCollect:
	default:
		return MenuStep{}
	}
	m.phase = menuCollect
	entry := m.keyed + call.Digits(k)
	possible, exact := m.match(entry)
	switch {
	case possible == 1 && exact:
		return m.leave(entry)
	case possible > 0:
		m.keyed = entry
		return pause(m.in.InterDigit)
	case k == '#':
		return m.decide() // # ends an entry unless it is one
	}
	m.keyed = entry
	return m.wrong()
}

// TimeUp is told when the wait that was asked for is over.
func (m *Menu) TimeUp() MenuStep {
	switch m.phase {
	case menuListen:
		return m.again()
	case menuCollect:
		return m.decide()
	}
	return MenuStep{}
}

// match counts the entries that begin with what was keyed, and tells whether it
// is one itself.
func (m *Menu) match(entry call.Digits) (possible int, exact bool) {
	for _, e := range m.in.Entries {
		if strings.HasPrefix(string(e), string(entry)) {
			possible++
			exact = exact || e == entry
		}
	}
	return possible, exact
}

// decide ends an entry that could have gone on.
func (m *Menu) decide() MenuStep {
	if slices.Contains(m.in.Entries, m.keyed) {
		return m.leave(m.keyed)
	}
	return m.wrong()
}

// pause is never nothing, which would mean to go on as before.
func pause(d call.Duration) MenuStep { return MenuStep{Wait: max(d.Std(), time.Millisecond)} }

func (m *Menu) wrong() MenuStep {
	if m.in.Invalid == "" {
		return m.end(call.Gathered{Outcome: call.OutcomeInvalid, Digits: m.keyed})
	}
	m.phase = menuScolding
	return MenuStep{Play: m.in.Invalid}
}

// again repeats the prompt, or gives up when the playbacks are used.
func (m *Menu) again() MenuStep {
	if m.playbacks >= m.in.Playbacks {
		return m.end(call.Gathered{Outcome: call.OutcomeNoInput})
	}
	return m.prompt()
}

func (m *Menu) prompt() MenuStep {
	m.playbacks++
	m.keyed = ""
	m.phase = menuPrompt
	if m.in.Prompt == "" {
		return m.AudioEnded()
	}
	return MenuStep{Play: m.in.Prompt}
}

func (m *Menu) leave(entry call.Digits) MenuStep {
	return m.end(call.Gathered{Outcome: call.OutcomeKey, Digits: entry})
}

func (m *Menu) end(g call.Gathered) MenuStep {
	m.phase = menuIdle
	g.Playbacks = m.playbacks
	return MenuStep{Ended: &g}
}

// Playbacks is how often the prompt was begun.
func (m *Menu) Playbacks() int { return m.playbacks }

// Sounding tells whether the menu waits for audio to end.
func (m *Menu) Sounding() bool { return m.phase == menuPrompt || m.phase == menuScolding }

// Silencers are the keys that stop the audio which the menu has asked for.
func (m *Menu) Silencers() string {
	if m.phase == menuPrompt && m.in.BargeIn {
		return everyKey
	}
	return ""
}

const everyKey = "0123456789*#ABCD"
