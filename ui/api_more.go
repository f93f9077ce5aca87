package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// readRoutes are what pages show and no other route of the API reads: the day,
// what uses a thing, what a flow lacks, and every list as a file.
func readRoutes() []route {
	return append([]route{
		reads("GET /api/me", signedIn, "Read who you are and what you may", (*Panel).apiMe),
		reads("GET /api/dashboard", seeCalls, "Read the figures of the day, and what is worth a look", (*Panel).apiDashboard),
		reads("GET /api/calls/{id}/messages", seeCalls, "Read the SIP messages of a call", (*Panel).apiMessages),
		reads("GET /api/uses/{kind}/{id}", signedIn, "List what uses a thing: kind is flow, number, contact-method, trunk, user, schedule, audio, playlist or list", (*Panel).apiUses),
		reads("GET /api/templates", seeFlows, "List the templates of flows, and what each asks", func(*Panel, *http.Request) ([]flow.Template, error) { return flow.Templates(), nil }),
		reads("GET /api/flows/{id}/references", seeFlows, "List what the draft of a flow names and is not here", (*Panel).apiMissing),
	}, fileRoutes()...)
}

// me is who asks.
type me struct {
	Email   string         `json:"email"` // or the token and its name
	Token   bool           `json:"token"`
	Role    directory.Role `json:"role"`
	Flows   []string       `json:"flows,omitempty"` // limited to these; none: all
	User    string         `json:"user,omitempty"`  // id of the person it belongs to
	Rights  []string       `json:"rights"`          // as each operation names the one that it needs
	Expires time.Time      `json:"expires,omitzero"`
}

func (p *Panel) apiMe(r *http.Request) (me, error) {
	who := loginOf(r)
	out := me{Email: who.Email, Token: isToken(who), Role: who.Role, Flows: who.Flows, User: who.User, Rights: []string{}}
	for need := range rightsOf {
		if allowed(need, who) {
			out.Rights = append(out.Rights, string(need))
		}
	}
	slices.Sort(out.Rights)
	return out, nil
}

// day is what the dashboard shows.
type day struct {
	Since       time.Time          `json:"since"`                  // midnight in the zone of the general settings
	Running     int                `json:"running"`                // calls, now
	Figures     *directory.Figures `json:"figures,omitempty"`      // none for an agent
	AverageWait call.Duration      `json:"average_wait,omitempty"` // for an answer
	Worries     []worry            `json:"worries"`
}

// worry is something worth a look.
type worry struct {
	Tone string `json:"tone"` // bad, warn or calm
	Text string `json:"text"`
	Link string `json:"link,omitempty"` // page that tells more
}

func (p *Panel) apiDashboard(r *http.Request) (day, error) {
	may, err := p.sightOf(r)
	if err != nil {
		return day{}, err
	}
	zone := p.zone(r.Context())
	out := day{Since: midnight(p.cfg.Now().In(zone)), Worries: []worry{}}
	running, err := p.positions(r.Context())
	if err != nil {
		return day{}, err
	}
	out.Running = len(moment{calls: running}.of(may.position))
	if !may.own {
		f, err := p.cfg.Store.Dashboard(r.Context(), out.Since, zone, may.flows)
		if err != nil {
			return day{}, fmt.Errorf("reading the day's figures: %w", err)
		}
		wait, err := p.cfg.Store.AverageWait(r.Context(), out.Since, may.flows)
		if err != nil {
			return day{}, fmt.Errorf("reading the day's waits: %w", err)
		}
		f.Hours, f.Numbers, f.Failing = listed(f.Hours), listed(f.Numbers), listed(f.Failing)
		out.Figures, out.AverageWait = &f, call.Duration(wait)
	}
	var v pages.DashboardView
	if err := p.addWorries(r, &v, may); err != nil {
		return day{}, err
	}
	for _, w := range v.Worries {
		out.Worries = append(out.Worries, worry{string(w.Tone), w.Text, w.Link})
	}
	return out, nil
}

func (p *Panel) apiMessages(r *http.Request) ([]call.SIPMessage, error) {
	e, err := p.callFor(r)
	if err != nil {
		return nil, err
	}
	all, err := p.cfg.Store.Messages(r.Context(), e.Call)
	return listed(all), err
}

// apiUses asks for the right to see the thing, and tells of those uses alone
// that whoever asks may see.
func (p *Panel) apiUses(r *http.Request) ([]directory.Use, error) {
	kind, id, who := directory.Kind(r.PathValue("kind")), r.PathValue("id"), loginOf(r)
	if !kindSeen(kind, who) || kind == directory.KindFlow && !mayFlow(who, id) {
		return nil, ErrNotFound
	}
	if kind == directory.KindNumber {
		id = e164Of(id)
	}
	all, err := p.people().Uses(r.Context(), kind, id)
	out := slices.DeleteFunc(all, func(u directory.Use) bool {
		if u.Kind == directory.KindFlow {
			return !mayFlow(who, u.ID)
		}
		return u.Kind != "setting" && !kindSeen(u.Kind, who)
	})
	return listed(out), err
}

// kindSeen tells whether a login may see things of a kind.
func kindSeen(kind directory.Kind, who *directory.Login) bool {
	at := slices.IndexFunc(searchFamilies, func(f searchFamily) bool { return f.kind == kind })
	return at >= 0 && allowed(searchFamilies[at].need, who)
}

func (p *Panel) apiMissing(r *http.Request) ([]flow.Ref, error) {
	d, err := p.drafted(r)
	if err != nil {
		return nil, err
	}
	here, err := p.things(r.Context())
	return listed(here.missing(d.Flow)), err
}

// fileRoutes are the lists of the panel as files for spreadsheets: those that
// their pages offer, by the same handlers.
func fileRoutes() []route {
	var out []route
	for _, f := range []struct {
		path, what string
		need       right
		serve      handler
	}{
		{"/flows", "flows", seeFlows, (*Panel).flows}, {"/numbers", "numbers", seePeople, (*Panel).numbers},
		{"/contact-methods", "contact methods", seePeople, (*Panel).contacts}, {"/users", "users, as they can be imported", seeUsers, (*Panel).users},
		{"/trunks", "trunks", seeUsers, (*Panel).trunks}, {"/schedules", "schedules", seeFlows, (*Panel).schedules}, {"/audio", "audio files", seeFlows, (*Panel).audioFiles},
		{"/lists", "shared lists", seeFlows, (*Panel).lists}, {"/lists/{id}/entries", "what is on a shared list", seeFlows, (*Panel).list},
		{"/calls", "calls; it takes the filters of GET /api/calls", seeCalls, (*Panel).calls}, {"/logins", "logins", editPeople, (*Panel).logins},
		{"/tokens", "tokens, without their secrets", editPeople, (*Panel).tokens}, {"/audit", "the audit log; it takes the filters of GET /api/audit", seeAudit, (*Panel).auditPage},
	} {
		serve := func(p *Panel, w http.ResponseWriter, r *http.Request) error {
			q := r.URL.Query()
			q.Set("format", "csv")
			r = r.Clone(r.Context())
			r.URL = &url.URL{Path: strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/api"), ".csv"), RawQuery: q.Encode()}
			return f.serve(p, w, r)
		}
		rt := route{pattern: "GET /api" + f.path + ".csv", right: f.need, area: api, serve: serve, doc: doc{summary: "Read as CSV: " + f.what, media: "text/csv"}}
		out = append(out, rt.asks("q", "a text that must occur"))
	}
	return out
}
