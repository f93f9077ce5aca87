package sipua

import "sync"

// mailbox runs what is posted to it, one after the other, on one goroutine.
type mailbox struct {
	mu     sync.Mutex
	queue  []func()
	wake   chan struct{}
	closed bool
}

// mailboxLimit is how many messages of the peer may wait for a slow handler.
const mailboxLimit = 256

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

// post appends f; nothing happens after last.
func (b *mailbox) post(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.queue = append(b.queue, f)
		b.ring()
	}
}

// offer appends f unless the box is full or closed.
func (b *mailbox) offer(f func()) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || len(b.queue) >= mailboxLimit {
		return false
	}
	b.queue = append(b.queue, f)
	b.ring()
	return true
}

// last appends f and closes the box: run returns after it.
func (b *mailbox) last(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.queue = append(b.queue, f)
		b.closed = true
		b.ring()
	}
}

func (b *mailbox) ring() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// run works until last has run.
func (b *mailbox) run() {
	for range b.wake {
		for {
			b.mu.Lock()
			if len(b.queue) == 0 {
				closed := b.closed
				b.mu.Unlock()
				if closed {
					return
				}
				break
			}
			f := b.queue[0]
			b.queue = b.queue[1:]
			b.mu.Unlock()
			f()
		}
	}
}
