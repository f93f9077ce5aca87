package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// numberRoutes are the numbers of ours.
func numberRoutes() []route {
	return []route{
		shows("GET /numbers", seePeople, (*Panel).numbers),
		shows("GET /numbers/new", editPeople, (*Panel).newNumber),
		shows("GET /numbers/bulk", editPeople, (*Panel).bulkPage),
		shows("GET /numbers/move", editPeople, (*Panel).takePage),
		shows("GET /numbers/{id}", seePeople, (*Panel).number),
		shows("GET /numbers/{id}/move", editPeople, (*Panel).movePage),
		reads("GET /api/numbers", seePeople, "List numbers", (*Panel).numbersSeen),
		reads("GET /api/numbers/{id}", seePeople, "Read one number", (*Panel).numberOf),
		acts("POST /api/numbers", editPeople, "Add a number", action[numberInput, directory.Number]{
			do: (*Panel).addNumber, form: (*Panel).numberForm, done: toNumber("Added."), status: http.StatusCreated}),
		acts("PUT /api/numbers/{id}", editPeople, "Change a number", action[numberInput, directory.Number]{
			do: (*Panel).changeNumber, form: (*Panel).numberForm, done: toNumber("Saved.")}),
		acts("POST /api/numbers/bulk", editPeople, "Add many numbers", action[bulkInput, bulkResult]{
			do: (*Panel).addNumbers, form: bulkForm, show: bulkShown}),
		acts("POST /api/numbers/{id}/move", editPeople, "Give a number to a contact method or a flow, whoever holds it", action[moveInput, directory.Number]{
			do: (*Panel).moveNumber, form: (*Panel).moveForm, done: toNumber("Moved.")}),
		removes("DELETE /api/numbers/{id}", editPeople, directory.KindNumber, "/numbers"),
	}
}

// numberInput is a number as it is written.
type numberInput struct {
	E164     string   `json:"e164"` // with or without plus; of a number that exists, its own or empty
	Label    string   `json:"label"`
	Disabled bool     `json:"disabled"`
	Trunks   []string `json:"trunks"`

	CallsAtOnce *int `json:"calls_at_once,omitempty"` // 0–1000, 0: no limit; left out, it stays as it is
}

func numberLink(e164 string) string { return "/numbers/" + url.PathEscape(e164) }

func toNumber(toast string) func(*http.Request, directory.Number) (string, string) {
	return func(_ *http.Request, n directory.Number) (string, string) { return numberLink(n.E164.String()), toast }
}

// numbersSeen are the numbers that a login may see: all, or those of the flows
// it is limited to.
func (p *Panel) numbersSeen(r *http.Request) ([]directory.Number, error) {
	all, err := p.people().Numbers(r.Context())
	who := loginOf(r)
	return slices.DeleteFunc(all, func(n directory.Number) bool { return len(who.Flows) > 0 && !mayFlow(who, n.Claimant.Flow) }), err
}

func (p *Panel) numberOf(r *http.Request) (directory.Number, error) {
	n, err := p.people().Number(r.Context(), e164Of(r.PathValue("id")))
	if who := loginOf(r); err == nil && len(who.Flows) > 0 && !mayFlow(who, n.Claimant.Flow) {
		err = ErrNotFound
	}
	return n, err
}

// e164Of reads a number as an address has it, where the plus may be missing.
func e164Of(text string) string {
	n, err := dialplan.ParseNumber(text)
	if err != nil {
		return text
	}
	return n.String()
}

func (p *Panel) addNumber(r *http.Request, in numberInput) (directory.Number, error) {
	var bad notes
	e164, err := dialplan.ParseNumber(in.E164)
	bad.unless(err == nil, "e164", "Write 7 to 15 digits with the country code, such as +46 8 123 456 78.")
	optional(&bad, "label", in.Label, 80)
	limit := atOnce(&bad, in.CallsAtOnce, 0, directory.MaxNumberCalls)
	if err := bad.err(); err != nil {
		return directory.Number{}, err
	}
	if _, err := p.people().Number(r.Context(), e164.String()); !errors.Is(err, directory.ErrNotFound) {
		if err == nil {
			err = conflict("e164", "This number is here already.")
		}
		return directory.Number{}, err
	}
	return p.saveNumber(r, "add", directory.Number{E164: e164, Label: in.Label, Disabled: in.Disabled, Trunks: in.Trunks, CallsAtOnce: limit}, nil)
}

func (p *Panel) changeNumber(r *http.Request, in numberInput) (directory.Number, error) {
	before, err := p.numberOf(r)
	if err != nil {
		return before, err
	}
	var bad notes
	optional(&bad, "label", in.Label, 80)
	limit := atOnce(&bad, in.CallsAtOnce, before.CallsAtOnce, directory.MaxNumberCalls)
	bad.unless(in.E164 == "" || e164Of(in.E164) == before.E164.String(), "e164", "A number does not change: add the other one instead.")
	if err := bad.err(); err != nil {
		return before, err
	}
	after := before
	after.Label, after.Disabled, after.Trunks, after.CallsAtOnce = in.Label, in.Disabled, in.Trunks, limit
	return p.saveNumber(r, "change", after, before)
}

