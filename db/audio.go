package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// MaxAudioBytes bounds one audio file: ten minutes of 16-bit mono at 48 kHz.
const MaxAudioBytes = 64 << 20

// AudioFile is one file of the library. Its id stays when its content changes;
// equal contents are stored once.
type AudioFile struct {
	ID        string
	Name      string // 1–120 characters
	MediaType string // "audio/wav"
	SHA256    string // of the bytes, hexadecimal; set by the store
	Added     time.Time
	Bytes     []byte // not filled in lists
}

const oneAudio = `
	select f.id, f.name, f.media_type, encode(f.blob, 'hex') as sha256, f.added, b.bytes
	from audio_files f join audio_blobs b on b.sha256 = f.blob where f.id = $1`

// Audio reads one file with its bytes.
func (s *Store) Audio(ctx context.Context, id string) (AudioFile, error) {
	f, err := one[AudioFile](ctx, s.pool, oneAudio, id)
	if err != nil {
		return AudioFile{}, fmt.Errorf("audio %q: %w", id, err)
	}
	f.Added = f.Added.UTC()
	return f, nil
}

const everyAudio = `
	select id, name, media_type, encode(blob, 'hex') as sha256, added, null::bytea as bytes
	from audio_files order by name, id`

// AudioFiles lists the library by name, without bytes.
func (s *Store) AudioFiles(ctx context.Context) ([]AudioFile, error) {
	out, err := all[AudioFile](ctx, s.pool, everyAudio)
	if err != nil {
		return nil, fmt.Errorf("audio files: %w", err)
	}
	for i := range out {
		out[i].Added = out[i].Added.UTC()
	}
	return out, nil
}

const addBlob = `insert into audio_blobs (sha256, bytes) values ($1, $2) on conflict do nothing`

const upsertAudio = `
	insert into audio_files (id, name, blob, media_type) values ($1, $2, $3, $4)
	on conflict (id) do update set name = excluded.name, blob = excluded.blob, media_type = excluded.media_type`

// A blob that no file names any more is of no use to anybody.
const dropBlobs = `delete from audio_blobs b where not exists (select from audio_files f where f.blob = b.sha256)`

// AddAudio stores a file, or new content for its id, and returns the SHA-256
// of the bytes.
func (s *Store) AddAudio(ctx context.Context, f AudioFile) (string, error) {
	var sum string
	err := s.in(ctx, fmt.Sprintf("add audio %q", f.ID), func(tx pgx.Tx) (err error) {
		sum, err = addAudio(ctx, tx, f)
		return err
	})
	return sum, err
}

func addAudio(ctx context.Context, tx pgx.Tx, f AudioFile) (string, error) {
	if len(f.Bytes) == 0 || len(f.Bytes) > MaxAudioBytes {
		return "", fmt.Errorf("%d bytes: an audio file has 1 to %d", len(f.Bytes), MaxAudioBytes)
	}
	sum := sha256.Sum256(f.Bytes)
	return hex.EncodeToString(sum[:]), batch(ctx, tx,
		statement{addBlob, []any{sum[:], f.Bytes}},
		statement{upsertAudio, []any{f.ID, f.Name, sum[:], orDefault(f.MediaType, "audio/wav")}})
}

const usesOfAudio = `
	select f.name || ', version ' || v.version
	from flows f join flow_versions v on v.flow = f.id and v.version = f.published
	where jsonb_path_exists(v.content, '$.modules[*].settings.* ? (@ == $id)', jsonb_build_object('id', $1::text))
	order by 1`

const removeAudio = `delete from audio_files where id = $1`

// ErrInUse is wrapped, with every use, when something still needed is removed.
var ErrInUse = errors.New("is in use")

// RemoveAudio removes a file that no published flow plays.
func (s *Store) RemoveAudio(ctx context.Context, id string) error {
	return s.in(ctx, fmt.Sprintf("remove audio %q", id), func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, usesOfAudio, id) // CollectRows reports its error
		uses, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		if len(uses) > 0 {
			return fmt.Errorf("%w by %q", ErrInUse, uses)
		}
		n, err := exec(ctx, tx, removeAudio, id)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err == nil {
			_, err = exec(ctx, tx, dropBlobs)
		}
		return err
	})
}

// audioExists checks a reference of a flow.
const audioExists = `select exists (select from audio_files where id = $1)`
