package e2e

import (
	"testing"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
)

// Codes that are dialled from an idle phone: what they change is asked of the
// panel, as people would.
func TestCodesDialledWhenIdle(t *testing.T) {
	in := start(t)
	store := in.openStore()
	codes := directory.DefaultFeatureCodes()
	c := &coder{in: in}
	c.dials("*55", call.CauseNormal) // a member of nothing hears so

	f := flow.Flow{ID: "helpdesk", Name: "Helpdesk", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "In", Settings: &flow.InternalNumber{InternalNumber: "700"}},
		{ID: "wait", Kind: "queue", Name: "Wait", Settings: &flow.Queue{MembersLogIn: true,
			Members: []flow.QueueMember{{ContactMethod: "account-100"}, {ContactMethod: "account-101"}}}},
		{ID: "hours", Kind: "time-router", Name: "Hours", HangUpHere: []flow.Exit{"open", "closed"}, Settings: &flow.TimeRouter{Code: "42"}}},
		Cables: []flow.Cable{{From: "in", Exit: "next", To: "wait"}, {From: "wait", Exit: "timeout", To: "hours"}}}
	if err := store.CreateFlow(t.Context(), f, "tests"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Publish(t.Context(), f.ID, 1, "tests", ""); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		code  string
		state queue.MemberState
	}{
		{"*56", queue.MemberLoggedOut}, {"*55", ""}, {"*56", queue.MemberPaused}, {"*56", ""}, {"*55", queue.MemberLoggedOut},
	} {
		c.dials(step.code, call.CauseNormal)
		c.stands("helpdesk.wait", step.code, step.state)
	}
	for _, state := range []string{"open", ""} { // nobody set hours, so it is closed
		c.dials("*7742", call.CauseNormal)
		held, err := store.Overrides(t.Context(), "helpdesk")
		if err != nil || held["hours"].State != state {
			t.Errorf("after *7742 the time router is %+v, %v; want %q", held, err, state)
		}
	}

	for i := range codes {
		switch codes[i].ID {
		case directory.FeatureQueueLogIn:
			codes[i].Code = "*5551"
		case directory.FeatureQueuePause:
			codes[i].On = false
		}
	}
	if err := store.SaveSetting(t.Context(), "feature-codes", codes); err != nil {
		t.Fatal(err)
	}
	c.dials("*5551", call.CauseNormal)
	c.stands("helpdesk.wait", "*5551", "")
	c.dials("*7799", call.CauseNormal) // hears that nothing has these digits
	for _, code := range []string{"*55", "*56", "*33", "*866"} {
		c.dials(code, call.CauseNotFound)
	}
}

// spoken is fewer packets than the shortest answer has: half a second.
const spoken = 25

// coder dials codes from phone 100.
type coder struct{ in *installation }

func (c *coder) dials(code string, want call.Cause) {
	c.in.t.Helper()
	a := c.in.calling("100", code, 440, "--for", "20s")
	_, exit := a.ended()
	e := c.in.lastCall()
	if e.Called != code || e.Cause != want {
		c.in.t.Errorf("%s: the ledger says %s of %s, want %s", code, e.Cause, e.Called, want)
	}
	if want != call.CauseNormal {
		if exit != 4 {
			c.in.t.Errorf("%s: exit code %d, want that of a number not assigned", code, exit)
		}
		return
	}
	if heard := a.media().Received; exit != 0 || heard < spoken {
		c.in.t.Errorf("%s: exit code %d, %d packets heard\n%s", code, exit, heard, a.story())
	}
}

// stands compares what the panel says of phone 100; empty stands for logged in
// and not paused, whether its phone is registered or not.
func (c *coder) stands(id, code string, want queue.MemberState) {
	c.in.t.Helper()
	var s struct {
		Team []queue.MemberView `json:"team"`
	}
	if err := c.in.get("/api/queues/"+id, &s); err != nil {
		c.in.t.Fatal(err)
	}
	got := s.Team[0]
	if got.Out != (want == queue.MemberLoggedOut) || got.Paused != (want == queue.MemberPaused) {
		c.in.t.Errorf("after %s the member is %+v, want %q", code, got, want)
	}
	if other := s.Team[1]; !other.Out {
		c.in.t.Errorf("after %s somebody else is logged in: %+v", code, other)
	}
}
