package e2e

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tandem/flow/call"
)

// sippCalls names how many calls SIPp places; `make sipp` asks for 500. From
// manyCalls on they come at twice the pace.
const (
	sippCalls = "TANDEM_SIPP_CALLS"
	fewCalls  = 30
	manyCalls = 100
)

// Calls of a carrier, side by side, through the menu to a phone; when they are
// over, nothing of them is left in the node or in Temporal.
func TestSIPpCallsLeaveNothingBehind(t *testing.T) {
	in := start(t, "TANDEM_SAMPLE_PASSWORD=sipp-and-tandem")
	calls, rate := fewCalls, 5
	if text := os.Getenv(sippCalls); text != "" {
		var err error
		if calls, err = strconv.Atoi(text); err != nil || calls < 1 {
			t.Fatalf("%s=%q is not a number of calls", sippCalls, text)
		}
	}
	if calls >= manyCalls {
		rate = 10
	}
	base := in.node()["goroutines"]

	store := in.openStore()
	phone, err := store.ContactMethod(t.Context(), "account-101")
	if err != nil {
		t.Fatal(err)
	}
	phone.CallWaiting = true // one phone takes all calls
	if err := store.SaveContactMethod(t.Context(), phone); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	in.sipp("register.xml", "-i", "127.0.0.1", "-p", port, "-s", "101", "-au", "101", "-ap", "sipp-and-tandem", "-m", "1").wait(waitBound)
	bound := time.Duration(calls/rate)*time.Second + waitBound
	callee := in.sipp("callee.xml", "-i", "127.0.0.1", "-p", port, "-mi", "127.0.0.1", "-mp", mediaPort(t), "-rtp_echo", "-s", "101", "-m", fmt.Sprint(calls))
	caller := in.sipp("caller.xml", "-i", "127.0.0.2", "-p", freePort(t), "-bind_local", "-mi", "127.0.0.2", "-mp", mediaPort(t), "-s", "+15550100",
		"-m", fmt.Sprint(calls), "-r", fmt.Sprint(rate), "-l", fmt.Sprint(calls))
	caller.wait(bound)
	callee.wait(waitBound)

	entries := in.ledger(calls)
	for _, e := range entries {
		in.wentAsPlanned(e)
	}
	in.leavesNothing(base)
}

// wentAsPlanned looks at one call of the SIPp scenarios.
func (in *installation) wentAsPlanned(e call.LedgerEntry) {
	in.t.Helper()
	if got, want := exits(e), "phone-number:next voice-menu:key:1 ring-group:"; got != want || e.Outcome != "talked" || e.Cause != call.CauseCallerHangup {
		in.t.Errorf("call %s: path %q, want %q; %s, %s", e.Call, got, want, e.Outcome, e.Cause)
	}
	if len(e.Legs) != 2 {
		in.t.Errorf("call %s has %d legs", e.Call, len(e.Legs))
	}
	for _, l := range e.Legs {
		// Most of the six seconds are talk, at 50 packets a second; on a busy
		// machine the key, and so the talk, comes late.
		if l.Media.Received < 10 || l.Media.Sent < 10 || l.Media.Lost > 5 {
			in.t.Errorf("call %s leg %s: %+v", e.Call, l.Side, l.Media)
		}
	}
}

// leftovers are the figures of a node that are 0 when it holds no call.
var leftovers = []string{"calls", "kept results", "legs", "operations", "streams", "ports", "dialogs", "transactions"}

const (
	// settledBound is longer than results are kept and transactions absorb repeats.
	settledBound = 75 * time.Second
	// spareGoroutines belong to connections that stay open: pools, gRPC, SQL.
	spareGoroutines = 15
)

// leavesNothing waits until the node and Temporal hold nothing.
func (in *installation) leavesNothing(base int) {
	in.t.Helper()
	in.within(settledBound, "nothing is left behind", func() error {
		now := in.node()
		for _, name := range leftovers {
			if now[name] != 0 {
				return fmt.Errorf("%d %s: %v", now[name], name, now)
			}
		}
		if n := now["goroutines"]; n > base+spareGoroutines {
			return fmt.Errorf("%d goroutines, %d at the start", n, base)
		}
		running, err := in.running()
		if err == nil && len(running) > 0 {
			err = fmt.Errorf("%d workflows run, first %s", len(running), running[0].Call)
		}
		return err
	})
	in.t.Logf("%d goroutines at the start, now: %v", base, in.node())
}

