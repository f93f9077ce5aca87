package ui

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// moveInput gives a number to a contact method, or binds it to a flow.
type moveInput struct {
	To string `json:"to"` // id of a contact method, or "flow:ID" of a flow with a start; empty: nobody holds it then
	// From is who held it when the one who moves it was asked: "flow:ID",
	// "contact-method:ID" or "none". Where that has changed, nothing moves.
	From string `json:"from"`
}

// takePage leads from a contact method to the question whether a number that is
// held elsewhere shall move there.
func (p *Panel) takePage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	http.Redirect(w, r, numberLink(e164Of(cut(q.Get("number"), maxID)))+"/move?"+url.Values{"to": {cut(q.Get("to"), maxID)}}.Encode(), http.StatusSeeOther)
	return nil
}

// mostHeld is how many numbers a contact method offers to move to it.
const mostHeld = 500

// heldElsewhere are the numbers that could be moved to a contact method.
func (p *Panel) heldElsewhere(r *http.Request, m directory.ContactMethod) (pages.TakeNumber, error) {
	v := pages.TakeNumber{Action: "/numbers/move", To: m.ID}
	if !allowed(editPeople, loginOf(r)) {
		return v, nil
	}
	all, err := p.numbersSeen(r)
	for _, n := range all {
		if n.Claimant.IsZero() || n.Claimant.ContactMethod == m.ID || len(v.Numbers) == mostHeld {
			continue
		}
		v.Numbers = append(v.Numbers, pages.Option{Value: n.E164.String(), Label: n.E164.String() + " · " + shown(n.Claimant.FlowName+n.Claimant.ContactName)})
	}
	return v, err
}

func claimKey(c directory.Claimant) string {
	switch {
	case c.Flow != "":
		return "flow:" + c.Flow
	case c.ContactMethod != "":
		return "contact-method:" + c.ContactMethod
	}
	return "none"
}

func (p *Panel) moveNumber(r *http.Request, in moveInput) (directory.Number, error) {
	before, err := p.numberOf(r)
	if err != nil {
		return before, err
	}
	e164 := before.E164.String()
	if in.From != claimKey(before.Claimant) {
		return before, conflict("from", fmt.Sprintf("%s is held by %s now. Nothing was moved: confirm again.", e164, holder(before.Claimant)))
	}
	if err := p.handOver(r, e164, in.To); err != nil {
		return before, err
	}
	after, err := p.people().Number(r.Context(), e164)
	p.audit(r, "move", "number "+e164, before.Claimant, after.Claimant)
	return after, err
}

// handOver gives a number to a contact method, a flow or nobody.
func (p *Panel) handOver(r *http.Request, e164, to string) error {
	if flowID, ok := strings.CutPrefix(to, "flow:"); ok {
		starts, err := p.startsSeen(r)
		if err == nil && !slices.ContainsFunc(starts, func(c directory.Claimant) bool { return c.Flow == flowID }) {
			err = refuse("to", "Choose a flow that is published with a Start.")
		}
		if err != nil {
			return err
		}
		return p.people().BindNumber(r.Context(), e164, flowID)
	}
	if to != "" {
		if _, err := p.people().ContactMethod(r.Context(), to); err != nil {
			return refuse("to", "Choose a contact method that exists.")
		}
	}
	return p.people().MoveNumber(r.Context(), e164, to)
}

// startsSeen are the flows with a start that a login may know of.
func (p *Panel) startsSeen(r *http.Request) ([]directory.Claimant, error) {
	all, err := p.people().Starts(r.Context())
	who := loginOf(r)
	return slices.DeleteFunc(all, func(c directory.Claimant) bool { return len(who.Flows) > 0 && !mayFlow(who, c.Flow) }), err
}

func (p *Panel) movePage(w http.ResponseWriter, r *http.Request) error {
	c, err := p.moveForm(r, moveInput{To: r.URL.Query().Get("to")}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, c)
}

