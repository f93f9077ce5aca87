package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// openData makes the data folder and locks it for one `tandem up`. The lock
// ends with the process, however that ends.
//
// Why an open file description lock (fcntl(2), F_OFD_SETLK) and not flock: it
// can be asked about without being taken, so `tandem status` never stands in
// the way of a start.
func openData(data string) (unlock func(), err error) {
	if err := os.MkdirAll(data, folderMode()); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.Chmod(data, folderMode()); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	f, err := os.OpenFile(lockPath(data), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	whole := unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart}
	switch err := unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLK, &whole); {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EACCES):
		_ = f.Close() // nothing was written
		return nil, fmt.Errorf("data folder %s: another `tandem up` works there: stop it, or set TANDEM_DATA to another folder", data)
	case err != nil:
		_ = f.Close()
		return nil, fmt.Errorf("data folder %s: lock: %w", data, err)
	}
	return func() { _ = f.Close() }, nil
}

// folderMode keeps others out of the data folder. PostgreSQL refuses to be root
// and becomes another user, who must at least pass through it.
func folderMode() os.FileMode {
	if os.Geteuid() == 0 {
		return 0o711
	}
	return 0o700
}

func lockPath(data string) string { return filepath.Join(data, "lock") }

// folderLocked tells whether a `tandem up` works on the folder.
func folderLocked(data string) bool {
	f, err := os.Open(lockPath(data))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	whole := unix.Flock_t{Type: unix.F_RDLCK, Whence: io.SeekStart}
	err = unix.FcntlFlock(f.Fd(), unix.F_OFD_GETLK, &whole)
	return err == nil && whole.Type != unix.F_UNLCK
}
