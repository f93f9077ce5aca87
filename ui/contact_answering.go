package ui

import (
	"fmt"
	"net/http"
	"strconv"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// answering reads what happens when a forwarding is answered, and how many
// calls it takes.
func (f contactForm) answering(in contactInput, m *directory.ContactMethod, bad *notes) {
	m.Confirm, m.Whisper, m.CallsAtOnce = in.Confirm, in.Whisper, in.CallsAtOnce
	most := directory.MaxCallsAtOnce[f.kind]
	bad.unless(in.CallsAtOnce >= 0 && in.CallsAtOnce <= most, "calls_at_once", fmt.Sprintf("1 to %d.", most))
}

// answeringFields are the fields of that.
func (p *Panel) answeringFields(r *http.Request, m directory.ContactMethod) (pages.Section, error) {
	files, err := p.library().AudioFiles(r.Context())
	if err != nil {
		return pages.Section{}, err
	}
	whisper := pages.Field{Name: "whisper", Label: "Whisper", Type: "select", Value: m.Whisper, Options: []pages.Option{{Label: "Nothing"}},
		Hint: "Heard by whoever answers, before the caller is there."}
	for _, file := range files {
		whisper.Options = append(whisper.Options, pages.Option{Value: file.ID, Label: shown(file.Name)})
	}
	atOnce := pages.Field{Name: "calls_at_once", Label: "Calls at once", Type: "number", Min: "1", Max: strconv.Itoa(directory.MaxCallsAtOnce[m.Kind]),
		Hint: "One more is busy."}
	switch {
	case m.CallsAtOnce > 0:
		atOnce.Value = strconv.Itoa(m.CallsAtOnce)
	case m.ID == "":
		atOnce.Value = strconv.Itoa(directory.UsualCallsAtOnce[m.Kind])
	default:
		atOnce.Placeholder = "no limit"
	}
	return pages.Section{Title: "When it is answered", Fields: []pages.Field{
		{Name: "confirm", Label: "Whoever answers presses 1 to accept", Type: "check", Checked: m.Confirm,
			Hint: "Within 15 seconds. So a mailbox cannot take the call; a ring group or queue may say otherwise."},
		whisper, atOnce}}, nil
}
