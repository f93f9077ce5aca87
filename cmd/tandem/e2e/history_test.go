package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/workflows"
	"tandem/workflows/callclient"
)

// mostEvents is the budget of a simple call: every event is written to the
// history store while a caller waits.
const mostEvents = 45

// recordTo names the folder that histories not yet in it are written to. One
// that is there is never recorded anew: it proves that old calls still replay.
//
// broken.json there is ring_group.json with the activity Ring renamed to Play.
const recordTo = "TANDEM_RECORD_HISTORIES"

// identity is the process that wrote an event, by the name of its machine.
var identity = regexp.MustCompile(`"identity": *"[^"]*"`)

// Every kind of module leaves a history that this very program replays, in as
// few events as a simple call may have.
func TestHistories(t *testing.T) {
	in := start(t)
	newOutside(in, nil)
	for name, place := range map[string]func(*installation){
		"notification":    func(in *installation) { in.calling("100", "700", 440).ended() },
		"http_request":    slowCall,
		"voice_menu":      menuCall,
		"ring_group":      ringCall,
		"audio_playback":  messageCall,
		"phone_number":    silentCall,
		"internal_number": internalMessage,
		"conference":      conferenceCall,
		"start":           boundCall,
		"set_variable":    boundCall,
		"time_router": routed("time-router", "711", &flow.TimeRouter{Zone: "Asia/Tokyo",
			Intervals: []flow.Interval{{Weekdays: flow.Weekdays, From: 9 * 60, To: 17 * 60}}}),
		"caller_router": routed("caller-router", "712", &flow.CallerRouter{Rules: []flow.CallerRule{{Digits: "1", Go: "disallow"}}}),
		"blocklist":     askedList,
		"hangup":        func(in *installation) { in.calling("100", "+15550102", 440).ended() },
	} {
		t.Run(name, in.sub(func(in *installation) { leavesHistory(in, name, place) }))
	}
}

func leavesHistory(in *installation, name string, place func(*installation)) {
	place(in)
	e := in.lastCall()
	kind := strings.ReplaceAll(name, "_", "-")
	if !strings.Contains(exits(e), kind+":") {
		in.t.Errorf("path %q does not pass a %s", exits(e), kind)
	}
	replays(in, name, e)
}

// replays holds a call's history against this very program, and keeps it under a
// name where it is asked to.
func replays(in *installation, name string, e call.LedgerEntry) {
	text := in.history(e.Call)
	if n := events(in.t, text); n > mostEvents {
		in.t.Errorf("%d history events, want at most %d", n, mostEvents)
	} else {
		in.t.Logf("%d history events", n)
	}
	in.keeps(name, text)
}

// keeps writes a history down where none of that name is yet, and replays it.
func (in *installation) keeps(name string, text []byte) {
	in.t.Helper()
	file := filepath.Join(in.t.TempDir(), name+".json")
	if folder := os.Getenv(recordTo); folder != "" {
		file = filepath.Join(folder, name+".json")
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(file, identity.ReplaceAll(text, []byte(`"identity": "tandem"`)), 0o644); err != nil {
			in.t.Fatal(err)
		}
	}
	r := worker.NewWorkflowReplayer()
	workflows.Register(r)
	if err := r.ReplayWorkflowHistoryFromJSONFile(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), file); err != nil {
		in.t.Errorf("the history does not replay: %v", err)
	}
}

func menuCall(in *installation) {
	b := in.answering("101", 600, "--for", "20s")
	a := in.calling("100", "+15550100", 440, "--keys", "1", "--for", "20s")
	a.hears(600)
	b.hears(440)
	a.hangUp()
	b.ended()
}

func ringCall(in *installation) {
	b := in.answering("101", 600, "--for", "20s")
	a := in.calling("100", "+15550101", 440, "--for", "20s")
	a.hears(600)
	b.hangUp()
	a.ended()
}

func messageCall(in *installation) {
	a := in.calling("100", "+15550100", 440, "--keys", "2", "--for", "30s")
	a.ended()
}

func silentCall(in *installation) {
	a := in.calling("100", "+15550103", 440, "--for", "1s")
	a.ended()
}

func internalMessage(in *installation) {
	a := in.calling("100", "600", 440, "--for", "30s")
	if last, code := a.ended(); code != 0 {
		in.t.Errorf("exit code %d, cause %s", code, last.Cause)
	}
}

// boundCall comes in on a number that is bound to a flow, which notes something
// and hangs up.
func boundCall(in *installation) {
	const number = "+15550190"
	store := in.openStore()
	if _, err := store.Number(in.t.Context(), number); errors.Is(err, directory.ErrNotFound) {
		in.bind(store, number)
	}
	in.calling("100", number, 440).ended()
}

func (in *installation) bind(store *db.Store, number string) {
	in.t.Helper()
	e164, err := dialplan.ParseNumber(number)
	f := flow.Flow{ID: "bound", Name: "Bound", Modules: []flow.Module{
		{ID: "go", Kind: flow.KindStart, Name: "Start", Settings: &flow.Start{}},
		{ID: "note", Kind: "set-variable", Name: "Note", X: 320, Settings: &flow.SetVariable{Variable: "who", Value: "{caller} on {date}"}},
		{ID: "end", Kind: "hangup", Name: "End", X: 640, Settings: &flow.Hangup{Cause: string(call.CauseNotFound)}},
	}, Cables: []flow.Cable{{From: "go", Exit: "next", To: "note"}, {From: "note", Exit: "next", To: "end"}}}
	ctx := in.t.Context()
	err = errors.Join(err, store.SaveNumber(ctx, directory.Number{E164: e164, Label: "Bound"}), store.CreateFlow(ctx, f, "tests"))
	if err == nil {
		_, err = store.Publish(ctx, f.ID, 1, "tests", "")
	}
	if err = errors.Join(err, store.BindNumber(ctx, number, f.ID)); err != nil {
		in.t.Fatal(err)
	}
}

// history is what `tandem call --history` prints, once the workflow is closed.
func (in *installation) history(id call.ID) []byte {
	in.t.Helper()
	var text []byte
	in.eventually("the workflow is closed", func() error {
		cmd := exec.Command(binary(in.t, "tandem"), "call", string(id), "--history")
		cmd.Env = append(os.Environ(), "TANDEM_DATA="+in.Data)
		var err error
		if text, err = cmd.Output(); err != nil {
			return err
		}
		if !strings.Contains(string(text), "EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED") {
			return errors.New("it runs")
		}
		return nil
	})
	return text
}

func events(t *testing.T, history []byte) int {
	t.Helper()
	var h struct{ Events []json.RawMessage }
	if err := json.Unmarshal(history, &h); err != nil {
		t.Fatal(err)
	}
	return len(h.Events)
}

// running lists the calls whose workflows have not ended.
func (in *installation) running() ([]callclient.Running, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c, err := callclient.Dial(ctx, callclient.Options{Address: in.Temporal, Namespace: in.Namespace, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.Running(ctx, 0)
}
