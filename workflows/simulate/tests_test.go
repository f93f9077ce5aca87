package simulate

import (
	"fmt"
	"strings"
	"testing"

	"tandem/flow"
	"tandem/flow/call"
)

func TestASavedTestSaysWhereTheCallWentAnotherWay(t *testing.T) {
	sc := flow.Scenario{Entry: "line", At: noon, Keys: []flow.Keying{{Digits: "22"}}}
	right := []flow.TestStep{{Module: "line", Exit: "next"}, {Module: "welcome", Exit: "key:22"}, {Module: "bye"}}
	with := func(i int, s flow.TestStep) []flow.TestStep {
		out := append([]flow.TestStep(nil), right...)
		out[i] = s
		return out
	}
	for _, c := range []struct {
		test flow.Test
		want string
	}{
		{flow.Test{Scenario: sc, Want: right, Cause: call.CauseBusy}, ""},
		{flow.Test{Scenario: sc, Want: right}, ""},
		{flow.Test{Scenario: sc, Cause: call.CauseBusy}, ""},
		{flow.Test{Scenario: sc, Want: with(1, flow.TestStep{Module: "welcome", Exit: "key:1"})}, "step 2: expected Welcome to be left by “key 1”, it was left by “key 22”"},
		{flow.Test{Scenario: sc, Want: with(1, flow.TestStep{Module: "welcome"})}, "step 2: expected the call to end at Welcome, it was left by “key 22”"},
		{flow.Test{Scenario: sc, Want: with(2, flow.TestStep{Module: "bye", Exit: "next"})}, "step 3: expected Bye to be left by “next”, the call ended there: the flow hangs up: busy"},
		{flow.Test{Scenario: sc, Want: with(2, flow.TestStep{Module: "desk"})}, "step 3: expected Desk, the call came to Bye"},
		{flow.Test{Scenario: sc, Want: with(2, flow.TestStep{Module: "lost"})}, `step 3: expected "lost" (which is gone), the call came to Bye`},
		{flow.Test{Scenario: sc, Want: append(with(0, right[0]), flow.TestStep{Module: "sorry"})}, "step 4: expected Sorry, the call was over before: busy"},
		{flow.Test{Scenario: sc, Want: right[:2]}, "step 3: expected the call to be over, it went on to Bye"},
		{flow.Test{Scenario: sc, Want: right, Cause: call.CauseNormal}, `the end: expected "ended normally", it was "busy"`},
		{flow.Test{Scenario: flow.Scenario{Entry: "gone"}}, ErrScenario.Error() + `: the flow has no entry "gone"`},
	} {
		f := support()
		c.test.ID, c.test.Name = "t", "A key"
		f.Tests = []flow.Test{c.test}
		got, err := New(office{}).Test(t.Context(), f)
		if err != nil || len(got) != 1 {
			t.Fatal(got, err)
		}
		if got[0].Text != c.want || got[0].Passed != (c.want == "") || got[0].ID != "t" || got[0].Name != "A key" {
			t.Errorf("%+v\nwant %q", got[0], c.want)
		}
		if step := fmt.Sprintf("step %d:", got[0].At+1); strings.HasPrefix(c.want, "step") && !strings.HasPrefix(c.want, step) {
			t.Errorf("%q is told of %s", c.want, step)
		}
	}
}
