package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestOneUpOnOneFolderAndNothingOutlivesIt(t *testing.T) {
	in := start(t)
	t.Run("a second one is told why in one line", in.sub(secondUp))
	t.Run("a port in use is one line", in.sub(portInUse))
	for _, role := range []string{"node", "postgres"} {
		t.Run(role+" is started again when it is killed", in.sub(func(in *installation) { in.kill(role); in.ready() }))
	}
	pids := in.status()
	if err := in.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	in.dead = true
	_ = in.cmd.Wait() // "signal: killed"
	for role, pid := range pids {
		in.eventually(role+" is gone", func() error {
			// A zombie that nobody has reaped yet runs no more.
			stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			if _, after, _ := strings.Cut(string(stat), ") "); err == nil && !strings.HasPrefix(after, "Z") {
				return fmt.Errorf("pid %d outlived the supervisor", pid)
			}
			return nil
		})
	}
}

// upOnce runs another `tandem up` that must refuse, and returns what it says.
func (in *installation) upOnce(settings ...string) string {
	in.t.Helper()
	cmd := exec.Command(binary(in.t, "tandem"), "up")
	cmd.Env = append(os.Environ(), settings...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 1 || strings.Count(string(out), "\n") != 1 {
		in.t.Errorf("it ended with %v and said: %s", err, out)
	}
	return string(out)
}

func secondUp(in *installation) {
	if said := in.upOnce("TANDEM_DATA=" + in.Data); !strings.Contains(said, "another `tandem up` works there") {
		in.t.Errorf("it said: %s", said)
	}
}

func portInUse(in *installation) {
	said := in.upOnce("TANDEM_DATA="+in.t.TempDir(), "TANDEM_SIP=127.0.0.1:"+freePort(in.t), "TANDEM_TEMPORAL_UI=127.0.0.1:"+freePort(in.t),
		"TANDEM_HTTP="+strings.TrimPrefix(in.HTTP, "http://"))
	if !strings.Contains(said, "address already in use: free it or set TANDEM_HTTP") {
		in.t.Errorf("it said: %s", said)
	}
}
