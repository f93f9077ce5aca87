package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tandem/flow/call"
)

// Bounds of this package's waits. They are long because the machine may be
// busy; nothing here measures time.
const (
	startBound = 90 * time.Second
	stopBound  = 60 * time.Second
	waitBound  = 30 * time.Second
	lookPause  = 50 * time.Millisecond
)

const adminPassword = "correct horse battery"

// installation is one running `tandem up` on a data folder of its own.
type installation struct {
	t    *testing.T
	cmd  *exec.Cmd
	log  *os.File
	last time.Time // when the last call was dialled
	dead bool      // killed on purpose: there is nothing to stop
	Data string

	SIP        string         `json:"sip"`
	HTTP       string         `json:"http"`
	TemporalUI string         `json:"temporal_ui"`
	Temporal   string         `json:"temporal"`
	Namespace  string         `json:"namespace"`
	PIDs       map[string]int `json:"pids"`
}

// binary is one of the programs that `make build` writes.
func binary(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../../../bin/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v: run `make build` first", err)
	}
	return path
}

// start brings an installation up on loopback and free ports.
func start(t *testing.T, settings ...string) *installation {
	t.Helper()
	in := &installation{t: t, Data: dataFolder(t)}
	log, err := os.CreateTemp(t.TempDir(), "up-*.log")
	if err != nil {
		t.Fatal(err)
	}
	in.log = log
	in.cmd = exec.Command(binary(t, "tandem"), "up", "--json")
	in.cmd.Env = append(append(os.Environ(), "TANDEM_DATA="+in.Data,
		"TANDEM_SIP=127.0.0.1:"+freePort(t), "TANDEM_HTTP=127.0.0.1:"+freePort(t), "TANDEM_TEMPORAL_UI=127.0.0.1:"+freePort(t),
		"TANDEM_RTP="+rtpRange(), "TANDEM_NODE=n1", "TANDEM_ADMIN_PASSWORD="+adminPassword, "TANDEM_DRAIN=2s"), settings...)
	in.cmd.Stderr = log
	in.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	out, err := in.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := in.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.stop)
	in.awaitSummary(out)
	return in
}

// dataFolder is a folder that other users may enter, as PostgreSQL's has to
// when the tests run as root; one of t.TempDir is for its owner only.
func dataFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "tandem-e2e-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

func (in *installation) awaitSummary(out io.Reader) {
	in.t.Helper()
	line := make(chan string, 1)
	go func() {
		s := bufio.NewScanner(out)
		s.Scan()
		line <- s.Text()
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case text := <-line:
		if err := json.Unmarshal([]byte(text), in); err != nil {
			in.t.Fatalf("ready summary %q: %v\n%s", text, err, in.lastLog())
		}
	case <-time.After(startBound):
		in.t.Fatalf("not ready after %v\n%s", startBound, in.lastLog())
	}
}

// stop ends the installation and fails the test if it does not end cleanly or
// leaves a process behind.
func (in *installation) stop() {
	if in.dead {
		return
	}
	pids := in.status()
	_ = in.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	ended := make(chan error, 1)
	go func() { ended <- in.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			in.t.Errorf("tandem up ended with %v\n%s", err, in.lastLog())
		}
	case <-time.After(stopBound):
		_ = in.cmd.Process.Kill()
		in.t.Errorf("tandem up did not stop within %v\n%s", stopBound, in.lastLog())
	}
	for role, pid := range pids {
		in.eventually(role+" is gone", func() error {
			if err := syscall.Kill(pid, 0); err == nil {
				return fmt.Errorf("pid %d is left behind", pid)
			}
			return nil
		})
	}
	if in.t.Failed() {
		in.t.Log(in.lastLog())
	}
}

// status is what `tandem status --json` says runs now.
func (in *installation) status() map[string]int {
	cmd := exec.Command(binary(in.t, "tandem"), "status", "--json")
	cmd.Env = append(os.Environ(), "TANDEM_DATA="+in.Data)
	out, err := cmd.Output()
	if err != nil {
		return nil // it has stopped
	}
	var now installation
	if err := json.Unmarshal(out, &now); err != nil {
		in.t.Errorf("tandem status printed %q: %v", out, err)
	}
	return now.PIDs
}

