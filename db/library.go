package db

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

const everyPlaylist = `
	select p.id, p.name, p.shuffle, p.loop,
	       array(select audio from playlist_files f where f.playlist = p.id order by seq) as files
	from playlists p order by p.name, p.id`

// Playlists lists all playlists by name.
func (s *Store) Playlists(ctx context.Context) ([]directory.Playlist, error) {
	out, err := all[directory.Playlist](ctx, s.pool, everyPlaylist)
	if err != nil {
		return nil, fmt.Errorf("playlists: %w", err)
	}
	return out, nil
}

const onePlaylist = `
	select p.id, p.name, p.shuffle, p.loop,
	       array(select audio from playlist_files f where f.playlist = p.id order by seq) as files
	from playlists p where p.id = $1`

// Playlist reads one playlist.
func (s *Store) Playlist(ctx context.Context, id string) (directory.Playlist, error) {
	p, err := one[directory.Playlist](ctx, s.pool, onePlaylist, id)
	if err != nil {
		return directory.Playlist{}, fmt.Errorf("playlist %q: %w", id, err)
	}
	return p, nil
}

const upsertPlaylist = `
	insert into playlists (id, name, shuffle, loop) values ($1, $2, $3, $4)
	on conflict (id) do update set name = excluded.name, shuffle = excluded.shuffle, loop = excluded.loop`

const clearPlaylist = `delete from playlist_files where playlist = $1`

const addPlaylistFiles = `
	insert into playlist_files (playlist, seq, audio) select $1, seq, audio from unnest($2::text[]) with ordinality f (audio, seq)`

// SavePlaylist stores a playlist and its files in their order.
func (s *Store) SavePlaylist(ctx context.Context, p directory.Playlist) error {
	return s.in(ctx, fmt.Sprintf("save playlist %q", p.ID), func(tx pgx.Tx) error {
		return batch(ctx, tx,
			statement{upsertPlaylist, []any{p.ID, p.Name, p.Shuffle, p.Loop}},
			statement{clearPlaylist, []any{p.ID}},
			statement{addPlaylistFiles, []any{p.ID, listed(p.Files)}})
	})
}

type scheduleRow struct {
	ID, Name string
	Hours    []byte
}

func (r scheduleRow) schedule() (directory.Schedule, error) {
	out := directory.Schedule{ID: r.ID, Name: r.Name}
	if err := json.Unmarshal(r.Hours, &out.Hours); err != nil {
		return directory.Schedule{}, fmt.Errorf("schedule %q: %w", r.ID, err)
	}
	return out, nil
}

const everySchedule = `select id, name, hours from schedules order by name, id`

// Schedules lists all schedules by name.
func (s *Store) Schedules(ctx context.Context) ([]directory.Schedule, error) {
	rows, err := all[scheduleRow](ctx, s.pool, everySchedule)
	if err != nil {
		return nil, fmt.Errorf("schedules: %w", err)
	}
	out := make([]directory.Schedule, 0, len(rows))
	for _, r := range rows {
		sch, err := r.schedule()
		if err != nil {
			return nil, err
		}
		out = append(out, sch)
	}
	return out, nil
}

const oneSchedule = `select id, name, hours from schedules where id = $1`

// Schedule reads one schedule.
func (s *Store) Schedule(ctx context.Context, id string) (directory.Schedule, error) {
	r, err := one[scheduleRow](ctx, s.pool, oneSchedule, id)
	if err != nil {
		return directory.Schedule{}, fmt.Errorf("schedule %q: %w", id, err)
	}
	return r.schedule()
}

const upsertSchedule = `
	insert into schedules (id, name, hours) values ($1, $2, $3)
	on conflict (id) do update set name = excluded.name, hours = excluded.hours`

// SaveSchedule stores a schedule. A name of another is refused with ErrTaken.
func (s *Store) SaveSchedule(ctx context.Context, sch directory.Schedule) error {
	hours, err := json.Marshal(sch.Hours)
	if err == nil {
		_, err = exec(ctx, s.pool, upsertSchedule, sch.ID, sch.Name, hours)
	}
	if err != nil {
		return fmt.Errorf("save schedule %q: %w", sch.ID, err)
	}
	return nil
}
