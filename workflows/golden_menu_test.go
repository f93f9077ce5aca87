package workflows

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	"tandem/flow"
	"tandem/flow/call"
)

// internalNumbers is where numbers lead that a caller keys: a step "Internal" of
// the script, with the route.
func internalNumbers(s *script, env *testsuite.TestWorkflowEnvironment) {
	find := answer[activities.InternalInput, flow.Route](s, "Internal")
	env.OnActivity(directory.Internal, mock.Anything, mock.Anything).Return(func(ctx context.Context, in activities.InternalInput) (flow.Route, error) {
		in.At = time.Time{} // no two runs take equally long to come here
		return find(ctx, in)
	})
}

// A flow whose menu leads, by an internal number, into another whose menu leads
// back is a circle like any other.
func TestHopsGoOnCountingInAnotherFlow(t *testing.T) {
	page := func(id, entry, name string) string {
		return fmt.Sprintf(`{"id":%q,"name":%q,"modules":[%s,
			{"id":"menu","kind":"voice-menu","name":"Menu","settings":{"audio":"a","entries":["1"],"direct_dial":true}}],
			"cables":[{"from":"in","exit":"next","to":"menu"}]}`, id, name, entry)
	}
	number := `{"id":"in","kind":"internal-number","name":"In","settings":{"internal_number":"7"}}`
	there := page("there", number, "There")
	var b strings.Builder
	b.WriteString(`call {"called":"+15550100"}` + "\n")
	for range maxHops / 2 {
		b.WriteString(`Gather {"outcome":"direct","digits":"7","playbacks":1}` + "\n")
		fmt.Fprintf(&b, `Internal {"number":"7","entry":"in","revision":{"id":"there","version":3,"flow":%s}}`+"\n", strings.ReplaceAll(there, "\n", ""))
	}
	b.WriteString(`End {"legs":[]}`)
	s := &script{t: t}
	if err := json.Unmarshal([]byte(page("here", `{"id":"in","kind":"phone-number","name":"In","settings":{"number":"+15550100"}}`, "Here")), &s.flow); err != nil {
		t.Fatal(err)
	}
	s.read(b.String())
	s.run()
	if s.saved.Cause != call.CauseLoop || len(s.saved.Path) != maxHops {
		t.Errorf("ended %s after %d modules, want a loop after %d", s.saved.Cause, len(s.saved.Path), maxHops)
	}
}
