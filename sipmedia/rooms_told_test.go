package sipmedia_test

import (
	"slices"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/siptest"
)

// tells waits for what the node tells of its one room; nil: there is none.
func (w *world) tells(t testing.TB, locked bool, parties ...call.RoomParty) {
	t.Helper()
	patience := time.After(siptest.Patience)
	for {
		rooms := w.Rooms()
		if len(parties) == 0 && len(rooms) == 0 {
			return
		}
		if len(rooms) == 1 && rooms[0].Name == "f/room" && rooms[0].Locked == locked && slices.Equal(rooms[0].Parties, parties) {
			return
		}
		select {
		case <-w.RoomsMoved():
		case <-patience:
			t.Fatalf("it tells %+v, want locked %v, %+v", rooms, locked, parties)
		}
	}
}

func TestWhoWatchesIsToldWhoIsMutedAndThatTheRoomIsLocked(t *testing.T) {
	t.Parallel()
	w := newRoomWorld(t)
	host := w.joins(t, 500, call.Confer{Host: true})
	guest := w.joins(t, 900, call.Confer{})
	boss := call.RoomParty{Call: host.in.Call, Host: true}
	heard, muted := call.RoomParty{Call: guest.in.Call}, call.RoomParty{Call: guest.in.Call, Muted: true}
	w.tells(t, false, boss, heard)
	guest.Keys(t, "*1")
	w.tells(t, false, boss, muted)
	guest.Keys(t, "*1")
	w.tells(t, false, boss, heard)
	host.Keys(t, "*3")
	w.tells(t, false, boss, muted)
	host.Keys(t, "*2")
	w.tells(t, true, boss, muted)
	guest.Hangup()
	w.tells(t, true, boss)
	host.Hangup()
	w.tells(t, false)
}

func TestACallerOfAnotherNodeIsToldOfByItsOwnCall(t *testing.T) {
	t.Parallel()
	home, away := twoNodes(t)
	a := home.joins(t, 500, call.Confer{})
	b := away.joins(t, 900, home.leadsTo(call.Confer{}))
	b.Keys(t, "*1")
	home.tells(t, false, call.RoomParty{Call: a.in.Call}, call.RoomParty{Call: b.in.Call, Muted: true})
	if rooms := away.Rooms(); len(rooms) != 0 {
		t.Errorf("the caller's node tells of %+v", rooms)
	}
}
