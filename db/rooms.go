package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/call"
)

// KeepRoomsEvery is how often a node says which rooms it holds, and roomLapse
// how long after the last time, or after the last caller who was sent there, a
// room may begin on another node.
const (
	KeepRoomsEvery = 10 * time.Second
	roomLapse      = 30 * time.Second
)

// One statement, so that two callers on two nodes get one room. A room whose
// node is gone begins anew.
const claimRoom = `
	with claim as (
		insert into rooms (room, node) values ($1, $2)
		on conflict (room) do update set kept = now(), node = case
			when rooms.kept < now() - $3::interval or not exists (
				select from roles r where r.role = 'node' and r.id = rooms.node and r.beat > now() - $4::interval)
			then excluded.node else rooms.node end
		returning node)
	select node, coalesce((select addr from roles r where r.role = 'node' and r.id = claim.node), '') as address from claim`

// ClaimRoom gives a conference room to a node, unless another holds it, and
// tells which does.
func (s *Store) ClaimRoom(ctx context.Context, room, node string) (call.RoomPlace, error) {
	place, err := one[call.RoomPlace](ctx, s.pool, claimRoom, room, node, roomLapse, BeatLost)
	if err != nil {
		return call.RoomPlace{}, fmt.Errorf("claim room %s: %w", room, err)
	}
	return place, nil
}

// A room that another node has begun meanwhile stays there. Of one that is over
// nothing is left to tell.
const (
	keepRooms = `
		insert into rooms (room, node, state)
		select state->>'name', $1, state from jsonb_array_elements($2::jsonb) state
		on conflict (room) do update set kept = now(), state = excluded.state where rooms.node = excluded.node`
	emptyRooms = `
		update rooms set state = '{}' where node = $1 and state <> '{}'
		and room not in (select state->>'name' from jsonb_array_elements($2::jsonb) state)`
)

// KeepRooms says which rooms a node holds, all of them, and what goes on there.
func (s *Store) KeepRooms(ctx context.Context, node string, rooms []call.Room) error {
	body, err := json.Marshal(append([]call.Room{}, rooms...))
	if err != nil {
		return fmt.Errorf("keep rooms: %w", err)
	}
	args := []any{node, body}
	return s.in(ctx, "keep rooms", func(tx pgx.Tx) error {
		return batch(ctx, tx, statement{keepRooms, args}, statement{emptyRooms, args})
	})
}

// What a node that was lost has told says nothing any more.
const rooms = `select state from rooms where state <> '{}' and kept > now() - $1::interval order by room`

// Rooms lists the conference rooms that somebody is in, by name.
func (s *Store) Rooms(ctx context.Context) ([]call.Room, error) {
	rows, err := all[struct{ State []byte }](ctx, s.pool, rooms, roomLapse)
	if err != nil {
		return nil, fmt.Errorf("rooms: %w", err)
	}
	out := make([]call.Room, len(rows))
	for i, r := range rows {
		if err := json.Unmarshal(r.State, &out[i]); err != nil {
			return nil, fmt.Errorf("rooms: %w", err)
		}
	}
	return out, nil
}
