package simulate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tandem/flow"
	"tandem/flow/call"
)

// Test runs the saved tests of a flow, in their order. A scenario that makes no
// sense any more is a failed test; the error is about the facts or ctx.
func (s *Simulator) Test(ctx context.Context, f flow.Flow) ([]flow.TestResult, error) {
	out := make([]flow.TestResult, 0, len(f.Tests))
	for _, t := range f.Tests {
		r := flow.TestResult{ID: t.ID, Name: t.Name}
		var err error
		r.Run, err = s.Run(ctx, f, t.Scenario)
		switch {
		case errors.Is(err, ErrScenario):
			r.Text = err.Error()
		case err != nil:
			return nil, fmt.Errorf("test %q: %w", t.Name, err)
		default:
			r.Text, r.At = difference(&f, t, r.Run)
			r.Passed = r.Text == ""
		}
		out = append(out, r)
	}
	return out, nil
}

// difference is the first thing in which a run is not what a test wants, in
// words and as a step of the path; empty: none.
func difference(f *flow.Flow, t flow.Test, r flow.Run) (string, int) {
	for i, want := range t.Want {
		if i >= len(r.Path) {
			return fmt.Sprintf("step %d: expected %s, the call was over before: %s", i+1, nameOf(f, want.Module), r.Cause.Text()), i
		}
		if text := stepDifference(f, want, r.Path[i]); text != "" {
			return fmt.Sprintf("step %d: %s", i+1, text), i
		}
	}
	switch n := len(t.Want); {
	case n > 0 && len(r.Path) > n:
		return fmt.Sprintf("step %d: expected the call to be over, it went on to %s", n+1, r.Path[n].Name), n
	case t.Cause != "" && t.Cause != r.Cause:
		return fmt.Sprintf("the end: expected %q, it was %q", t.Cause.Text(), r.Cause.Text()), max(len(r.Path)-1, 0)
	}
	return "", 0
}

func stepDifference(f *flow.Flow, want flow.TestStep, got call.PathEntry) string {
	name := nameOf(f, want.Module)
	was, is := exitName(want.Exit), exitName(flow.Exit(got.Exit))
	switch {
	case want.Module != got.Module:
		return fmt.Sprintf("expected %s, the call came to %s", name, got.Name)
	case string(want.Exit) == got.Exit:
		return ""
	case want.Exit == "":
		return fmt.Sprintf("expected the call to end at %s, it was left by %s", name, is)
	case got.Exit == "":
		return fmt.Sprintf("expected %s to be left by %s, the call ended there: %s", name, was, got.Reason.Text)
	}
	return fmt.Sprintf("expected %s to be left by %s, it was left by %s", name, was, is)
}

// exitName reads an exit's id: "key:1" is “key 1”, "no-answer" is “no answer”.
func exitName(exit flow.Exit) string {
	return "“" + strings.NewReplacer(":", " ", "-", " ").Replace(string(exit)) + "”"
}

// nameOf is how people know a module; one that is gone has only its id.
func nameOf(f *flow.Flow, id string) string {
	if m, ok := f.Module(id); ok {
		return m.Name
	}
	return fmt.Sprintf("%q (which is gone)", id)
}
