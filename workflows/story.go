package workflows

import (
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// story keeps the call's current details in Temporal UI, one line per module,
// and tells whoever observes it.
func (w *walk) story(ctx workflow.Context) {
	w.tell(ctx)
	var b strings.Builder
	b.WriteString(w.title())
	if w.entry.Flow.Name != "" {
		fmt.Fprintf(&b, " · flow *%s*, %s", w.entry.Flow.Name, w.entry.Flow.Edition())
	}
	b.WriteString("\n\n")
	for i, p := range w.entry.Path {
		fmt.Fprintf(&b, "%d. %s **%s**", i+1, flow.Catalog[p.Kind].Title, p.Name)
		if p.Flow.ID != "" {
			fmt.Fprintf(&b, " of *%s*, %s", p.Flow.Name, p.Flow.Edition())
		}
		switch {
		case p.Left.IsZero() && w.entry.AnsweredBy != "":
			fmt.Fprintf(&b, ": talking with %s …", w.entry.AnsweredBy)
		case p.Left.IsZero():
			b.WriteString(" …")
		case p.Exit == "":
			fmt.Fprintf(&b, ": %s, the call ended here", p.Reason.Text)
		default:
			fmt.Fprintf(&b, ": %s → *%s*", p.Reason.Text, exitWords.Replace(string(p.Exit)))
		}
		b.WriteByte('\n')
	}
	if !w.entry.Live {
		fmt.Fprintf(&b, "\nThe end: %s.", w.entry.Cause.Text())
		if w.entry.TalkMS > 0 {
			fmt.Fprintf(&b, " Talked %s.", (time.Duration(w.entry.TalkMS) * time.Millisecond).Round(time.Second))
		}
	}
	workflow.SetCurrentDetails(ctx, b.String())
}

// shown is how a party is written for an operator.
func shown(p call.Party) string {
	switch {
	case p.Number == "":
		return "anonymous"
	case p.Name != "" && p.Name != p.Number:
		return p.Name + " (" + p.Number + ")"
	}
	return p.Number
}

// summary says in flow words what an operation is for, and how the call came here.
func (w *walk) summary(what string) string {
	if w.at == nil {
		return what
	}
	text := fmt.Sprintf("%s ‹%s›: %s", flow.Catalog[w.at.Kind].Title, w.at.Name, what)
	if key, ok := strings.CutPrefix(string(w.via), "key:"); ok {
		text += " (came by key " + key + ")"
	}
	return text
}
