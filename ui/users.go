package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// userRoutes are the people in the directory.
func userRoutes() []route {
	return []route{
		shows("GET /users", seeUsers, (*Panel).users),
		shows("GET /users/new", editPeople, (*Panel).user),
		shows("GET /users/import", editPeople, (*Panel).importPage),
		shows("GET /users/{id}", seeUsers, (*Panel).user),
		shows("GET /users/{id}/remove", editPeople, (*Panel).leavePage),
		reads("GET /api/users", seeUsers, "List users", func(p *Panel, r *http.Request) ([]directory.User, error) { return p.people().Users(r.Context()) }),
		reads("GET /api/users/{id}", seeUsers, "Read one user", (*Panel).userOf),
		acts("POST /api/users", editPeople, "Add a user", action[userInput, directory.User]{
			do: (*Panel).addUser, form: (*Panel).userForm, done: toUser("Added."), status: http.StatusCreated}),
		acts("PUT /api/users/{id}", editPeople, "Change a user", action[userInput, directory.User]{
			do: (*Panel).changeUser, form: (*Panel).userForm, done: toUser("Saved.")}),
		acts("POST /api/users/import/preview", editPeople, "Look at a CSV file of users, line by line", action[importInput, preview]{
			do: (*Panel).previewUsers, form: importForm, show: previewShown}).upTo(maxUserFile),
		acts("POST /api/users/import", editPeople, "Import users from CSV, all or none", action[importInput, imported]{
			do: (*Panel).importUsers, form: importForm, done: func(_ *http.Request, out imported) (string, string) {
				return "/users", "Imported " + counted(out.Imported, "user", "users") + "."
			}, undo: func(out imported) string { return out.Undo }}).upTo(maxUserFile),
		leaves("DELETE /api/users/{id}", editPeople),
	}
}

// userInput is a user as it is written.
type userInput struct {
	FirstName  string `json:"first_name"`
	LastName   string `json:"last_name"`
	Email      string `json:"email"`
	Department string `json:"department"`
	JobTitle   string `json:"job_title"`
	Schedule   string `json:"schedule"` // id
}

func userLink(id string) string { return "/users/" + url.PathEscape(id) }

func toUser(toast string) func(*http.Request, directory.User) (string, string) {
	return func(_ *http.Request, u directory.User) (string, string) { return userLink(u.ID), toast }
}

func (p *Panel) userOf(r *http.Request) (directory.User, error) {
	return p.people().User(r.Context(), r.PathValue("id"))
}

// into checks what was written and puts it into a user.
func (in userInput) into(u directory.User, bad *notes) directory.User {
	u.FirstName, u.LastName, u.Email, u.Department, u.JobTitle, u.Schedule = in.FirstName, in.LastName, in.Email, in.Department, in.JobTitle, in.Schedule
	optional(bad, "first_name", in.FirstName, 60)
	named(bad, "last_name", in.LastName, 60)
	optional(bad, "department", in.Department, 60)
	optional(bad, "job_title", in.JobTitle, 60)
	bad.unless(in.Email == "" || emailAddress(in.Email), "email", "Write an address such as anna@example.org.")
	return u
}

func (p *Panel) addUser(r *http.Request, in userInput) (directory.User, error) {
	return p.saveUser(r, "add", in, directory.User{ID: newID()}, nil)
}

func (p *Panel) changeUser(r *http.Request, in userInput) (directory.User, error) {
	before, err := p.userOf(r)
	if err != nil {
		return before, err
	}
	return p.saveUser(r, "change", in, before, before)
}

func (p *Panel) saveUser(r *http.Request, what string, in userInput, u directory.User, before any) (directory.User, error) {
	var bad notes
	u = in.into(u, &bad)
	if err := bad.err(); err != nil {
		return u, err
	}
	if err := p.people().SaveUser(r.Context(), u); err != nil {
		return u, err
	}
	p.audit(r, what, "user "+u.ID, before, u)
	return u, nil
}

func (p *Panel) users(w http.ResponseWriter, r *http.Request) error {
	all, err := p.people().Users(r.Context())
	if err != nil {
		return err
	}
	methods, err := p.people().ContactMethods(r.Context())
	if err != nil {
		return err
	}
	own := map[string]int{}
	for _, m := range methods {
		own[m.Owner]++
	}
	t := table[directory.User]{title: "Users", area: "users", file: "users", search: "Search names, departments, addresses",
		hint: "The people of the directory. A user needs no login.", link: func(u directory.User) string { return userLink(u.ID) },
		empty: pages.Empty{Title: "No users yet", Text: "Add the people whose phones ring here, one by one or from a CSV file. Then give them contact methods."},
		columns: []column[directory.User]{
			{key: "name", label: "Name", text: directory.User.Name, cell: func(u directory.User) pages.Cell { return pages.Cell{Text: shown(u.Name())} }},
			{key: "department", label: "Department", text: func(u directory.User) string { return u.Department }},
			{key: "title", label: "Job title", text: func(u directory.User) string { return u.JobTitle }},
			{key: "email", label: "E-mail", text: func(u directory.User) string { return u.Email }},
			{key: "methods", label: "Contact methods", right: true, text: func(u directory.User) string { return strconv.Itoa(own[u.ID]) }, by: func(a, b directory.User) int { return own[a.ID] - own[b.ID] }},
		}}
	if q := parseList(r, "name"); q.CSV { // the file is what can be imported again
		return csvFile(w, r, "users", importHeader, userLines(arrange(q, all, t.words, nil)))
	}
	if allowed(editPeople, loginOf(r)) {
		t.actions = []pages.Link{{Label: "Import CSV", Link: "/users/import"}, {Label: "Add a user", Link: "/users/new", Main: true}}
		t.empty.Actions = t.actions
	}
	return t.show(p, w, r, all)
}

