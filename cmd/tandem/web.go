package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"tandem/cmd/tandem/internal/config"
	"tandem/db"
)

type webCmd struct{}

// Run runs the panel until the signal.
func (webCmd) Run(w *world) error { return runRole(w, "web", runWeb) }

// runWeb serves the panel, its API and /healthz.
func runWeb(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	store, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer store.Close()

	var owned sync.WaitGroup
	defer owned.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before owned.Wait: the beat ends when serving fails
	h := newHeart(store, "web", "", cfg.HTTP.String(), log, func() (bool, string) { return true, "" })
	owned.Go(func() { h.beat(ctx) })

	mux := http.NewServeMux()
	mux.Handle("GET /healthz", healthHandler(store))
	return serveHTTP(ctx, cfg.HTTP.String(), mux, log)
}

// Limits of a client that is slow on purpose (or on a bad line).
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	webGrace      = 5 * time.Second // for requests under way at a stop
)

// serveHTTP serves until ctx ends and then lets requests finish.
func serveHTTP(ctx context.Context, addr string, h http.Handler, log *slog.Logger) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), webGrace)
	defer cancel()
	if err := srv.Shutdown(grace); err != nil {
		_ = srv.Close() // pages that stream end here
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// neededRoles must each have one ready process for the installation to be
// ready. Temporal is ready when the worker and the node, which poll it, are.
var neededRoles = []string{"node", "worker", "web"}

// health is the body of /healthz.
type health struct {
	Ready bool            `json:"ready"`
	Roles map[string]bool `json:"roles"`
}

// healthHandler answers 200 when every role is ready and 503 before.
func healthHandler(store *db.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		roles, err := store.Roles(r.Context())
		h := healthOf(roles, err == nil)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if !h.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(h) // the asker may have gone
	})
}

func healthOf(roles []db.Role, database bool) health {
	h := health{Ready: database, Roles: map[string]bool{"database": database}}
	for _, name := range neededRoles {
		h.Roles[name] = false
	}
	for _, r := range roles {
		h.Roles[r.Role] = h.Roles[r.Role] || r.Ready
	}
	for _, name := range neededRoles {
		h.Ready = h.Ready && h.Roles[name]
	}
	return h
}
