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

// ByKind maps each kind of flow.Catalog to its form.
var ByKind = map[string]func(Form, flow.Settings) templ.Component{
	"phone-number":    of(phoneNumber),
	"internal-number": of(internalNumber),
	"voice-menu":      of(voiceMenu),
	"audio-playback":  of(audioPlayback),
	"ring-group":      of(ringGroup),
	"hangup":          of(hangup),
}

// For is the form of one module. A kind without form renders nothing.
func For(f Form, m flow.Module) templ.Component {
	form, ok := ByKind[m.Kind]
	if !ok || m.Settings == nil {
		return templ.NopComponent
	}
	return form(f, m.Settings)
}

// of fits a form to its settings type. A mismatch is a mistake in ByKind and
// shows as an error of the page, never as a panic.
func of[S flow.Settings](form func(Form, S) templ.Component) func(Form, flow.Settings) templ.Component {
	return func(f Form, s flow.Settings) templ.Component {
		if typed, ok := s.(S); ok {
			return form(f, typed)
		}
		return templ.ComponentFunc(func(context.Context, io.Writer) error {
			return fmt.Errorf("form for %T was given %T", *new(S), s)
		})
	}
}

func (f Form) id(name string) string { return f.Prefix + name }

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

// one is a select that offers what is chosen; the builder offers the rest.
func one(names map[string]string, id, none string) []choice {
	if id == "" {
		return []choice{{"", none, true}}
	}
	return []choice{{id, named(names, id), true}}
}

func causes(chosen string) []choice {
	var out []choice
	for _, c := range flow.HangupCauses {
		label := strings.ReplaceAll(c, "-", " ")
		out = append(out, choice{c, strings.ToUpper(label[:1]) + label[1:], c == chosen || chosen == "" && c == flow.HangupCauses[0]})
	}
	return out
}

// percent is a place on the ring group's time line.
func percent(seconds int) string {
	return strconv.FormatFloat(100*float64(seconds)/flow.RingTimeline, 'f', 2, 64) + "%"
}

func text(n int) string { return strconv.Itoa(n) }
