package db

import (
	"context"
	"fmt"
	"time"
)

const audioLength = `select length_ms from audio_files where id = $1`

// AudioLength is how long a file plays, without reading its bytes; 0 where
// nobody has measured it.
func (s *Store) AudioLength(ctx context.Context, id string) (time.Duration, error) {
	ms, err := scalar[int64](ctx, s.pool, audioLength, id)
	if err != nil {
		return 0, fmt.Errorf("length of audio %q: %w", id, err)
	}
	return time.Duration(ms) * time.Millisecond, nil
}
