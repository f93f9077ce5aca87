package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"tandem/cmd/tandem/internal/config"
	"tandem/ui"
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

	calls, err := openCalls(cfg, log)
	if err != nil {
		return err
	}
	defer calls.Close()
	tests, err := openTestCalls(ctx, store, log)
	if err != nil {
		return err
	}
	defer tests.Close()
	panel, err := ui.New(ui.Config{
		Store: store, Live: panelLive{calls, store, log}, Simulator: panelSimulator{store}, TestCalls: tests, Mail: panelMail{store}, Done: ctx.Done(), SecureCookies: cfg.HTTPS,
		Log: log, Version: version, Namespace: cfg.Namespace,
		TemporalUI: "http://" + cfg.TemporalUI.Dial().String(),
		Ready:      map[string]func(context.Context) error{"database": store.Ping, "temporal": calls.Ping},
	})
	if err != nil {
		return err
	}

	var owned sync.WaitGroup
	defer owned.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // before owned.Wait: the beat ends when serving fails
	h := newHeart(store, "web", "", cfg.HTTP.String(), log, func() (bool, string) { return true, "" })
	owned.Go(func() { h.beat(ctx) })
	return serveHTTP(ctx, cfg.HTTP.String(), panel, log)
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