// node is what the node says that it holds.
func (in *installation) node() map[string]int {
	in.t.Helper()
	var figures map[string]int
	in.eventually("figures of the node", func() error {
		var system struct {
			Processes []struct {
				Role    string         `json:"role"`
				Figures map[string]int `json:"figures"`
			} `json:"processes"`
		}
		if err := in.get("/api/system", &system); err != nil {
			return err
		}
		for _, p := range system.Processes {
			if p.Role == "node" && p.Figures["goroutines"] > 0 {
				figures = p.Figures
				return nil
			}
		}
		return errors.New("there are none")
	})
	return figures
}

// ledger is every call, once there are so many and none is live.
func (in *installation) ledger(want int) []call.LedgerEntry {
	in.t.Helper()
	var all []call.LedgerEntry
	in.eventually("all calls are in the ledger", func() error {
		all = all[:0]
		for after := call.ID(""); ; {
			var page struct {
				Calls []call.LedgerEntry `json:"calls"`
				Next  call.ID            `json:"next"`
			}
			if err := in.get("/api/calls?limit=200&after="+url.QueryEscape(string(after)), &page); err != nil {
				return err
			}
			all = append(all, page.Calls...)
			if after = page.Next; after == "" {
				break
			}
		}
		if len(all) != want {
			return fmt.Errorf("%d calls, want %d", len(all), want)
		}
		return nil
	})
	for i, e := range all {
		in.eventually("call "+string(e.Call)+" is complete", func() error {
			all[i] = call.LedgerEntry{}
			err := in.get("/api/calls/"+string(e.Call), &all[i])
			if err == nil && all[i].Live {
				err = errors.New("it is live")
			}
			return err
		})
	}
	return all
}

// sipp is one SIPp process on one scenario.
type sipp struct {
	t     *testing.T
	cmd   *exec.Cmd
	dir   string
	name  string
	ended chan error
}

// sipp starts a scenario against the installation.
func (in *installation) sipp(scenario string, args ...string) *sipp {
	in.t.Helper()
	file, err := filepath.Abs(filepath.Join("testdata/sipp", scenario))
	if err != nil {
		in.t.Fatal(err)
	}
	s := &sipp{t: in.t, name: scenario, dir: in.t.TempDir(), ended: make(chan error, 1)}
	if err := os.WriteFile(filepath.Join(s.dir, "voice.pcap"), voicePCAP(1), 0o600); err != nil {
		in.t.Fatal(err)
	}
	s.cmd = exec.Command(peer(in.t, "sipp", "sip-tester"), append([]string{in.SIP, "-sf", file, "-nostdin", "-trace_err", "-error_file", "errors",
		"-max_recv_loops", "1000"}, args...)...)
	s.cmd.Dir = s.dir
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	screen, err := os.Create(filepath.Join(s.dir, "screen"))
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = screen.Close() }() // the child has its own
	s.cmd.Stdout, s.cmd.Stderr = screen, screen
	if err := s.cmd.Start(); err != nil {
		in.t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait(); close(s.ended) }()
	in.t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // it has ended where the test passed
		<-s.ended
	})
	return s
}

// wait expects every call of the scenario to have gone as it says.
func (s *sipp) wait(bound time.Duration) {
	s.t.Helper()
	select {
	case err := <-s.ended:
		if err != nil {
			s.t.Fatalf("sipp %s: %v\n%s", s.name, err, s.story())
		}
	case <-time.After(bound):
		s.t.Fatalf("sipp %s: not over after %v\n%s", s.name, bound, s.story())
	}
}

// story is what SIPp complained about and its last screen.
func (s *sipp) story() string {
	const most = 4000
	var b strings.Builder
	for _, name := range []string{"errors", "screen"} {
		text, _ := os.ReadFile(filepath.Join(s.dir, name)) // without errors there is no such file
		fmt.Fprintf(&b, "%s:\n%s\n", name, text[max(0, len(text)-most):])
	}
	return b.String()
}

// peer is a program that the tests talk to, from a Debian package.
func peer(t *testing.T, program, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("%v: install the Debian package %s (scripts/need.sh test)", err, pkg)
	}
	return path
}

// mediaPort is an even port away from everybody else's.
func mediaPort(t *testing.T) string {
	t.Helper()
	return fmt.Sprint(10_000 + 10*rand.IntN(900))
}