func (p *Panel) saveNumber(r *http.Request, what string, n directory.Number, before any) (directory.Number, error) {
	if err := p.people().SaveNumber(r.Context(), n); err != nil {
		return n, err
	}
	p.audit(r, what, "number "+n.E164.String(), before, n)
	return n, nil
}

// atOnce reads how many calls may run at once; what is left out stays as it was.
func atOnce(bad *notes, typed *int, was, most int) int {
	if typed == nil {
		return was
	}
	bad.unless(*typed >= 0 && *typed <= most, "calls_at_once", fmt.Sprintf("0 to %d; 0 is no limit.", most))
	return *typed
}

// atOnceField asks how many calls may run at once.
func atOnceField(value, most int, hint string) pages.Field {
	return pages.Field{Name: "calls_at_once", Label: "Calls at once", Type: "number", Value: strconv.Itoa(value), Min: "0", Max: strconv.Itoa(most),
		Hint: "0 is no limit. " + hint + " A call that left by overflow does not count."}
}

// conflict is a refusal because something is there already.
func conflict(field, text string) *Refusal {
	why := refuse(field, text)
	why.Status = http.StatusConflict
	return why
}

func (p *Panel) numbers(w http.ResponseWriter, r *http.Request) error {
	all, err := p.numbersSeen(r)
	if err != nil {
		return err
	}
	trunks, err := p.trunkNames(r.Context())
	if err != nil {
		return err
	}
	t := table[directory.Number]{title: "Numbers", area: "numbers", file: "numbers", search: "Search numbers, labels, who holds them",
		hint: "The numbers your carriers lead here, and where a call to each goes.",
		link: func(n directory.Number) string { return numberLink(n.E164.String()) }, off: func(n directory.Number) bool { return n.Disabled },
		empty:   pages.Empty{Title: "No numbers yet", Text: "Add the numbers that your carrier sends to this system. Then let a flow begin with one of them, or give one to a contact method."},
		filters: []pages.Field{{Name: "held", Label: "Held by anyone", Options: []pages.Option{{Value: "flow", Label: "By a flow"}, {Value: "contact-method", Label: "By a contact method"}, {Value: "none", Label: "By nobody"}}}},
		keep: func(q listQuery, n directory.Number) bool {
			return q.values.Get("held") == "" || q.values.Get("held") == heldBy(n.Claimant)
		},
		columns: []column[directory.Number]{
			{key: "number", label: "Number", text: func(n directory.Number) string { return n.E164.String() }, cell: numberCell},
			{key: "label", label: "Label", text: func(n directory.Number) string { return n.Label }},
			{key: "holder", label: "Held by", text: func(n directory.Number) string { return holder(n.Claimant) }, cell: func(n directory.Number) pages.Cell { return claimantCell(n.Claimant) }},
			{label: "Calls at once", right: true, text: func(n directory.Number) string { return limitText(n.CallsAtOnce) }},
			{label: "Trunks", text: func(n directory.Number) string { return strings.Join(namesOf(n.Trunks, trunks), ", ") }},
			{label: "State", fileOnly: true, text: func(n directory.Number) string { return map[bool]string{true: "off", false: "on"}[n.Disabled] }},
		}}
	if allowed(editPeople, loginOf(r)) {
		t.actions = []pages.Link{{Label: "Add many", Link: "/numbers/bulk"}, {Label: "Add a number", Link: "/numbers/new", Main: true}}
		t.empty.Actions = t.actions
	}
	return t.show(p, w, r, all)
}

// limitText is a limit as a list shows it.
func limitText(n int) string {
	if n == 0 {
		return "no limit"
	}
	return strconv.Itoa(n)
}

func numberCell(n directory.Number) pages.Cell {
	c := pages.Cell{Text: n.E164.String()}
	if n.Disabled {
		c.Badges = []pages.Badge{{Tone: "warn", Text: "off"}}
	}
	return c
}

func heldBy(c directory.Claimant) string {
	switch {
	case c.Flow != "":
		return "flow"
	case c.ContactMethod != "":
		return "contact-method"
	}
	return "none"
}

// holder says in plain words who holds a number.
func holder(c directory.Claimant) string {
	if c.IsZero() {
		return "nobody"
	}
	return c.String()
}

// claimantLink leads to who holds a number.
func claimantLink(c directory.Claimant) string {
	switch {
	case c.Flow != "":
		return "/flows/" + url.PathEscape(c.Flow) + "#" + url.PathEscape(c.Module)
	case c.ContactMethod != "":
		return "/contact-methods/" + url.PathEscape(c.ContactMethod)
	}
	return ""
}

func claimantCell(c directory.Claimant) pages.Cell {
	switch {
	case c.Flow != "":
		return pages.Cell{Text: shown(c.FlowName), Sub: "flow", Link: claimantLink(c)}
	case c.ContactMethod != "":
		return pages.Cell{Text: shown(c.ContactName), Sub: "contact method", Link: claimantLink(c)}
	}
	return pages.Cell{Badges: []pages.Badge{{Tone: "quiet", Text: "nobody"}}}
}

