package ui

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// SearchStore finds things by a few words or a part of a number.
type SearchStore interface {
	// Search finds at most q.Limit things of each kind, in the order of the kinds.
	Search(ctx context.Context, kinds []directory.Kind, q directory.Search) ([]directory.Found, error)
}

// searchRoutes find anything that whoever asks may open.
func searchRoutes() []route {
	return []route{
		shows("GET /search", signedIn, (*Panel).searchPage),
		reads("GET /api/search", signedIn, "Find pages, settings, flows, modules, numbers, people and calls by words, or by any part and spelling of a number", (*Panel).apiSearch).
			asks("q", "what is searched for: every word must occur; at most 100 characters").asks("limit", "of each group, 1 to 25; 5 unless given"),
	}
}

// Most that one group of an answer holds: in the list below the field, and on
// the page.
const (
	searchBrief = 5
	searchWide  = 25
)

// searchResult is the answer to a search.
type searchResult struct {
	Query  string        `json:"query"`
	Groups []searchGroup `json:"groups"` // none is empty
}

// searchGroup is what was found of one kind.
type searchGroup struct {
	Kind  string      `json:"kind"` // page, flow, module, number, …
	Title string      `json:"title"`
	Hits  []searchHit `json:"hits"`
	More  string      `json:"more,omitempty"` // address of a list of all, where there may be more
}

// searchHit is one thing that was found.
type searchHit struct {
	ID    string    `json:"id,omitempty"` // of what is no page
	Title string    `json:"title"`
	Note  string    `json:"note,omitempty"`
	Link  string    `json:"link"` // of its page
	At    time.Time `json:"at,omitzero"`
}

// searchFamily is one kind of things that a search finds, in the order shown.
type searchFamily struct {
	kind  directory.Kind
	title string
	need  right
	list  string // page that lists them and can be searched; empty: none
}

var searchFamilies = []searchFamily{
	{directory.KindFlow, "Flows", seeFlows, "/flows"},
	{directory.KindModule, "Modules", seeFlows, ""},
	{directory.KindNumber, "Numbers", seePeople, "/numbers"},
	{directory.KindInternalNumber, "Internal numbers", seePeople, ""},
	{directory.KindContactMethod, "Contact methods", seePeople, "/contact-methods"},
	{directory.KindUser, "Users", seeUsers, "/users"},
	{directory.KindTrunk, "Trunks", seeUsers, "/trunks"},
	{directory.KindSchedule, "Schedules", seeFlows, "/schedules"},
	{directory.KindAudio, "Audio", seeFlows, "/audio"},
	{directory.KindPlaylist, "Playlists", seeFlows, ""},
	{directory.KindList, "Lists", seeFlows, "/lists"},
	{directory.KindLogin, "Logins", editPeople, "/logins"},
	{directory.KindToken, "API tokens", editPeople, "/tokens"},
	{directory.KindCall, "Calls", seeCalls, "/calls"},
}

// pagesTitle heads the pages and settings that were found.
const pagesTitle = "Pages and settings"

// find searches all that whoever asks may see.
func (p *Panel) find(r *http.Request, text string, most int) ([]pages.HitGroup, error) {
	who, q := loginOf(r), directory.ReadSearch(text)
	if len(q.Words) == 0 {
		return nil, nil
	}
	may, err := p.sightOf(r)
	if err != nil {
		return nil, err
	}
	q.Scope, q.ModuleKinds, q.Limit = may.flows, kindsFor(q.Words), most
	if may.own {
		q.User = may.user
	}
	var kinds []directory.Kind
	for _, f := range searchFamilies {
		if allowed(f.need, who) {
			kinds = append(kinds, f.kind)
		}
	}
	found, err := p.cfg.Store.Search(r.Context(), kinds, q)
	if err != nil {
		return nil, err
	}
	var out []pages.HitGroup
	if hits := placesFor(who, q.Words, most); len(hits) > 0 {
		out = append(out, pages.HitGroup{Kind: "page", Title: pagesTitle, Hits: hits})
	}
	for _, family := range searchFamilies {
		if g := family.group(found, q); len(g.Hits) > 0 {
			out = append(out, g)
		}
	}
	return out, nil
}

