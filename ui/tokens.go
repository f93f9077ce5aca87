package ui

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// tokenRoutes are the keys to the API.
func tokenRoutes() []route {
	return []route{
		shows("GET /tokens", editPeople, (*Panel).tokens),
		reads("GET /api/tokens", editPeople, "List tokens", func(p *Panel, r *http.Request) ([]directory.Token, error) { return p.cfg.Store.Tokens(r.Context()) }),
		acts("POST /api/tokens", editPeople, "Make a token", action[tokenEdit, newToken]{
			do: (*Panel).makeToken, form: (*Panel).tokensAgain, show: (*Panel).tokenMade, status: http.StatusCreated}),
		acts("DELETE /api/tokens/{id}", editPeople, "Revoke a token", action[none, removed]{
			do: (*Panel).revokeToken, done: func(*http.Request, removed) (string, string) { return "/tokens", "The token is revoked." },
			undo: func(out removed) string { return out.Undo }}),
	}
}

// tokenEdit is what a new token may do.
type tokenEdit struct {
	Name  string         `json:"name"`
	Role  directory.Role `json:"role"`
	Flows []string       `json:"flows,omitempty"` // ids; none: all
	Days  int            `json:"days,omitempty"`  // until it expires; 0: never
}

// newToken is a token and its secret, shown once.
type newToken struct {
	directory.Token
	Secret string `json:"secret"`
}

const maxTokenDays = 3660

func (p *Panel) makeToken(r *http.Request, in tokenEdit) (newToken, error) {
	t := directory.Token{Name: strings.TrimSpace(in.Name), Role: in.Role, Flows: in.Flows, By: whoOf(r)}
	switch {
	case t.Name == "" || len([]rune(t.Name)) > 60:
		return newToken{}, refuse("name", "A name has 1 to 60 characters.")
	case !slices.Contains(directory.Roles, in.Role):
		return newToken{}, refuse("role", "Choose a role.")
	case !grants(loginOf(r), in.Role):
		return newToken{}, refuse("role", "Only an owner may make a token that does all that an owner may.")
	case !spans(loginOf(r), in.Flows):
		return newToken{}, refuse("flows", "Choose some of the flows that you are limited to.")
	case in.Days < 0 || in.Days > maxTokenDays:
		return newToken{}, refuse("days", fmt.Sprintf("A token lasts 1 to %d days, or has no end.", maxTokenDays))
	}
	if in.Days > 0 {
		t.Expires = p.cfg.Now().Add(time.Duration(in.Days) * 24 * time.Hour).UTC()
	}
	secret, err := p.cfg.Store.CreateToken(r.Context(), t)
	if err != nil {
		return newToken{}, err
	}
	p.audit(r, "make token", "token "+t.Name, nil, t)
	made, err := p.cfg.Store.TokenOf(r.Context(), secret)
	return newToken{made, secret}, err
}

func (p *Panel) revokeToken(r *http.Request, _ none) (removed, error) {
	all, err := p.cfg.Store.Tokens(r.Context())
	if err != nil {
		return removed{}, err
	}
	at := slices.IndexFunc(all, func(t directory.Token) bool { return t.ID == r.PathValue("id") })
	if at < 0 {
		return removed{}, ErrNotFound
	}
	if t := all[at]; !grants(loginOf(r), t.Role) || !spans(loginOf(r), t.Flows) {
		return removed{}, &Refusal{Status: http.StatusForbidden, Text: "This token may do more than you may."}
	}
	undo, err := p.cfg.Store.Remove(r.Context(), directory.KindToken, all[at].ID, whoOf(r))
	if err != nil {
		return removed{}, err
	}
	p.audit(r, "revoke token", "token "+all[at].Name, all[at], nil)
	return removed{undo}, nil
}

