package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"tandem/db"
	"tandem/flow/call"
)

// ladderBacklog is how many batches of SIP messages may wait for the database;
// one batch is about one step of one call.
const ladderBacklog = 4096

// ladderTry bounds one write.
const ladderTry = 5 * time.Second

// nodeLadder writes the SIP messages of calls, best effort: a call never waits
// for it.
type nodeLadder struct {
	store   *db.Store
	log     *slog.Logger
	batches chan []call.SIPMessage
	lost    atomic.Uint64
}

func newNodeLadder(store *db.Store, log *slog.Logger) *nodeLadder {
	return &nodeLadder{store: store, log: log, batches: make(chan []call.SIPMessage, ladderBacklog)}
}

// add takes a batch, or drops it when the database has fallen behind.
func (l *nodeLadder) add(batch []call.SIPMessage) {
	select {
	case l.batches <- batch:
	default:
		l.lost.Add(1)
	}
}

// write writes batches until done is closed and nothing waits.
func (l *nodeLadder) write(done <-chan struct{}) {
	for {
		select {
		case batch := <-l.batches:
			l.save(batch)
		case <-done:
			for len(l.batches) > 0 {
				l.save(<-l.batches)
			}
			return
		}
	}
}

// save writes one batch and whatever else waits, in one round trip.
func (l *nodeLadder) save(batch []call.SIPMessage) {
	for len(l.batches) > 0 && len(batch) < 200 {
		batch = append(batch, <-l.batches...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), ladderTry)
	defer cancel()
	if err := l.store.SaveMessages(ctx, batch); err != nil {
		l.log.Warn("sip messages not kept", "messages", len(batch), "error", err)
	}
}
