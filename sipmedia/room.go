package sipmedia

import (
	"slices"
	"sync/atomic"

	"tandem/flow/call"
	"tandem/flow/reflex"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/mixer"
)

// room is one conference. Everything but coming and told runs on its mailbox;
// see rooms.
type room struct {
	rooms  *rooms
	name   string
	mix    *mixer.Mixer
	box    mailbox
	coming int       // on the way in; under rooms.mu
	told   call.Room // what those who watch were told; under rooms.mu

	parties []*party // in the order they came
	hosted  bool     // a host has been here since the room began
	locked  bool
	hushed  bool // all but hosts are muted
}

// party is somebody in a room: a leg of this node.
type party struct {
	in   call.Confer
	of   call.ID // the caller's, at whichever node
	call roomCall
	room *room // set by rooms.enter
	most atomic.Int32

	// The room's.
	seat  *mixer.Seat
	muted bool // by its own key
	music bool // hears it, and is not heard
}

// roomCall is what a room tells a call. It only posts to the call's mailbox.
type roomCall interface {
	entered(seat *mixer.Seat)
	refused(note string)
	hears(music bool) // music instead of the room
	says(audioID string)
	dismissed() // the conference is over for all
}

// enter lets a party in, or not. A host comes into a locked room too: who has
// locked it may have lost the line.
func (r *room) enter(p *party) {
	defer r.rooms.arrived(r)
	if r.locked && !p.in.Host {
		p.call.refused(call.ConferenceLocked)
		return
	}
	seat, err := r.mix.Join()
	if err == nil && len(r.parties) >= p.in.Max {
		seat.Leave()
		err = mixer.ErrFull
	}
	if err != nil {
		p.call.refused(call.ConferenceFull)
		return
	}
	p.seat = seat
	r.parties = append(r.parties, p)
	r.hosted = r.hosted || p.in.Host
	for _, other := range r.parties {
		other.most.Store(max(other.most.Load(), int32(len(r.parties))))
	}
	p.call.entered(seat)
	r.tell(p, r.rooms.joined)
	r.settle()
}

// leave gives a party's place up. It may be called twice, and for who never got
// in.
func (r *room) leave(p *party) {
	i := slices.Index(r.parties, p)
	if i < 0 {
		return
	}
	p.seat.Leave()
	r.parties = slices.Delete(r.parties, i, i+1)
	r.tell(p, r.rooms.left)
	r.settle()
	r.rooms.vacated(r)
}

// tell lets everybody hear that somebody comes or goes. Who waits for a host is
// nobody's concern yet.
func (r *room) tell(p *party, tone audio.Clip) {
	if p.in.Tones && !r.waits(p) {
		r.mix.Tone(tone.Samples)
	}
}

// waits tells whether a party waits for the first host.
func (r *room) waits(p *party) bool { return p.in.WaitForHost && !r.hosted }

// settle tells each party what it hears, and whether it is heard.
func (r *room) settle() {
	there := 0
	for _, p := range r.parties {
		if !r.waits(p) {
			there++
		}
	}
	for _, p := range r.parties {
		waits := r.waits(p)
		p.seat.Mute(waits || r.silent(p))
		if music := waits || there == 1; music != p.music {
			p.music = music
			p.call.hears(music)
		}
	}
	r.rooms.tell(r, r.now())
}

// now is what goes on, for those who watch.
func (r *room) now() call.Room {
	out := call.Room{Name: r.name, Locked: r.locked}
	for _, p := range r.parties {
		out.Parties = append(out.Parties, call.RoomParty{Call: p.of, Host: p.in.Host, Muted: r.silent(p)})
	}
	return out
}

// silent tells whether a party is kept from being heard by its own wish or a
// host's.
func (r *room) silent(p *party) bool { return p.muted || r.hushed && !p.in.Host }

// wishes are what keys do.
var wishes = map[reflex.Wish]func(*room, *party){
	reflex.MuteSelf:  (*room).muteSelf,
	reflex.Lock:      (*room).lock,
	reflex.MuteAll:   (*room).muteAll,
	reflex.EndForAll: (*room).end,
}

// wish does what a party asks for, if it may.
func (r *room) wish(p *party, w reflex.Wish) {
	if do := wishes[w]; do != nil && slices.Contains(r.parties, p) && (p.in.Host || !w.HostOnly()) {
		do(r, p)
		r.settle()
	}
}

func (r *room) muteSelf(p *party) {
	p.muted = !p.muted
	p.call.says(r.mutedWords(p))
}

// mutedWords is what tells a party whether it is heard. Its own wish does not
// lift the host's.
func (r *room) mutedWords(p *party) string {
	if r.silent(p) {
		return call.AudioMuted
	}
	return call.AudioUnmuted
}

func (r *room) lock(p *party) {
	r.locked = !r.locked
	p.call.says(map[bool]string{true: call.AudioConferenceLocked, false: call.AudioConferenceOpen}[r.locked])
}

func (r *room) muteAll(by *party) {
	r.hushed = !r.hushed
	for _, p := range r.parties {
		switch {
		case p == by:
			p.call.says(map[bool]string{true: call.AudioAllMuted, false: call.AudioAllUnmuted}[r.hushed])
		case !p.in.Host && !r.waits(p):
			p.call.says(r.mutedWords(p))
		}
	}
}

// end sends everybody home.
func (r *room) end(*party) {
	for _, p := range r.parties {
		p.seat.Leave()
		p.call.dismissed()
	}
	r.parties = nil
	r.rooms.vacated(r)
}
