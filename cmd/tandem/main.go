// Command tandem is the whole product: `up` runs everything on one machine,
// the roles run one part each, and the rest are an operator's tools.
//
// It joins the other packages and holds no rule about calls.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata" // schedules hold on machines that have no zone files

	"github.com/alecthomas/kong"

	"tandem/cmd/tandem/internal/config"
)

// cli is the command line. Every setting of config.Config is a flag of every
// command besides.
type cli struct {
	Config string `help:"Settings file (TOML). Without it, tandem.toml in the data folder is read when it is there." placeholder:"FILE"`

	Up       upCmd       `cmd:"" help:"Run everything on this machine, supervised, until SIGTERM."`
	Node     nodeCmd     `cmd:"" help:"Run one media node: SIP, audio and the operations of its calls."`
	Worker   workerCmd   `cmd:"" help:"Run one worker: the workflows of calls."`
	Web      webCmd      `cmd:"" help:"Run the panel, its API and /healthz."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database to this program's schema; load the sample into an empty one."`
	Status   statusCmd   `cmd:"" help:"Print what \"tandem up\" runs on this data folder."`
	Settings settingsCmd `cmd:"" name:"config" help:"Print every setting with its value, where it can be set and what it means."`
	Check    checkCmd    `cmd:"" help:"Say what is wrong with a flow file before anyone dials it."`
	Call     callCmd     `cmd:"" help:"Print one call as one page in the order of time."`
	Dial     dialCmd     `cmd:"" help:"Be a SIP phone: dial a number, or answer, send keys, say and hear audio."`
	Version  versionCmd  `cmd:"" help:"Print version and commit."`

	kong.Plugins // the settings as flags
}

// world is what a command may touch of its process.
type world struct {
	ctx    context.Context // ends with the first SIGTERM or SIGINT
	stdout io.Writer
	stderr io.Writer
	load   func() (config.Config, error)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	var c cli
	flags := newSettingFlags()
	helped := false
	parser, err := newParser(&c, flags, stdout, stderr, func(int) { helped = true })
	if err != nil {
		return complain(stderr, err)
	}
	chosen, err := parser.Parse(args)
	if helped {
		return 0
	}
	if err != nil {
		return complain(stderr, err)
	}
	w := &world{ctx: ctx, stdout: stdout, stderr: stderr, load: func() (config.Config, error) {
		host, _ := os.Hostname() // without a name, Load asks for TANDEM_NODE
		return config.Load(config.Sources{File: c.Config, Env: env, Flags: flags.given(), Host: host})
	}}
	if err := chosen.Run(w); err != nil {
		return complain(stderr, err)
	}
	return 0
}

// newParser builds the command line. kong calls helped when it has printed help
// and would have ended the process.
func newParser(c *cli, flags *settingFlags, stdout, stderr io.Writer, helped func(int)) (*kong.Kong, error) {
	c.Plugins = kong.Plugins{flags.grammar()}
	return kong.New(c, kong.Name("tandem"), kong.Writers(stdout, stderr), kong.Exit(helped),
		kong.Description("A self-hosted call engine. `tandem up` starts everything."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
}

// exitError ends the process with a code of its own. Without an error inside,
// everything worth saying has been said.
type exitError struct {
	code int
	err  error
}

// Error says why.
func (e *exitError) Error() string { return fmt.Sprint(e.err) }

// Unwrap is the error inside.
func (e *exitError) Unwrap() error { return e.err }

// complain prints an error, one line for each that was joined, and returns the
// exit code.
func complain(stderr io.Writer, err error) int {
	code := 1
	if e, ok := errors.AsType[*exitError](err); ok {
		code, err = e.code, e.err
	}
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			fmt.Fprintf(stderr, "tandem: %s\n", strings.TrimSuffix(line, "\n"))
		}
	}
	return code
}

// Version and Commit are set by the linker (see Makefile).
var (
	version = "dev"
	commit  = ""
)

type versionCmd struct{}

// Run prints one line.
func (versionCmd) Run(w *world) error {
	_, err := fmt.Fprintln(w.stdout, "tandem", version, revision())
	return err
}

// revision is the commit this program was built from, as far as it is known.
func revision() string {
	if commit != "" {
		return commit
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "unknown"
}
