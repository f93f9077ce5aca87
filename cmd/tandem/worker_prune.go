package main

import (
	"context"
	"log/slog"
	"time"

	"tandem/db"
)

const (
	// pruneEvery is how often history that is too old is forgotten. Workers do
	// it at times of their own; to do it twice harms nobody.
	pruneEvery = 24 * time.Hour
	pruneFirst = 10 * time.Minute // after the start, when there is other work
	pruneWait  = time.Hour
)

// prune forgets calls that are older than the settings keep, once a day, until
// ctx ends. The store works in small steps, so that no call waits for it.
func prune(ctx context.Context, store *db.Store, log *slog.Logger) {
	next := time.NewTimer(pruneFirst)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		if err := pruneOnce(ctx, store, log); err != nil && ctx.Err() == nil {
			log.Warn("history not pruned", "error", err)
		}
		next.Reset(pruneEvery)
	}
}

func pruneOnce(ctx context.Context, store *db.Store, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, pruneWait)
	defer cancel()
	set, err := store.General(ctx)
	if err != nil {
		return err
	}
	n, err := store.PruneHistory(ctx, time.Now().AddDate(0, 0, -set.HistoryDays))
	if err == nil {
		log.Info("history pruned", "calls", n, "days", set.HistoryDays)
	}
	return err
}
