package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// home is where a cluster lives: the folder asked for holds the password, the
// folder dir, mostly the same, what PostgreSQL must reach.
type home struct {
	asked    string
	dir      string
	who      account
	programs programs
}

func (h home) data() string     { return filepath.Join(h.dir, "data") }
func (h home) logFile() string  { return filepath.Join(h.dir, "postgres.log") }
func (h home) pidFile() string  { return filepath.Join(h.data(), "postmaster.pid") }
func (h home) portFile() string { return filepath.Join(h.asked, "port") }

// elsewhere holds clusters whose own folder PostgreSQL's user cannot enter,
// such as one below root's home.
const elsewhere = "/var/lib/tandem"

// settle makes the folders and finds the programs.
func settle(ctx context.Context, asked string, who account, log *slog.Logger) (home, error) {
	asked, err := filepath.Abs(asked)
	if err != nil {
		return home{}, err
	}
	if err := os.MkdirAll(asked, 0o755); err != nil {
		return home{}, err
	}
	h := home{asked: asked, dir: asked, who: who}
	if !who.reaches(ctx, asked) {
		if h.dir, err = moveOut(asked); err != nil {
			return home{}, fmt.Errorf("user %s cannot enter %s, and: %w", who.name, asked, err)
		}
		log.Info("the database lives outside the data folder, which its user cannot enter", "user", who.name, "folder", h.dir)
	}
	h.programs, err = findPrograms(ctx, who, h.majorOfData())
	if errors.Is(err, ErrNoPrograms) && h.majorOfData() == 0 {
		log.Info("no PostgreSQL on this machine, fetching one")
		h.programs, err = fetch(ctx, who, filepath.Join(h.dir, "programs"))
	}
	return h, err
}

// moveOut names the folder that stands for asked, and remembers it there: a
// new data folder gets a new one, never somebody's old data.
func moveOut(asked string) (string, error) {
	memo := filepath.Join(asked, "location")
	if text, err := os.ReadFile(memo); err == nil {
		dir := strings.TrimSpace(string(text))
		return dir, os.MkdirAll(dir, 0o755)
	}
	dir := filepath.Join(elsewhere, strings.ToLower(rand.Text()[:12]))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	return dir, os.WriteFile(memo, []byte(dir+"\n"), 0o644)
}

// majorOfData is the version that made the data; 0 when there is none yet.
func (h home) majorOfData() int {
	text, err := os.ReadFile(filepath.Join(h.data(), "PG_VERSION"))
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimSpace(string(text))) // 0 lets initdb or postgres complain
	return n
}

// password reads the password of the cluster, or makes one before there is
// data: afterwards another one would open nothing.
func (h home) password() (string, error) {
	path := filepath.Join(h.asked, "password")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && h.majorOfData() == 0 {
		secret := rand.Text()
		return secret, os.WriteFile(path, []byte(secret+"\n"), 0o600)
	}
	return strings.TrimSpace(string(text)), err
}

// initialise makes the data folder. It appears whole or not at all: a half
// made one is thrown away by the next start.
func (h home) initialise(ctx context.Context, scratch bool) error {
	if _, err := os.Stat(h.data()); err == nil {
		return nil
	}
	secret, err := h.password()
	if err != nil {
		return err
	}
	fresh := filepath.Join(h.dir, "data.new")
	if err := errors.Join(os.RemoveAll(fresh), os.Mkdir(fresh, 0o700), h.who.own(fresh)); err != nil {
		return err
	}
	// Only initdb's user may read it, and only while it runs.
	secretFile := filepath.Join(h.dir, "initdb-password")
	defer func() { _ = os.Remove(secretFile) }()
	if err := errors.Join(os.WriteFile(secretFile, []byte(secret+"\n"), 0o600), h.who.own(secretFile)); err != nil {
		return err
	}
	args := []string{"--pgdata", fresh, "--username", userName, "--pwfile", secretFile, "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C.UTF-8"}
	if scratch {
		args = append(args, "--no-sync")
	}
	if err := run(h.who.command(ctx, h.dir, h.programs.initdb(), args...)); err != nil {
		return err
	}
	return os.Rename(fresh, h.data())
}

// openLog opens the log for appending, and begins a new one when it is long.
func (h home) openLog() (*os.File, error) {
	const long = 10 << 20
	if info, err := os.Stat(h.logFile()); err == nil && info.Size() > long {
		if err := os.Rename(h.logFile(), h.logFile()+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(h.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

// complaintSince is what went wrong by the lines of the log behind from.
func (h home) complaintSince(from int64) string {
	const tail = 4096
	text, err := os.ReadFile(h.logFile())
	if err != nil || int64(len(text)) <= from {
		return ""
	}
	text = text[from:]
	return complaint(string(text[max(0, len(text)-tail):]))
}

// pickPort is the port of last time if it is free, so that clients that
// outlived us find the database again, or any free one.
func (h home) pickPort() (int, error) {
	if text, err := os.ReadFile(h.portFile()); err == nil {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strings.TrimSpace(string(text))))
		if err == nil {
			return listenerPort(l), l.Close()
		}
	}
	return freePort()
}

func (h home) rememberPort(port int) {
	_ = os.WriteFile(h.portFile(), []byte(strconv.Itoa(port)+"\n"), 0o644) // only saves clients a wait
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listenerPort(l), l.Close()
}

func listenerPort(l net.Listener) int {
	addr, _ := l.Addr().(*net.TCPAddr) // a TCP listener has no other
	return addr.Port
}
