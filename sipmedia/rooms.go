package sipmedia

import (
	"maps"
	"slices"
	"sync"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/mixer"
)

// rooms are the conferences of a node, by name.
//
// # How calls share a room
//
// A room belongs to no call, so what happens in it runs in order on a mailbox of
// its own. A call posts to its room and a room posts to its calls; neither ever
// waits for the other, nor reads what is the other's. So there is no order of
// locks to keep, no call that is held up by another, and a call that ends while
// its room speaks to it merely hears nothing of it. What has to be quicker than
// mailboxes, what everybody says, goes through mixer.Mixer, and of that a call
// sees but its own seat. We turned down one lock for a room: it would be held
// while calls are told things, by goroutines of other calls.
//
// mu guards the table, so that nobody enters a room which is just being given
// up, and what was told of each room to those who watch. It is held for a look-up
// only.
type rooms struct {
	mu    sync.Mutex
	all   map[string]*room
	moved chan struct{}  // holds a token when a room is unlike it was told
	work  sync.WaitGroup // all that was posted to rooms

	joined, left audio.Clip
}

// Figures of the tones that tell of who comes and goes.
const (
	chimeNote  = 120 * time.Millisecond
	chimeLevel = -19 // dBm0
)

func newRooms() *rooms {
	return &rooms{
		all:    map[string]*room{},
		moved:  make(chan struct{}, 1),
		joined: audio.Chime(mediaRate, chimeNote, chimeLevel, 660, 880),
		left:   audio.Chime(mediaRate, chimeNote, chimeLevel, 880, 660),
	}
}

// enter lets a party knock at the room of a name, which comes into being with
// the first.
func (rs *rooms) enter(name string, p *party) error {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r := rs.all[name]
	if r == nil {
		mix, err := mixer.New()
		if err != nil {
			return err
		}
		r = &room{rooms: rs, name: name, mix: mix, told: call.Room{Name: name}}
		rs.all[name] = r
	}
	r.coming++
	p.room = r
	rs.post(r, func() { r.enter(p) })
	return nil
}

// post runs f on a room's mailbox, which is never closed.
func (rs *rooms) post(r *room, f func()) {
	rs.work.Add(1)
	r.box.post(func() {
		defer rs.work.Done()
		f()
	})
}

// arrived counts somebody who was on the way, and gives the room up if nobody is
// in it or on the way.
func (rs *rooms) arrived(r *room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r.coming--
	rs.drop(r)
}

// vacated gives a room up that the last party has left.
func (rs *rooms) vacated(r *room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.drop(r)
}

func (rs *rooms) drop(r *room) {
	if r.coming == 0 && len(r.parties) == 0 {
		delete(rs.all, r.name)
		rs.poke()
	}
}

// tell makes known what goes on in a room, unless it is given up already.
func (rs *rooms) tell(r *room, now call.Room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.all[r.name] != r || r.told.Locked == now.Locked && slices.Equal(r.told.Parties, now.Parties) {
		return
	}
	r.told = now
	rs.poke()
}

func (rs *rooms) poke() {
	select {
	case rs.moved <- struct{}{}:
	default: // one that is there says as much
	}
}

// Rooms are the conference rooms that this node holds, by name, and what goes on
// there.
func (s *Switch) Rooms() []call.Room {
	rs := s.rooms
	rs.mu.Lock()
	defer rs.mu.Unlock()
	out := make([]call.Room, 0, len(rs.all))
	for _, name := range slices.Sorted(maps.Keys(rs.all)) {
		out = append(out, rs.all[name].told)
	}
	return out
}

// RoomsMoved holds a token when Rooms has something new to tell. It is for one
// reader.
func (s *Switch) RoomsMoved() <-chan struct{} { return s.rooms.moved }
