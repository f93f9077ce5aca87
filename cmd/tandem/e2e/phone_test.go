package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// phone is one `tandem dial` process.
type phone struct {
	t      *testing.T
	name   string
	cmd    *exec.Cmd
	events chan event
	past   []event
}

// event is one JSON line of `tandem dial --json`.
type event struct {
	Event    string             `json:"event"`
	Cause    string             `json:"cause"`
	Exit     int                `json:"exit"`
	Key      string             `json:"key"`
	Tones    map[string]float64 `json:"tones"`
	Lost     int                `json:"lost"`
	Received int                `json:"received"`
	GapMS    float64            `json:"longest_gap_ms"`
	text     string
}

// phone starts a terminal phone against the installation.
func (in *installation) phone(name string, args ...string) *phone {
	in.t.Helper()
	p := &phone{t: in.t, name: name, events: make(chan event, 256)}
	p.cmd = exec.Command(binary(in.t, "tandem"), append([]string{"dial", "--json", "--server", in.SIP}, args...)...)
	p.cmd.Env = append(os.Environ(), "TANDEM_DATA="+in.Data)
	p.cmd.Stderr = os.Stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		in.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		in.t.Fatal(err)
	}
	go func() {
		defer close(p.events)
		for s := bufio.NewScanner(out); s.Scan(); {
			e := event{text: s.Text()}
			_ = json.Unmarshal(s.Bytes(), &e) // a line that is no JSON shows in the log below
			p.events <- e
		}
	}()
	in.t.Cleanup(p.hangUp)
	return p
}

// answering registers an account and answers one call.
func (in *installation) answering(account string, hz int, args ...string) *phone {
	in.t.Helper()
	p := in.phone("phone "+account, append([]string{"--answer", "--as", account, "--say", fmt.Sprintf("tone:%d", hz), "--ring", "200ms"}, args...)...)
	p.await("registered")
	return p
}

// calling dials a number.
func (in *installation) calling(account, number string, hz int, args ...string) *phone {
	in.t.Helper()
	in.last = time.Now()
	return in.phone("phone "+account, append([]string{number, "--as", account, "--say", fmt.Sprintf("tone:%d", hz)}, args...)...)
}

// await waits for an event of this name.
func (p *phone) await(name string) event {
	p.t.Helper()
	return p.awaitThat(name, func(e event) bool { return e.Event == name })
}

func (p *phone) awaitThat(what string, is func(event) bool) event {
	p.t.Helper()
	bound := time.After(waitBound)
	for {
		select {
		case e, ok := <-p.events:
			if !ok {
				p.t.Fatalf("%s ended without %q:\n%s", p.name, what, p.story())
			}
			p.past = append(p.past, e)
			if is(e) {
				return e
			}
		case <-bound:
			p.t.Fatalf("%s: no %q after %v:\n%s", p.name, what, waitBound, p.story())
		}
	}
}

// hears waits until the phone has heard a tone of this frequency.
func (p *phone) hears(hz int) {
	p.t.Helper()
	key := fmt.Sprint(hz)
	heard := func(e event) bool { _, ok := e.Tones[key]; return ok }
	for _, e := range p.past {
		if heard(e) {
			return
		}
	}
	p.awaitThat("tone of "+key+" Hz", heard)
}

// neverHeard fails if any tone of this frequency was heard.
func (p *phone) neverHeard(hz int) {
	p.t.Helper()
	for _, e := range p.past {
		if _, ok := e.Tones[fmt.Sprint(hz)]; ok {
			p.t.Errorf("%s heard %d Hz:\n%s", p.name, hz, p.story())
			return
		}
	}
}

// ended waits for the end of the process and gives its last event and exit code.
func (p *phone) ended() (event, int) {
	p.t.Helper()
	last := p.await("ended")
	for e := range p.events {
		p.past = append(p.past, e)
	}
	_ = p.cmd.Wait() // the exit code says it
	return last, p.cmd.ProcessState.ExitCode()
}

// media is the phone's report on what it heard.
func (p *phone) media() event {
	p.t.Helper()
	for _, e := range p.past {
		if e.Event == "media" {
			return e
		}
	}
	return p.await("media")
}

// hangUp ends the phone as a person would, by SIGINT; a second one would be a
// crash.
func (p *phone) hangUp() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Signal(syscall.SIGINT)
		for e := range p.events {
			p.past = append(p.past, e)
		}
		_ = p.cmd.Wait()
	}
}

func (p *phone) story() string {
	var lines []string
	for _, e := range p.past {
		lines = append(lines, e.text)
	}
	return strings.Join(lines, "\n")
}
