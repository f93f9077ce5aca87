package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"tandem/cmd/callbench/internal/gauge"
	"tandem/cmd/callbench/internal/load"
)

// parse reads a command line as the program does.
func parse(t *testing.T, args ...string) (*commands, *kong.Context) {
	t.Helper()
	var cli commands
	parser, err := kong.New(&cli, kong.BindTo(t.Context(), (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		t.Fatal(err)
	}
	return &cli, k
}

func TestCommandLineTurnsIntoOptions(t *testing.T) {
	cli, _ := parse(t, "run", "bridge", "--target", "127.0.0.1:5070", "--concurrent", "50", "--pids", "node=1,db=2+", "--rtp-ports", "42000-42998")
	o, err := cli.Run.options()
	if err != nil {
		t.Fatal(err)
	}
	if o.Target.String() != "127.0.0.1:5070" || o.From.String() != "127.0.0.2:0" || o.To.String() != "127.0.0.3:5080" ||
		o.Concurrent != 50 || o.RTPMax != 42998 || len(o.Processes) != 2 || !o.Processes[1].Tree || o.Commit == "" {
		t.Errorf("got %+v", o)
	}
}

func TestForeignTargetEndsTheProgramBeforeAPacket(t *testing.T) {
	_, k := parse(t, "run", "setup", "--target", "192.0.2.1:5060")
	if err := k.Run(); !errors.Is(err, load.ErrForeignTarget) {
		t.Errorf("got %v", err)
	}
	cli, _ := parse(t, "run", "setup", "--target", "engine.example:5060")
	if _, err := cli.Run.options(); err == nil {
		t.Error("a host name was accepted")
	}
}

func TestReadySummaryNamesTheProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ready.json")
	if err := os.WriteFile(path, []byte(`{"sip":"x","pids":{"worker":12,"node":[10,11],"postgres":13}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := summaryProcesses(path)
	want := []gauge.Process{{Name: "node", PID: 10}, {Name: "node", PID: 11}, {Name: "postgres", PID: 13, Tree: true}, {Name: "worker", PID: 12}}
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %v, %v", got, err)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}

func TestSweepRunsEveryScenario(t *testing.T) {
	cli, _ := parse(t, "run", "sweep")
	o, err := cli.Run.options()
	if err != nil {
		t.Fatal(err)
	}
	if jobs := cli.Run.jobs(o); len(jobs) != len(load.Scenarios) {
		t.Errorf("%d jobs for %d scenarios", len(jobs), len(load.Scenarios))
	}
}

func TestPrepareSaysWhereItLooksForADatabase(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	data := t.TempDir()
	k := prepareCmd{Data: data, Timeout: time.Second}
	if err := k.Run(t.Context()); err == nil || !strings.Contains(err.Error(), data) {
		t.Errorf("without a database: %v", err)
	}
}
