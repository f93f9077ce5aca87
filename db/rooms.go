package db

import (
	"context"
	"fmt"
	"time"

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

// A room that another node has begun meanwhile stays there.
const keepRooms = `
	insert into rooms (room, node) select unnest($2::text[]), $1
	on conflict (room) do update set kept = now() where rooms.node = excluded.node`

// KeepRooms says that a node holds rooms.
func (s *Store) KeepRooms(ctx context.Context, node string, rooms []string) error {
	if _, err := exec(ctx, s.pool, keepRooms, node, rooms); err != nil {
		return fmt.Errorf("keep rooms: %w", err)
	}
	return nil
}
