package ui

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/forms"
)

// scene is what an imagined call through a draft can meet: all that a scenario
// can say something about, with the words for it.
type scene struct {
	Entries []sceneEntry  `json:"entries"` // by which calls come in
	Phones  []scenePhone  `json:"phones"`
	Others  bool          `json:"others"` // callers can reach phones that the draft does not name
	Queues  []sceneQueue  `json:"queues"`
	Routers []sceneModule `json:"routers"` // that somebody could hold open or closed
	Servers []sceneServer `json:"servers"` // that are asked
	Zone    string        `json:"zone"`    // of the system
}

// sceneModule is a module and what it is set to.
type sceneModule struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Sub  string `json:"sub,omitempty"`
}

type sceneEntry struct {
	sceneModule
	Numbers []string `json:"numbers,omitempty"` // that are bound to it; it has none of its own
}

type sceneServer struct {
	sceneModule
	Variables []string `json:"variables"` // that its answer can set
}

// scenePhone is a contact method that could ring.
type scenePhone struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Sub   string `json:"sub,omitempty"`
	Asks  bool   `json:"asks,omitempty"` // whoever answers has to key 1
}

type sceneQueue struct {
	sceneModule
	Members []string `json:"members"` // contact methods
}

// scene reads what an imagined call through the draft of a flow can meet.
func (p *Panel) scene(r *http.Request) (scene, error) {
	d, err := p.drafted(r)
	if err != nil {
		return scene{}, err
	}
	names, err := p.names(r.Context())
	if err != nil {
		return scene{}, err
	}
	s := scene{Entries: []sceneEntry{}, Phones: []scenePhone{}, Queues: []sceneQueue{}, Routers: []sceneModule{}, Servers: []sceneServer{}, Zone: p.zone(r.Context()).String()}
	f := d.Flow.Published()
	for i := range f.Modules {
		s.add(names, f.Modules[i])
	}
	if err := p.bound(r.Context(), &s, f); err != nil {
		return scene{}, err
	}
	s.Phones, err = p.phonesIn(r.Context(), f)
	return s, err
}

// add tells of one module what can be said about it.
func (s *scene) add(names forms.Names, m flow.Module) {
	it := sceneModule{m.ID, shown(m.Name), shown(forms.Subtitle(names, m))}
	switch set := m.Settings.(type) {
	case *flow.TimeRouter:
		s.Routers = append(s.Routers, it)
	case *flow.HTTPRequest:
		server := sceneServer{sceneModule: it, Variables: []string{}}
		for _, v := range set.Variables {
			server.Variables = append(server.Variables, v.Name)
		}
		s.Servers = append(s.Servers, server)
	case *flow.Queue:
		q := sceneQueue{sceneModule: it, Members: []string{}}
		for _, member := range set.Members {
			q.Members = append(q.Members, member.ContactMethod)
		}
		s.Queues = append(s.Queues, q)
	case *flow.Callback:
		s.Others = true
	case *flow.VoiceMenu:
		s.Others = s.Others || set.DirectDial
	}
	if flow.Catalog[m.Kind].Entry {
		s.Entries = append(s.Entries, sceneEntry{sceneModule: it})
	}
}

// bound finds the numbers that are bound to the start of a flow.
func (p *Panel) bound(ctx context.Context, s *scene, f flow.Flow) error {
	start, ok := f.Start()
	if !ok {
		return nil
	}
	all, err := p.people().Numbers(ctx)
	if err != nil {
		return fmt.Errorf("reading the numbers: %w", err)
	}
	i := slices.IndexFunc(s.Entries, func(e sceneEntry) bool { return e.ID == start.ID })
	for _, n := range all {
		if n.Claimant.Flow == f.ID && n.Claimant.Module == start.ID {
			s.Entries[i].Numbers = append(s.Entries[i].Numbers, n.E164.String())
		}
	}
	return nil
}

// phonesIn lists the contact methods that a flow can ring, as they are named first.
func (p *Panel) phonesIn(ctx context.Context, f flow.Flow) ([]scenePhone, error) {
	all, err := p.people().ContactMethods(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the contact methods: %w", err)
	}
	byID := map[string]directory.ContactMethod{}
	for _, m := range all {
		byID[m.ID] = m
	}
	out, seen := []scenePhone{}, map[string]int{}
	for _, m := range f.Modules {
		for _, ref := range m.Settings.Refs() {
			c, known := byID[ref.ID]
			if ref.Kind != flow.RefContactMethod || !known || !formOf(c.Kind).rung {
				continue
			}
			i, listed := seen[c.ID]
			if !listed {
				i = len(out)
				seen[c.ID] = i
				out = append(out, phoneOf(c))
			}
			out[i].Asks = out[i].Asks || asks(m)
		}
	}
	return out, nil
}

func phoneOf(c directory.ContactMethod) scenePhone {
	sub := formOf(c.Kind).title
	if number := c.InternalNumber.String(); number != "" {
		sub += " · " + number
	}
	return scenePhone{ID: c.ID, Title: shown(c.Name), Sub: sub, Asks: c.Confirm}
}

// asks tells whether a module lets all it rings confirm by a key.
func asks(m flow.Module) bool {
	switch set := m.Settings.(type) {
	case *flow.RingGroup:
		return set.Confirm == "on"
	case *flow.Queue:
		return set.Confirm == "on"
	}
	return false
}
