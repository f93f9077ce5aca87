package ui

import (
	"fmt"
	"net/http"
	"slices"
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
	var drafts []directory.FlowLine
	inForce := false
	if allowed(seeFlows, who) {
		lines, err := p.cfg.Store.FlowList(ctx)
		if err != nil {
			return fmt.Errorf("reading the flows: %w", err)
		}
		drafts = slices.DeleteFunc(slices.Clone(lines), func(l directory.FlowLine) bool { return l.Version > 0 || !may.flow(l.ID) })
		inForce = len(lines) > len(drafts)
		v.Worries = append(v.Worries, worriesOfFlows(lines, may)...)
	}
	registered := false
	if allowed(seePeople, who) && len(may.flows) == 0 {
		var err error
		if registered, err = p.addPeople(r, v); err != nil {
			return err
		}
	}
	if allowed(editFlows, who) && (!inForce || len(v.Recent) == 0) {
		first, err := p.firstCall(ctx)
		if err != nil {
			return err
		}
		carrier, err := p.carrierStep(r)
		if err != nil {
			return err
		}
		v.Steps = append(firstSteps(drafts, inForce, registered, len(v.Recent) > 0, first), carrier...)
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
func firstSteps(drafts []directory.FlowLine, inForce, phone, called bool, first pages.FirstCall) []pages.FirstStep {
	build := pages.FirstStep{Title: "Build a flow", Text: "Start from a template: it asks for a number and whom to ring.", Link: "/flows/new", Action: "New flow", Done: inForce}
	if !inForce && len(drafts) > 0 {
		build.Text, build.Link, build.Action = shown(drafts[0].Name)+" is drawn. Publish it, so that it answers its number.", flowPage(drafts[0].ID), "Open it"
	}
	dial := pages.FirstStep{Title: "Place a call", Text: "Dial the flow's number from that phone. The call shows up here while it runs.", Code: first.Code, Done: called}
	if first.Number != "" {
		dial.Text = "Dial " + first.Number + " from that phone. The call shows up here while it runs."
	}
	return []pages.FirstStep{build,
		{Title: "Register a phone", Text: "Sign a SIP phone in with the user name and password of its contact method.", Link: "/contact-methods", Action: "Contact methods", Done: phone},
		dial,
	}
}

// carrierStep is what calls from outside need as well, for who may see to it.
func (p *Panel) carrierStep(r *http.Request) ([]pages.FirstStep, error) {
	if !allowed(editPeople, loginOf(r)) {
		return nil, nil
	}
	trunks, err := p.people().Trunks(r.Context())
	if err != nil {
		return nil, fmt.Errorf("reading the trunks: %w", err)
	}
	return []pages.FirstStep{{Title: "Connect your carrier", Text: "Name the addresses its calls come from. Calls from outside need it; calls among your phones do not.",
		Link: "/trunks/new", Action: "Add a trunk", Done: len(trunks) > 0}}, nil
}
