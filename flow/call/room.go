package call

// Room is what goes on in a conference room, for those who watch it. It is the
// whole state each time, so that the newest is all that anybody needs.
type Room struct {
	Name    string      `json:"name"`             // flow and module
	Locked  bool        `json:"locked,omitempty"` // nobody but hosts comes in
	Parties []RoomParty `json:"parties,omitempty"`
}

// RoomParty is a caller in a conference room.
type RoomParty struct {
	Call  ID   `json:"call"` // at the node that the caller called
	Host  bool `json:"host,omitempty"`
	Muted bool `json:"muted,omitempty"` // by its own key, or a host's
}

// Party finds a caller in the room.
func (r Room) Party(id ID) (RoomParty, bool) {
	for _, p := range r.Parties {
		if p.Call == id {
			return p, true
		}
	}
	return RoomParty{}, false
}
