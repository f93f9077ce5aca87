package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tandem/flow/directory"
)

// searched is what somebody finds, as kinds and titles.
func searched(c *client, text string) string {
	c.t.Helper()
	var got searchResult
	c.want(c.get("/api/search?"+url.Values{"q": {text}}.Encode()), http.StatusOK).into(c.t, &got)
	var out []string
	for _, g := range got.Groups {
		for _, h := range g.Hits {
			out = append(out, g.Kind+" "+h.Title)
		}
	}
	return strings.Join(out, ", ")
}

func TestPagesAndSettingsAreFoundByWhatOthersCallThem(t *testing.T) {
	owner := &directory.Login{ID: "x", Role: directory.Owner}
	for text, want := range map[string]string{
		"IVR": "Flows", "auto attendant": "Flows", "extension": "Contact methods", "delivery method": "Contact methods", "did": "Numbers", "DDI": "Numbers",
		"gateway": "Trunks", "carrier": "Trunks", "sip provider": "Trunks", "agent": "Queues", "ACD": "Queues", "business hours": "Schedules",
		"music on hold": "Audio", "CDR": "Calls", "password": "Change your password", "2fa": "Second factor", "MFA": "Second factor", "smtp": "Outgoing mail",
		"star codes": "Feature codes", "retention": "How long history is kept", "time zo": "Time zone", "settings": "Settings", "Numb": "Numbers", "dark mode": "Light and dark",
		"openapi": "API", "api keys": "API tokens", "conferences": "Live", "nuisance": "Lists", "zzz": "",
	} {
		first := ""
		if hits := placesFor(owner, directory.ReadSearch(text).Words, 3); len(hits) > 0 {
			first = hits[0].Title
		}
		if first != want {
			t.Errorf("%q finds %q first, want %q", text, first, want)
		}
	}
	for text, want := range map[string]string{"ivr": "voice-menu", "hunt group": "ring-group", "acd": "queue", "webhook": "http-request", "business hours": "time-router"} {
		if kinds := kindsFor(directory.ReadSearch(text).Words); !slices.Contains(kinds, want) {
			t.Errorf("%q means the kinds %q, want %s among them", text, kinds, want)
		}
	}
}

func TestEveryPlaceOpensForWhomItIsOffered(t *testing.T) {
	w := newWorld(t)
	for _, role := range directory.Roles {
		c := w.as(role)
		for _, pl := range places {
			if !allowed(pl.need, &c.login) {
				continue
			}
			path, part, _ := strings.Cut(pl.link, "#")
			a := c.get(path)
			if a.StatusCode != http.StatusOK || part != "" && !strings.Contains(a.body, `id="`+part+`"`) {
				t.Errorf("%s is led to %s, which answers %d and has its part: %v", role, pl.link, a.StatusCode, strings.Contains(a.body, `id="`+part+`"`))
			}
			if iconOf(pl.link) == "" {
				t.Errorf("%s has no icon", pl.title)
			}
		}
	}
	for _, group := range menu {
		for _, e := range group.entries {
			if !slices.ContainsFunc(places, func(pl place) bool { return pl.link == e.item.Link && pl.title == e.item.Label }) {
				t.Errorf("%s stands in the menu and is not found", e.item.Label)
			}
		}
	}
}

func TestASearchFindsWhatARoleMaySeeAndNothingElse(t *testing.T) {
	w := newTown(t)
	all := map[string]string{
		"alice@":    "user Alice Andersson",
		"carrier":   "page Trunks, page Add a trunk, trunk Carrier of the town",
		"wallboard": "page Live, token Wallboard", "15550101": "number +15550101", "office hours": "page Schedules, schedule Office hours",
		"supervisor@": "login supervisor@example.org", "closing words": "module Closing words",
	}
	for text, want := range all {
		for _, role := range directory.Roles {
			c := w.as(role)
			expected := []string{}
			for _, hit := range strings.Split(want, ", ") {
				kind, title, _ := strings.Cut(hit, " ")
				need := right("")
				if kind == "page" {
					need = places[slices.IndexFunc(places, func(pl place) bool { return pl.title == title })].need
				} else {
					need = searchFamilies[slices.IndexFunc(searchFamilies, func(f searchFamily) bool { return string(f.kind) == kind })].need
				}
				if allowed(need, &c.login) {
					expected = append(expected, hit)
				}
			}
			if got := searched(c, text); got != strings.Join(expected, ", ") {
				t.Errorf("%s searches for %q and finds %q, want %q", role, text, got, expected)
			}
		}
	}
}

