package ui

import (
	"fmt"
	"net/http"
	"strings"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// mostNamed is how many things of one kind a line names.
const mostNamed = 3

// addWorries finds what is worth a look, and what a new installation lacks.
func (p *Panel) addWorries(r *http.Request, v *pages.DashboardView, may sight) error {
	who, ctx := loginOf(r), r.Context()
	if allowed(seeSystem, who) {
		rows, err := p.cfg.Store.Roles(ctx)
		for _, name := range needed {
			if s := roleState(rows, name, p.cfg.Now(), err); !s.Ready {
				v.Worries = append(v.Worries, pages.Worry{Tone: "bad", Badge: "Not ready", Text: strings.TrimSpace("The " + name + " process is not ready. " + sentence(shown(s.Detail))), Link: "/system", Action: "System"})
			}
		}
	}
	flows := 0
	if allowed(seeFlows, who) {
		lines, err := p.cfg.Store.FlowList(ctx)
		if err != nil {
			return fmt.Errorf("reading the flows: %w", err)
		}
		flows = len(lines)
		v.Worries = append(v.Worries, worriesOfFlows(lines, may)...)
	}
	registered := false
	if allowed(seePeople, who) && len(may.flows) == 0 {
		var err error
		if registered, err = p.addPeople(r, v); err != nil {
			return err
		}
	}
	if allowed(editFlows, who) && (flows == 0 || len(v.Recent) == 0) {
		v.Steps = firstSteps(flows > 0, registered, len(v.Recent) > 0, p.cfg.DialHint)
	}
	return nil
}

func worriesOfFlows(lines []directory.FlowLine, may sight) []pages.Worry {
	var never, newer []string
	for _, l := range lines {
		switch {
		case !may.flow(l.ID):
		case l.Version == 0:
			never = append(never, shown(l.Name))
		case l.Newer:
			newer = append(newer, shown(l.Name))
		}
	}
	var out []pages.Worry
	if len(never) > 0 {
		out = append(out, pages.Worry{Tone: "quiet", Badge: "Draft", Text: "Never published: " + wordList(never) + ".", Link: "/flows", Action: "Flows"})
	}
	if len(newer) > 0 {
		out = append(out, pages.Worry{Tone: "calm", Badge: "Draft", Text: "Changed since it was published: " + wordList(newer) + ".", Link: "/flows", Action: "Flows"})
	}
	return out
}

// addPeople finds numbers that lead nowhere and phones that nobody can ring.
func (p *Panel) addPeople(r *http.Request, v *pages.DashboardView) (registered bool, err error) {
	numbers, err := p.cfg.Store.Numbers(r.Context())
	if err != nil {
		return false, fmt.Errorf("reading numbers: %w", err)
	}
	var free []string
	for _, n := range numbers {
		if n.Claimant.IsZero() && !n.Disabled {
			free = append(free, n.E164.String())
		}
	}
	if len(free) > 0 {
		v.Worries = append(v.Worries, pages.Worry{Tone: "warn", Badge: "Number", Text: "Calls to " + wordList(free) + " lead nowhere: no flow or contact method has claimed them.", Link: "/numbers", Action: "Numbers"})
	}
	methods, err := p.cfg.Store.ContactMethods(r.Context())
	if err != nil {
		return false, fmt.Errorf("reading contact methods: %w", err)
	}
	bound, err := p.cfg.Store.Registered(r.Context())
	if err != nil {
		return false, fmt.Errorf("reading bindings: %w", err)
	}
	var absent []string
	for _, m := range methods {
		if m.Kind == directory.SIPAccount && !m.Disabled && !bound[m.ID] {
			absent = append(absent, shown(m.Name))
		}
	}
	if len(absent) > 0 {
		v.Worries = append(v.Worries, pages.Worry{Tone: "warn", Badge: "Phone", Text: "No phone is registered for " + wordList(absent) + ".", Link: "/contact-methods", Action: "Contact methods"})
	}
	return len(bound) > 0, nil
}

// named lists a few names and counts the rest.
func wordList(all []string) string {
	if len(all) > mostNamed {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:mostNamed], ", "), len(all)-mostNamed)
	}
	if n := len(all); n > 1 {
		return strings.Join(all[:n-1], ", ") + " and " + all[n-1]
	}
	return all[0]
}

// firstSteps lead a new installation to its first call.
func firstSteps(flow, phone, called bool, hint string) []pages.FirstStep {
	return []pages.FirstStep{
		{Title: "Build a flow", Text: "Start from a template: it asks for a number and whom to ring.", Link: "/flows/new", Action: "New flow", Done: flow},
		{Title: "Register a phone", Text: "Add a contact method and sign a SIP phone in with its user name and password.", Link: "/contact-methods", Action: "Contact methods", Done: phone},
		{Title: "Place a call", Text: "Dial the number from that phone; a carrier's calls need a trunk as well. The call shows up here while it runs.", Code: hint, Done: called},
	}
}
