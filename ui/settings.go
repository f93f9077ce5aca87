package ui

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/forms"
	"tandem/ui/pages"
)

// Keys of the settings that the panel edits.
const (
	generalKey  = "general"
	featuresKey = "feature-codes"
)

// settingRoutes are the settings of the whole installation.
func settingRoutes() []route {
	return []route{
		shows("GET /settings", editPeople, (*Panel).settings),
		shows("GET /settings/feature-codes", editPeople, (*Panel).featureCodes),
		reads("GET /api/settings/general", editPeople, "Read the general settings", (*Panel).general),
		acts("PUT /api/settings/general", editPeople, "Change the general settings", action[directory.General, directory.General]{
			do: (*Panel).saveGeneral, form: (*Panel).generalPage,
			done: func(*http.Request, directory.General) (string, string) { return "/settings", "Saved." }}),
		reads("GET /api/settings/feature-codes", editPeople, "List the feature codes", (*Panel).codes),
		acts("PUT /api/settings/feature-codes", editPeople, "Change the feature codes", action[featureCodes, featureCodes]{
			do: (*Panel).saveCodes, form: (*Panel).codesForm,
			done: func(*http.Request, featureCodes) (string, string) { return "/settings/feature-codes", "Saved." }}),
	}
}

// featureCodes is the list of codes.
type featureCodes struct {
	Codes []directory.FeatureCode `json:"codes"`
}

// settingTabs lead between the pages of settings.
func settingTabs(here string) []pages.Tab {
	return []pages.Tab{
		{Label: "General", Link: "/settings", Here: here == "general"},
		{Label: "Feature codes", Link: "/settings/feature-codes", Here: here == "feature-codes"},
		{Label: "Outgoing mail", Link: "/settings/mail", Here: here == "mail"},
		{Label: "Signing in", Link: "/settings/access", Here: here == "access"},
		{Label: "API tokens", Link: "/tokens", Here: here == "tokens"},
	}
}

// declineCodes are what a call over a limit may be answered (product sheet 9).
var declineCodes = []pages.Option{
	{Value: "403", Label: "403 Forbidden"}, {Value: "480", Label: "480 Temporarily unavailable"}, {Value: "486", Label: "486 Busy here"},
	{Value: "600", Label: "600 Busy everywhere"}, {Value: "603", Label: "603 Decline"},
}

var diallings = []pages.Option{{Value: "e164", Label: "With + and country (E.164)"}, {Value: "national", Label: "As in the default country"}}

// defaultGeneral is what stands until somebody saves.
func defaultGeneral() directory.General {
	return directory.General{Name: "Tandem", Zone: "UTC", OverLimitDecline: 480, Dialling: "e164", LongestCall: 240, HistoryDays: 400}
}

func (p *Panel) general(r *http.Request) (directory.General, error) {
	g := defaultGeneral()
	if err := p.cfg.Store.Setting(r.Context(), generalKey, &g); err != nil && !errors.Is(err, ErrNotFound) {
		return g, fmt.Errorf("reading the settings: %w", err)
	}
	return g, nil
}

func (p *Panel) settings(w http.ResponseWriter, r *http.Request) error {
	g, err := p.general(r)
	if err != nil {
		return err
	}
	page, err := p.generalPage(r, g, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, page)
}

func (p *Panel) saveGeneral(r *http.Request, in directory.General) (directory.General, error) {
	in.Name, in.PublicAddress, in.Country = strings.TrimSpace(in.Name), strings.TrimSpace(in.PublicAddress), strings.ToUpper(strings.TrimSpace(in.Country))
	if notes := generalProblems(in); len(notes) > 0 {
		return in, &Refusal{Status: http.StatusUnprocessableEntity, Text: "Some settings are not right.", Fields: notes}
	}
	was, err := p.general(r)
	if err != nil {
		return in, err
	}
	if err := p.cfg.Store.SaveSetting(r.Context(), generalKey, in); err != nil {
		return in, err
	}
	p.audit(r, "change settings", "general", was, in)
	return in, nil
}

