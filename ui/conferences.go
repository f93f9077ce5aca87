package ui

import (
	"net/http"
	"slices"
	"time"

	"tandem/flow/call"
	"tandem/ui/pages"
)

// conference is a room that somebody is in, as the positions of calls tell it.
// Who is muted only the node knows.
type conference struct {
	Room    string       `json:"room"`
	Flow    call.FlowRef `json:"flow"`
	Module  string       `json:"module"`
	Name    string       `json:"name"`
	Parties []attendee   `json:"parties"` // in the order they came
}

// attendee is a caller in a conference.
type attendee struct {
	Call   call.ID    `json:"call"`
	Caller call.Party `json:"caller"`
	Host   bool       `json:"host,omitempty"`
	Since  time.Time  `json:"since"`
}

func (p *Panel) apiConferences(r *http.Request) ([]conference, error) {
	may, err := p.sightOf(r)
	if err != nil {
		return nil, err
	}
	all, err := p.positions(r.Context())
	return conferencesOf(moment{calls: all}.of(may.position)), err
}

// conferencesOf finds the rooms that calls are in. The room that began first is
// first; one room may be walked into by calls of several versions of its flow.
func conferencesOf(all []call.Position) []conference {
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
		rooms[i].Parties = append(rooms[i].Parties, attendee{Call: at.Call, Caller: at.Caller, Host: at.Host, Since: at.Since})
	}
	return rooms
}

func liveRooms(all []conference, now time.Time) []pages.LiveRoom {
	out := make([]pages.LiveRoom, len(all))
	for i, c := range all {
		out[i] = pages.LiveRoom{Name: shown(c.Name), Flow: flowLabel(c.Flow), Canvas: "/flows/" + c.Flow.ID + "/live"}
		for _, a := range c.Parties {
			out[i].Parties = append(out[i].Parties, pages.LiveParty{Caller: party(a.Caller), Link: callLink(a.Call), Host: a.Host,
				Since: a.Since, Here: clock(until(a.Since, time.Time{}, now))})
		}
	}
	return out
}
