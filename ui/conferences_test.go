package ui

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui/browsertest"
)

// attending is a caller in a conference.
func attending(id call.ID, number, room string, host bool) call.Position {
	office, module, _ := strings.Cut(room, "/")
	return call.Position{Call: id, Caller: call.Party{Number: number}, Since: time.Now(), Started: time.Now(),
		Flow: call.FlowRef{ID: office, Name: office}, Module: module, Name: "Monday meeting", Kind: "conference", Room: room, Host: host}
}

func TestConferencesTellWhoIsInThem(t *testing.T) {
	at := []call.Position{ // newest first
		attending("20261122-120003-carol00", "+46700000003", "office-0/room", true),
		attending("20261122-120002-bob0000", "+46700000002", "office-1/room", false),
		attending("20261122-120001-ann0000", "+46700000001", "office-0/room", false),
		{Call: "20261122-120000-asked00", Caller: call.Party{Number: "+46700000009"}, Since: time.Now(), Started: time.Now(), Flow: call.FlowRef{ID: "office-0"}, Module: "room", Kind: "conference"},
	}
	w, _ := busyWorld(t, func(c *Config) { c.Live = &onDuty{office: &office{at: at}} })
	boss := w.as(directory.Owner)
	var rooms []conference
	boss.get("/api/conferences").into(t, &rooms)
	if len(rooms) != 2 || rooms[0].Room != "office-0/room" || len(rooms[0].Parties) != 2 || len(rooms[1].Parties) != 1 {
		t.Fatalf("conferences are %+v", rooms)
	}
	first, second := rooms[0].Parties[0], rooms[0].Parties[1]
	if first.Caller.Number != "+46700000001" || first.Host || !second.Host || second.Since.IsZero() {
		t.Errorf("in the first are %+v", rooms[0].Parties)
	}
	page := boss.want(boss.get("/live"), 200).body
	for _, want := range []string{`aria-label="Conference Monday meeting"`, "host of the conference", "in the conference"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	limited := w.as(directory.Supervisor, func(l *directory.Login) { l.Flows = []string{"office-1"} })
	limited.get("/api/conferences").into(t, &rooms)
	if len(rooms) != 1 || rooms[0].Room != "office-1/room" {
		t.Errorf("a login limited to another flow sees %+v", rooms)
	}
	stranger := w.as(directory.Agent)
	stranger.get("/api/conferences").into(t, &rooms)
	if len(rooms) != 0 {
		t.Errorf("an agent without a user sees %+v", rooms)
	}
}

func TestWhoWatchesAConferenceSeesWhoIsMutedAndThatItIsLocked(t *testing.T) {
	host, guest := call.ID("20261122-120003-carol00"), call.ID("20261122-120001-ann0000")
	at := []call.Position{attending(host, "+46700000003", "office-0/room", true), attending(guest, "+46700000001", "office-0/room", false)}
	o := &office{at: at}
	w, _ := busyWorld(t, func(c *Config) { c.Live = &onDuty{office: o} })
	server := httptest.NewServer(w.panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	tab := browsertest.Open(t, time.Minute)
	boss := w.as(directory.Owner)
	tab.Cookie(server.URL, "tandem", boss.cookies["tandem"].Value)
	tab.Show(server.URL + "/live")
	shows := func(what, words string) {
		t.Helper()
		if !tab.Holds(`[...document.querySelectorAll(".conference .badge")].map((b) => b.textContent.trim()).join() === "`+words+`"`, 2*time.Second) {
			t.Errorf("%s: the page does not say %q", what, words)
		}
	}
	room := func(locked, muted bool) call.Room {
		return call.Room{Name: "office-0/room", Locked: locked, Parties: []call.RoomParty{{Call: guest, Muted: muted}, {Call: host, Host: true}}}
	}
	shows("before the node tells", "host")
	o.told(room(false, true))
	shows("a guest mutes itself", "muted,host")
	var rooms []conference
	boss.get("/api/conferences").into(t, &rooms)
	if len(rooms) != 1 || !rooms[0].Parties[0].Muted || rooms[0].Parties[1].Muted || rooms[0].Locked {
		t.Errorf("the API tells %+v", rooms)
	}
	o.told(call.Room{Name: "office-1/room", Locked: true}, room(true, false))
	shows("the host locks it", "locked,host")
	for _, finding := range tab.Axe() {
		t.Error(finding)
	}
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}
