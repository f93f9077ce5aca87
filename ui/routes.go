package ui

import (
	"net/http"
	"reflect"
	"slices"
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
	doc     doc   // of an API route, for its description
	body    int64 // the most that may be sent; 0 is maxBody
}

// doc is what the API's description says about a route beyond its pattern.
type doc struct {
	summary string
	in, out reflect.Type // nil or none: nothing
	status  int          // of the answer; 0 is 200, or 204 without output
}

// routes lists everything the panel answers, area by area.
func routes() []route {
	return slices.Concat(doorRoutes(), callRoutes(), liveRoutes(), traceRoutes(), flowRoutes(), editorRoutes(), systemRoutes(), []route{
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
		{pattern: "POST /api/undo/{id}", right: signedIn, area: api, serve: (*Panel).undo, doc: doc{summary: "Bring back what was removed", out: reflect.TypeFor[restored]()}},
		{pattern: "POST /api/sessions", right: signedIn, area: api, serve: (*Panel).apiSession, doc: doc{summary: "Open a session"}},
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
