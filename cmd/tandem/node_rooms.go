package main

import (
	"context"
	"net"
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

// address is where other processes of ours reach our signalling: other nodes, and
// the panel for its test calls.
func (n *node) address() netip.AddrPort {
	at := n.cfg.SIP.AddrPort
	switch {
	case n.cfg.Advertise.IsValid():
		return netip.AddrPortFrom(n.cfg.Advertise, at.Port())
	case at.Addr().IsUnspecified():
		return netip.AddrPortFrom(machineAddr(), at.Port())
	}
	return at
}

// machineAddr is the address of ours from which the rest of the network is
// reached; without a network it is loopback.
func machineAddr() netip.Addr {
	c, err := net.Dial("udp", "192.0.2.1:9") // sends nothing, and nobody has it: RFC 5737
	if err != nil {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	defer func() { _ = c.Close() }() // it has sent nothing
	return c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}
