package ui

import (
	"context"
	"fmt"
	"net/http"

	"tandem/flow"
	"tandem/ui/forms"
)

// comparison is what changed from one side to the other, also in the words of
// the forms.
type comparison struct {
	flow.Comparison
	Modules []moduleChange `json:"modules"`
}

// moduleChange is what became of a module.
type moduleChange struct {
	flow.ModuleChange
	Told []toldChange `json:"told,omitempty"` // the fields, for people
}

// toldChange is a field before and after, as its form calls it and shows it.
type toldChange struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// apiCompare tells what changed between two versions, or a version and the draft.
func (p *Panel) apiCompare(r *http.Request) (comparison, error) {
	a, b, err := p.compared(r)
	if err != nil {
		return comparison{}, err
	}
	names, err := p.names(r.Context())
	if err != nil {
		return comparison{}, err
	}
	return tellChanges(names, a, b), nil
}

func tellChanges(names forms.Names, a, b flow.Flow) comparison {
	out := comparison{Comparison: flow.Compare(a, b), Modules: []moduleChange{}}
	for _, change := range out.Comparison.Modules {
		told := moduleChange{ModuleChange: change}
		was, _ := a.Module(change.ID)
		is, _ := b.Module(change.ID)
		if was != nil && is != nil {
			told.Told = tellFields(names, was, is, change.Fields)
		}
		out.Modules = append(out.Modules, told)
	}
	return out
}

// tellFields tells fields one by one, and a row that came or went as a whole.
func tellFields(names forms.Names, was, is *flow.Module, fields []flow.FieldChange) []toldChange {
	var out []toldChange
	rows := map[string]int{} // where in out a row is told
	for _, f := range fields {
		told := toldChange{Name: forms.FieldName(is.Kind, f.Field), Before: shown(forms.Value(names, *was, f.Field, f.Before)), After: shown(forms.Value(names, *is, f.Field, f.After))}
		row, whole := forms.Row(f.Field)
		before, after := forms.HasRow(was.Settings, f.Field), forms.HasRow(is.Settings, f.Field)
		if !whole || before == after {
			out = append(out, told)
			continue
		}
		at, known := rows[row]
		if !known {
			at = len(out)
			rows[row] = at
			out = append(out, toldChange{Name: forms.FieldName(is.Kind, row)})
		}
		if before {
			out[at].Before = forms.JoinPart(out[at].Before, f.Field, told.Before)
		} else {
			out[at].After = forms.JoinPart(out[at].After, f.Field, told.After)
		}
	}
	return out
}

// compared reads both sides of a comparison: ?from=1&to=2 or to=draft.
func (p *Panel) compared(r *http.Request) (from, to flow.Flow, err error) {
	id, err := scopedFlow(r)
	if err != nil {
		return from, to, err
	}
	if from, err = p.side(r.Context(), id, r.URL.Query().Get("from")); err == nil {
		to, err = p.side(r.Context(), id, r.URL.Query().Get("to"))
	}
	return from, to, err
}

// side is one side of a comparison: a version by its number, or the draft.
func (p *Panel) side(ctx context.Context, id, which string) (flow.Flow, error) {
	if which == "draft" || which == "" {
		d, err := p.cfg.Store.Draft(ctx, id)
		if err != nil {
			return flow.Flow{}, fmt.Errorf("reading the draft: %w", err)
		}
		return d.Flow, nil
	}
	n, err := versionNumber(which)
	if err != nil {
		return flow.Flow{}, err
	}
	v, err := p.cfg.Store.Version(ctx, id, n)
	if err != nil {
		return flow.Flow{}, fmt.Errorf("reading the version: %w", err)
	}
	return v.Flow, nil
}
