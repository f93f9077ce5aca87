package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// run keeps a postmaster alive until running ends. first hears how the first
// start went.
func (c *Cluster) run(running context.Context, first chan<- error) {
	// The kernel signals the postmaster when the thread that started it dies,
	// so this thread must live as long as we do: never unlocked, it ends with
	// this goroutine, after the postmaster.
	runtime.LockOSThread()
	var end error
	defer func() { c.done <- end; close(c.ended) }()
	pause, failed := firstPause, 0
	for {
		began := time.Now()
		err := c.once(running, first)
		first = nil // heard
		if running.Err() != nil {
			return
		}
		if time.Since(began) >= steadyTime {
			pause, failed = firstPause, 0
		}
		if failed++; failed >= giveUpAfter {
			end = fmt.Errorf("private PostgreSQL ended %d times, see %s: %w", failed, c.home.logFile(), err)
			return
		}
		c.log.Warn("postgres ended, starting it again", "err", err, "pause", pause)
		select {
		case <-running.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, longPause)
	}
}

// once runs one postmaster from start to end.
func (c *Cluster) once(running context.Context, first chan<- error) error {
	tell := func(err error) {
		if first != nil {
			first <- err
			first = nil
		}
	}
	s, err := c.home.launch(c.port, c.scratch)
	if err != nil {
		tell(err)
		return err
	}
	c.set(s)
	defer c.set(nil)
	ready := make(chan error, 1)
	go func() { ready <- c.waitReady(running, s) }() // ends with s or running, and ready has room
	for {
		select {
		case err := <-ready:
			ready = nil
			switch {
			case err == nil:
				tell(nil)
				c.home.rememberPort(c.port)
			case errors.Is(err, errPassword):
				s.end()
				tell(err)
				return err
			} // otherwise one of the other cases says more
		case err := <-s.ended:
			if said := c.home.complaintSince(s.logFrom); said != "" {
				err = fmt.Errorf("%w: %s", err, said)
			}
			tell(err)
			return err
		case <-running.Done():
			s.end()
			tell(context.Cause(running))
			return nil
		}
	}
}

func (c *Cluster) set(s *server) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server = s
}

// probeEvery is how often a starting postmaster is asked whether it is ready.
const probeEvery = 25 * time.Millisecond

// invalidPassword is PostgreSQL's error code.
const invalidPassword = "28P01"

var errPassword = errors.New("the password file does not fit the data folder")

// waitReady returns when the server takes connections or is gone.
func (c *Cluster) waitReady(running context.Context, s *server) error {
	for {
		ctx, cancel := context.WithTimeout(running, time.Second)
		conn, err := pgx.Connect(ctx, c.address("postgres"))
		if err == nil {
			err = conn.Close(ctx)
		}
		cancel()
		var refused *pgconn.PgError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &refused) && refused.Code == invalidPassword:
			return errPassword
		}
		select {
		case <-s.gone:
			return errors.New("ended before it was ready")
		case <-running.Done():
			return context.Cause(running)
		case <-time.After(probeEvery):
		}
	}
}

// server is one postmaster process.
type server struct {
	pid     int
	logFrom int64         // where its lines begin in the log
	ended   chan error    // receives once, when it has ended
	gone    chan struct{} // closed then
}

// settings of a small machine. What is committed stays committed: full_page_writes,
// fsync and synchronous_commit keep their safe defaults.
func settings(port int, scratch bool) []string {
	out := []string{
		"listen_addresses=127.0.0.1", fmt.Sprintf("port=%d", port), "unix_socket_directories=",
		"max_connections=100", "shared_buffers=128MB", "max_wal_size=256MB",
		"jit=off", // compiling costs more than our short queries
		"log_min_messages=warning", "log_timezone=UTC", "timezone=UTC", "log_line_prefix=%m [%p] ", "lc_messages=C",
	}
	if scratch {
		out = append(out, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	return out
}

// launch starts a postmaster. The calling thread must outlive it.
func (h home) launch(port int, scratch bool) (*server, error) {
	log, err := h.openLog()
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the postmaster has its own
	logFrom, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	args := []string{"-D", h.data()}
	for _, s := range settings(port, scratch) {
		args = append(args, "-c", s)
	}
	cmd := exec.Command(h.programs.postgres(), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = h.dir, log, log
	cmd.Env = environment()
	cmd.SysProcAttr = h.who.process()
	// SIGINT is PostgreSQL's fast shutdown: if we are killed, it ends cleanly.
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	s := &server{pid: cmd.Process.Pid, logFrom: logFrom, ended: make(chan error, 1), gone: make(chan struct{})}
	go func() { // ends with the process
		err := cmd.Wait()
		if err == nil {
			err = errors.New("postgres ended by itself")
		}
		s.ended <- err
		close(s.gone)
	}()
	return s, nil
}

// Time given to each way of ending a postmaster.
const (
	fastTime      = 10 * time.Second
	immediateTime = 5 * time.Second
)

// end stops a postmaster: fast (clients are cut off, a checkpoint is written),
// then at once, then dead.
func (s *server) end() {
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGINT, fastTime}, {syscall.SIGQUIT, immediateTime}} {
		_ = syscall.Kill(s.pid, step.signal) // already gone is as good
		select {
		case <-s.gone:
			return
		case <-time.After(step.wait):
		}
	}
	s.kill()
	<-s.gone
}

// kill ends the postmaster without asking. Its children notice and follow.
func (s *server) kill() {
	select {
	case <-s.gone: // its number may be somebody else's by now
	default:
		_ = syscall.Kill(s.pid, syscall.SIGKILL)
	}
}

// environment keeps variables that steer PostgreSQL's programs away from them.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC", "HOME=/"}
}