// tokenOrders are the columns that tokens are sorted by.
var tokenOrders = map[string]order[directory.Token]{
	"name":    byText(func(t directory.Token) string { return t.Name }),
	"used":    func(a, b directory.Token) int { return a.LastUsed.Compare(b.LastUsed) },
	"expires": func(a, b directory.Token) int { return a.Expires.Compare(b.Expires) },
}

func (p *Panel) tokens(w http.ResponseWriter, r *http.Request) error {
	q := parseList(r, "name", "used", "expires")
	if q.CSV {
		all, err := p.cfg.Store.Tokens(r.Context())
		if err != nil {
			return fmt.Errorf("reading the tokens: %w", err)
		}
		return csvFile(w, r, "tokens", []string{"name", "role", "flows", "made by", "made", "expires", "last used"}, func(yield func([]string) bool) {
			for _, t := range arrange(q, all, tokenWords, tokenOrders) {
				if !yield([]string{t.Name, string(t.Role), strings.Join(t.Flows, " "), t.By, stampText(t.Created), stampText(t.Expires), stampText(t.LastUsed)}) {
					return
				}
			}
		})
	}
	page, err := p.tokensPage(r, q, tokenEdit{Role: directory.ReadOnly, Days: 90}, nil, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, page)
}

func tokenWords(t directory.Token) string { return t.Name + " " + roleWords[t.Role] + " " + t.By }

func (p *Panel) tokensAgain(r *http.Request, in tokenEdit, why *Refusal) (templ.Component, error) {
	return p.tokensPage(r, p.tokenList(r), in, why, nil)
}

func (p *Panel) tokenMade(r *http.Request, _ tokenEdit, out newToken) (templ.Component, error) {
	return p.tokensPage(r, p.tokenList(r), tokenEdit{Role: directory.ReadOnly, Days: 90}, nil, &out)
}

// tokenList is the whole list, for a page that answers a form.
func (p *Panel) tokenList(r *http.Request) listQuery {
	q := parseList(r, "name")
	q.path = "/tokens"
	return q
}

// tokenLives are the lifetimes that the page offers, in days.
var tokenLives = []pages.Option{{Value: "30", Label: "30 days"}, {Value: "90", Label: "90 days"}, {Value: "365", Label: "A year"}, {Value: "0", Label: "No end"}}

func (p *Panel) tokensPage(r *http.Request, q listQuery, in tokenEdit, why *Refusal, made *newToken) (templ.Component, error) {
	all, err := p.cfg.Store.Tokens(r.Context())
	if err != nil {
		return nil, fmt.Errorf("reading the tokens: %w", err)
	}
	all = arrange(q, all, tokenWords, tokenOrders)
	v := pages.TokensView{Frame: p.frame(r, "API tokens", "settings"), Tabs: settingTabs("tokens"), List: q.view(len(all)),
		Name: pages.Field{Name: "name", Label: "Name", Value: in.Name, Required: true, Max: "60", Placeholder: "What will use it", Problem: why.Field("name")},
		Role: pages.Field{Name: "role", Label: "Role", Type: "select", Options: p.rolesFor(r, in.Role), Problem: why.Field("role")},
		Days: pages.Field{Name: "days", Label: "Expires after", Type: "select", Value: fmt.Sprint(in.Days), Options: tokenLives, Problem: why.Field("days")}}
	if why != nil && len(why.Fields) == 0 {
		v.Problem = why.Text
	}
	if made != nil {
		v.Secret, v.SecretName = made.Secret, made.Name
	}
	if v.Flows, err = p.flowsField(r, in.Flows, why); err != nil {
		return nil, err
	}
	for _, t := range pageOf(q, all) {
		row := pages.TokenRow{ID: t.ID, Name: shown(t.Name), Role: roleWords[t.Role], Scope: scopeWords(t.Flows), By: shown(t.By), Made: t.Created, Expires: t.Expires, Used: t.LastUsed}
		row.Over = !t.Expires.IsZero() && !p.cfg.Now().Before(t.Expires)
		v.Rows = append(v.Rows, row)
	}
	return pages.Tokens(v), nil
}
