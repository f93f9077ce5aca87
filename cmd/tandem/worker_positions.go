package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tandem/db"
	"tandem/flow/call"
)

const (
	// positionsEvery is the shortest time between two writes: viewers see four
	// updates a second at most.
	positionsEvery = 250 * time.Millisecond
	positionsTry   = 2 * time.Second
	// mostPositions bounds what waits for a database that does not answer. What
	// is dropped beyond it, the panel asks the calls themselves for.
	mostPositions = 10_000
)

// positions brings the database where the calls of a worker are: the newest
// position of each call that has moved, in one write. It implements
// workflows.Observer.
type positions struct {
	store *db.Store
	log   *slog.Logger
	moved chan struct{} // holds one: something waits

	mu      sync.Mutex
	waiting map[call.ID]call.Position
}

func newPositions(store *db.Store, log *slog.Logger) *positions {
	return &positions{store: store, log: log, moved: make(chan struct{}, 1), waiting: map[call.ID]call.Position{}}
}

// Moved implements workflows.Observer. It never blocks.
func (p *positions) Moved(at call.Position) {
	p.keep(at)
	select {
	case p.moved <- struct{}{}:
	default:
	}
}

func (p *positions) keep(at call.Position) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.waiting[at.Call]
	if ok && known.Seq > at.Seq || !ok && len(p.waiting) >= mostPositions {
		return
	}
	p.waiting[at.Call] = at
}

// write writes what has moved until ctx ends, and what is left then.
func (p *positions) write(ctx context.Context) {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			p.flush(context.WithoutCancel(ctx))
			return
		case <-p.moved:
		}
		p.flush(ctx)
		pause.Reset(positionsEvery)
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}
}

func (p *positions) flush(ctx context.Context) {
	p.mu.Lock()
	batch := make([]call.Position, 0, len(p.waiting))
	for _, at := range p.waiting {
		batch = append(batch, at)
	}
	clear(p.waiting)
	p.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, positionsTry)
	defer cancel()
	err := p.store.SavePositions(ctx, batch)
	if err == nil {
		return
	}
	p.log.Debug("positions of calls not written", "error", err)
	for _, at := range batch { // unless they have moved on meanwhile
		p.Moved(at)
	}
}
