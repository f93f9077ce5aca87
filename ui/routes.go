package ui

import (
	"net/http"
)

// right is what a route asks of whoever calls it. Finer rights (owner, admin,
// supervisor …) join this list when pages that change something do.
type right int

const (
	undeclared right = iota // the zero value opens nothing
	anyone
	signedIn
)

// area tells how a route answers what it refuses.
type area int

const (
	page area = iota // HTML: refused visitors are sent to the sign-in page
	api              // JSON: refused callers get 401
)

// route is one line of the panel's table of routes: no route exists outside it.
type route struct {
	pattern string // as http.ServeMux reads it
	right   right
	area    area
	serve   func(*Panel, http.ResponseWriter, *http.Request) error
}

// routes lists everything the panel answers.
func routes() []route {
	return []route{
		{"GET /healthz", anyone, api, (*Panel).healthz},
		{"GET /static/{file}", anyone, page, (*Panel).static},
		{"GET /sign-in", anyone, page, (*Panel).signInPage},
		{"POST /sign-in", anyone, page, (*Panel).signIn},
		{"POST /theme", anyone, page, (*Panel).theme},
		{"POST /sign-out", signedIn, page, (*Panel).signOut},
		{"GET /{$}", signedIn, page, (*Panel).home},
		{"GET /calls", signedIn, page, (*Panel).calls},
		{"GET /calls/{id}", signedIn, page, (*Panel).call},
		{"GET /flows", signedIn, page, (*Panel).flows},
		{"GET /flows/{id}/{version}", signedIn, page, (*Panel).flow},
		{"GET /system", signedIn, page, (*Panel).system},
		{"GET /api/calls", signedIn, api, (*Panel).apiCalls},
		{"GET /api/calls/{id}", signedIn, api, (*Panel).apiCall},
		{"GET /api/system", signedIn, api, (*Panel).apiSystem},
		{"POST /api/sessions", signedIn, api, (*Panel).apiSession},
		{"/api/", signedIn, api, (*Panel).missing},
		{"/", signedIn, page, (*Panel).missing},
	}
}

func (p *Panel) mux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range routes() {
		mux.Handle(r.pattern, p.guard(r))
	}
	return mux
}

func (p *Panel) missing(http.ResponseWriter, *http.Request) error { return ErrNotFound }

func (p *Panel) home(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/calls", http.StatusSeeOther)
	return nil
}
