// Command temporald is a Temporal server, its UI and its storage for one machine, in one process.
//
// It never imports anything of Tandem and never talks to a host other than this machine: Tandem sees a Temporal address, as
// it would with any other cluster.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// stopBound is how long a stop may take, counted from the signal. A supervisor may kill at this age without losing anything
// but the tidy checkpoint: the history survives a kill at any instant.
const stopBound = 10 * time.Second

// options is the whole configuration; every flag may also come from the environment as TEMPORALD_NAME.
type options struct {
	Data          string        `help:"Data folder; made when missing. Holds history.db and visibility.db." required:"" placeholder:"DIR"`
	GRPC          string        `name:"grpc" help:"Loopback address for Temporal clients; port 0 takes a free one." default:"127.0.0.1:7233" placeholder:"IP:PORT"`
	UI            string        `name:"ui" help:"Loopback address of Temporal UI; port 0 takes a free one." default:"127.0.0.1:8233" placeholder:"IP:PORT"`
	UIOff         bool          `name:"ui-off" help:"Run without Temporal UI."`
	Namespace     string        `help:"Namespace that is there when ready is printed." default:"tandem"`
	Retention     time.Duration `help:"How long closed workflows are kept; at least 1h." default:"720h"`
	JSON          bool          `name:"json" help:"Print the ready line as one JSON object."`
	LogLevel      slog.Level    `help:"Least level logged to stderr: debug, info, warn or error." default:"warn"`
	LockWait      time.Duration `help:"How long to wait for another temporald to let go of the data folder." default:"0s"`
	DieWithParent bool          `help:"Stop when the process that started this one is gone (Linux)."`
	Pprof         string        `help:"Loopback address for Go profiles; off when empty." placeholder:"IP:PORT"`
}

// ready is what the ready line says with --json.
type ready struct {
	GRPC      string `json:"grpc"`
	UI        string `json:"ui"`
	Namespace string `json:"namespace"`
	PID       int    `json:"pid"`
}

func main() {
	os.Exit(command(os.Args[1:], os.Stdout, os.Stderr))
}

// command parses args, runs until SIGTERM or SIGINT, and returns the exit code: 0 after a clean stop, 1 after anything else.
func command(args []string, stdout, stderr io.Writer) int {
	var opts options
	parser := kong.Must(&opts, kong.Name("temporald"), kong.DefaultEnvars("TEMPORALD"), kong.Writers(stdout, stderr),
		kong.Description("A Temporal server with its UI for one machine."))
	if _, err := parser.Parse(args); err != nil {
		return complain(stderr, err)
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: opts.LogLevel}))

	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	if opts.DieWithParent {
		if err := dieWithParent(); err != nil {
			return complain(stderr, err)
		}
	}
	limitMemory()

	done := make(chan error, 1)
	go func() { done <- run(ctx, opts, stdout, log) }()
	if err := await(ctx, done, stopBound); err != nil {
		return complain(stderr, err)
	}
	return 0
}

// await returns what done brings, or an error when it brings nothing within bound of ctx's end.
func await(ctx context.Context, done <-chan error, bound time.Duration) error {
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(bound):
		return fmt.Errorf("stop took longer than %v and was cut short", bound)
	}
}

// complain prints err as one line and returns the exit code for it.
func complain(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "temporald:", strings.ReplaceAll(err.Error(), "\n", "; ")) // joined errors stand on lines of their own
	return 1
}

// run is the life of the program, in order: take the folder and the addresses, prepare the files, start, prove it works,
// say so, wait for ctx, stop.
func run(ctx context.Context, opts options, stdout io.Writer, log *slog.Logger) (err error) {
	if err := opts.check(); err != nil {
		return err
	}
	if opts.Data, err = filepath.Abs(opts.Data); err != nil {
		return err
	}
	lock, err := lockFolder(ctx, opts.Data, opts.LockWait)
	if err != nil {
		return err
	}
	defer lock.release()

	addrs, err := takeAddresses(opts)
	if err != nil {
		return err
	}
	files, err := openFiles(ctx, opts.Data, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, files.close()) }()

	server, err := startServer(opts, addrs, files, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()

	ui := startUI(opts, addrs)
	defer ui.stop()

	if err := proveReady(ctx, opts, addrs, log); err != nil {
		if ctx.Err() != nil {
			return nil // asked to stop while still starting
		}
		return err
	}
	if err := announce(stdout, opts, addrs); err != nil {
		return err
	}
	files.relist(ctx, addrs.grpc, opts.Namespace, log)
	<-ctx.Done()
	return nil
}

// check refuses what would only fail later with a less clear message.
func (o options) check() error {
	flags := []struct{ name, value string }{{"--grpc", o.GRPC}}
	if !o.UIOff {
		flags = append(flags, struct{ name, value string }{"--ui", o.UI})
	}
	if o.Pprof != "" {
		flags = append(flags, struct{ name, value string }{"--pprof", o.Pprof})
	}
	for _, f := range flags {
		addr, err := netip.ParseAddrPort(f.value)
		if err != nil {
			return fmt.Errorf("%s %q is not an address like 127.0.0.1:7233", f.name, f.value)
		}
		// Neither the server nor the UI asks who is calling, so nobody from outside may call.
		if !addr.Addr().IsLoopback() {
			return fmt.Errorf("%s %s is not a loopback address", f.name, f.value)
		}
	}
	if o.Namespace == "" {
		return errors.New("--namespace must not be empty")
	}
	if o.Retention < time.Hour {
		return fmt.Errorf("--retention %v is shorter than 1h", o.Retention)
	}
	return nil
}

// announce prints the one ready line.
func announce(w io.Writer, opts options, addrs addresses) error {
	r := ready{GRPC: addrs.grpc, UI: addrs.uiURL(), Namespace: opts.Namespace, PID: os.Getpid()}
	if opts.JSON {
		return json.NewEncoder(w).Encode(r)
	}
	ui := r.UI
	if ui == "" {
		ui = "off"
	}
	_, err := fmt.Fprintf(w, "Temporal is ready at %s, namespace %s, UI %s\n", r.GRPC, r.Namespace, ui)
	return err
}
