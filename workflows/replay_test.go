package workflows

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
)

func replay(t *testing.T, file string) error {
	t.Helper()
	r := worker.NewWorkflowReplayer()
	Register(r)
	return r.ReplayWorkflowHistoryFromJSONFile(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), file)
}

// Histories of real calls must replay as they ran. A change that breaks one
// needs workflow.GetVersion, never a recording made anew.
func TestHistoriesOfRealCallsReplay(t *testing.T) {
	files, err := filepath.Glob("testdata/histories/*.json")
	if err != nil {
		t.Fatal(err)
	}
	replayed := 0
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "broken") {
			continue
		}
		if err := replay(t, file); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		replayed++
	}
	if replayed == 0 {
		t.Error("no history was replayed")
	}
}

// Without this, the test above would also pass if replaying checked nothing.
func TestABrokenHistoryFailsToReplay(t *testing.T) {
	if err := replay(t, "testdata/histories/broken.json"); err == nil || !strings.Contains(err.Error(), "nondeterministic") && !strings.Contains(strings.ToLower(err.Error()), "non-deterministic") {
		t.Errorf("replaying a history whose ring became a playback: %v", err)
	}
}
