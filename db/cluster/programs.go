package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// programs is a folder with PostgreSQL's server programs.
type programs struct {
	dir   string
	major int
}

func (p programs) postgres() string { return filepath.Join(p.dir, "postgres") }
func (p programs) initdb() string   { return filepath.Join(p.dir, "initdb") }

// needed stand together in a real installation. A lone postgres in PATH may be
// a wrapper of some distribution.
var needed = []string{"postgres", "initdb", "pg_ctl"}

// usualFolders hold the programs where PATH does not lead to them.
var usualFolders = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // PostgreSQL's own RPMs
	"/usr/libexec/postgresql*",  // Alpine
	"/usr/lib/postgresql*/bin",  // openSUSE
	"/usr/local/pgsql/bin",
}

// oldestMajor is the first version with all that the schema uses.
const oldestMajor = 13

// findPrograms looks in PATH, then in the usual folders, for the newest
// version, or for major where that is not 0.
func findPrograms(ctx context.Context, who account, major int) (programs, error) {
	var all []programs
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		all = append(all, candidate(ctx, who, dir)...)
	}
	inPath := len(all)
	for _, pattern := range usualFolders {
		dirs, _ := filepath.Glob(pattern) // fails on a bad pattern alone
		for _, dir := range dirs {
			all = append(all, candidate(ctx, who, dir)...)
		}
	}
	slices.SortStableFunc(all[inPath:], func(a, b programs) int { return b.major - a.major })
	for _, p := range all {
		if p.major == major || major == 0 && p.major >= oldestMajor {
			return p, nil
		}
	}
	return programs{}, missing(all, major)
}

// ErrNoPrograms is wrapped when the machine has no PostgreSQL that fits.
var ErrNoPrograms = errors.New("no PostgreSQL programs found (Debian: apt-get install postgresql)")

func missing(all []programs, major int) error {
	if major == 0 || len(all) == 0 {
		return ErrNoPrograms
	}
	return fmt.Errorf("the data folder was made by PostgreSQL %d, this machine has %d: %w", major, all[0].major, ErrNoPrograms)
}

// candidate is the real folder behind dir, if the programs stand there.
func candidate(ctx context.Context, who account, dir string) []programs {
	real, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		return nil
	}
	p := programs{dir: filepath.Dir(real)}
	for _, name := range needed {
		if !isProgram(filepath.Join(p.dir, name)) {
			return nil
		}
	}
	out, err := who.command(ctx, "/", p.postgres(), "--version").Output()
	if err != nil {
		return nil
	}
	if p.major = majorVersion(string(out)); p.major == 0 {
		return nil
	}
	return []programs{p}
}

// isProgram tells a program from a missing file and from a script.
func isProgram(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // only read
	var head [2]byte
	_, err = io.ReadFull(f, head[:])
	return err == nil && string(head[:]) != "#!"
}

// majorVersion reads "postgres (PostgreSQL) 15.14 (Debian …)"; 0 is none.
func majorVersion(line string) int {
	_, rest, _ := strings.Cut(line, "(PostgreSQL) ")
	digits := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	n, _ := strconv.Atoi(rest[:max(digits, 0)]) // 0 says it all
	return n
}

// fetchTime bounds a download of some 30 MB.
const fetchTime = 10 * time.Minute

// fetch gets programs for this machine into dir. The library can only fetch as
// it starts a server, which root may not: what counts is what lies there
// afterwards.
func fetch(ctx context.Context, who account, dir string) (programs, error) {
	port, err := freePort()
	if err != nil {
		return programs{}, err
	}
	server := embeddedpostgres.NewDatabase(embeddedpostgres.DefaultConfig().
		BinariesPath(dir).CachePath(filepath.Join(dir, "cache")).RuntimePath(filepath.Join(dir, "run")).
		Port(uint32(port)).Logger(io.Discard))
	ended := make(chan error, 1)
	go func() { // the library cannot be interrupted: past the bound it is left behind
		err := server.Start()
		if err == nil {
			err = server.Stop()
		}
		ended <- err
	}()
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	select {
	case err = <-ended:
	case <-ctx.Done():
		return programs{}, fmt.Errorf("%w, and fetching one took too long: %w", ErrNoPrograms, context.Cause(ctx))
	}
	if found := candidate(ctx, who, filepath.Join(dir, "bin")); len(found) == 1 {
		return found[0], nil
	}
	return programs{}, fmt.Errorf("%w, and none could be fetched: %w", ErrNoPrograms, oneLine(err))
}

// oneLine keeps the first line of an error.
func oneLine(err error) error {
	if err == nil {
		return errors.New("the download holds none")
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(first)
}

// run runs a helper program and reports what it complained about.
func run(cmd *exec.Cmd) error {
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, complaint(string(out)))
}

// passing is in the answers to clients that come while a server starts or
// stops, such as our own probes: they explain nothing.
const passing = "the database system is"

// complaint picks the line of a program's output that says what went wrong.
func complaint(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for _, mark := range []string{"PANIC:", "FATAL:", "ERROR:", "error:"} {
		for _, line := range slices.Backward(lines) {
			if _, text, ok := strings.Cut(line, mark); ok && !strings.Contains(text, passing) {
				return strings.TrimSpace(text)
			}
		}
	}
	return lines[len(lines)-1]
}
