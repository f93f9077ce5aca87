package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// trunkRoutes are the carriers' sides of the system.
func trunkRoutes() []route {
	return []route{
		shows("GET /trunks", seeUsers, (*Panel).trunks),
		shows("GET /trunks/new", editPeople, (*Panel).trunk),
		shows("GET /trunks/{id}", seeUsers, (*Panel).trunk),
		reads("GET /api/trunks", seeUsers, "List trunks", func(p *Panel, r *http.Request) ([]directory.Trunk, error) { return p.people().Trunks(r.Context()) }),
		reads("GET /api/trunks/{id}", seeUsers, "Read one trunk", (*Panel).trunkOf),
		acts("POST /api/trunks", editPeople, "Add a trunk", action[trunkInput, directory.Trunk]{
			do: (*Panel).addTrunk, form: (*Panel).trunkForm, done: toTrunk("Added."), status: http.StatusCreated}),
		acts("PUT /api/trunks/{id}", editPeople, "Change a trunk", action[trunkInput, directory.Trunk]{
			do: (*Panel).changeTrunk, form: (*Panel).trunkForm, done: toTrunk("Saved.")}),
		removes("DELETE /api/trunks/{id}", editPeople, directory.KindTrunk, "/trunks"),
	}
}

// trunkInput is a trunk as it is written.
type trunkInput struct {
	Name     string `json:"name"`
	Disabled bool   `json:"disabled"`
	Networks lines  `json:"networks"`
	Username string `json:"username"`
	Password string `json:"password"` // empty: the one that is stored stays
	Codecs   lines  `json:"codecs"`   // in order; empty: PCMA, PCMU

	CallsAtOnce  *int `json:"calls_at_once,omitempty"` // 0–5000, 0: no limit; left out, it stays as it is, and is 30 of a new trunk
	NoEarlyMedia bool `json:"no_early_media"`
}

// codecOrders are the orders of the codecs that trunks speak.
var codecOrders = []string{"PCMA PCMU", "PCMU PCMA", "PCMA", "PCMU"}

func trunkLink(id string) string { return "/trunks/" + url.PathEscape(id) }

func toTrunk(toast string) func(*http.Request, directory.Trunk) (string, string) {
	return func(_ *http.Request, t directory.Trunk) (string, string) { return trunkLink(t.ID), toast }
}

func (p *Panel) trunkOf(r *http.Request) (directory.Trunk, error) {
	return p.people().Trunk(r.Context(), r.PathValue("id"))
}

func (p *Panel) addTrunk(r *http.Request, in trunkInput) (directory.Trunk, error) {
	return p.saveTrunk(r, "add", in, directory.Trunk{ID: newID(), CallsAtOnce: directory.TrunkCallsAtOnce}, nil)
}

func (p *Panel) changeTrunk(r *http.Request, in trunkInput) (directory.Trunk, error) {
	before, err := p.trunkOf(r)
	if err != nil {
		return before, err
	}
	return p.saveTrunk(r, "change", in, before, before)
}

func (p *Panel) saveTrunk(r *http.Request, what string, in trunkInput, t directory.Trunk, before any) (directory.Trunk, error) {
	others, err := p.people().Trunks(r.Context())
	if err != nil {
		return t, err
	}
	had := t.Username
	var bad notes
	t.Name, t.Disabled, t.Username, t.Password, t.Codecs = in.Name, in.Disabled, in.Username, in.Password, in.Codecs
	t.NoEarlyMedia = in.NoEarlyMedia
	t.Networks = in.Networks.networks("networks", &bad)
	t.CallsAtOnce = atOnce(&bad, in.CallsAtOnce, t.CallsAtOnce, directory.MaxTrunkCalls)
	named(&bad, "name", in.Name, 60)
	optional(&bad, "username", in.Username, 64)
	bad.unless(in.Username == "" || in.Password != "" || had != "", "password", "With a user name calls need a password too.")
	bad.unless(in.Password == "" || in.Username != "", "username", "A password needs a user name.")
	if in.Username != had || in.Password != "" {
		strong(&bad, in.Username, in.Password)
	}
	bad.unless(len(in.Codecs) == 0 || slices.Contains(codecOrders, strings.Join(in.Codecs, " ")), "codecs", "PCMA, PCMU or both.")
	bad.unless(len(t.Networks) > 0 || len(in.Networks) > 0, "networks", "Where do its calls come from? Write at least one address or network.")
	for _, o := range others {
		bad.unless(o.ID == t.ID || o.Name != t.Name, "name", "Another trunk has this name.")
		for _, n := range t.Networks {
			bad.unless(o.ID == t.ID || !slices.Contains(o.Networks, n), "networks", fmt.Sprintf("%s leads to the trunk %q already.", n, shown(o.Name)))
		}
	}
	if err := bad.err(); err != nil {
		return t, err
	}
	if err := p.people().SaveTrunk(r.Context(), t); err != nil {
		return t, err
	}
	p.audit(r, what, "trunk "+t.ID, before, t)
	t.Password = ""
	return t, nil
}

