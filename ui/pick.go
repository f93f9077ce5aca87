package ui

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

// choice is one line of a picker.
type choice struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Sub      string `json:"sub,omitempty"`
	Claimant string `json:"claimant,omitempty"` // who holds it; empty: nobody
}

// pickRoutes feed the pickers of forms.
func pickRoutes() []route {
	return []route{reads("GET /api/pick/{what}", seeFlows, "Search what a form can choose: number, internal-number, contact-method, audio or schedule", (*Panel).pick).
		asks("q", "a part of the name or number").asks("flow", "the flow that is edited: what it holds itself is free to it")}
}

const maxChoices = 50

// pickers list everything of a kind that can be chosen.
var pickers = map[string]func(p *Panel, r *http.Request) ([]choice, error){
	"number": func(p *Panel, r *http.Request) ([]choice, error) {
		all, err := p.people().Numbers(r.Context())
		return picks(all, err, func(n directory.Number) choice {
			return held(r, choice{n.E164.String(), n.E164.String(), n.Label, ""}, n.Claimant)
		})
	},
	"internal-number": (*Panel).pickInternal,
	"contact-method": func(p *Panel, r *http.Request) ([]choice, error) {
		all, err := p.people().ContactMethods(r.Context())
		return picks(all, err, func(m directory.ContactMethod) choice {
			if !formOf(m.Kind).rung {
				return choice{}
			}
			sub := formOf(m.Kind).title
			if m.InternalNumber.String() != "" {
				sub += " · " + m.InternalNumber.String()
			}
			return choice{ID: m.ID, Title: m.Name, Sub: sub}
		})
	},
	"audio": func(p *Panel, r *http.Request) ([]choice, error) {
		all, err := p.library().AudioFiles(r.Context())
		if err != nil {
			return nil, err
		}
		own, systems := all[:0:0], all[:0:0] // the engine's own sounds come last: few want them
		for _, f := range all {
			if strings.HasPrefix(f.ID, call.AudioSystem) {
				systems = append(systems, f)
			} else {
				own = append(own, f)
			}
		}
		of := func(f directory.AudioFile) choice { return choice{ID: f.ID, Title: f.Name, Sub: clock(f.Length.Std())} }
		files, _ := picks(own, nil, of)
		engine, _ := picks(systems, nil, of)
		some, err := p.library().Playlists(r.Context())
		lists, err := picks(some, err, func(l directory.Playlist) choice {
			return choice{ID: l.ID, Title: l.Name, Sub: "playlist, " + counted(len(l.Files), "file", "files")}
		})
		return slices.Concat(files, lists, engine), err
	},
	"schedule": func(p *Panel, r *http.Request) ([]choice, error) {
		all, err := p.library().Schedules(r.Context())
		now := p.cfg.Now()
		return picks(all, err, func(s directory.Schedule) choice {
			return choice{ID: s.ID, Title: s.Name, Sub: "now " + openWord(s.At(now))}
		})
	},
}

// pickInternal lists the internal numbers that somebody holds, phones before
// flows, and the one that is asked for where nobody does.
func (p *Panel) pickInternal(r *http.Request) ([]choice, error) {
	methods, err := p.people().ContactMethods(r.Context())
	if err != nil {
		return nil, err
	}
	flows, err := p.cfg.Store.FlowList(r.Context())
	out, _ := picks(methods, nil, func(m directory.ContactMethod) choice {
		return choice{ID: m.InternalNumber.String(), Title: m.InternalNumber.String(), Claimant: claimedBy(directory.Claimant{ContactMethod: m.ID, ContactName: m.Name})}
	})
	for _, f := range flows {
		for _, e := range f.Entries {
			if n, err := dialplan.ParseInternalNumber(e); err != nil || f.Version == 0 { // a draft holds nothing yet
				continue
			} else if f.ID == r.URL.Query().Get("flow") {
				out = append(out, choice{ID: n.String(), Title: n.String(), Sub: inThisFlow})
			} else {
				out = append(out, choice{ID: n.String(), Title: n.String(), Claimant: fmt.Sprintf("flow %q", f.Name)})
			}
		}
	}
	asked := &flow.InternalNumber{InternalNumber: strings.TrimSpace(r.URL.Query().Get("q"))}
	taken := slices.ContainsFunc(out, func(c choice) bool { return c.ID == asked.InternalNumber })
	if asked.InternalNumber != "" && !taken && len(asked.Validate()) == 0 {
		out = append([]choice{{ID: asked.InternalNumber, Title: asked.InternalNumber, Sub: "nobody holds it"}}, out...)
	}
	return out, err
}

const inThisFlow = "in this flow"

// held names who holds a choice. The flow that is edited holds nothing against
// itself.
func held(r *http.Request, c choice, by directory.Claimant) choice {
	if own := r.URL.Query().Get("flow"); own != "" && by.Flow == own {
		c.Sub = strings.TrimPrefix(c.Sub+" · "+inThisFlow, " · ")
		return c
	}
	c.Claimant = claimedBy(by)
	return c
}

func claimedBy(c directory.Claimant) string {
	if c.IsZero() {
		return ""
	}
	return c.String()
}

func picks[T any](all []T, err error, of func(T) choice) ([]choice, error) {
	var out []choice
	for _, x := range all {
		if c := of(x); c.ID != "" {
			out = append(out, c)
		}
	}
	return out, err
}

func (p *Panel) pick(r *http.Request) ([]choice, error) {
	list, ok := pickers[r.PathValue("what")]
	if !ok {
		return nil, ErrNotFound
	}
	all, err := list(p, r)
	wanted := strings.ToLower(strings.TrimSpace(cut(r.URL.Query().Get("q"), maxSearch)))
	out := []choice{}
	for _, c := range all {
		words := strings.ToLower(c.Title + "\n" + c.Sub + "\n" + c.ID)
		if len(out) < maxChoices && (strings.Contains(words, wanted) || strings.Contains(words, strings.ReplaceAll(wanted, " ", ""))) {
			out = append(out, c)
		}
	}
	return out, err
}
