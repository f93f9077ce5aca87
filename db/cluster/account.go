package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is the user whom PostgreSQL runs as.
type account struct {
	name     string
	uid, gid int
	drop     bool // we are root, which PostgreSQL refuses to be
}

// unprivileged users to become, the first that exists.
var unprivileged = []string{"postgres", "nobody"}

// servant is the current user, or an unprivileged one where that is root.
func servant() (account, error) {
	if os.Geteuid() != 0 {
		return account{name: "the current user", uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	for _, name := range unprivileged {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err := errors.Join(err1, err2); err != nil {
			return account{}, fmt.Errorf("user %s: %w", name, err)
		}
		return account{name, uid, gid, true}, nil
	}
	return account{}, fmt.Errorf("PostgreSQL does not run as root, and there is no user of %q to become", unprivileged)
}

// process makes a child run as the account, in a process group of its own, so
// that Ctrl-C in a terminal reaches us and we end the child in order.
func (a account) process() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if a.drop {
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid), Groups: []uint32{}}
	}
	return attr
}

// command is a program to be run as the account, in dir.
func (a account) command(ctx context.Context, dir, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = dir, environment(), a.process()
	return cmd
}

// own gives a file or folder to the account.
func (a account) own(path string) error {
	if !a.drop {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

// reaches tells whether the account can enter a folder, all parents included.
func (a account) reaches(ctx context.Context, dir string) bool {
	if !a.drop {
		return true
	}
	return a.command(ctx, dir, "/bin/sh", "-c", ":").Run() == nil
}
