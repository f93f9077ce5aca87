package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

const (
	maxViewName  = 60
	maxViewQuery = 2000
	maxViews     = 50 // of one login and page
)

// viewPages are the lists whose queries can be kept under a name.
var viewPages = map[string]string{"calls": callsPath}

// readyViews stand before a person has saved any.
var readyViews = map[string][]directory.SavedView{"calls": {
	{Name: "All", Query: ""},
	{Name: "To call back", Query: "mark=open"},
	{Name: "Missed today", Query: "outcome=missed&period=24h"},
	{Name: "Failed this week", Query: "outcome=failed&period=7d"},
}}

func (p *Panel) savedViews(r *http.Request, page string) ([]directory.SavedView, error) {
	if viewPages[page] == "" {
		return nil, ErrNotFound
	}
	all, err := p.cfg.Store.SavedViews(r.Context(), loginOf(r).ID, page)
	if err != nil {
		return nil, fmt.Errorf("reading saved views: %w", err)
	}
	return all, nil
}

func (p *Panel) apiViews(r *http.Request) ([]directory.SavedView, error) {
	all, err := p.savedViews(r, r.PathValue("page"))
	return append([]directory.SavedView{}, all...), err
}

// viewsOf are the named views of a page; the one whose query is asked for is
// open.
func (p *Panel) viewsOf(r *http.Request, page, query string) ([]pages.SavedView, error) {
	own, err := p.savedViews(r, page)
	if err != nil {
		return nil, err
	}
	var out []pages.SavedView
	for i, v := range slices.Concat(readyViews[page], own) {
		view := pages.SavedView{Name: shown(v.Name), Link: viewPages[page], Open: v.Query == query}
		if v.Query != "" {
			view.Link += "?" + v.Query
		}
		if i >= len(readyViews[page]) {
			view.Remove = "/api/saved-views/" + page + "/" + url.PathEscape(v.Name)
		}
		out = append(out, view)
	}
	return out, nil
}

var saveView = action[directory.SavedView, directory.SavedView]{
	do: func(p *Panel, r *http.Request, in directory.SavedView) (directory.SavedView, error) {
		all, err := p.savedViews(r, r.PathValue("page"))
		if err != nil {
			return in, err
		}
		query, parseErr := url.ParseQuery(in.Query)
		in.Query = query.Encode()
		switch {
		case in.Name == "" || len([]rune(in.Name)) > maxViewName:
			return in, refuse("name", fmt.Sprintf("A view's name has 1 to %d characters.", maxViewName))
		case parseErr != nil || len(in.Query) > maxViewQuery:
			return in, refuse("query", "This is no query of a list.")
		case len(all) >= maxViews:
			return in, refuse("name", fmt.Sprintf("There are %d saved views already: remove one first.", maxViews))
		}
		if err := p.cfg.Store.SaveView(r.Context(), loginOf(r).ID, r.PathValue("page"), in); err != nil {
			return in, fmt.Errorf("saving the view: %w", err)
		}
		return in, nil
	},
	done: func(r *http.Request, v directory.SavedView) (location, toast string) {
		return viewPages[r.PathValue("page")] + "?" + v.Query, "The view is saved."
	},
}

var removeView = action[none, none]{
	do: func(p *Panel, r *http.Request, _ none) (none, error) {
		if err := p.cfg.Store.RemoveView(r.Context(), loginOf(r).ID, r.PathValue("page"), r.PathValue("name")); err != nil {
			return none{}, fmt.Errorf("removing the view: %w", err)
		}
		return none{}, nil
	},
	done: func(r *http.Request, _ none) (location, toast string) {
		return viewPages[r.PathValue("page")], "The view is removed."
	},
}
