package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// folderLock holds the data folder for this process alone: two servers on one history would each believe they own it.
// The kernel lets go when the process ends, however it ends, so a stale lock cannot exist.
type folderLock struct{ file *os.File }

// lockFolder makes dir when it is missing and takes its lock, trying again for up to wait while another process holds it.
func lockFolder(ctx context.Context, dir string, wait time.Duration) (*folderLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unusable(dir, err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unusable(dir, err)
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return &folderLock{file: file}, sign(file, dir)
		}
		if !errors.Is(err, unix.EWOULDBLOCK) || !pause(ctx, 50*time.Millisecond) {
			break
		}
	}
	defer file.Close()
	if !errors.Is(err, unix.EWOULDBLOCK) {
		return nil, unusable(dir, err)
	}
	return nil, fmt.Errorf("data folder %s is in use by another temporald%s", dir, holder(file))
}

// release lets go of the folder. The file stays: removing it would let two processes hold locks on two files of one name.
func (l *folderLock) release() { l.file.Close() }

// sign writes our process id into the lock file, for the message of whoever finds it taken.
func sign(file *os.File, dir string) error {
	if err := file.Truncate(0); err != nil {
		return unusable(dir, err)
	}
	if _, err := file.WriteAt(fmt.Appendln(nil, os.Getpid()), 0); err != nil {
		return unusable(dir, err)
	}
	return nil
}

// holder reads who signed the lock file; it returns nothing when the file does not say.
func holder(file *os.File) string {
	text := make([]byte, 20)
	n, _ := file.ReadAt(text, 0)
	pid := strings.TrimSpace(string(text[:n]))
	if pid == "" {
		return ""
	}
	return " (process " + pid + ")"
}

// unusable names the folder and the bare cause: the file inside it on which it showed is of no help to the reader.
func unusable(dir string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("data folder %s is not writable: %w", dir, err)
}

// pause waits for d and reports whether ctx is still alive.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return ctx.Err() == nil
	}
}
