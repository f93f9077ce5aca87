package db

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
)

// mention is one place of a flow that names something outside it.
type mention struct {
	kind   flow.RefKind
	id     string
	module string
	name   string // of the module
	test   string // name, where a saved test names it
}

// means tells whether a mention is of a kind of thing. Where audio is asked
// for a flow may name a playlist as well.
func (m mention) means(kind directory.Kind) bool {
	return m.kind == flow.RefKind(kind) || m.kind == flow.RefAudio && kind == directory.KindPlaylist
}

// part is one module of a flow.
type part struct{ id, name, kind string }

// content is what is remembered of a flow: its modules, and what they name.
type content struct {
	mentions []mention
	modules  []part
}

func contentOf(f flow.Flow) content {
	c := content{mentions: mentionsOf(f)}
	for _, m := range f.Modules {
		c.modules = append(c.modules, part{m.ID, m.Name, m.Kind})
	}
	return c
}

// mentionsOf lists what a flow names, each thing once for a module.
func mentionsOf(f flow.Flow) []mention {
	var out []mention
	seen := map[mention]bool{}
	add := func(m mention) {
		if !seen[m] {
			seen[m] = true
			out = append(out, m)
		}
	}
	for _, m := range f.Modules {
		for _, ref := range m.Settings.Refs() {
			add(mention{kind: ref.Kind, id: ref.ID, module: m.ID, name: m.Name})
		}
	}
	for _, t := range f.Tests {
		for _, id := range slices.Sorted(maps.Keys(t.Scenario.Phones)) {
			add(mention{kind: flow.RefContactMethod, id: id, test: t.Name})
		}
	}
	return out
}

// flowState is the content of a draft or version, which is never another
// without another time.
type flowState struct {
	ID      string
	Version int // 0: the draft
	At      time.Time
}

// mentioning is a draft or published version and what it names.
type mentioning struct {
	flowState
	name string
	content
}

func (f mentioning) use(m mention) directory.Use {
	u := directory.Use{Kind: directory.KindFlow, ID: f.ID, Name: f.name, Module: m.module, ModuleName: m.name, Where: "draft"}
	if f.Version > 0 {
		u.Where = fmt.Sprintf("version %d", f.Version)
	}
	if m.test != "" {
		u.Where += fmt.Sprintf(", test %q", m.test)
	}
	return u
}

// mentionCache remembers what flows name and are made of. Reading a flow of forty modules
// takes a millisecond, and a page that lists uses would read hundreds each
// time.
type mentionCache struct {
	mu    sync.Mutex
	known map[flowState]content
}

const flowStates = `
	select id, name, 0 as version, updated as at from flows where removed is null
	union all
	select f.id, f.name, v.version, v.at from flows f join flow_versions v on v.flow = f.id and v.version = f.published
	order by 2, 1, 3`

const flowContents = `
	select id, 0 as version, updated as at, draft as content from flows where id = any($1)
	union all
	select f.id, v.version, v.at, v.content from flows f join flow_versions v on v.flow = f.id and v.version = f.published
	where f.id = any($1)`

// read lists all drafts and published versions by name with what they name.
func (c *mentionCache) read(ctx context.Context, q querier) ([]mentioning, error) {
	type row struct {
		flowState
		Name string
	}
	rows, err := all[row](ctx, q, flowStates)
	if err != nil {
		return nil, err
	}
	known := c.current()
	var missing []string
	for _, r := range rows {
		if _, ok := known[r.flowState]; !ok {
			missing = append(missing, r.ID)
		}
	}
	fresh, err := readMentions(ctx, q, missing)
	if err != nil {
		return nil, err
	}
	out := make([]mentioning, 0, len(rows))
	next := make(map[flowState]content, len(rows))
	for _, r := range rows {
		found, ok := known[r.flowState]
		if !ok {
			r.flowState, found = fresh.newest(r.flowState)
		}
		next[r.flowState] = found
		out = append(out, mentioning{r.flowState, r.Name, found})
	}
	c.keep(next)
	return out, nil
}

func (c *mentionCache) current() map[flowState]content {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known
}

// keep replaces the map and never changes one that somebody may be reading.
func (c *mentionCache) keep(next map[flowState]content) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = next
}

// contents are what was read just now, by flow and version without time.
type contents map[flowState]struct {
	at time.Time
	content
}

// newest is what stands in the place of a state: the same, or what a save in
// between left there.
func (c contents) newest(s flowState) (flowState, content) {
	read := c[flowState{ID: s.ID, Version: s.Version}]
	s.At = read.at
	return s, read.content
}

func readMentions(ctx context.Context, q querier, flows []string) (contents, error) {
	if len(flows) == 0 {
		return nil, nil
	}
	type row struct {
		flowState
		Content []byte
	}
	rows, err := all[row](ctx, q, flowContents, flows)
	if err != nil {
		return nil, err
	}
	out := make(contents, len(rows))
	for _, r := range rows {
		f, err := flow.Parse(r.Content)
		if err != nil {
			return nil, fmt.Errorf("flow %q: %w", r.ID, err)
		}
		read := out[flowState{ID: r.ID, Version: r.Version}]
		read.at, read.content = r.At, contentOf(f)
		out[flowState{ID: r.ID, Version: r.Version}] = read
	}
	return out, nil
}
