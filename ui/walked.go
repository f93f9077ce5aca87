package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"tandem/flow"
	"tandem/flow/call"
)

// walk is the part of a call that one version of one flow tells. A call that an
// internal number has led into another flow has more than one.
type walk struct {
	call call.LedgerEntry
	ref  call.FlowRef
	flow flow.Flow
}

// flowOf is the version that a step of a call belongs to.
func flowOf(e call.LedgerEntry, s call.PathEntry) call.FlowRef { return cmp.Or(s.Flow, e.Flow) }

// flowsOf lists the versions that a call walked, in their order.
func flowsOf(e call.LedgerEntry) []call.FlowRef {
	var out []call.FlowRef
	if e.Flow.ID != "" {
		out = append(out, e.Flow)
	}
	for _, s := range e.Path {
		if ref := flowOf(e, s); ref.ID != "" && !slices.Contains(out, ref) {
			out = append(out, ref)
		}
	}
	return out
}

// walksOf reads the versions that a call walked, as far as they are left and
// whoever asks may see them.
func (p *Panel) walksOf(r *http.Request, e call.LedgerEntry) ([]walk, error) {
	var out []walk
	for _, ref := range flowsOf(e) {
		if ref != e.Flow && !mayFlow(loginOf(r), ref.ID) {
			continue
		}
		f, ok, err := p.versionWalked(r.Context(), ref)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, walk{e, ref, f})
		}
	}
	return out, nil
}

// versionWalked reads what a call walked; false: it is gone.
func (p *Panel) versionWalked(ctx context.Context, ref call.FlowRef) (flow.Flow, bool, error) {
	r, err := p.revision(ctx, ref)
	switch {
	case errors.Is(err, ErrNotFound):
		return flow.Flow{}, false, nil
	case err != nil:
		return flow.Flow{}, false, fmt.Errorf("reading the flow of the call: %w", err)
	}
	return r.Flow, true, nil
}

// revision reads a published version, or the draft of a test call.
func (p *Panel) revision(ctx context.Context, ref call.FlowRef) (flow.Revision, error) {
	if ref.Test == "" {
		return p.cfg.Store.Version(ctx, ref.ID, ref.Version)
	}
	t, err := p.cfg.Store.TestCall(ctx, ref.Test)
	return flow.Revision{ID: ref.ID, Draft: t.Revision, Test: t.ID, Flow: t.Flow}, err
}

// walkFor is the part of a call that a request is about: in the flow and version
// that it names, or else in the call's first.
func (p *Panel) walkFor(r *http.Request) (walk, error) {
	all, i, err := p.walksFor(r)
	if err != nil {
		return walk{}, err
	}
	return all[i], nil
}

// walksFor are all parts of a call, and which of them a request is about.
func (p *Panel) walksFor(r *http.Request) ([]walk, int, error) {
	e, err := p.callFor(r)
	if err != nil {
		return nil, 0, err
	}
	id := cmp.Or(r.URL.Query().Get("flow"), e.Flow.ID)
	version := cmp.Or(r.URL.Query().Get("version"), strconv.Itoa(e.Flow.Version))
	all, err := p.walksOf(r, e)
	if err != nil {
		return nil, 0, err
	}
	i := slices.IndexFunc(all, func(w walk) bool { return w.ref.ID == id && strconv.Itoa(w.ref.Version) == version })
	if i < 0 {
		return nil, 0, ErrNotFound
	}
	return all, i, nil
}

// path is the steps in this version.
func (w walk) path() []call.PathEntry {
	out := []call.PathEntry{}
	for _, n := range w.steps() {
		out = append(out, w.call.Path[n-1])
	}
	return out
}

// steps are which of the steps of the whole call are in this version, from 1.
func (w walk) steps() []int {
	out := []int{}
	for i, s := range w.call.Path {
		if flowOf(w.call, s) == w.ref {
			out = append(out, i+1)
		}
	}
	return out
}

// link leads to the drawing of this part.
func (w walk) link() string {
	link := callLink(w.call.Call) + "/trace"
	if w.ref != w.call.Flow {
		link += "?" + url.Values{"flow": {w.ref.ID}, "version": {strconv.Itoa(w.ref.Version)}}.Encode()
	}
	return link
}

func partsOf(all []walk, here int) []tracePart {
	out := make([]tracePart, len(all))
	for i, w := range all {
		out[i] = tracePart{Name: shown(w.flow.Name), Edition: w.ref.Edition(), Link: w.link(), Here: i == here, Steps: w.steps()}
	}
	return out
}

// whyNot tells why the call did not come to a module. The answer counts the steps
// of the whole call.
func (w walk) whyNot(module string) flow.Answer {
	a := flow.WhyNot(w.flow, w.path(), module)
	for i, s := range w.call.Path {
		if a.At >= 0 && i <= a.At && flowOf(w.call, s) != w.ref {
			a.At++
		}
	}
	return a
}

// of finds the version that a step belongs to among those that are left.
func of(all []walk, s call.PathEntry) *flow.Flow {
	for i := range all {
		if flowOf(all[i].call, s) == all[i].ref {
			return &all[i].flow
		}
	}
	return nil
}
