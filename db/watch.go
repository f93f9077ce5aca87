package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

// Pauses between tries to reach a lost database, doubling up to the longest.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// Watch calls seen for every committed change, one at a time, until ctx ends,
// and then returns the cause. It begins, and after a lost connection begins
// again, with News{All: true}: by then it is listening, so whoever reads the
// tables on that news misses nothing.
func (s *Store) Watch(ctx context.Context, seen func(directory.News)) error {
	return s.watch(ctx, "tandem", func(payload string) {
		seen(directory.News{All: payload == "", Family: directory.Family(payload)})
	})
}

// watch calls seen with the payload of every notice on a channel, and with none
// each time it has begun to listen.
func (s *Store) watch(ctx context.Context, channel string, seen func(payload string)) error {
	pause := firstPause
	for {
		heard, err := s.listen(ctx, channel, seen)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil || heard {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// listen holds a connection of its own: one of the pool would be missing there
// for good.
func (s *Store) listen(ctx context.Context, channel string, seen func(payload string)) (heard bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return false, fmt.Errorf("watch: %w", err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ctx) // the server notices by itself
	}()
	if _, err := conn.Exec(ctx, "listen "+channel); err != nil {
		return false, fmt.Errorf("watch: %w", err)
	}
	seen("")
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return true, fmt.Errorf("watch: %w", err)
		}
		seen(n.Payload)
	}
}
