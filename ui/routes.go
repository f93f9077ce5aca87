package ui

import (
	"net/http"
	"reflect"
	"slices"

	"tandem/flow/call"
)

// area tells how a route answers what it refuses.
type area int

const (
	page area = iota // HTML: refused visitors are sent to the sign-in page
	api              // JSON: refused callers get 401
)

// handler serves one route.
type handler = func(*Panel, http.ResponseWriter, *http.Request) error

// route is one line of the panel's table of routes: no route exists outside it.
type route struct {
	pattern string // as http.ServeMux reads it
	right   right
	area    area
	serve   handler
	doc     doc // of an API route, for its description
}

// doc is what the API's description says about a route beyond its pattern.
type doc struct {
	summary string
	in, out reflect.Type // nil or none: nothing
	status  int          // of the answer; 0 is 200, or 204 without output
}

// routes lists everything the panel answers, area by area.
func routes() []route {
	return slices.Concat(doorRoutes(), callRoutes(), flowRoutes(), systemRoutes(), []route{
		{pattern: "/api/", right: signedIn, area: api, serve: (*Panel).missing},
		shows("/", signedIn, (*Panel).missing),
	})
}

// doorRoutes are what is needed to come in and go out.
func doorRoutes() []route {
	return []route{
		{pattern: "GET /healthz", right: anyone, area: api, serve: (*Panel).healthz},
		shows("GET /static/{file}", anyone, (*Panel).static),
		shows("GET /sign-in", anyone, (*Panel).signInPage),
		shows("POST /sign-in", anyone, (*Panel).signIn),
		shows("POST /theme", anyone, (*Panel).theme),
		shows("POST /sign-out", signedIn, (*Panel).signOut),
		shows("GET /{$}", signedIn, (*Panel).home),
		{pattern: "POST /api/sessions", right: signedIn, area: api, serve: (*Panel).apiSession, doc: doc{summary: "Open a session"}},
	}
}

// callRoutes are the calls that ran and run.
func callRoutes() []route {
	return []route{
		shows("GET /calls", seeCalls, (*Panel).calls),
		shows("GET /calls/{id}", seeCalls, (*Panel).call),
		{pattern: "GET /api/calls", right: seeCalls, area: api, serve: (*Panel).apiCalls, doc: doc{summary: "List calls", out: reflect.TypeFor[callList]()}},
		{pattern: "GET /api/calls/{id}", right: seeCalls, area: api, serve: (*Panel).apiCall, doc: doc{summary: "Read one call", out: reflect.TypeFor[call.LedgerEntry]()}},
	}
}

// flowRoutes are flows and their versions.
func flowRoutes() []route {
	return []route{
		shows("GET /flows", seeFlows, (*Panel).flows),
		shows("GET /flows/{id}/{version}", seeFlows, (*Panel).flow),
	}
}

// systemRoutes are the processes that make up the installation.
func systemRoutes() []route {
	return []route{
		shows("GET /system", seeSystem, (*Panel).system),
		{pattern: "GET /api/system", right: seeSystem, area: api, serve: (*Panel).apiSystem, doc: doc{summary: "Read the state of the system"}},
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
