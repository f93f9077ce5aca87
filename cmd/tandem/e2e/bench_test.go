package e2e

import (
	"context"
	"os"
	"os/exec"
	"testing"
)

// The measurement of every day in its shortest form: each number that
// `callbench prepare` adds does what the scenarios expect, with and without a
// plus, and no packet is lost or heard by somebody else.
func TestTheNumbersForMeasurementsWork(t *testing.T) {
	in := start(t)
	in.callbench("prepare")
	in.callbench("prepare") // twice changes nothing
	for _, run := range [][]string{
		{"bridge", "--number", "+15559000", "--hold", "1s"},
		{"bridge", "--number", "15559000", "--hold", "1s"},
		{"prompt", "--number", "+15559002", "--hold", "1s"},
		{"menu", "--number", "15559003"},
	} {
		in.callbench(append([]string{"run", "--target", in.SIP, "--calls", "3", "--rate", "5"}, run...)...)
	}
}

// callbench runs bin/callbench against the installation; a call that failed or
// heard somebody else is its exit code.
func (in *installation) callbench(args ...string) {
	in.t.Helper()
	ctx, cancel := context.WithTimeout(in.t.Context(), startBound)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary(in.t, "callbench"), args...)
	cmd.Env = append(os.Environ(), "TANDEM_DATA="+in.Data)
	if out, err := cmd.CombinedOutput(); err != nil {
		in.t.Errorf("callbench %v: %v\n%s", args, err, out)
	}
}
