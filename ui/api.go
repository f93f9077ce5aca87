package ui

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"tandem/flow/call"
)

// callList is the body of /api/calls.
type callList struct {
	Live  []call.LedgerEntry `json:"live,omitempty"` // running calls, with the first page only
	Calls []call.LedgerEntry `json:"calls"`
	Next  call.ID            `json:"next,omitempty"` // give it as "after" for the next page
	Prev  call.ID            `json:"prev,omitempty"` // give it as "before" for the page ahead
	Total int                `json:"total"`          // of all pages, counted to 10000
}

// apiCalls answers one page of stored calls, newest first; its parameters are those of the
// history page, where from and to may be instants (RFC 3339), and limit (1–200).
func (p *Panel) apiCalls(r *http.Request) (callList, error) {
	q := r.URL.Query()
	may, err := p.sightOf(r)
	if err != nil {
		return callList{}, err
	}
	f := may.filter(parseHistory(q, p.cfg.Now(), p.zone(r.Context())).CallFilter)
	if at, err := time.Parse(time.RFC3339, q.Get("from")); err == nil {
		f.From = at
	}
	if at, err := time.Parse(time.RFC3339, q.Get("to")); err == nil {
		f.To = at
	}
	if n, err := strconv.Atoi(q.Get("limit")); err == nil {
		f.Limit = min(max(n, 1), 200)
	}
	page, err := p.cfg.Store.Calls(r.Context(), f)
	if err != nil {
		return callList{}, fmt.Errorf("reading the call history: %w", err)
	}
	if page.Calls == nil {
		page.Calls = []call.LedgerEntry{}
	}
	list := callList{Calls: page.Calls, Next: page.Next, Prev: page.Prev, Total: page.Total}
	if f.After == "" && f.Before == "" {
		running, err := p.positions(r.Context())
		if err != nil {
			p.log.Warn("running calls cannot be read", "err", err) // the history does not wait for them
		}
		for _, at := range (moment{calls: running}).of(may.position) {
			list.Live = append(list.Live, runningEntry(at))
		}
	}
	return list, nil
}

// systemProcess is one process in the body of /api/system.
type systemProcess struct {
	Role    string         `json:"role"`
	ID      string         `json:"id"`
	PID     int            `json:"pid"`
	Host    string         `json:"host"`
	Addr    string         `json:"addr,omitempty"`
	Version string         `json:"version"`
	Ready   bool           `json:"ready"`
	Detail  string         `json:"detail,omitempty"`
	Figures map[string]int `json:"figures,omitempty"` // what it holds, by name
	Since   time.Time      `json:"since"`
	Seen    time.Time      `json:"seen"`
}

// systemBody is the body of /api/system: /healthz and every process.
type systemBody struct {
	Ready     bool             `json:"ready"`
	Roles     map[string]state `json:"roles"`
	Processes []systemProcess  `json:"processes"`
}

// apiSystem answers what the system page shows.
func (p *Panel) apiSystem(r *http.Request) (systemBody, error) {
	h := p.health(r.Context())
	body := systemBody{Ready: h.Ready, Roles: h.Roles, Processes: []systemProcess{}}
	for _, role := range h.rows {
		body.Processes = append(body.Processes, systemProcess(role))
	}
	return body, nil
}

// opened is a session for a script.
type opened struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

// apiSession gives a script that signed in by e-mail and password a token to
// use as "Authorization: Bearer" instead.
func (p *Panel) apiSession(r *http.Request, _ none) (opened, error) {
	token, err := p.open(r, *loginOf(r))
	return opened{token, p.cfg.Now().Add(sessionTime).UTC()}, err
}
