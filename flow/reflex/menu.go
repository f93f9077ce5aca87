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
	silent    bool // keys from before the prompt are read, in place of playing it
	keyed     call.Digits
	rest      call.Digits // from before the prompt, not read
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

// longestInternal is how many digits an internal number has at most.
const longestInternal = 4

// NewMenu is the rules of a gather that has not begun.
func NewMenu(in call.Gather) *Menu { return &Menu{in: in} }

// Begin starts the first playback. ahead is what was keyed before and nobody has
// asked for; where the gather takes it, it comes first, and the prompt is played
// only if it decides nothing.
func (m *Menu) Begin(ahead call.Digits) MenuStep {
	m.playbacks = m.in.Used
	switch {
	case m.in.Wrong && m.in.Invalid != "":
		return m.scold() // what was keyed before that decision is dropped like all that is keyed while it is heard
	case m.in.Wrong, m.playbacks > 0:
		return m.again()
	case m.in.TypeAhead && ahead != "":
		return m.read(ahead)
	}
	return m.prompt()
}

// read takes keys from before the prompt, in their order, until one ends the
// gather or is wrong.
func (m *Menu) read(ahead call.Digits) MenuStep {
	m.phase, m.silent = menuListen, true
	var step MenuStep
	for i := range len(ahead) {
		step = m.Key(ahead[i])
		if step.Ended != nil {
			m.rest = ahead[i+1:]
			break
		}
		if m.Sounding() {
			break // those that follow were meant for where the call does not go
		}
	}
	return step
}

// Rest is what was keyed before the prompt and is left for whoever asks next.
func (m *Menu) Rest() call.Digits { return m.rest }

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
	entry := m.keyed + call.Digits([]byte{k})
	possible, exact := m.match(entry)
	switch {
	case exact && possible == 1 && !m.longer(entry):
		return m.leave(entry)
	case possible == 0 && k == '#':
		return m.decide() // # ends an entry unless it is one
	case possible == 0 && m.full(entry):
		m.keyed = entry
		return m.decide()
	case possible == 0 && !m.longer(entry):
		m.keyed = entry
		return m.wrong()
	}
	m.keyed = entry
	return pause(m.in.InterDigit)
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

// longer tells whether what was keyed may go on to be no entry and valid all the
// same: an internal number, or whatever the gather is free to take. An entry beside
// which anything may be keyed is complete when it is keyed.
func (m *Menu) longer(entry call.Digits) bool {
	return m.in.Direct && internal(entry) && len(entry) < longestInternal || len(entry) < m.in.Free && !slices.Contains(m.in.Entries, entry)
}

// full tells whether what was keyed is no entry, valid all the same, and cannot
// go on.
func (m *Menu) full(entry call.Digits) bool {
	return !m.longer(entry) && (m.in.Direct && internal(entry) || len(entry) == m.in.Free)
}

// internal tells whether digits have the shape of an internal number.
func internal(d call.Digits) bool {
	return d != "" && len(d) <= longestInternal && strings.Trim(string(d), "0123456789") == ""
}

// decide ends what could have gone on. An entry wins over an equal internal
// number.
func (m *Menu) decide() MenuStep {
	switch {
	case slices.Contains(m.in.Entries, m.keyed):
		return m.leave(m.keyed)
	case m.in.Free > 0 && m.keyed == "":
		return m.again() // # alone: nothing was keyed
	case m.in.Free > 0 && len(m.keyed) <= m.in.Free:
		return m.leave(m.keyed)
	case m.in.Direct && internal(m.keyed):
		return m.end(call.Gathered{Outcome: call.OutcomeDirect, Digits: m.keyed})
	}
	return m.wrong()
}

// pause is never nothing, which would mean to go on as before.
func pause(d call.Duration) MenuStep { return MenuStep{Wait: max(d.Std(), time.Millisecond)} }

func (m *Menu) wrong() MenuStep {
	if m.silent {
		m.silent = false
		m.playbacks++ // a wrong entry counts as one, also where the prompt was not waited for
	}
	if m.in.Invalid == "" {
		return m.end(call.Gathered{Outcome: call.OutcomeInvalid, Digits: m.keyed})
	}
	return m.scold()
}

func (m *Menu) scold() MenuStep {
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
	m.keyed, m.silent = "", false
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

// Prompting tells whether the caller is being asked: a playback has begun and
// nothing was keyed since.
func (m *Menu) Prompting() bool { return m.phase == menuPrompt || m.phase == menuListen }

// Silencers are the keys that stop the audio which the menu has asked for.
func (m *Menu) Silencers() string {
	if m.phase == menuPrompt && m.in.BargeIn {
		return everyKey
	}
	return ""
}

const everyKey = "0123456789*#ABCD"
