package ui

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// removed is the answer to a removal.
type removed struct {
	Undo string `json:"undo"` // POST /api/undo/{undo} takes it back, for a while
}

// kindWords are the kinds of things in words.
var kindWords = map[directory.Kind]string{
	directory.KindFlow: "flow", directory.KindNumber: "number", directory.KindContactMethod: "contact method",
	directory.KindTrunk: "trunk", directory.KindUser: "user", directory.KindLogin: "login", directory.KindAudio: "audio file",
	directory.KindPlaylist: "playlist", directory.KindSchedule: "schedule", directory.KindToken: "token",
	directory.KindList: "shared list", directory.KindCallNote: "note",
}

// kindLinks are the pages of one thing of each kind; its id is added.
var kindLinks = map[directory.Kind]string{
	directory.KindFlow: "/flows/", directory.KindNumber: "/numbers/", directory.KindContactMethod: "/contact-methods/",
	directory.KindTrunk: "/trunks/", directory.KindUser: "/users/", directory.KindLogin: "/logins/", directory.KindAudio: "/audio/",
	directory.KindPlaylist: "/playlists/", directory.KindSchedule: "/schedules/",
	directory.KindList: "/lists/",
}

// usesOf shows what uses a thing. A module that does in its flow's draft and in a
// version stands there once.
func usesOf(all []directory.Use) []pages.Use {
	var out []pages.Use
	at := map[string]int{}
	for _, u := range all {
		key := fmt.Sprint(u.Kind, " ", u.ID, " ", u.Module)
		if i, ok := at[key]; ok && u.ID != "" {
			if where := shown(u.Where); where != "" && !strings.Contains(out[i].Note, where) {
				out[i].Note = strings.TrimPrefix(out[i].Note+", "+where, ", ")
			}
			continue
		}
		at[key] = len(out)
		use := pages.Use{What: kindWords[u.Kind], Name: shown(u.Name), Part: shown(u.ModuleName), Note: shown(u.Where)}
		if link, ok := kindLinks[u.Kind]; ok {
			use.Link = link + u.ID
		}
		if u.Kind == directory.KindFlow && u.Module != "" {
			use.Link += "#" + anchor(u.Module)
		}
		out = append(out, use)
	}
	return out
}

// removes is the route that removes one thing by {id}. Something in use is
// refused with every use; else a person is led back, or to where they came from,
// and offered to undo it. Checks may refuse before.
func removes(pattern string, need right, kind directory.Kind, back string, checks ...func(p *Panel, r *http.Request, id string) error) route {
	serve := func(p *Panel, w http.ResponseWriter, r *http.Request) error {
		id := r.PathValue("id")
		for _, check := range checks {
			if err := check(p, r, id); err != nil {
				return p.refuseRemoval(w, r, err)
			}
		}
		undo, err := p.cfg.Store.Remove(r.Context(), kind, id, whoOf(r))
		if err != nil {
			return p.refuseRemoval(w, r, err)
		}
		p.audit(r, "remove", string(kind)+" "+id, nil, nil)
		if fromPage(r) {
			return p.leadWith(w, r, cmp.Or(back, cameFrom(r)), pages.Toast{Text: "Removed the " + kindWords[kind] + ".", Undo: undo})
		}
		return writeJSON(w, r, http.StatusOK, removed{undo})
	}
	return route{pattern: pattern, right: need, area: api, serve: serve,
		doc: doc{summary: "Remove a " + kindWords[kind], out: reflect.TypeFor[removed]()}}
}

// refuseRemoval answers why something was not removed: a page that lists every
// use, or the same as JSON.
func (p *Panel) refuseRemoval(w http.ResponseWriter, r *http.Request, err error) error {
	why := refusalOf(err)
	switch {
	case why == nil:
		return err
	case !fromPage(r):
		return writeJSON(w, r, why.Status, why)
	}
	return p.render(w, r, why.Status, pages.InUse(pages.InUseView{Frame: p.frame(r, "Still in use", ""), Text: why.Text,
		Uses: usesOf(why.Uses), Back: cameFrom(r)}))
}

// cameFrom is the page of ours that a form was sent from. A page that answers a
// form stands at the address of that form, in the API, where nobody can be led.
func cameFrom(r *http.Request) string {
	if _, path, ok := strings.Cut(r.Referer(), "://"+r.Host); ok {
		return safeNext(strings.TrimPrefix(path, "/api"))
	}
	return "/"
}

// undo brings back what was removed of late, or takes a bulk edit back, for the
// one who did that.
func (p *Panel) undo(r *http.Request, _ none) (none, error) {
	what, err := p.cfg.Store.Undo(r.Context(), r.PathValue("id"), whoOf(r))
	if err != nil {
		return none{}, err
	}
	p.audit(r, "undo", what, nil, nil)
	return none{}, nil
}