func TestASearchStaysInTheFlowsOfWhoAsks(t *testing.T) {
	w := newTown(t)
	limited := w.as(directory.Supervisor, func(l *directory.Login) { l.Flows = []string{"helpdesk"} })
	for text, want := range map[string]string{"helpdesk": "flow Helpdesk, module Helpdesk queue", "main li": "", "closing words": "", "700": "internal-number 700", "15550101": "", "mobile of": "contact-method Mobile of Alice"} {
		got := searched(limited, text)
		if got = strings.TrimPrefix(got, "page "); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	agent := w.as(directory.Agent, func(l *directory.Login) { l.User = "carol" }) // whose phones have never rung
	if got := searched(agent, string(w.talked)); got != "" {
		t.Errorf("an agent finds %q", got)
	}
	if got, want := searched(w.as(directory.Owner), string(w.talked)), "call "; !strings.HasPrefix(got, want) {
		t.Errorf("an owner finds %q", got)
	}
	token := w.token(directory.Token{Name: "robot", Role: directory.ReadOnly, Flows: []string{"helpdesk"}})
	if got, want := searched(token, "helpdesk"), "flow Helpdesk, module Helpdesk queue"; got != want {
		t.Errorf("a token finds %q, want %q", got, want)
	}
}

func TestASearchLeadsToThePlaceItself(t *testing.T) {
	w := newTown(t)
	owner := w.as(directory.Owner)
	links := func(text string) (out []string) {
		var got searchResult
		owner.want(owner.get("/api/search?"+url.Values{"q": {text}}.Encode()), http.StatusOK).into(t, &got)
		for _, g := range got.Groups {
			for _, h := range g.Hits {
				out = append(out, h.Link)
			}
		}
		return out
	}
	for text, want := range map[string]string{"closing words": "/flows/main-line#m-closing", "+1 (555) 0101": "/numbers/+15550101", "00 1 555 0101": "/numbers/+15550101", "700": "/flows/helpdesk#m-in",
		string(w.talked): "/calls/" + string(w.talked), "101": "/contact-methods/account-101", "ivr": "/flows", "2fa": "/account#factor-title", "pests": ""} {
		if got := links(text); want != "" && !slices.Contains(got, want) {
			t.Errorf("%q leads to %q, want %s", text, got, want)
		}
		for _, link := range links(text) {
			path, _, _ := strings.Cut(link, "#")
			if a := owner.get(path); a.StatusCode != http.StatusOK {
				t.Errorf("%q leads to %s, which answers %d", text, link, a.StatusCode)
			}
		}
	}
}

func TestTheSearchWorksAsAPageAndAsAListAndIsBounded(t *testing.T) {
	w := newTown(t)
	owner := w.as(directory.Owner)
	has(t, owner.want(owner.get("/search?q=ivr"), http.StatusOK), "</html>", "Pages and settings", `href="/flows"`, "Modules", "Voice Menu in ")
	has(t, owner.want(owner.get("/search?q=zzzz"), http.StatusOK), "Nothing is called that")
	has(t, owner.want(owner.get("/search"), http.StatusOK), "however it is spelled")
	part := owner.want(owner.do("GET", "/search?q=ivr", nil, func(r *http.Request) { r.Header.Set("HX-Request", "true") }), http.StatusOK)
	if strings.Contains(part.body, "<html") || !strings.Contains(part.body, `role="option"`) {
		t.Error("the list below the field is no list")
	}
	hostile := owner.want(owner.get("/search?"+url.Values{"q": {`<script>alert(1)</script>`}}.Encode()), http.StatusOK)
	if strings.Contains(hostile.body, "<script>alert") {
		t.Error("what was typed is not escaped")
	}
	for _, limit := range []string{"0", "26", "x", "-1"} {
		owner.want(owner.get("/api/search?q=a&limit="+limit), http.StatusUnprocessableEntity)
	}
	var got searchResult
	owner.want(owner.get("/api/search?limit=2&q=a"), http.StatusOK).into(t, &got)
	for _, g := range got.Groups {
		if len(g.Hits) > 2 {
			t.Errorf("%d %s are found, want at most 2", len(g.Hits), g.Kind)
		}
	}
	owner.want(owner.get("/api/search?q="+strings.Repeat("a%20", 10_000)), http.StatusOK)
	if a := w.nobody().get("/api/search?q=a"); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("nobody is answered %d", a.StatusCode)
	}
}
