package sipmedia

import "sync"

// mailbox runs functions one after the other in the order in which they were
// posted, each on a goroutine that exists only while there is something to run.
// It is how everything about one call is serialised without a lock that two
// calls could share, and without a goroutine for a call that is merely talking.
type mailbox struct {
	mu      sync.Mutex
	queue   []func()
	running bool
	closed  bool
	workers sync.WaitGroup
}

// post hands over f without ever blocking. It is false, and f never runs, once
// the mailbox is closed.
func (m *mailbox) post(f func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.queue = append(m.queue, f)
	if !m.running {
		m.running = true
		m.workers.Go(m.run)
	}
	return true
}

func (m *mailbox) run() {
	for {
		m.mu.Lock()
		batch := m.queue
		m.queue = nil
		if len(batch) == 0 {
			m.running = false
			m.mu.Unlock()
			return
		}
		m.mu.Unlock()
		for _, f := range batch {
			f()
		}
	}
}

// close takes no more. What was posted before still runs.
func (m *mailbox) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
}

// wait returns when a closed mailbox has run out. Not for use from inside it.
func (m *mailbox) wait() { m.workers.Wait() }