func (p *Panel) user(w http.ResponseWriter, r *http.Request) error {
	c, err := p.userForm(r, userInput{}, nil)
	if err != nil {
		return err
	}
	return p.render(w, r, http.StatusOK, c)
}

func (p *Panel) userForm(r *http.Request, _ userInput, why *Refusal) (templ.Component, error) {
	schedules, err := p.library().Schedules(r.Context())
	if err != nil {
		return nil, err
	}
	v := pages.FormView{Back: pages.Link{Label: "Users", Link: "/users"}, Title: "Add a user", Action: "/api/users", Submit: "Add the user", Cancel: "/users",
		Sections: userSections(directory.User{}, schedules), ReadOnly: !allowed(editPeople, loginOf(r))}
	if r.PathValue("id") != "" {
		u, err := p.userOf(r)
		if err != nil {
			return nil, err
		}
		if err := p.fillUser(r, &v, u, schedules); err != nil {
			return nil, err
		}
	}
	return pages.Form(p.sheet(r, v, "users", why)), nil
}

func (p *Panel) fillUser(r *http.Request, v *pages.FormView, u directory.User, schedules []directory.Schedule) error {
	methods, err := p.ownedBy(r, u.ID)
	if err != nil {
		return err
	}
	v.Title, v.Action, v.Verb, v.Submit = shown(u.Name()), "/api"+userLink(u.ID), http.MethodPut, "Save"
	v.Sections = userSections(u, schedules)
	card := pages.Card{Title: "Contact methods", Nothing: "None yet: nothing rings this user."}
	for _, m := range methods {
		card.Uses = append(card.Uses, pages.Use{What: formOf(m.Kind).title, Name: shown(m.Name), Link: contactLink(m.ID), Note: m.InternalNumber.String()})
	}
	if allowed(editContacts, loginOf(r)) {
		card.Actions = []pages.Link{{Label: "Add a contact method", Link: "/contact-methods/new?owner=" + url.QueryEscape(u.ID)}}
	}
	flows, err := p.flowsRinging(r, methods)
	if err != nil {
		return err
	}
	logins, err := p.people().Uses(r.Context(), directory.KindUser, u.ID)
	if err != nil {
		return err
	}
	v.Side = []templ.Component{pages.Box(card), pages.Box(pages.Card{Title: "Flows", Uses: usesOf(flows), Nothing: "No flow rings this user."})}
	logins = slices.DeleteFunc(logins, func(x directory.Use) bool { return x.Kind != directory.KindLogin })
	if len(logins) > 0 {
		v.Side = append(v.Side, pages.Box(pages.Card{Title: "Login", Uses: usesOf(logins)}))
	}
	v.Remove = &pages.Removal{Ask: userLink(u.ID) + "/remove", What: "Remove this user", Hint: "You are asked what becomes of each contact method."}
	return nil
}

// flowsRinging lists where flows ring any of some contact methods.
func (p *Panel) flowsRinging(r *http.Request, methods []directory.ContactMethod) ([]directory.Use, error) {
	all, err := p.cfg.Store.UsesByFlows(r.Context(), directory.KindContactMethod)
	var out []directory.Use
	for _, m := range methods {
		out = append(out, all[m.ID]...)
	}
	return out, err
}

// ownedBy lists the contact methods of a user.
func (p *Panel) ownedBy(r *http.Request, user string) ([]directory.ContactMethod, error) {
	all, err := p.people().ContactMethods(r.Context())
	return slices.DeleteFunc(all, func(m directory.ContactMethod) bool { return m.Owner != user }), err
}

func userSections(u directory.User, schedules []directory.Schedule) []pages.Section {
	hours := pages.Field{Name: "schedule", Label: "Schedule", Type: "select", Value: u.Schedule, Options: []pages.Option{{Label: "None: always reachable"}},
		Hint: "Outside it none of the user's contact methods rings, whoever calls. A ring group can ring one all the same."}
	for _, s := range schedules {
		hours.Options = append(hours.Options, pages.Option{Value: s.ID, Label: shown(s.Name)})
	}
	return []pages.Section{{Fields: []pages.Field{
		{Name: "first_name", Label: "First name", Value: u.FirstName, Max: "60"}, {Name: "last_name", Label: "Last name", Value: u.LastName, Max: "60", Required: true},
		{Name: "department", Label: "Department", Value: u.Department, Max: "60"}, {Name: "job_title", Label: "Job title", Value: u.JobTitle, Max: "60"},
		{Name: "email", Label: "E-mail", Type: "email", Value: u.Email, Max: "254"}, hours,
	}}}
}