// group is what was found of a family.
func (f searchFamily) group(found []directory.Found, q directory.Search) pages.HitGroup {
	g := pages.HitGroup{Kind: string(f.kind), Title: f.title}
	for _, one := range found {
		if one.Kind == f.kind {
			g.Hits = append(g.Hits, hitOf(one))
		}
	}
	if len(g.Hits) == q.Limit && f.list != "" {
		g.More = f.list + "?" + url.Values{"q": {q.Text}}.Encode()
	}
	return g
}

// hitOf shows one thing that was found.
func hitOf(f directory.Found) pages.Hit {
	h := pages.Hit{ID: f.ID, Title: shown(f.Name), Note: shown(f.Note), Link: kindLinks[f.Kind] + url.PathEscape(f.ID), Icon: iconOf(kindLinks[f.Kind]), At: f.At}
	switch f.Kind {
	case directory.KindModule:
		h.Kind, h.Link, h.Note = f.Module, flowPage(f.Flow)+"#"+anchor(f.ID), flow.Catalog[f.Module].Title+" in "+shown(f.FlowName)
	case directory.KindNumber, directory.KindInternalNumber:
		h.Note = strings.Join(slices.DeleteFunc([]string{shown(f.Note), shown(f.FlowName)}, func(s string) bool { return s == "" }), " · ")
		if f.Kind == directory.KindInternalNumber {
			c := directory.Claimant{Flow: f.Flow, Module: "", ContactMethod: f.ContactMethod}
			h.Link, h.Icon = claimantLink(c), iconOf("/contact-methods")
			if f.Flow != "" {
				h.Link, h.Icon = flowPage(f.Flow)+"#"+anchor(f.Module), iconOf("/flows")
			}
		}
	case directory.KindContactMethod:
		h.Note = strings.Join(slices.DeleteFunc([]string{formOf(directory.ContactKind(f.Module)).title, shown(f.Note)}, func(s string) bool { return s == "" }), " · ")
	case directory.KindLogin:
		h.Note = roleWords[directory.Role(f.Note)]
	case directory.KindToken:
		h.Link, h.Icon = "/tokens", iconOf("/tokens")
	case directory.KindCall:
		h.Link, h.Icon = callsPath+"/"+url.PathEscape(f.ID), iconOf(callsPath)
		h.Title, h.Note = "Anonymous", "to "+shown(f.Module)
		if f.Name != "" {
			h.Title = strings.TrimSpace(shown(f.Note) + " " + shown(f.Name))
		}
	}
	return h
}

func (p *Panel) apiSearch(r *http.Request) (searchResult, error) {
	text := strings.TrimSpace(r.URL.Query().Get("q"))
	most := searchBrief
	if asked := r.URL.Query().Get("limit"); asked != "" {
		if _, err := fmt.Sscan(asked, &most); err != nil || most < 1 || most > searchWide {
			return searchResult{}, refuse("limit", fmt.Sprintf("1 to %d.", searchWide))
		}
	}
	groups, err := p.find(r, text, most)
	out := searchResult{Query: directory.ReadSearch(text).Text, Groups: []searchGroup{}}
	for _, g := range groups {
		group := searchGroup{Kind: g.Kind, Title: g.Title, More: g.More}
		for _, h := range g.Hits {
			group.Hits = append(group.Hits, searchHit{h.ID, h.Title, h.Note, h.Link, h.At})
		}
		out.Groups = append(out.Groups, group)
	}
	return out, err
}

// searchPage shows what was found: a page, or for the field in the menu only
// the list that opens below it.
func (p *Panel) searchPage(w http.ResponseWriter, r *http.Request) error {
	text := directory.ReadSearch(r.URL.Query().Get("q")).Text
	brief := r.Header.Get("HX-Request") != ""
	groups, err := p.find(r, text, map[bool]int{true: searchBrief, false: searchWide}[brief])
	if err != nil {
		return err
	}
	v := pages.SearchView{Query: text, Groups: groups}
	w.Header().Add("Vary", "HX-Request")
	if brief {
		return p.render(w, r, http.StatusOK, pages.SearchList(v))
	}
	v.Frame = p.frame(r, "Search", "")
	return p.render(w, r, http.StatusOK, pages.Search(v))
}
