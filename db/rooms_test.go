package db_test

import (
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// nodeBeats lets a node be there.
func nodeBeats(t *testing.T, s *db.Store, node, addr string) {
	t.Helper()
	if err := s.Beat(t.Context(), directory.Process{Role: "node", ID: node, Addr: addr, Ready: true}); err != nil {
		t.Fatal(err)
	}
}

func claims(t *testing.T, s *db.Store, room, node string) call.RoomPlace {
	t.Helper()
	place, err := s.ClaimRoom(t.Context(), room, node)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

func TestARoomIsOnOneNodeWhoeverComes(t *testing.T) {
	s := dbtest.Store(t)
	nodeBeats(t, s, "n1", "192.0.2.1:5060")
	nodeBeats(t, s, "n2", "192.0.2.2:5060")
	var places [20]call.RoomPlace
	var all sync.WaitGroup
	for i := range places {
		all.Go(func() {
			places[i], _ = s.ClaimRoom(t.Context(), "f/room", []string{"n1", "n2"}[i%2])
		})
	}
	all.Wait()
	for _, p := range places {
		if p != places[0] || p.Address == "" {
			t.Fatalf("one caller is sent to %+v, another to %+v", places[0], p)
		}
	}
	if other := claims(t, s, "f/other", "n1"); other.Node != "n1" {
		t.Errorf("another room begins on %+v", other)
	}
}

func TestARoomBeginsAnewWhereItsNodeIsGone(t *testing.T) {
	s := dbtest.Store(t)
	nodeBeats(t, s, "n1", "192.0.2.1:5060")
	nodeBeats(t, s, "n2", "192.0.2.2:5060")
	claims(t, s, "f/room", "n1")
	if p := claims(t, s, "f/room", "n2"); p.Node != "n1" {
		t.Fatalf("the room moved to %+v while its node was there", p)
	}
	dbtest.Exec(t, s, "update roles set beat = now() - interval '1 minute' where id = 'n1'")
	if p := claims(t, s, "f/room", "n2"); p != (call.RoomPlace{Node: "n2", Address: "192.0.2.2:5060"}) {
		t.Errorf("the room is at %+v", p)
	}
}

func rooms(t *testing.T, s *db.Store) []call.Room {
	t.Helper()
	all, err := s.Rooms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func keeps(t *testing.T, s *db.Store, node string, all ...call.Room) {
	t.Helper()
	if err := s.KeepRooms(t.Context(), node, all); err != nil {
		t.Fatal(err)
	}
}

func TestWhatGoesOnInARoomIsWhatItsNodeToldLast(t *testing.T) {
	s := dbtest.Store(t)
	nodeBeats(t, s, "n1", "192.0.2.1:5060")
	claims(t, s, "f/room", "n1")
	if got := rooms(t, s); len(got) != 0 {
		t.Errorf("before its node tells, rooms are %+v", got)
	}
	busy := call.Room{Name: "f/room", Locked: true, Parties: []call.RoomParty{{Call: "a", Host: true}, {Call: "b", Muted: true}}}
	keeps(t, s, "n1", busy)
	keeps(t, s, "n2", call.Room{Name: "f/other"}, call.Room{Name: "f/room"}) // of which it holds one
	if got := rooms(t, s); len(got) != 2 || got[0].Name != "f/other" || !reflect.DeepEqual(got[1], busy) {
		t.Errorf("rooms are %+v", got)
	}
	keeps(t, s, "n2")
	if got := rooms(t, s); len(got) != 1 || got[0].Name != "f/room" {
		t.Errorf("after one was given up, rooms are %+v", got)
	}
	dbtest.Exec(t, s, "update rooms set kept = now() - interval '1 minute'")
	if got := rooms(t, s); len(got) != 0 {
		t.Errorf("a node that is lost tells %+v", got)
	}
}

func TestWhoWatchesCallsHearsOfRoomsThatChange(t *testing.T) {
	s := dbtest.Store(t)
	heard := make(chan struct{}, 10)
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	defer watching.Wait()
	defer stop()
	watching.Go(func() { _ = s.WatchPositions(ctx, func() { heard <- struct{}{} }) }) // it ends with ctx
	count := func(want int) {
		t.Helper()
		for range want {
			select {
			case <-heard:
			case <-time.After(10 * time.Second):
				t.Fatal("nothing was heard")
			}
		}
	}
	count(1)
	open, locked := call.Room{Name: "f/room"}, call.Room{Name: "f/room", Locked: true}
	for _, room := range []call.Room{open, open, locked, locked} {
		keeps(t, s, "n1", room)
	}
	keeps(t, s, "n1")
	savePositions(t, s, at("a", 1, "in"))
	count(4) // it began, was locked, is over; and the position
	select {
	case <-heard:
		t.Error("being kept is news")
	default:
	}
}

func TestARoomThatIsNotKeptLapses(t *testing.T) {
	s := dbtest.Store(t)
	nodeBeats(t, s, "n1", "192.0.2.1:5060")
	nodeBeats(t, s, "n2", "192.0.2.2:5060")
	for _, kept := range []bool{true, false} {
		claims(t, s, "f/room", "n1")
		dbtest.Exec(t, s, "update rooms set kept = now() - interval '1 minute'")
		want := "n2"
		if kept {
			want = "n1"
			if err := s.KeepRooms(t.Context(), "n1", []call.Room{{Name: "f/room"}, {Name: "f/never-claimed"}}); err != nil {
				t.Fatal(err)
			}
		}
		if p := claims(t, s, "f/room", "n2"); p.Node != want {
			t.Errorf("kept %v: the room is on %s, want %s", kept, p.Node, want)
		}
	}
	if err := s.KeepRooms(t.Context(), "n1", []call.Room{{Name: "f/room"}}); err != nil {
		t.Fatal(err)
	}
	if p := claims(t, s, "f/room", "n1"); p.Node != "n2" {
		t.Errorf("a node that is late took the room back: %+v", p)
	}
}