// trunkNames are the names of trunks by id.
func (p *Panel) trunkNames(ctx context.Context) (map[string]string, error) {
	all, err := p.people().Trunks(ctx)
	out := map[string]string{}
	for _, t := range all {
		out[t.ID] = shown(t.Name)
	}
	return out, err
}

func namesOf(ids []string, names map[string]string) []string {
	var out []string
	for _, id := range ids {
		out = append(out, names[id])
	}
	slices.Sort(out)
	return out
}

func (p *Panel) newNumber(w http.ResponseWriter, r *http.Request) error {
	c, err := p.numberForm(r, numberInput{}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, c)
}

func (p *Panel) number(w http.ResponseWriter, r *http.Request) error { return p.newNumber(w, r) }

// numberForm is the page of one number, or of a new one.
func (p *Panel) numberForm(r *http.Request, _ numberInput, why *Refusal) (templ.Component, error) {
	trunks, err := p.people().Trunks(r.Context())
	if err != nil {
		return nil, err
	}
	v := pages.FormView{Back: pages.Link{Label: "Numbers", Link: "/numbers"}, Title: "Add a number", Action: "/api/numbers",
		Submit: "Add the number", Cancel: "/numbers", Sections: numberSections(directory.Number{Trunks: inService(trunks)}, trunks)}
	if r.PathValue("id") != "" {
		n, err := p.numberOf(r)
		if err != nil {
			return nil, err
		}
		p.fillNumber(r, &v, n, trunks)
	}
	return pages.Form(p.sheet(r, v, "numbers", why)), nil
}

// inService are the ids of the trunks that take calls.
func inService(all []directory.Trunk) []string {
	var out []string
	for _, t := range all {
		if !t.Disabled {
			out = append(out, t.ID)
		}
	}
	return out
}

func (p *Panel) fillNumber(r *http.Request, v *pages.FormView, n directory.Number, trunks []directory.Trunk) {
	e164 := n.E164.String()
	v.Title, v.Action, v.Verb, v.Submit = e164, "/api/numbers/"+url.PathEscape(e164), http.MethodPut, "Save"
	v.Sections, v.ReadOnly = numberSections(n, trunks), !allowed(editPeople, loginOf(r))
	if n.Disabled {
		v.State = []pages.Badge{{Tone: "warn", Text: "off"}}
	}
	v.Remove = &pages.Removal{Action: v.Action, What: "Remove this number", Hint: "A number that a flow or a contact method holds stays until it is given up there."}
	card := pages.Card{Title: "Where a call goes", Hint: whereCallsGo(n)}
	if link := claimantLink(n.Claimant); link != "" {
		card.Facts = []pages.Fact{{Name: "Held by", Value: sentenceless(n.Claimant.String()), Link: link}}
	}
	if !v.ReadOnly {
		card.Actions = []pages.Link{{Label: "Move to a contact method or flow", Link: numberLink(e164) + "/move"}}
	}
	v.Side = []templ.Component{pages.Box(card)}
}

func whereCallsGo(n directory.Number) string {
	switch {
	case n.Disabled:
		return "It is switched off: a call to it is refused as unknown (404)."
	case n.Claimant.Flow != "":
		return "A call to it enters this flow."
	case n.Claimant.ContactMethod != "":
		return "A call to it rings this contact method directly. No flow sees it."
	}
	return "Nobody holds it: a call to it is refused as unknown (404). Begin a flow with it, or move it to a contact method or to a flow with a Start."
}

func numberSections(n directory.Number, trunks []directory.Trunk) []pages.Section {
	e164 := pages.Field{Name: "e164", Label: "Number", Value: n.E164.String(), Required: true, Max: "30", Placeholder: "+46 8 123 456 78",
		Hint: "With the country code; plus and spaces may be left out."}
	if !n.E164.IsZero() { // a number does not change
		e164.ReadOnly, e164.Required, e164.Hint = true, false, ""
	}
	var from []pages.Option
	for _, t := range trunks {
		from = append(from, pages.Option{Value: t.ID, Label: shown(t.Name), Chosen: slices.Contains(n.Trunks, t.ID)})
	}
	return []pages.Section{{Fields: []pages.Field{e164,
		{Name: "label", Label: "Label", Value: n.Label, Max: "80", Placeholder: "Main line", Hint: "Only for you: callers never see it."},
		{Name: "trunks", Label: "Calls come in by", Type: "checks", Options: from, Placeholder: "There is no trunk yet: add one under Trunks, then come back.",
			Hint: "A call to it by any other trunk is refused."},
		atOnceField(n.CallsAtOnce, directory.MaxNumberCalls, "One call more leaves its Phone Number module by the exit overflow; where that has no cable, it is refused as the general settings say."),
		{Name: "disabled", Label: "Switched off: calls to it are refused", Type: "check", Checked: n.Disabled},
	}}}
}
