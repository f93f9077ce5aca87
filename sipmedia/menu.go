package sipmedia

import (
	"slices"
	"strings"
	"time"

	"tandem/flow/call"
)

// menu is the rules of one gather, without audio or clock: it is told what
// happened and answers with what to do next (product sheet 3.4 and 11).
type menu struct {
	in        call.Gather
	playbacks int
	keyed     call.Digits
	phase     menuPhase
}

type menuPhase uint8

const (
	menuIdle     menuPhase = iota // before begin and after the end: keys are dropped
	menuPrompt                    // the prompt plays
	menuListen                    // the prompt is over, no key yet
	menuCollect                   // between the keys of an entry
	menuScolding                  // "not valid" plays: keys are dropped
)

// menuStep is what to do next: exactly one of the fields is set, or none, which
// means to go on as before.
type menuStep struct {
	play  string         // begin this audio and report its end
	wait  time.Duration  // silence the audio and report when nothing was keyed for so long
	ended *call.Gathered // the gather is over
}

// begin starts the first playback.
func (m *menu) begin() menuStep { return m.prompt() }

// audioEnded is told when the audio that was asked for has ended by itself, or
// could not be played at all.
func (m *menu) audioEnded() menuStep {
	switch m.phase {
	case menuPrompt:
		m.phase = menuListen
		return pause(m.in.Timeout)
	case menuScolding:
		return m.again()
	}
	return menuStep{}
}

// key is told each key that is down.
func (m *menu) key(k byte) menuStep {
	switch {
	case m.phase == menuPrompt && m.in.BargeIn, m.phase == menuListen, m.phase == menuCollect:
	default:
		return menuStep{}
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

// timeUp is told when the wait that was asked for is over.
func (m *menu) timeUp() menuStep {
	switch m.phase {
	case menuListen:
		return m.again()
	case menuCollect:
		return m.decide()
	}
	return menuStep{}
}

// match counts the entries that begin with what was keyed, and tells whether it
// is one itself.
func (m *menu) match(entry call.Digits) (possible int, exact bool) {
	for _, e := range m.in.Entries {
		if strings.HasPrefix(string(e), string(entry)) {
			possible++
			exact = exact || e == entry
		}
	}
	return possible, exact
}

// decide ends an entry that could have gone on.
func (m *menu) decide() menuStep {
	if slices.Contains(m.in.Entries, m.keyed) {
		return m.leave(m.keyed)
	}
	return m.wrong()
}

// pause is never nothing, which would mean to go on as before.
func pause(d call.Duration) menuStep { return menuStep{wait: max(d.Std(), time.Millisecond)} }

func (m *menu) wrong() menuStep {
	if m.in.Invalid == "" {
		return m.end(call.Gathered{Outcome: call.OutcomeInvalid, Digits: m.keyed})
	}
	m.phase = menuScolding
	return menuStep{play: m.in.Invalid}
}

// again repeats the prompt, or gives up when the playbacks are used.
func (m *menu) again() menuStep {
	if m.playbacks >= m.in.Playbacks {
		return m.end(call.Gathered{Outcome: call.OutcomeNoInput})
	}
	return m.prompt()
}

func (m *menu) prompt() menuStep {
	m.playbacks++
	m.keyed = ""
	m.phase = menuPrompt
	if m.in.Prompt == "" {
		return m.audioEnded()
	}
	return menuStep{play: m.in.Prompt}
}

func (m *menu) leave(entry call.Digits) menuStep {
	return m.end(call.Gathered{Outcome: call.OutcomeKey, Digits: entry})
}

func (m *menu) end(g call.Gathered) menuStep {
	m.phase = menuIdle
	g.Playbacks = m.playbacks
	return menuStep{ended: &g}
}

// sounding tells whether the menu waits for audio to end.
func (m *menu) sounding() bool { return m.phase == menuPrompt || m.phase == menuScolding }

// silencers are the keys that stop the audio which the menu has asked for.
func (m *menu) silencers() string {
	if m.phase == menuPrompt && m.in.BargeIn {
		return everyKey
	}
	return ""
}

const everyKey = "0123456789*#ABCD"
