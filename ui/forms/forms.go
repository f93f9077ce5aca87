// Package forms holds one settings form per module kind, as the builder and
// the read-only outline of a flow show it.
//
// It never validates: flow does. A field's name is the setting's JSON name, so
// that a finding of the validator leads to its field.
package forms

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow"
	"tandem/flow/directory"
)

// Names gives the words for what settings name by id.
type Names = directory.Names

// Form is what every settings form gets beside the settings themselves.
type Form struct {
	Names    Names
	ReadOnly bool
	Prefix   string // makes field ids unique on a page with several forms
}

// Kind is what the panel shows of a module kind's settings: the form, and one
// line for the box on the canvas.
type Kind struct {
	form func(Form, flow.Settings) templ.Component
	line func(Names, flow.Settings) string
}

// ByKind maps each kind of flow.Catalog to its form and its line.
var ByKind = map[string]Kind{
	"phone-number":    of(phoneNumber, phoneNumberLine),
	"internal-number": of(internalNumber, internalNumberLine),
	"time-router":     of(timeRouter, timeRouterLine),
	"caller-router":   of(callerRouter, callerRouterLine),
	"blocklist":       of(blocklist, blocklistLine),
	"start":           of(start, startLine),
	"set-variable":    of(setVariable, setVariableLine),
	"voice-menu":      of(voiceMenu, voiceMenuLine),
	"audio-playback":  of(audioPlayback, audioPlaybackLine),
	"ring-group":      of(ringGroup, ringGroupLine),
	"callback":        of(callback, callbackLine),
	"conference":      of(conference, conferenceLine),
	"queue":           of(queueForm, queueLine),
	"notification":    of(notification, notificationLine),
	"http-request":    of(httpRequest, httpRequestLine),
	"hangup":          of(hangup, hangupLine),
}

// For is the form of one module. A kind without form renders nothing.
func For(f Form, m flow.Module) templ.Component {
	kind, ok := ByKind[m.Kind]
	if !ok || m.Settings == nil {
		return templ.NopComponent
	}
	return kind.form(f, m.Settings)
}

// Subtitle is one line that says what a module is set to. It is empty where
// nothing is set yet.
func Subtitle(n Names, m flow.Module) string {
	kind, ok := ByKind[m.Kind]
	if !ok || m.Settings == nil {
		return ""
	}
	return kind.line(n, m.Settings)
}

// of fits a form and a line to their settings type. A mismatch is a mistake in
// ByKind and shows as an error of the page, never as a panic.
func of[S flow.Settings](form func(Form, S) templ.Component, line func(Names, S) string) Kind {
	return Kind{
		form: func(f Form, s flow.Settings) templ.Component {
			if typed, ok := s.(S); ok {
				return form(f, typed)
			}
			return templ.ComponentFunc(func(context.Context, io.Writer) error {
				return fmt.Errorf("form for %T was given %T", *new(S), s)
			})
		},
		line: func(n Names, s flow.Settings) string {
			if typed, ok := s.(S); ok {
				return line(n, typed)
			}
			return ""
		},
	}
}

func (f Form) id(name string) string { return f.Prefix + name }

// described names the elements that explain a field: its hint and its problem.
func (f Form) described(name string) string { return f.id(name) + "-hint " + f.id(name) + "-problem" }

func named(names map[string]string, id string) string {
	if n, ok := names[id]; ok {
		return n
	}
	return id
}

// choice is one option of a select.
type choice struct {
	value, label string
	chosen       bool
}

// offer is a select of everything there is to choose, by name. What is chosen
// and does not exist any more is still shown.
func offer(names map[string]string, chosen, none string) []choice {
	out := make([]choice, 0, len(names)+2)
	for id, name := range names {
		out = append(out, choice{id, name, id == chosen})
	}
	if _, exists := names[chosen]; chosen != "" && !exists {
		out = append(out, choice{chosen, chosen, true})
	}
	slices.SortFunc(out, func(a, b choice) int { return strings.Compare(a.label+"\x00"+a.value, b.label+"\x00"+b.value) })
	return append([]choice{{"", none, chosen == ""}}, out...)
}

func causes(chosen string) []choice {
	var out []choice
	for _, c := range flow.HangupCauses {
		out = append(out, choice{c, causeWords(c), c == chosen || chosen == "" && c == flow.HangupCauses[0]})
	}
	return out
}

func causeWords(cause string) string {
	words := strings.ReplaceAll(cause, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// nameMatchWords says what each of flow.NameMatches does.
var nameMatchWords = map[string]string{
	"set": "Name is", "prefix": "Put before it", "suffix": "Put after it", "regex": "Replace what fits",
}

func nameMatches(chosen string) []choice {
	var out []choice
	for _, m := range flow.NameMatches {
		out = append(out, choice{m, nameMatchWords[m], m == chosen})
	}
	return out
}

// percent is a place on the ring group's time line.
func percent(seconds int) string {
	return strconv.FormatFloat(100*float64(seconds)/flow.RingTimeline, 'f', 2, 64) + "%"
}

// row names a field of one row of a list.
func row(list string, i int, field string) string {
	name := list + "." + strconv.Itoa(i)
	if field != "" {
		name += "." + field
	}
	return name
}

func text(n int) string { return strconv.Itoa(n) }

// join strings what is there together with dots between.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " · ")
}
