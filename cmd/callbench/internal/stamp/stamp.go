// Package stamp reads the moment at which the kernel took in a datagram.
//
// It never guesses: without a kernel stamp the time of reading is used, which
// is later by however long the reader was kept waiting.
package stamp

import (
	"encoding/binary"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// Room is how many bytes of control data a reader must offer.
const Room = 64

// Enable asks the kernel to stamp what arrives at a socket.
func Enable(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return fmt.Errorf("ask for arrival times: %w", err)
	}
	return nil
}

// Arrival returns the stamp in control data, in nanoseconds of wall clock.
func Arrival(control []byte) int64 {
	const head = unix.SizeofCmsghdr // 16: length, level, type
	if len(control) >= head+16 &&
		binary.NativeEndian.Uint32(control[8:]) == unix.SOL_SOCKET &&
		binary.NativeEndian.Uint32(control[12:]) == unix.SO_TIMESTAMPNS {
		sec := int64(binary.NativeEndian.Uint64(control[head:]))
		nsec := int64(binary.NativeEndian.Uint64(control[head+8:]))
		return sec*int64(time.Second) + nsec
	}
	return time.Now().UnixNano()
}
