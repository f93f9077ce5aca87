// Package cluster runs a private PostgreSQL in a folder, from the programs
// found on the machine, for as long as this process lives.
//
// It never touches a database server that it did not start itself.
//
// Why no Unix socket: its path may have 107 bytes, and a data folder can be
// anywhere. Clients come by loopback TCP with a generated password, so other
// users of the machine stay out. A measured need for the socket's few
// microseconds would change our mind.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options say where a cluster lives.
type Options struct {
	Dir     string       // folder of the cluster, made if missing
	Log     *slog.Logger // nil is slog.Default()
	Scratch bool         // for tests: the data may be lost, so nothing waits for the disk
}

// Cluster is a running PostgreSQL. A postmaster that dies is started again at
// the same address.
type Cluster struct {
	home    home
	scratch bool
	log     *slog.Logger
	port    int
	secret  string

	stop   context.CancelCauseFunc // asks run to end; its cause is errStopped
	ended  chan struct{}           // closed when run has returned and no process is left
	done   chan error
	mu     sync.Mutex
	server *server // the running postmaster, or nil between two
}

// Bounds of waiting. A crash recovery of a small database takes seconds; a
// minute means that something is wrong.
const (
	startTime   = time.Minute
	giveUpAfter = 5 // starts in a row that failed, before Done reports it
	firstPause  = 200 * time.Millisecond
	longPause   = 5 * time.Second
	steadyTime  = time.Minute // a postmaster that ran this long counts as well
)

var errStopped = errors.New("stopped")

// Start makes the cluster if it is not there yet, starts it and waits until it
// answers. ctx bounds the start alone. Errors are one line.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	h, err := prepare(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	c := &Cluster{home: h, scratch: o.Scratch, log: o.Log, ended: make(chan struct{}), done: make(chan error, 1)}
	if c.secret, err = h.password(); err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	if c.port, err = h.pickPort(); err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	running, stop := context.WithCancelCause(context.Background())
	c.stop = stop
	first := make(chan error, 1)
	go c.run(running, first)
	select {
	case err = <-first:
	case <-ctx.Done():
		err = fmt.Errorf("does not answer after %v, see %s: %w", startTime, h.logFile(), context.Cause(ctx))
	}
	if err == nil {
		err = c.createDatabase(ctx)
	}
	if err != nil {
		stop(errStopped)
		<-c.ended // bounded by the steps of server.end
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	return c, nil
}

// prepare does all that comes before a postmaster can start.
func prepare(ctx context.Context, o Options) (home, error) {
	who, err := servant()
	if err != nil {
		return home{}, err
	}
	h, err := settle(ctx, o.Dir, who, o.Log)
	if err != nil {
		return home{}, err
	}
	if err := h.endStale(ctx, o.Log); err != nil {
		return home{}, err
	}
	return h, h.initialise(ctx, o.Scratch)
}

// Database and user of every private cluster.
const (
	databaseName = "tandem"
	userName     = "tandem"
)

// URL is the address of Tandem's database, with its password.
func (c *Cluster) URL() string { return c.address(databaseName) }

func (c *Cluster) address(database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(userName, c.secret),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)), Path: "/" + database, RawQuery: "sslmode=disable"}
	return u.String()
}

// Pid is the process of the postmaster; 0 while there is none.
func (c *Cluster) Pid() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.server == nil {
		return 0
	}
	return c.server.pid
}

// Done receives once: nil after Stop, or why the cluster cannot be kept alive.
func (c *Cluster) Done() <-chan error { return c.done }

// Stop ends the cluster: clients are cut off, everything committed is kept.
// When ctx ends first, the postmaster is killed; the next start then recovers.
// Twice is fine.
func (c *Cluster) Stop(ctx context.Context) error {
	c.stop(errStopped)
	select {
	case <-c.ended:
		return nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	if c.server != nil {
		c.server.kill()
	}
	c.mu.Unlock()
	<-c.ended // a killed process ends
	return fmt.Errorf("private PostgreSQL was killed, it did not stop in time: %w", context.Cause(ctx))
}

// createDatabase makes Tandem's database in a new cluster.
func (c *Cluster) createDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.address("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is pending
	var exists bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", databaseName).Scan(&exists); err != nil || exists {
		return err
	}
	_, err = conn.Exec(ctx, "create database "+databaseName)
	return err
}