func (p *Panel) trunks(w http.ResponseWriter, r *http.Request) error {
	all, err := p.people().Trunks(r.Context())
	if err != nil {
		return err
	}
	numbers, err := p.people().Numbers(r.Context())
	if err != nil {
		return err
	}
	come := map[string]int{}
	for _, n := range numbers {
		for _, t := range n.Trunks {
			come[t]++
		}
	}
	t := table[directory.Trunk]{title: "Trunks", area: "trunks", file: "trunks", search: "Search names and networks",
		hint: "Your carriers. Calls come in by them; calls out through them are not part of this version.",
		link: func(t directory.Trunk) string { return trunkLink(t.ID) }, off: func(t directory.Trunk) bool { return t.Disabled },
		empty: pages.Empty{Title: "No trunks yet", Text: "Add your carrier with the addresses its calls come from. Then say for each number by which trunk it is called."},
		columns: []column[directory.Trunk]{
			{key: "name", label: "Name", text: func(t directory.Trunk) string { return t.Name }, cell: func(t directory.Trunk) pages.Cell {
				c := pages.Cell{Text: shown(t.Name)}
				if t.Disabled {
					c.Badges = []pages.Badge{{Tone: "warn", Text: "off"}}
				}
				return c
			}},
			{label: "Calls come from", text: func(t directory.Trunk) string { return strings.ReplaceAll(networkLines(t.Networks), "\n", ", ") }},
			{label: "Digest", text: func(t directory.Trunk) string { return t.Username }},
			{label: "Calls at once", right: true, text: func(t directory.Trunk) string { return limitText(t.CallsAtOnce) }},
			{label: "Codecs", text: func(t directory.Trunk) string { return strings.Join(t.Codecs, ", ") }},
			{key: "numbers", label: "Numbers", right: true, text: func(t directory.Trunk) string { return strconv.Itoa(come[t.ID]) }, by: func(a, b directory.Trunk) int { return come[a.ID] - come[b.ID] }},
		}}
	if allowed(editPeople, loginOf(r)) {
		t.actions = []pages.Link{{Label: "Add a trunk", Link: "/trunks/new", Main: true}}
		t.empty.Actions = t.actions
	}
	return t.show(p, w, r, all)
}

func (p *Panel) trunk(w http.ResponseWriter, r *http.Request) error {
	c, err := p.trunkForm(r, trunkInput{}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, c)
}

func (p *Panel) trunkForm(r *http.Request, _ trunkInput, why *Refusal) (templ.Component, error) {
	v := pages.FormView{Back: pages.Link{Label: "Trunks", Link: "/trunks"}, Title: "Add a trunk", Action: "/api/trunks", Submit: "Add the trunk", Cancel: "/trunks",
		Hint: "Calls come in by it. Calls out are not part of this version.", Sections: trunkSections(directory.Trunk{CallsAtOnce: directory.TrunkCallsAtOnce}), ReadOnly: !allowed(editPeople, loginOf(r))}
	if r.PathValue("id") != "" {
		t, err := p.trunkOf(r)
		if err != nil {
			return nil, err
		}
		uses, err := p.people().Uses(r.Context(), directory.KindTrunk, t.ID)
		if err != nil {
			return nil, err
		}
		v.Title, v.Action, v.Verb, v.Submit, v.Sections = shown(t.Name), "/api"+trunkLink(t.ID), http.MethodPut, "Save", trunkSections(t)
		if t.Disabled {
			v.State = []pages.Badge{{Tone: "warn", Text: "off"}}
		}
		v.Side = []templ.Component{pages.Box(pages.Card{Title: "Numbers that come by it", Uses: usesOf(uses), Nothing: "None yet: open a number and tick this trunk.",
			Actions: []pages.Link{{Label: "Numbers", Link: "/numbers"}}})}
		v.Remove = &pages.Removal{Action: v.Action, What: "Remove this trunk", Hint: "It stays while a number comes by it."}
	}
	return pages.Form(p.sheet(r, v, "trunks", why)), nil
}

func trunkSections(t directory.Trunk) []pages.Section {
	codecs := pages.Field{Name: "codecs", Label: "Codecs, best first", Type: "select", Value: strings.Join(t.Codecs, " ")}
	for _, o := range codecOrders {
		codecs.Options = append(codecs.Options, pages.Option{Value: o, Label: strings.ReplaceAll(o, " ", ", then ")})
	}
	password := "12 characters or more."
	if t.Username != "" {
		password = "Leave it empty to keep the one that is stored."
	}
	return []pages.Section{
		{Title: "General", Fields: []pages.Field{{Name: "name", Label: "Name", Value: t.Name, Required: true, Max: "60", Placeholder: "Example Telecom"}, codecs,
			{Name: "networks", Label: "Calls come from", Type: "area", Required: true, Value: networkLines(t.Networks), Placeholder: "203.0.113.0/24\n198.51.100.7",
				Hint: "One address or network on each line, as your carrier names them. Each leads to one trunk; of nested networks the narrowest wins."},
			atOnceField(t.CallsAtOnce, directory.MaxTrunkCalls, "One call more that comes in leaves its Phone Number module by the exit overflow; where that has no cable, it is refused as the general settings say."),
			{Name: "no_early_media", Label: "No early media: callers hear nothing before the answer", Type: "check", Checked: t.NoEarlyMedia,
				Hint: "For a carrier that does not pass it on. Playbacks before the answer are skipped, and callers hear the network's ringback."},
			{Name: "disabled", Label: "Switched off: calls by it are refused", Type: "check", Checked: t.Disabled}}},
		{Title: "Digest (optional)", Hint: "Asked of every call as well, where the carrier can sign in.", Fields: []pages.Field{
			{Name: "username", Label: "User name", Value: t.Username, Max: "64"},
			{Name: "password", Label: "Password", Type: "password", Max: "128", Autocomplete: "new-password", Hint: password}}},
	}
}
