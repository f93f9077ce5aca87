package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tandem/sipmedia/audio"
)

// talker is a phone of any make with one call in its life: it says a tone and
// knows which tones it heard. As callee it is registered and answers by itself.
type talker interface {
	// dial calls, waits until answered and spoken to, and presses the key.
	dial(number, key string)
	hears(hz int)
	neverHeard(hz int)
	hangUp()
	over() // waits until the other end has hung up
}

// program is a softphone as a process whose words are followed.
type program struct {
	in    *installation
	name  string
	cmd   *exec.Cmd
	words *transcript
	tones []string // patterns of the files that hold what was heard: 16 bit, 8000 Hz, mono
	ended chan struct{}
}

// transcript collects what a process prints.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (w *transcript) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// run starts the program; the end of the test ends it.
func (p *program) run(cmd *exec.Cmd) {
	p.in.t.Helper()
	p.cmd, p.words, p.ended = cmd, &transcript{}, make(chan struct{})
	cmd.Stdout, cmd.Stderr = p.words, p.words
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		p.in.t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // how a softphone ends proves nothing
	}()
	p.in.t.Cleanup(p.stop)
}

// stop ends the program as a person would, or by force.
func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	if p.in.t.Failed() {
		const most = 6000
		text := p.words.String()
		p.in.t.Logf("%s:\n%s", p.name, text[max(0, len(text)-most):])
	}
}

// await waits until the program has printed text.
func (p *program) await(text string) {
	p.in.t.Helper()
	p.in.eventually(p.name+" says "+text, func() error {
		if !strings.Contains(p.words.String(), text) {
			return fmt.Errorf("it has not")
		}
		return nil
	})
}

const (
	earRate   = 8000
	earFloor  = -30 // dBm0 of a tone that was heard
	earAbove  = 15  // dB above what is beside it
	earAside  = 60  // Hz
	earAwake  = -45 // dBm0 of audio that is not silence
	wavHeader = 44
)

// heard is all that the softphone has recorded so far.
func (p *program) heard() []int16 {
	var out []int16
	for _, pattern := range p.tones {
		files, _ := filepath.Glob(pattern) // the pattern is ours
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil || len(data) < wavHeader {
				continue
			}
			for data = data[wavHeader:]; len(data) > 1; data = data[2:] {
				out = append(out, int16(data[0])|int16(data[1])<<8)
			}
		}
	}
	return out
}

// tonesIn counts the half seconds in which a tone stood out.
func tonesIn(samples []int16, hz int) int {
	n := 0
	for f := float64(hz); len(samples) >= earRate/2; samples = samples[earRate/2:] {
		l := audio.Detect(audio.Clip{Rate: earRate, Samples: samples[:earRate/2]}, f-earAside, f, f+earAside)
		if l[1] > earFloor && l[1] > l[0]+earAbove && l[1] > l[2]+earAbove {
			n++
		}
	}
	return n
}

// spokenTo waits for the first audio that is not silence.
func (p *program) spokenTo() {
	p.in.t.Helper()
	p.in.eventually(p.name+" hears something", func() error {
		s := p.heard()
		if l := audio.Level(audio.Clip{Rate: earRate, Samples: s}); len(s) < earRate/4 || l < earAwake {
			return fmt.Errorf("%d samples at %.0f dBm0", len(s), l)
		}
		return nil
	})
}

func (p *program) hears(hz int) {
	p.in.t.Helper()
	p.in.eventually(fmt.Sprintf("%s hears %d Hz", p.name, hz), func() error {
		if s := p.heard(); tonesIn(s, hz) < 2 {
			return fmt.Errorf("not in %d samples", len(s))
		}
		return nil
	})
}

func (p *program) neverHeard(hz int) {
	p.in.t.Helper()
	if n := tonesIn(p.heard(), hz); n > 0 {
		p.in.t.Errorf("%s heard %d Hz in %d half seconds", p.name, hz, n)
	}
}

// tone writes a WAV file of half a minute to say.
func tone(t *testing.T, dir string, hz int) string {
	t.Helper()
	file := filepath.Join(dir, fmt.Sprintf("tone-%d.wav", hz))
	if err := os.WriteFile(file, audio.Tone(earRate, 30*time.Second, -10, float64(hz)).WAV(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
