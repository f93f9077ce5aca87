// Package ui is the web panel and the API below /api: what an installation is
// made of, the flows that calls walk, and the calls themselves, shown to and
// changed by people and scripts that have signed in.
//
// It never queries SQL itself, touches a leg, or holds a rule about calls.
// Every answer is a line of one table (routes) with the right it asks for, and
// every write is an API route, whether a page's form or a script sends it.
// Handlers parse, load and render, in that order; a page is a function of one
// view struct (ui/pages).
package ui

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Config is all the panel needs. Store is required; the rest has defaults.
type Config struct {
	Store         Store
	Live          Live                                   // nil: no running calls are shown
	Simulator     Simulator                              // nil: flows cannot be tried out, nor published with tests
	TestCalls     TestCalls                              // nil: drafts cannot be called from the browser
	Mail          Mail                                   // nil: no test mail can be sent
	Ready         map[string]func(context.Context) error // probes by name, such as "database" and "temporal"; each is given 1 s
	TemporalUI    string                                 // base URL; empty: no links to it
	Namespace     string                                 // Temporal namespace (default "tandem")
	Version       string                                 // of this program
	DialHint      string                                 // command that places a first call (default: to the sample number)
	Log           *slog.Logger                           // default: none
	Now           func() time.Time                       // default time.Now
	Done          <-chan struct{}                        // closed when the process stops: streams end then; nil: never
	SecureCookies bool                                   // the panel is reached by TLS: __Host- cookies and HSTS

	patience time.Duration // with a client that neither sends nor takes anything; 0 is 30 s
	recheck  time.Duration // between two looks whether a stream's viewer may still see it; 0 is 15 s
}

// Panel serves the web panel.
type Panel struct {
	cfg    Config
	log    *slog.Logger
	assets *assets
	tries  tries
	hub    *hub
	checks chan struct{} // one place per password check at a time: each costs tens of MB

	news       *newsroom
	simulating chan struct{} // one place per simulation at a time
	seats      testSeats

	description func() (json.RawMessage, error) // of the API, which does not change while the program runs
}

// sampleDial is the command that places a first call into the sample installation.
const sampleDial = "bin/tandem dial +15550100 --as 100 --keys 1"

// New builds the panel's handler.
func New(cfg Config) (http.Handler, error) {
	if cfg.Store == nil {
		return nil, errors.New("ui: a Store is needed")
	}
	if u, err := url.Parse(cfg.TemporalUI); err != nil || cfg.TemporalUI != "" && u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("ui: address of Temporal UI %q: must begin with http:// or https://", cfg.TemporalUI)
	}
	cfg.TemporalUI = strings.TrimRight(cfg.TemporalUI, "/")
	cfg.Namespace = cmp.Or(cfg.Namespace, "tandem")
	cfg.DialHint = cmp.Or(cfg.DialHint, sampleDial)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.recheck, cfg.patience = cmp.Or(cfg.recheck, heartbeat), cmp.Or(cfg.patience, patience)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Live == nil {
		cfg.Live = nobody{}
	}
	files, err := loadAssets()
	if err != nil {
		return nil, fmt.Errorf("ui: static files: %w", err)
	}
	p := &Panel{cfg: cfg, log: cfg.Log, assets: files, hub: newHub(cfg.Live, cfg.Log), tries: tries{by: map[string]failedTries{}}, checks: make(chan struct{}, passwordChecks),
		news: &newsroom{log: cfg.Log}, simulating: make(chan struct{}, simulations),
		description: sync.OnceValues(func() (json.RawMessage, error) { return describe(routes()) })}
	return p.secure(p.mux()), nil
}
