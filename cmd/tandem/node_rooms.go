package main

import (
	"context"
	"net/netip"
	"time"

	"tandem/db"
)

// roomsEvery is the shortest time between two tellings: those who watch see four
// updates a second at the most.
const roomsEvery = 250 * time.Millisecond

// keepRooms says again and again which conference rooms this node holds, so that
// callers of other nodes are led here, and at once what changes in them, for
// those who watch, until ctx ends.
func (n *node) keepRooms(ctx context.Context) {
	tick := time.NewTicker(db.KeepRoomsEvery)
	defer tick.Stop()
	for {
		moved := false
		select {
		case <-tick.C:
		case <-n.media.RoomsMoved():
			moved = true
		case <-ctx.Done():
			return
		}
		rooms := n.media.Rooms()
		if len(rooms) == 0 && !moved {
			continue
		}
		try, cancel := context.WithTimeout(ctx, db.KeepRoomsEvery)
		if err := n.store.KeepRooms(try, n.cfg.Node, rooms); err != nil && ctx.Err() == nil {
			n.log.Warn("rooms not kept", "error", err)
		}
		cancel()
		select {
		case <-time.After(roomsEvery):
		case <-ctx.Done():
			return
		}
	}
}

// address is where other nodes reach our signalling.
func (n *node) address() netip.AddrPort {
	at := n.cfg.SIP.Dial()
	if n.cfg.Advertise.IsValid() {
		at = netip.AddrPortFrom(n.cfg.Advertise, at.Port())
	}
	return at
}
