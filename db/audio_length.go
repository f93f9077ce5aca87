package db

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
)

// lengthOf is how long a file plays: as its bringer says, or by the chunks of a
// WAV file (RIFF WAVE: "fmt " holds the bytes per second at offset 8, "data"
// the samples). 0 where neither tells.
func lengthOf(f directory.AudioFile) call.Duration {
	if f.Length > 0 || len(f.Bytes) < 12 || string(f.Bytes[8:12]) != "WAVE" {
		return f.Length
	}
	var perSecond uint64
	for rest := f.Bytes[12:]; len(rest) >= 8; {
		size := uint64(binary.LittleEndian.Uint32(rest[4:8]))
		body := rest[8:min(uint64(len(rest)), 8+size)]
		switch name := string(rest[:4]); {
		case name == "fmt " && len(body) >= 12:
			perSecond = uint64(binary.LittleEndian.Uint32(body[8:12]))
		case name == "data" && perSecond > 0:
			return call.Duration(uint64(len(body)) * uint64(time.Second) / perSecond)
		}
		rest = rest[min(uint64(len(rest)), 8+size+size%2):]
	}
	return 0
}

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
