package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"tandem/cmd/tandem/internal/config"
	"tandem/db"
	"tandem/flow/directory"
)

// runRole is what `tandem node`, `worker` and `web` have in common: settings,
// log, and a line when it ends. The work itself ends with ctx.
func runRole(w *world, role string, work func(context.Context, config.Config, *slog.Logger) error) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	log := newLog(w.stderr, cfg)
	slog.SetDefault(log) // for libraries that log on their own
	log.Info("starting", "role", role, "pid", os.Getpid())
	if err := work(w.ctx, cfg, log); err != nil {
		return fmt.Errorf("%s: %w", role, err)
	}
	log.Info("ended", "role", role)
	return nil
}

// openStore connects a role to the database.
func openStore(ctx context.Context, cfg config.Config) (*db.Store, error) {
	if cfg.DatabaseURL == "" {
		return nil, errors.New("database-url is not set: set DATABASE_URL, or let `tandem up` start this role")
	}
	key, err := sealingKey(cfg)
	if err != nil {
		return nil, err
	}
	return db.Open(ctx, cfg.DatabaseURL, key)
}

// sealingKey is the configured key, or the one kept in the data folder.
func sealingKey(cfg config.Config) (db.Key, error) {
	if cfg.Key.Set() {
		return db.Key(cfg.Key), nil
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return db.Key{}, fmt.Errorf("data folder: %w", err)
	}
	return db.LoadOrCreateKey(filepath.Join(cfg.Data, "key"))
}

// heart beats for a role: the others, /healthz and the system page see it by
// its row.
type heart struct {
	store *db.Store
	role  directory.Process
	look  func() (ready bool, detail string)
	count func() map[string]int // what the role holds; nil: it has nothing to count
	log   *slog.Logger
	sick  atomic.Bool // the last beat failed; logged once
}

// newHeart makes the heart of a role. look is asked before every beat.
func newHeart(store *db.Store, role, id, addr string, log *slog.Logger, look func() (bool, string)) *heart {
	host, _ := os.Hostname() // a row without a host is still a row
	return &heart{store: store, log: log, look: look, role: directory.Process{
		Role: role, ID: cmp.Or(id, host), PID: os.Getpid(), Host: host, Addr: addr, Version: version,
	}}
}

// beat beats until ctx ends and then takes the row away.
func (h *heart) beat(ctx context.Context) {
	tick := time.NewTicker(db.BeatEvery)
	defer tick.Stop()
	for {
		h.once(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			h.leave(context.WithoutCancel(ctx))
			return
		}
	}
}

func (h *heart) once(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, db.BeatLost)
	defer cancel()
	r := h.role
	r.Ready, r.Detail = h.look()
	if h.count != nil {
		r.Figures = h.count()
	}
	err := h.store.Beat(ctx, r)
	if failed := err != nil && ctx.Err() == nil; failed != h.sick.Swap(failed) {
		h.log.Warn("beat", "role", r.Role, "failing", failed, "why", err)
	}
}

func (h *heart) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, db.BeatEvery)
	defer cancel()
	if err := h.store.Leave(ctx, h.role.Role, h.role.ID); err != nil {
		h.log.Warn("leave", "role", h.role.Role, "why", err)
	}
}
