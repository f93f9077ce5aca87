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
	body    int64 // most bytes of a request that is no plain form; 0 is maxBody
	doc     doc   // of an API route, for its description
}

// upTo lets a route take larger bodies than others.
func (rt route) upTo(bytes int64) route {
	rt.body = bytes
	return rt
}

// asks documents one parameter of the address behind the question mark.
func (rt route) asks(name, text string) route {
	rt.doc.query = append(slices.Clip(rt.doc.query), param{name, text})
	return rt
}

// doc is what the API's description says about a route beyond its pattern.
type doc struct {
	summary string
	in, out reflect.Type // nil or none: nothing
	status  int          // of the answer; 0 is 200, or 204 without output
	query   []param
	media   string // of the answer; empty: JSON
}

// param is a parameter of an address.
type param struct{ name, text string }

// routes lists everything the panel answers, area by area.
func routes() []route {
	return slices.Concat(doorRoutes(), searchRoutes(), accountRoutes(), callRoutes(), markRoutes(), liveRoutes(), queueRoutes(), traceRoutes(), flowRoutes(), editorRoutes(), testCallRoutes(),
		numberRoutes(), contactRoutes(), userRoutes(), trunkRoutes(), scheduleRoutes(), overrideRoutes(), listRoutes(), audioRoutes(), playlistRoutes(), pickRoutes(),
		loginRoutes(), settingRoutes(), accessRoutes(), mailRoutes(), tokenRoutes(), auditRoutes(), systemRoutes(), readRoutes(), apiRoutes(), []route{
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
		shows("GET /{$}", seeCalls, (*Panel).dashboard),
		shows("GET /sign-in/code", anyone, (*Panel).codePage),
		shows("POST /sign-in/code", anyone, (*Panel).code),
		shows("GET /invite/{token}", anyone, (*Panel).invitePage),
		shows("POST /invite/{token}", anyone, (*Panel).acceptInvite),
		acts("POST /api/sessions", ownAccount, "Open a session by e-mail and password", action[none, opened]{do: (*Panel).apiSession, status: http.StatusCreated}),
		acts("POST /api/undo/{id}", signedIn, "Bring back what was removed of late, or take a bulk edit back", action[none, none]{
			do: (*Panel).undo, done: func(r *http.Request, _ none) (string, string) { return cameFrom(r), "Undone." }}),
	}
}

// systemRoutes are the processes that make up the installation.
func systemRoutes() []route {
	return []route{
		shows("GET /system", seeSystem, (*Panel).system),
		reads("GET /api/system", seeSystem, "Read the state of the system", (*Panel).apiSystem),
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
