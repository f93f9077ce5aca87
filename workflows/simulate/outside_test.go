package simulate

import (
	"errors"
	"strings"
	"testing"

	"tandem/flow"
	"tandem/flow/call"
)

func request(id string, h flow.HTTPRequest) flow.Module {
	return flow.Module{ID: id, Kind: "http-request", Settings: &h}
}

func notice(id string, n flow.Notification) flow.Module {
	return flow.Module{ID: id, Kind: "notification", Settings: &n}
}

// informed asks a server and tells people what it said.
func informed() flow.Flow {
	return draw([]flow.Module{entry(), request("crm", flow.HTTPRequest{URL: "https://crm.example/x?n={caller}"}),
		notice("tell", flow.Notification{To: []string{"ann", "bob"}, Subject: "{caller} is {tier}"}), hangup("bye", flow.Hangup{}), hangup("no", flow.Hangup{Cause: "busy"})},
		"line next crm", "crm ok tell", "crm failed no", "tell next bye")
}

func TestNoMailLeavesASimulationAndWhoWouldGetItIsTold(t *testing.T) {
	r := run(t, informed(), flow.Scenario{Caller: "+46700000001", Replies: map[string]flow.HTTPReply{
		"crm": {Status: 201, Variables: []call.Fact{{Name: "tier", Value: "gold"}}}}})
	got := told(r)
	for _, want := range []string{"GET https://crm.example/x would be sent and answered 201", "a mail would be sent to ann, bob: +46700000001 is gold",
		"crm:ok(ok) tell:next(notified) bye:(hangup)"} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing of %q in\n%s", want, got)
		}
	}
	for _, s := range r.Steps {
		if strings.Contains(s.Text, "mail") && s.Module != "tell" {
			t.Errorf("the mail is told of %q", s.Module)
		}
	}
}

func TestAScenarioSaysWhatServersAnswer(t *testing.T) {
	for want, reply := range map[string]flow.HTTPReply{"crm:failed(failed) no:(hangup)": {Status: 503}, "crm:failed(failed) no:(hangup) ": {}} {
		if got := told(run(t, informed(), flow.Scenario{Replies: map[string]flow.HTTPReply{"crm": reply}})); !strings.Contains(got, strings.TrimSpace(want)) {
			t.Errorf("%+v leads\n%s", reply, got)
		}
	}
	if got := told(run(t, informed(), flow.Scenario{})); !strings.Contains(got, "crm:ok(ok)") {
		t.Errorf("a server that is not named leads\n%s", got)
	}
	_, err := New(office{}).Run(t.Context(), informed(), flow.Scenario{Entry: "line", Replies: map[string]flow.HTTPReply{"crm": {Status: 7}}})
	if !errors.Is(err, ErrScenario) {
		t.Errorf("an answer 7: %v", err)
	}
}
