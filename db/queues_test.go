package db_test

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/directory"
	"tandem/flow/queue"
)

// publishQueue publishes a flow that is one queue.
func publishQueue(t testing.TB, s *db.Store, id string, logIn bool, members ...string) queue.ID {
	t.Helper()
	list := ""
	for i, m := range members {
		if i > 0 {
			list += ","
		}
		list += fmt.Sprintf(`{"contact_method": %q}`, m)
	}
	content := fmt.Sprintf(`{"id": %q, "name": "Flow %s", "cables": [], "modules": [{"id": "wait", "kind": "queue", "name": "Queue %s",
		"settings": {"members_log_in": %v, "members": [%s]}}]}`, id, id, id, logIn, list)
	dbtest.Exec(t, s,
		fmt.Sprintf("insert into flows (id, name, draft) values ('%s', 'Flow %s', '%s')", id, id, content),
		fmt.Sprintf("insert into flow_versions (flow, version, content) values ('%s', 1, '%s')", id, content),
		fmt.Sprintf("update flows set published = 1 where id = '%s'", id))
	return queue.NewID(id, "wait")
}

func TestPublishedQueuesAreListedWithTheirSettings(t *testing.T) {
	s := dbtest.Store(t)
	publishQueue(t, s, "sales", true, "phone-1")
	got, err := s.Queues(t.Context())
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	q := got[0]
	if q.ID != "sales.wait" || q.Name != "Queue sales" || q.FlowName != "Flow sales" || !q.Settings.MembersLogIn || q.Settings.Members[0].Ring != 20 {
		t.Errorf("got %+v", q)
	}
}

func roster(t testing.TB, s *db.Store, id queue.ID, in bool, at time.Time, members ...string) []queue.Person {
	t.Helper()
	got, err := s.Roster(t.Context(), id, members, in, at)
	if err != nil || len(got) != len(members) {
		t.Fatal(got, err)
	}
	return got
}

func TestARosterSaysWhoCanBeRung(t *testing.T) {
	s := townStore(t, dbtest.Store(t))
	onWeekdays(t, s)
	got := roster(t, s, "q.wait", true, sunday, "desk", "away", "off", "post", "ghost")
	want := []queue.Person{
		{ContactMethod: "desk", Name: "Desk", User: "worker", OffSchedule: true, Unreachable: true},
		{ContactMethod: "away", Name: "Away"},
		{ContactMethod: "off", Name: "Off", Unreachable: true},
		{ContactMethod: "post", Name: "Post", Unreachable: true},
		{ContactMethod: "ghost", Name: "ghost", Unreachable: true},
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
	err := s.SaveBinding(t.Context(), db.Binding{Account: "desk", Contact: "sip:desk@192.0.2.5", Received: netip.MustParseAddrPort("192.0.2.5:5060"),
		Transport: "udp", Expires: monday.Add(time.Minute), Node: "n1"})
	if err != nil {
		t.Fatal(err)
	}
	if p := roster(t, s, "q.wait", true, monday, "desk")[0]; p.Unreachable || p.OffSchedule {
		t.Errorf("registered and at work: %+v", p)
	}
	if p := roster(t, s, "q.wait", true, monday.Add(time.Minute), "desk")[0]; !p.Unreachable {
		t.Errorf("after the registration: %+v", p)
	}
}

func TestAMemberWhoSaidNothingIsLoggedOut(t *testing.T) {
	s := dbtest.Store(t)
	agents(t, s, 1)
	id := publishQueue(t, s, "sales", true, "phone-0")
	if p := roster(t, s, id, false, monday, "phone-0")[0]; !p.Out {
		t.Errorf("never logged in: %+v", p)
	}
	for _, c := range []struct {
		change      directory.MemberChange
		out, paused bool
	}{{directory.MemberLogIn, false, false}, {directory.MemberPause, false, true}, {directory.MemberLogOut, true, false}} {
		m, err := s.ChangeMember(t.Context(), id, "phone-0", c.change, "me@example.org", monday)
		if err != nil || m.By != "me@example.org" || !m.Since.Equal(monday) {
			t.Fatal(m, err)
		}
		if p := roster(t, s, id, false, monday, "phone-0")[0]; p.Out != c.out || p.Paused != c.paused {
			t.Errorf("%s: %+v", c.change, p)
		}
		if p := roster(t, s, id, true, monday, "phone-0")[0]; p.Out || p.Paused {
			t.Errorf("%s where members need not log in: %+v", c.change, p)
		}
	}
	if _, err := s.ChangeMember(t.Context(), id, "phone-0", "dance", "me", monday); !errors.Is(err, directory.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestOnePersonChangesInAllQueuesAndOncePerCall(t *testing.T) {
	s := dbtest.Store(t)
	agents(t, s, 2)
	publishQueue(t, s, "sales", true, "phone-0", "phone-1")
	publishQueue(t, s, "support", true, "mobile-0")
	publishQueue(t, s, "always", false, "phone-0")
	toggle := func(by string) (in int) {
		t.Helper()
		done, err := s.ChangePerson(t.Context(), "phone-0", directory.MemberToggleIn, by, monday)
		if err != nil || len(done) != 2 {
			t.Fatal(done, err)
		}
		for _, m := range done {
			if m.LoggedIn {
				in++
			}
		}
		return in
	}
	for _, c := range []struct {
		by string
		in int
	}{{"call-1", 2}, {"call-1", 2}, {"call-2", 0}, {"call-2", 0}, {"call-3", 2}} {
		if in := toggle(c.by); in != c.in {
			t.Errorf("after %s %d of 2 are in, want %d", c.by, in, c.in)
		}
	}
	if got := roster(t, s, "sales.wait", false, monday, "phone-1")[0]; !got.Out {
		t.Errorf("somebody else was logged in: %+v", got)
	}
	if done, err := s.ChangePerson(t.Context(), "nobody", directory.MemberToggleIn, "call-4", monday); err != nil || len(done) != 0 {
		t.Errorf("a stranger: %v, %v", done, err)
	}
}