// moveForm asks once, and names who loses the number.
func (p *Panel) moveForm(r *http.Request, in moveInput, why *Refusal) (templ.Component, error) {
	n, err := p.numberOf(r)
	if err != nil {
		return nil, err
	}
	methods, err := p.people().ContactMethods(r.Context())
	if err != nil {
		return nil, err
	}
	e164 := n.E164.String()
	to := pages.Field{Name: "to", Label: "Give it to", Type: "select", Value: in.To, Options: []pages.Option{{Label: "Nobody: free for a flow"}}}
	for _, m := range methods {
		if m.Kind != directory.Email && m.ID != n.Claimant.ContactMethod {
			to.Options = append(to.Options, pages.Option{Value: m.ID, Label: shown(m.Name)})
		}
	}
	starts, err := p.startsSeen(r)
	if err != nil {
		return nil, err
	}
	for _, c := range starts {
		to.Options = append(to.Options, pages.Option{Value: "flow:" + c.Flow, Label: "Flow " + shown(c.FlowName)})
	}
	to.Hint = "A flow is offered once it is published with a Start, where calls to its numbers come in."
	v := pages.FormView{Back: pages.Link{Label: e164, Link: numberLink(e164)}, Title: "Move " + e164, Action: "/api/numbers/" + e164 + "/move",
		Submit: "Move it", Cancel: numberLink(e164), Sections: []pages.Section{{Fields: []pages.Field{to}}},
		Hidden: []pages.Option{{Label: "from", Value: claimKey(n.Claimant)}}}
	switch {
	case n.Claimant.Flow != "":
		v.Notice = fmt.Sprintf("Now it is held by %s. From the next call on that flow is not entered by this number; calls that run go on.", n.Claimant)
	case n.Claimant.ContactMethod != "":
		v.Notice = fmt.Sprintf("Now it is held by %s. From the next call on it rings there no more.", n.Claimant)
	default:
		v.Notice = "Nobody holds it now."
	}
	return pages.Form(p.sheet(r, v, "numbers", why)), nil
}

// bulkInput is many numbers at once.
type bulkInput struct {
	Numbers string   `json:"numbers"` // one on each line; behind a comma, semicolon or tab its label
	Trunks  []string `json:"trunks"`
}

// bulkResult says what became of each line.
type bulkResult struct {
	Added int        `json:"added"`
	Lines []bulkLine `json:"lines"`
	Undo  string     `json:"undo,omitempty"` // POST /api/undo/{undo} removes those added, for a while
}

type bulkLine struct {
	Line  int    `json:"line"`
	Typed string `json:"typed"`
	State string `json:"state"` // added, exists, refused
	Text  string `json:"text"`
}

const maxBulk = 1000

// addNumbers adds each line that can be read, and says of every line what
// became of it. A number that is here already stays as it is.
func (p *Panel) addNumbers(r *http.Request, in bulkInput) (bulkResult, error) {
	var out bulkResult
	typed := strings.Split(strings.ReplaceAll(in.Numbers, "\r\n", "\n"), "\n")
	if len(typed) > maxBulk {
		return out, refuse("numbers", fmt.Sprintf("At most %d lines at once.", maxBulk))
	}
	ours, err := p.people().Numbers(r.Context())
	if err != nil {
		return out, err
	}
	here, added := map[string]bool{}, []string(nil)
	for _, n := range ours {
		here[n.E164.String()] = true
	}
	for i, line := range typed {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		l := bulkLine{Line: i + 1, Typed: shown(line)}
		number, err := p.addLine(r, line, in.Trunks, here, &l)
		if err != nil {
			return out, err
		}
		if number != "" {
			added = append(added, number)
		}
		out.Lines = append(out.Lines, l)
	}
	if len(out.Lines) == 0 {
		return out, refuse("numbers", "Paste at least one number.")
	}
	if out.Added = len(added); out.Added > 0 {
		out.Undo, err = p.people().NumbersAdded(r.Context(), added, whoOf(r))
	}
	return out, err
}

