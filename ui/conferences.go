package ui

import (
	"net/http"
	"slices"
	"time"

	"tandem/flow/call"
	"tandem/ui/pages"
)

// conference is a room that somebody is in: who, the positions of calls tell, and
// the node that holds the room, who is muted.
type conference struct {
	Room    string       `json:"room"`
	Flow    call.FlowRef `json:"flow"`
	Module  string       `json:"module"`
	Name    string       `json:"name"`
	Locked  bool         `json:"locked,omitempty"`
	Parties []attendee   `json:"parties"` // in the order they came
}

// attendee is a caller in a conference.
type attendee struct {
	Call   call.ID    `json:"call"`
	Caller call.Party `json:"caller"`
	Host   bool       `json:"host,omitempty"`
	Muted  bool       `json:"muted,omitempty"` // by its own key, or a host's
	Since  time.Time  `json:"since"`
}

func (p *Panel) apiConferences(r *http.Request) ([]conference, error) {
	may, err := p.sightOf(r)
	if err != nil {
		return nil, err
	}
	now, err := p.running(r.Context())
	return conferencesOf(now.of(may.position), now.rooms), err
}

// conferencesOf finds the rooms that calls are in. The room that began first is
// first; one room may be walked into by calls of several versions of its flow.
func conferencesOf(all []call.Position, told []call.Room) []conference {
	rooms := []conference{}
	for _, at := range slices.Backward(all) { // newest call first, so this is as they came
		if at.Room == "" {
			continue
		}
		i := slices.IndexFunc(rooms, func(c conference) bool { return c.Room == at.Room })
		if i < 0 {
			i = len(rooms)
			rooms = append(rooms, conference{Room: at.Room, Flow: at.Flow, Module: at.Module, Name: at.Name})
		}
		node := roomNamed(told, at.Room)
		in, _ := node.Party(at.Call)
		rooms[i].Locked = node.Locked
		rooms[i].Parties = append(rooms[i].Parties, attendee{Call: at.Call, Caller: at.Caller, Host: at.Host, Muted: in.Muted, Since: at.Since})
	}
	return rooms
}

// roomNamed is an empty room where its node has told nothing yet.
func roomNamed(all []call.Room, name string) call.Room {
	if i := slices.IndexFunc(all, func(r call.Room) bool { return r.Name == name }); i >= 0 {
		return all[i]
	}
	return call.Room{}
}

func liveRooms(all []conference, now time.Time) []pages.LiveRoom {
	out := make([]pages.LiveRoom, len(all))
	for i, c := range all {
		out[i] = pages.LiveRoom{Name: shown(c.Name), Flow: flowLabel(c.Flow), Canvas: "/flows/" + c.Flow.ID + "/live", Locked: c.Locked}
		for _, a := range c.Parties {
			out[i].Parties = append(out[i].Parties, pages.LiveParty{Caller: party(a.Caller), Link: callLink(a.Call), Host: a.Host, Muted: a.Muted,
				Since: a.Since, Here: clock(until(a.Since, time.Time{}, now))})
		}
	}
	return out
}
