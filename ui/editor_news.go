package ui

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"tandem/flow/directory"
)

// newsroom hears of changes in the database for as long as somebody listens:
// one connection for all open editors.
type newsroom struct {
	log *slog.Logger

	mu      sync.Mutex
	readers map[chan struct{}][]directory.Family
	stop    context.CancelFunc // nil: nobody listens
	stopped chan struct{}
}

// watcher is a store's Watch.
type watcher = func(ctx context.Context, seen func(directory.News)) error

// subscribe wakes the channel it answers when families of tables change. Who
// subscribed must end it; the last one waits until nothing listens any more.
func (n *newsroom) subscribe(watch watcher, families ...directory.Family) (news <-chan struct{}, end func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := make(chan struct{}, 1)
	if n.readers == nil {
		n.readers = map[chan struct{}][]directory.Family{}
	}
	n.readers[c] = families
	if n.stop == nil {
		n.listen(watch)
	}
	return c, sync.OnceFunc(func() { n.end(c) })
}

func (n *newsroom) listen(watch watcher) {
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	n.stop, n.stopped = stop, stopped
	go func() {
		defer close(stopped)
		if err := watch(ctx, n.spread); ctx.Err() == nil {
			n.log.Error("no longer hearing of changes", "err", err)
		}
	}()
}

func (n *newsroom) spread(news directory.News) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for c, families := range n.readers {
		if slices.ContainsFunc(families, news.Has) {
			poke(c)
		}
	}
}

func (n *newsroom) end(c chan struct{}) {
	n.mu.Lock()
	delete(n.readers, c)
	var stop context.CancelFunc
	stopped := n.stopped
	if len(n.readers) == 0 {
		stop, n.stop = n.stop, nil
	}
	n.mu.Unlock()
	if stop != nil {
		stop()
		<-stopped
	}
}
