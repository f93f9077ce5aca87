package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/call"
	"tandem/flow/directory"
)

// MaxAudioBytes bounds one audio file: ten minutes of 16-bit mono at 48 kHz.
const MaxAudioBytes = 64 << 20

type audioRow struct {
	ID, Name, MediaType, SHA256, Source string
	Size                                int
	LengthMS                            int64
	Added                               time.Time
	Bytes                               []byte
}

func (r audioRow) file() directory.AudioFile {
	return directory.AudioFile{ID: r.ID, Name: r.Name, MediaType: r.MediaType, SHA256: r.SHA256, Size: r.Size,
		Length: call.Duration(time.Duration(r.LengthMS) * time.Millisecond), Source: r.Source, Added: r.Added.UTC(), Bytes: r.Bytes}
}

const audioColumns = `
	select f.id, f.name, f.media_type, encode(f.blob, 'hex') as sha256, f.source, octet_length(b.bytes) as size, f.length_ms, f.added`

const oneAudio = audioColumns + `, b.bytes from audio_files f join audio_blobs b on b.sha256 = f.blob where f.id = $1`

// Audio reads one file with its bytes.
func (s *Store) Audio(ctx context.Context, id string) (directory.AudioFile, error) {
	r, err := one[audioRow](ctx, s.pool, oneAudio, id)
	if err != nil {
		return directory.AudioFile{}, fmt.Errorf("audio %q: %w", id, err)
	}
	return r.file(), nil
}

const everyAudio = audioColumns + `, null::bytea as bytes
	from audio_files f join audio_blobs b on b.sha256 = f.blob order by f.name, f.id`

// AudioFiles lists the library by name, without bytes.
func (s *Store) AudioFiles(ctx context.Context) ([]directory.AudioFile, error) {
	rows, err := all[audioRow](ctx, s.pool, everyAudio)
	if err != nil {
		return nil, fmt.Errorf("audio files: %w", err)
	}
	out := make([]directory.AudioFile, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.file())
	}
	return out, nil
}

const addBlob = `insert into audio_blobs (sha256, bytes) values ($1, $2) on conflict do nothing`

const upsertAudio = `
	insert into audio_files (id, name, blob, media_type, length_ms, source) values ($1, $2, $3, $4, $5, $6)
	on conflict (id) do update set name = excluded.name, blob = excluded.blob, media_type = excluded.media_type,
		length_ms = excluded.length_ms, source = excluded.source`

// A blob that no file names any more, and none that can still be restored, is
// of no use to anybody.
const dropBlobs = `
	delete from audio_blobs b
	where not exists (select from audio_files f where f.blob = b.sha256)
	  and not exists (select from trash t where t.kind = 'audio'
	                  and t.content @> jsonb_build_object('audio_files', jsonb_build_array(jsonb_build_object('blob', b.sha256))))`

// AddAudio stores a file, or new content for its id, and returns the SHA-256
// of the bytes.
func (s *Store) AddAudio(ctx context.Context, f directory.AudioFile) (string, error) {
	var sum string
	err := s.in(ctx, fmt.Sprintf("add audio %q", f.ID), func(tx pgx.Tx) (err error) {
		sum, err = addAudio(ctx, tx, f)
		return err
	})
	return sum, err
}

func addAudio(ctx context.Context, tx pgx.Tx, f directory.AudioFile) (string, error) {
	if len(f.Bytes) == 0 || len(f.Bytes) > MaxAudioBytes {
		return "", fmt.Errorf("%d bytes: an audio file has 1 to %d", len(f.Bytes), MaxAudioBytes)
	}
	sum := sha256.Sum256(f.Bytes)
	return hex.EncodeToString(sum[:]), batch(ctx, tx,
		statement{addBlob, []any{sum[:], f.Bytes}},
		statement{upsertAudio, []any{f.ID, f.Name, sum[:], orDefault(f.MediaType, "audio/wav"), lengthOf(f).Std().Milliseconds(), clean(f.Source)}})
}

const renameAudio = `update audio_files set name = $2 where id = $1`

// RenameAudio gives a file another name.
func (s *Store) RenameAudio(ctx context.Context, id, name string) error {
	if err := touch(exec(ctx, s.pool, renameAudio, id, name)); err != nil {
		return fmt.Errorf("rename audio %q: %w", id, err)
	}
	return nil
}
