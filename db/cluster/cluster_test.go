package cluster_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/db/cluster"
)

// childDir names the folder of a cluster that this program, started by a test
// as a child, runs until it is killed.
const childDir = "TANDEM_CLUSTER_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

func child(dir string) int {
	c, err := cluster.Start(context.Background(), cluster.Options{Dir: dir, Log: slog.New(slog.DiscardHandler), Scratch: true})
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	fmt.Println(c.Pid())
	<-c.Done()
	return 0
}

func start(t *testing.T, dir string) *cluster.Cluster {
	t.Helper()
	c, err := cluster.Start(t.Context(), cluster.Options{Dir: dir, Log: slog.New(slog.DiscardHandler), Scratch: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, c) })
	return c
}

func stop(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := c.Stop(ctx); err != nil {
		t.Error(err)
	}
}

// folder is one that PostgreSQL's user can enter.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for d := dir; strings.HasPrefix(d, os.TempDir()+"/"); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "postgres")
}

// ask runs one statement on a connection of its own.
func ask(t *testing.T, url, sql string) (answer string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	err = conn.QueryRow(ctx, sql).Scan(&answer)
	return answer, err
}

// eventually waits for something that another process brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline, tick := time.After(20*time.Second), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("waited too long: %s", what)
		case <-tick.C:
		}
	}
}

func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func TestClusterKeepsItsDataAndItsPassword(t *testing.T) {
	dir := folder(t)
	first := start(t, dir)
	if _, err := ask(t, first.URL(), "create table words as select 'kept' as word"); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatal(err)
	}
	pid := first.Pid()
	stop(t, first)
	stop(t, first) // twice is fine
	if alive(pid) {
		t.Error("the postmaster outlived Stop")
	}
	if err := <-first.Done(); err != nil {
		t.Errorf("Done after Stop: %v", err)
	}
	second := start(t, dir)
	if got, err := ask(t, second.URL(), "select word from words"); err != nil || got != "kept" {
		t.Errorf("got %q, %v after a restart", got, err)
	}
	if second.URL() != first.URL() {
		t.Errorf("address moved from %s to %s", first.URL(), second.URL())
	}
	if info, err := os.Stat(filepath.Join(dir, "password")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("password file: %v, %v", info, err)
	}
	wrong := strings.Replace(second.URL(), "tandem:", "tandem:x", 1)
	if _, err := ask(t, wrong, "select 'in'"); err == nil {
		t.Error("a wrong password was let in")
	}
}

func TestClusterSurvivesTheDeathOfItsPostmaster(t *testing.T) {
	c := start(t, folder(t))
	old := c.Pid()
	if err := syscall.Kill(old, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a new postmaster answers at the old address", func() bool {
		_, err := ask(t, c.URL(), "select 'here'")
		return err == nil && c.Pid() != old
	})
}

func TestPostgresEndsWithAKilledParentAndStartsAgain(t *testing.T) {
	dir := folder(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	pid, convErr := strconv.Atoi(strings.TrimSpace(line))
	if err := errors.Join(err, convErr); err != nil {
		t.Fatalf("child said %q: %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()     // killed
	c := start(t, dir) // at once: the old postmaster may still be ending
	if _, err := ask(t, c.URL(), "select 'here'"); err != nil {
		t.Error(err)
	}
	eventually(t, "the orphan is gone", func() bool { return !alive(pid) })
}

func TestAStaleLockFileIsNoObstacle(t *testing.T) {
	dir := folder(t)
	c := start(t, dir)
	stop(t, c)
	// A number that after a reboot belongs to a stranger of the same user.
	info, err := os.Stat(filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	stranger := exec.Command("sleep", "60")
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != uint32(os.Geteuid()) {
		stranger.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner, Groups: []uint32{}}}
	}
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(stranger.Process.Kill(), stranger.Wait()) }) // killed
	stale := fmt.Sprintf("%d\n%s\n", stranger.Process.Pid, filepath.Join(dir, "data"))
	if err := os.WriteFile(filepath.Join(dir, "data", "postmaster.pid"), []byte(stale), 0o644); err != nil {
		t.Fatal(err)
	}
	again := start(t, dir)
	if _, err := ask(t, again.URL(), "select 'here'"); err != nil {
		t.Error(err)
	}
	if !alive(stranger.Process.Pid) {
		t.Error("the stranger was killed")
	}
}

func TestAFolderBelowAClosedOneWorksToo(t *testing.T) {
	closed := filepath.Join(filepath.Dir(folder(t)), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "postgres")
	c := start(t, dir)
	if _, err := ask(t, c.URL(), "select 'here'"); err != nil {
		t.Error(err)
	}
	location, err := os.ReadFile(filepath.Join(dir, "location"))
	if moved := err == nil; moved != (os.Geteuid() == 0) {
		t.Errorf("moved elsewhere: %v, as user %d", moved, os.Geteuid())
	}
	if err == nil {
		t.Cleanup(func() { stop(t, c); _ = os.RemoveAll(strings.TrimSpace(string(location))) })
	}
}

func TestAFolderThatCannotBeMadeIsOneClearLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := cluster.Start(t.Context(), cluster.Options{Dir: filepath.Join(file, "postgres")})
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("got %v", err)
	}
}

func TestALostPasswordIsOneClearLine(t *testing.T) {
	dir := folder(t)
	stop(t, start(t, dir))
	for text, want := range map[string]string{"other\n": "does not fit", "": "password"} {
		path := filepath.Join(dir, "password")
		err := os.WriteFile(path, []byte(text), 0o600)
		if text == "" {
			err = os.Remove(path)
		}
		if err != nil {
			t.Fatal(err)
		}
		_, err = cluster.Start(t.Context(), cluster.Options{Dir: dir, Log: slog.New(slog.DiscardHandler), Scratch: true})
		if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
