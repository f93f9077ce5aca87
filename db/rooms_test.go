package db_test

import (
	"sync"
	"testing"

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
			if err := s.KeepRooms(t.Context(), "n1", []string{"f/room", "f/never-claimed"}); err != nil {
				t.Fatal(err)
			}
		}
		if p := claims(t, s, "f/room", "n2"); p.Node != want {
			t.Errorf("kept %v: the room is on %s, want %s", kept, p.Node, want)
		}
	}
	if err := s.KeepRooms(t.Context(), "n1", []string{"f/room"}); err != nil {
		t.Fatal(err)
	}
	if p := claims(t, s, "f/room", "n1"); p.Node != "n2" {
		t.Errorf("a node that is late took the room back: %+v", p)
	}
}
