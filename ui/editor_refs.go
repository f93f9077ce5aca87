package ui

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"tandem/flow"
	"tandem/ui/forms"
)

// things are what settings can name, by kind and id, with their names.
type things map[flow.RefKind]map[string]string

// things reads what there is to name.
func (p *Panel) things(ctx context.Context) (things, error) {
	names, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	numbers, err := p.cfg.Store.Numbers(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the numbers: %w", err)
	}
	ours := map[string]string{}
	for _, n := range numbers {
		ours[n.E164.String()] = strings.TrimSpace(n.E164.String() + " " + n.Label)
	}
	return things{flow.RefAudio: names.Audio, flow.RefContactMethod: names.ContactMethods, flow.RefNumber: ours,
		flow.RefSchedule: names.Schedules, flow.RefList: names.Lists}, nil
}

// names gives the words for what flows name by id.
func (p *Panel) names(ctx context.Context) (forms.Names, error) {
	all, err := p.cfg.Store.Names(ctx)
	if err != nil {
		return all, fmt.Errorf("reading names: %w", err)
	}
	return all, nil
}

// missing lists what a flow names and is not here, each once.
func (t things) missing(f flow.Flow) []flow.Ref {
	var out []flow.Ref
	seen := map[flow.Ref]bool{}
	for _, m := range f.Modules {
		for _, ref := range m.Settings.Refs() {
			all, listed := t[ref.Kind]
			_, here := all[ref.ID]
			once := flow.Ref{Kind: ref.Kind, ID: ref.ID}
			if listed && !here && !seen[once] {
				seen[once] = true
				out = append(out, ref)
			}
		}
	}
	return out
}

// referenceBody puts what exists in the place of what is missing.
type referenceBody struct {
	References []reference `json:"references"`
}

// reference is one thing and what stands for it; empty: it stays missing.
type reference struct {
	Kind flow.RefKind `json:"kind"`
	From string       `json:"from"`
	To   string       `json:"to"`
}

const maxReferences = 500

func mapReferences(p *Panel, r *http.Request, in referenceBody) (idAnswer, error) {
	id, err := scopedFlow(r)
	if err != nil {
		return idAnswer{}, err
	}
	if len(in.References) > maxReferences {
		return idAnswer{}, &Refusal{Status: http.StatusRequestEntityTooLarge, Text: "These are too many at once."}
	}
	d, err := p.cfg.Store.Draft(r.Context(), id)
	if err != nil {
		return idAnswer{}, fmt.Errorf("reading the draft: %w", err)
	}
	if err := replaceRefs(&d.Flow, in.References); err != nil {
		return idAnswer{}, err
	}
	if _, err := p.cfg.Store.SaveDraft(r.Context(), d.Flow, d.Revision, loginOf(r).Email); err != nil {
		return idAnswer{}, fmt.Errorf("saving the draft: %w", err)
	}
	return idAnswer{id}, nil
}

func mapped(_ *http.Request, out idAnswer) (location, toast string) {
	return flowPage(out.ID), "The flow uses what you chose."
}

// replaceRefs names other things wherever a flow names some.
func replaceRefs(f *flow.Flow, all []reference) error {
	to := map[flow.Ref]string{}
	for _, x := range all {
		if x.To != "" {
			to[flow.Ref{Kind: x.Kind, ID: x.From}] = x.To
		}
	}
	for i := range f.Modules {
		for _, ref := range f.Modules[i].Settings.Refs() {
			if other, ok := to[flow.Ref{Kind: ref.Kind, ID: ref.ID}]; ok {
				if err := setField(&f.Modules[i], ref.Field, other); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// setField sets one text of a module's settings by its path, such as
// "destinations.1.contact_method", for whatever kind the module is.
func setField(m *flow.Module, field, value string) error {
	text, err := json.Marshal(m.Settings)
	if err != nil {
		return fmt.Errorf("settings of module %q: %w", m.ID, err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return fmt.Errorf("settings of module %q: %w", m.ID, err)
	}
	if !plantText(tree, strings.Split(field, "."), value) {
		return fmt.Errorf("settings of module %q have no field %q", m.ID, field)
	}
	if text, err = json.Marshal(tree); err != nil {
		return fmt.Errorf("settings of module %q: %w", m.ID, err)
	}
	fresh := flow.Catalog[m.Kind].New()
	if err := json.Unmarshal(text, fresh); err != nil {
		return fmt.Errorf("settings of module %q: %w", m.ID, err)
	}
	m.Settings = fresh
	return nil
}

func plantText(tree any, path []string, value string) bool {
	last := len(path) == 1
	switch t := tree.(type) {
	case map[string]any:
		if last {
			t[path[0]] = value
			return true
		}
		return plantText(t[path[0]], path[1:], value)
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i < 0 || i >= len(t) {
			return false
		}
		if last {
			t[i] = value
			return true
		}
		return plantText(t[i], path[1:], value)
	}
	return false
}
