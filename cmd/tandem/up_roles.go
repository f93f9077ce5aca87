package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"tandem/cmd/tandem/internal/supervise"
)

// role makes the step that starts one of this program's own roles. A role is
// given the whole configuration in its environment.
func (u *up) role(name string, bound time.Duration) func(context.Context) error {
	return func(context.Context) error {
		exe, err := os.Executable()
		if err != nil {
			return fmt.Errorf("where this program stands: %w", err)
		}
		env := append(os.Environ(), u.cfg.Environ()...)
		return u.supervised(supervise.Spec{Role: name, Command: func() (*exec.Cmd, error) {
			cmd := exec.Command(exe, name)
			cmd.Env = env
			return cmd, nil
		}}, bound)
	}
}

// temporalReady is the line that temporald prints when it takes workflows.
type temporalReady struct {
	GRPC string `json:"grpc"`
}

// startTemporal starts the embedded Temporal server, unless another is to be
// used. Its port is chosen here, once: a restarted server is found where the
// one before it was.
func (u *up) startTemporal(ctx context.Context) error {
	if u.cfg.Temporal != "" {
		return u.state.update(func(s *summary) { s.Temporal = u.cfg.Temporal })
	}
	addr, err := freePort(ctx)
	if err != nil {
		return err
	}
	ready := make(chan temporalReady, 1)
	err = u.supervised(supervise.Spec{
		Role: "temporald",
		Command: func() (*exec.Cmd, error) {
			return exec.Command(u.temporald, "--data", filepath.Join(u.cfg.Data, "temporal"), "--grpc", addr.String(),
				"--ui", u.cfg.TemporalUI.String(), "--namespace", u.cfg.Namespace, "--lock-wait", "5s", "--json", "--die-with-parent"), nil
		},
		Stdout: func(line string) {
			var r temporalReady
			if json.Unmarshal([]byte(line), &r) != nil || r.GRPC == "" {
				u.options.Lines("temporald", line)
				return
			}
			select {
			case ready <- r:
			default: // only the first start waits for it
			}
		},
	}, stopBound)
	if err != nil {
		return err
	}
	select {
	case r := <-ready:
		u.cfg.Temporal = r.GRPC
		return u.state.update(func(s *summary) { s.Temporal = r.GRPC })
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("temporald: %w", context.Cause(ctx)), u.lastWords())
	}
}

// healthPause is waited between two looks at /healthz.
const healthPause = 100 * time.Millisecond

// awaitReady waits for /healthz to say that every role is ready.
func (u *up) awaitReady(ctx context.Context) error {
	url := "http://" + u.cfg.HTTP.Dial().String() + "/healthz"
	last := "no answer"
	for {
		ok, body := healthy(ctx, url)
		if ok {
			return nil
		}
		if body != "" {
			last = body
		}
		select {
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("%w: %s says: %s", context.Cause(ctx), url, last), u.lastWords())
		case <-time.After(healthPause):
		}
	}
}

// healthBodyLimit bounds what is read of an answer.
const healthBodyLimit = 4 << 10

func healthy(ctx context.Context, url string) (ok bool, body string) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false, err.Error()
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false, ""
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, healthBodyLimit)) // an empty body says enough
	return resp.StatusCode == http.StatusOK, string(text)
}