// kill ends a role as a crash would and waits until its successor is ready.
func (in *installation) kill(role string) {
	in.t.Helper()
	old := in.status()[role]
	if old == 0 {
		in.t.Fatalf("no pid of %s", role)
	}
	if err := syscall.Kill(old, syscall.SIGKILL); err != nil {
		in.t.Fatal(err)
	}
	in.eventually(role+" is restarted", func() error {
		if now := in.status()[role]; now == 0 || now == old {
			return fmt.Errorf("pid of %s is %d", role, now)
		}
		return nil
	})
}

// ready waits for /healthz.
func (in *installation) ready() {
	in.t.Helper()
	in.eventually("healthy", func() error {
		answer, err := http.Get(in.HTTP + "/healthz")
		if err != nil {
			return err
		}
		defer func() { _ = answer.Body.Close() }()
		if answer.StatusCode != http.StatusOK {
			return errors.New(answer.Status)
		}
		return nil
	})
}

// eventually waits until look finds nothing to complain about.
func (in *installation) eventually(what string, look func() error) {
	in.t.Helper()
	in.within(waitBound, what, look)
}

// within is eventually with a bound of its own.
func (in *installation) within(most time.Duration, what string, look func() error) {
	in.t.Helper()
	tick := time.NewTicker(lookPause)
	defer tick.Stop()
	for bound := time.After(most); ; {
		err := look()
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-bound:
			in.t.Fatalf("%s: %v, after %v\n%s", what, err, most, in.lastLog())
		}
	}
}

// get reads JSON from the panel's API.
func (in *installation) get(path string, into any) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, in.HTTP+path, nil)
	if err != nil {
		return err
	}
	ask.SetBasicAuth("admin@tandem.local", adminPassword)
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", path, answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// lastCall is the ledger entry of the call dialled last, once it is complete.
func (in *installation) lastCall() call.LedgerEntry {
	in.t.Helper()
	var entry call.LedgerEntry
	in.eventually("the last call is in the ledger", func() error {
		var page struct {
			Calls []call.LedgerEntry `json:"calls"`
		}
		if err := in.get("/api/calls", &page); err != nil {
			return err
		}
		if len(page.Calls) == 0 || page.Calls[0].Started.Before(in.last) {
			return errors.New("it is not listed")
		}
		entry = call.LedgerEntry{}
		if err := in.get("/api/calls/"+string(page.Calls[0].Call), &entry); err != nil {
			return err
		}
		if entry.Live {
			return fmt.Errorf("call %s is live", entry.Call)
		}
		return nil
	})
	return entry
}

func (in *installation) lastLog() string {
	text, err := os.ReadFile(in.log.Name())
	if err != nil {
		return err.Error()
	}
	const most = 6000
	return "log of tandem up:\n" + string(text[max(0, len(text)-most):])
}

// freePort is a port that was free for UDP and TCP a moment ago. It lies below
// those that the kernel gives out: a server that asks for any port would take it
// before whoever it is for has started.
func freePort(t *testing.T) string {
	t.Helper()
	const first, ports = 10_000, 10_000
	for range 50 {
		port := fmt.Sprint(first + rand.IntN(ports))
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			continue
		}
		u, err := net.ListenPacket("udp", "127.0.0.1:"+port)
		_ = l.Close()
		if err == nil {
			_ = u.Close()
			return port
		}
	}
	t.Fatal("no port is free for both UDP and TCP")
	return ""
}

// rtpRange is a thousand pairs of ports below those that the kernel gives out,
// drawn so that installations side by side rarely meet.
func rtpRange() string {
	const width, first, ranges = 2000, 20_000, 6
	low := first + width*rand.IntN(ranges)
	return fmt.Sprintf("%d-%d", low, low+width-1)
}

// exits prints a path as golden flows do: module by exit.
func exits(e call.LedgerEntry) string {
	var out []string
	for _, p := range e.Path {
		out = append(out, p.Kind+":"+p.Exit)
	}
	return strings.Join(out, " ")
}