// generalProblems is everything wrong with the general settings.
func generalProblems(g directory.General) (notes []forms.FieldNote) {
	_, zoneErr := time.LoadLocation(g.Zone)
	_, addressErr := netip.ParseAddr(g.PublicAddress)
	known := func(all []pages.Option, v string) bool {
		return slices.ContainsFunc(all, func(o pages.Option) bool { return o.Value == v })
	}
	for _, rule := range []struct {
		broken      bool
		field, text string
	}{
		{g.Name == "" || len([]rune(g.Name)) > 60, "name", "A name has 1 to 60 characters."},
		{zoneErr != nil || g.Zone == "" || g.Zone == "Local", "zone", "Give a time zone such as Europe/Stockholm."},
		{!known(declineCodes, strconv.Itoa(g.OverLimitDecline)), "over_limit", "Choose one of the codes."},
		{!known(diallings, g.Dialling), "dialling", "Choose one of both."},
		{g.Country != "" && (len(g.Country) != 2 || strings.Trim(g.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""), "country", "Give two letters such as SE."},
		{g.Dialling == "national" && g.Country == "", "country", "National numbers need a country."},
		{g.LongestCall < 10 || g.LongestCall > 1440, "longest_call", "10 to 1440 minutes."},
		{g.HistoryDays < 1 || g.HistoryDays > 3650, "history_days", "1 to 3650 days."},
		{g.PublicAddress != "" && addressErr != nil, "public_address", "Give an IP address, or nothing."},
	} {
		if rule.broken {
			notes = append(notes, forms.FieldNote{Field: rule.field, Text: rule.text})
		}
	}
	return notes
}

func (p *Panel) generalPage(r *http.Request, g directory.General, why *Refusal) (templ.Component, error) {
	music := []pages.Option{{Label: "The system's own", Chosen: g.HoldMusic == ""}}
	files, err := p.cfg.Store.AudioFiles(r.Context())
	if err != nil {
		return nil, fmt.Errorf("reading the audio: %w", err)
	}
	for _, file := range files {
		music = append(music, pages.Option{Value: file.ID, Label: shown(file.Name), Chosen: file.ID == g.HoldMusic})
	}
	lists, err := p.cfg.Store.Playlists(r.Context())
	if err != nil {
		return nil, fmt.Errorf("reading the playlists: %w", err)
	}
	for _, l := range lists {
		music = append(music, pages.Option{Value: l.ID, Label: shown(l.Name) + " · playlist", Chosen: l.ID == g.HoldMusic})
	}
	f := func(name, label, kind, value, hint string) pages.Field {
		return pages.Field{Name: name, Label: label, Type: kind, Value: value, Hint: hint, Problem: why.Field(name)}
	}
	number := func(name, label, unit string, value, low, high int, hint string) pages.Field {
		x := f(name, label, "number", strconv.Itoa(value), hint)
		x.Unit, x.Min, x.Max, x.Required = unit, strconv.Itoa(low), strconv.Itoa(high), true
		return x
	}
	choose := func(name, label, value string, options []pages.Option, hint string) pages.Field {
		x := f(name, label, "select", value, hint)
		x.Options = options
		return x
	}
	area := func(name, label, value, hint string) pages.Field {
		x := f(name, label, "area", value, hint)
		x.Rows, x.Wide = 3, true
		return x
	}
	strict := pages.Field{Name: "strict_ring_groups", Label: "Strict ring groups", Type: "check", Checked: g.StrictRingGroups,
		Hint: "A ring group with four or more destinations stops a publish, where it is a warning otherwise."}
	v := pages.SettingsView{Frame: p.frame(r, "Settings", "settings"), Tabs: settingTabs("general"), Groups: []pages.FieldGroup{
		{Title: "This system", Fields: []pages.Field{f("name", "Name", "text", g.Name, "Authenticators show it beside the codes of a second factor."), f("zone", "Time zone", "text", g.Zone, "As in Europe/Stockholm. Days of the figures begin at midnight there, and new schedules begin with it."),
			f("public_address", "Public address", "text", g.PublicAddress, "The server that the page of a SIP account tells people to register at. What a node tells phones and carriers in a call is its own setting, --advertise.")}},
		{Title: "Dialling", Fields: []pages.Field{choose("dialling", "How people dial", g.Dialling, diallings, notYet("calls out")), f("country", "Default country", "text", g.Country, "Two letters, for national numbers. "+notYet("calls out"))}},
		{Title: "Calls", Fields: []pages.Field{choose("over_limit", "A call over a limit is answered", strconv.Itoa(g.OverLimitDecline), declineCodes, "Where a number or a trunk has as many calls as it may have, and the overflow of its Phone Number leads nowhere."),
			choose("hold_music", "Hold music", g.HoldMusic, music, "Heard by whoever the other party puts on hold."),
			number("longest_call", "Longest call", "min", g.LongestCall, 10, 1440, "A conversation ends then; both hear a tone a minute before. Calls that come in from now on."), strict}},
		{Title: "Reaching out", Fields: []pages.Field{area("allowed_targets", "Private networks that may be reached", g.AllowedTargets.String(),
			"One address or network on each line, such as 10.1.0.0/16. Outgoing mail and the HTTP requests of flows reach public addresses, and of our own networks these only.")}},
		{Title: "Keeping", Fields: []pages.Field{number("history_days", "Call history is kept", "days", g.HistoryDays, 1, 3650, "")}},
	}}
	if why != nil {
		v.Problem = why.Text
	}
	return pages.Settings(v), nil
}

// notYet is the hint of a setting that is kept for something still to come.
func notYet(what string) string { return "Used by " + what + ", which are not there yet." }

func (p *Panel) codes(r *http.Request) (featureCodes, error) {
	c := featureCodes{directory.DefaultFeatureCodes()}
	if err := p.cfg.Store.Setting(r.Context(), featuresKey, &c.Codes); err != nil && !errors.Is(err, ErrNotFound) {
		return c, fmt.Errorf("reading the feature codes: %w", err)
	}
	return c, nil
}

func (p *Panel) featureCodes(w http.ResponseWriter, r *http.Request) error {
	c, err := p.codes(r)
	if err != nil {
		return err
	}
	page, err := p.codesForm(r, c, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, page)
}

func (p *Panel) saveCodes(r *http.Request, in featureCodes) (featureCodes, error) {
	var notes []forms.FieldNote
	for _, wrong := range directory.CheckFeatureCodes(in.Codes) {
		notes = append(notes, forms.FieldNote{Field: fmt.Sprintf("codes.%d.code", wrong.At), Text: sentence(wrong.Text)})
	}
	if len(notes) > 0 {
		return in, &Refusal{Status: http.StatusUnprocessableEntity, Text: "Some codes are not right.", Fields: notes}
	}
	was, err := p.codes(r)
	if err != nil {
		return in, err
	}
	if err := p.cfg.Store.SaveSetting(r.Context(), featuresKey, in.Codes); err != nil {
		return in, err
	}
	p.audit(r, "change settings", "feature codes", was, in)
	return in, nil
}

func (p *Panel) codesForm(r *http.Request, in featureCodes, why *Refusal) (templ.Component, error) {
	v := pages.FeatureCodesView{Frame: p.frame(r, "Feature codes", "settings"), Tabs: settingTabs("feature-codes")}
	if why != nil {
		v.Problem = why.Text
	}
	for i, f := range directory.Features {
		at := slices.IndexFunc(in.Codes, func(c directory.FeatureCode) bool { return c.ID == f.ID })
		c := directory.FeatureCode{ID: f.ID, Code: f.Default}
		note := ""
		if at >= 0 {
			c, note = in.Codes[at], why.Field(fmt.Sprintf("codes.%d.code", at))
		}
		row := fmt.Sprintf("codes.%d.", i)
		v.Rows = append(v.Rows, pages.FeatureCodeRow{ID: f.ID, Title: f.Title, Where: f.Where, Later: !f.Read, IDField: row + "id",
			Code: pages.Field{Name: row + "code", Label: "Code of " + f.Title, Value: c.Code, Required: true, Max: "5", Problem: note},
			On:   pages.Field{Name: row + "on", Label: f.Title + " is on", Type: "check", Checked: c.On}})
	}
	return pages.FeatureCodes(v), nil
}
