package codec

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

// ErrFrame says that a frame has another rate or length than the queue.
var ErrFrame = errors.New("codec: frame of another rate")

// Queue carries frames between the media tick and an ordinary goroutine, so that neither waits for the other's pace. As
// a Sink it drops what nobody has taken when it is full; as a Source it gives silence when nobody has put anything in
// yet. Put and Next are for the goroutine: they wait. Each end is for one goroutine at a time.
type Queue struct {
	rate    int
	free    chan []int16
	full    chan []int16
	closed  chan struct{}
	close   sync.Once
	dropped atomic.Uint64
}

// NewQueue makes a queue with room for so many frames of 20 ms.
func NewQueue(rate, frames int) *Queue {
	q := &Queue{
		rate: rate, closed: make(chan struct{}),
		free: make(chan []int16, frames), full: make(chan []int16, frames),
	}
	for range frames {
		q.free <- NewFrame(rate).Samples
	}
	return q
}

// WriteFrame implements Sink. After Close it returns io.ErrClosedPipe.
func (q *Queue) WriteFrame(f *Frame) error {
	if f.Rate != q.rate {
		return ErrFrame
	}
	select {
	case <-q.closed:
		return io.ErrClosedPipe
	default:
	}
	select {
	case s := <-q.free:
		copy(s, f.Samples)
		q.full <- s // has room: there are no more buffers than places
	default:
		q.dropped.Add(1)
	}
	return nil
}

// ReadFrame implements Source. After Close it gives what is left, then io.EOF.
func (q *Queue) ReadFrame(f *Frame) error {
	if f.Rate != q.rate {
		return ErrFrame
	}
	select {
	case s := <-q.full:
		q.take(f, s)
		return nil
	default:
	}
	select {
	case <-q.closed:
		return io.EOF
	default:
	}
	clear(f.Samples)
	return nil
}

// Put waits for room and puts a frame in. io.ErrClosedPipe after Close, or the context's cause.
func (q *Queue) Put(ctx context.Context, f *Frame) error {
	if f.Rate != q.rate {
		return ErrFrame
	}
	select {
	case <-q.closed:
		return io.ErrClosedPipe
	case <-ctx.Done():
		return context.Cause(ctx)
	case s := <-q.free:
		copy(s, f.Samples)
		q.full <- s
		return nil
	}
}

// Next waits for a frame. After Close it gives what is left, then io.EOF; or the context's cause.
func (q *Queue) Next(ctx context.Context, f *Frame) error {
	if f.Rate != q.rate {
		return ErrFrame
	}
	select {
	case s := <-q.full:
		q.take(f, s)
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-q.closed:
	}
	select {
	case s := <-q.full:
		q.take(f, s)
		return nil
	default:
		return io.EOF
	}
}

func (q *Queue) take(f *Frame, s []int16) {
	copy(f.Samples, s)
	q.free <- s
}

// Dropped is how many frames found the queue full.
func (q *Queue) Dropped() uint64 { return q.dropped.Load() }

// Close ends the queue for both sides. It may be called twice.
func (q *Queue) Close() { q.close.Do(func() { close(q.closed) }) }
