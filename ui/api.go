package ui

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"tandem/flow/call"
)

// apiCall answers one call as call.LedgerEntry, the same JSON as
// `tandem call ID --json`.
func (p *Panel) apiCall(w http.ResponseWriter, r *http.Request) error {
	e, err := p.ledger(r.Context(), call.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return writeJSON(w, r, http.StatusOK, e)
}

// callList is the body of /api/calls.
type callList struct {
	Live  []call.LedgerEntry `json:"live,omitempty"` // running calls, with the first page only
	Calls []call.LedgerEntry `json:"calls"`
	Next  call.ID            `json:"next,omitempty"` // give it as "after" for the next page
}

// apiCalls answers one page of stored calls, newest first; its parameters are those of the
// history page, and from, to (RFC 3339) and limit (1–200).
func (p *Panel) apiCalls(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := parseHistory(q).filter(p.cfg.Now())
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
		return fmt.Errorf("reading the call history: %w", err)
	}
	if page.Calls == nil {
		page.Calls = []call.LedgerEntry{}
	}
	list := callList{Calls: page.Calls, Next: page.Next}
	if f.After == "" {
		list.Live, _ = p.running(r.Context()) // logged there; the history does not wait for a Temporal that is away
	}
	return writeJSON(w, r, http.StatusOK, list)
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

// apiSystem answers what the system page shows: /healthz and every process.
func (p *Panel) apiSystem(w http.ResponseWriter, r *http.Request) error {
	h := p.health(r.Context())
	body := struct {
		health
		Processes []systemProcess `json:"processes"`
	}{health: h, Processes: []systemProcess{}}
	for _, role := range h.rows {
		body.Processes = append(body.Processes, systemProcess(role))
	}
	return writeJSON(w, r, http.StatusOK, body)
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