// addLine adds the number of one line, fills in what became of it, and returns
// the number if it is new. An error is a fault of ours.
func (p *Panel) addLine(r *http.Request, line string, trunks []string, here map[string]bool, l *bulkLine) (string, error) {
	number, label := line, ""
	if i := strings.IndexAny(line, ",;\t"); i >= 0 {
		number, label = strings.TrimSpace(line[:i]), strings.Trim(line[i+1:], " \t\"")
	}
	e164, err := dialplan.ParseNumber(number)
	var bad notes
	optional(&bad, "label", label, 80)
	switch {
	case err != nil:
		l.State, l.Text = "refused", "This is no number: write 7 to 15 digits with the country code."
	case here[e164.String()]:
		l.State, l.Text = "exists", e164.String()+" is here already and stays as it is."
	case len(bad) > 0:
		l.State, l.Text = "refused", "The label: "+bad[0].Text
	default:
		_, err := p.saveNumber(r, "add", directory.Number{E164: e164, Label: label, Trunks: trunks}, nil)
		if why := refusalOf(err); why != nil {
			l.State, l.Text = "refused", why.Text
			return "", nil
		}
		here[e164.String()] = true
		l.State, l.Text = "added", e164.String()+" is here now."
		return e164.String(), err
	}
	return "", nil
}

func (p *Panel) bulkPage(w http.ResponseWriter, r *http.Request) error {
	c, err := bulkForm(p, r, bulkInput{}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, c)
}

func bulkForm(p *Panel, r *http.Request, in bulkInput, why *Refusal) (templ.Component, error) {
	v, err := p.bulkView(r, in, why)
	return pages.Form(v), err
}

func (p *Panel) bulkView(r *http.Request, in bulkInput, why *Refusal) (pages.FormView, error) {
	trunks, err := p.people().Trunks(r.Context())
	fields := numberSections(directory.Number{Trunks: in.Trunks}, trunks)[0].Fields
	from := fields[slices.IndexFunc(fields, func(f pages.Field) bool { return f.Name == "trunks" })]
	return p.sheet(r, pages.FormView{Back: pages.Link{Label: "Numbers", Link: "/numbers"}, Title: "Add many numbers", Action: "/api/numbers/bulk",
		Hint: "Each line is a number. A label may follow behind a comma.", Submit: "Add them", Progress: "Adding…", Cancel: "/numbers",
		Sections: []pages.Section{{Fields: []pages.Field{
			{Name: "numbers", Label: "Numbers", Type: "area", Rows: 10, Required: true, Value: in.Numbers, Placeholder: "+46 8 123 456 78, Main line\n+46 8 123 456 79, Support"}, from}}}},
		"numbers", why), err
}

// bulkShown is the same page with what became of each line; the lines that
// were refused stand in the form again.
func bulkShown(p *Panel, r *http.Request, in bulkInput, out bulkResult) (templ.Component, error) {
	tones := map[string]pages.Tone{"added": "good", "exists": "quiet", "refused": "bad"}
	var again []string
	var lines []pages.ResultLine
	for _, l := range out.Lines {
		if l.State == "refused" {
			again = append(again, l.Typed)
		}
		lines = append(lines, pages.ResultLine{Line: l.Line, What: l.Typed, State: pages.Badge{Tone: tones[l.State], Text: l.State}, Text: l.Text})
	}
	v, err := p.bulkView(r, bulkInput{Numbers: strings.Join(again, "\n"), Trunks: in.Trunks}, nil)
	v.Notice = fmt.Sprintf("%d of %d lines were added.", out.Added, len(out.Lines))
	if len(again) > 0 {
		v.Notice += " Those that were refused stand below: mend them and add them again."
	}
	if out.Undo != "" {
		v.Toast = pages.Toast{Text: "Added " + counted(out.Added, "number", "numbers") + ".", Undo: out.Undo}
	}
	v.Below = []templ.Component{pages.Results("Line by line", lines)}
	return pages.Form(v), err
}
