package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"go.temporal.io/sdk/worker"

	"tandem/activities"
	"tandem/cmd/tandem/internal/config"
	"tandem/db"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/sipmedia"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sipua"
	"tandem/workflows"
	"tandem/workflows/callclient"
)

type nodeCmd struct{}

// Run runs one media node until the signal.
func (nodeCmd) Run(w *world) error { return runRole(w, "node", runNode) }

const (
	// operationPollers take operations from Temporal side by side.
	operationPollers = 8
	// flushWait is for results that Temporal has not taken at a stop.
	flushWait = 3 * time.Second
)

// node joins the media plane to the database and to the workflows.
type node struct {
	cfg     config.Config
	log     *slog.Logger
	store   *db.Store
	calls   *callclient.Client
	callers *nodeDirectory
	sounds  *nodeSounds
	ladder  *nodeLadder
	courier *callclient.Courier
	media   *sipmedia.Switch
	poller  *poller
	opened  chan struct{} // closed when media is set
}

// runNode runs the node. When ctx ends it takes no more calls and gives the
// running ones cfg.Drain.
func runNode(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	log = log.With("node", cfg.Node)
	store, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer store.Close()
	calls, err := openCalls(cfg, log)
	if err != nil {
		return err
	}
	defer calls.Close()
	n := &node{
		cfg: cfg, log: log, store: store, calls: calls, opened: make(chan struct{}),
		sounds: newNodeSounds(store), ladder: newNodeLadder(store, log),
	}
	n.courier = callclient.NewCourier(calls, n.abandon, log)
	defer n.courier.Close()
	return n.run(ctx)
}

// abandon ends a call that no workflow is in charge of any more.
func (n *node) abandon(id call.ID) {
	<-n.opened // calls may end before the switch that holds them is known here
	n.log.Warn("call abandoned by its workflow", "call", id)
	n.media.Abandon(id, call.CauseInternal)
}

func (n *node) run(ctx context.Context) error {
	// A busy shard holds its processor while it naps: the runtime gets as many
	// more, so that signalling never waits for one.
	runtime.GOMAXPROCS(2 * runtime.NumCPU())
	n.tellLost(ctx)
	var err error
	if n.callers, err = newNodeDirectory(ctx, n.store, n.log); err != nil {
		return err
	}
	if err := n.sounds.warm(ctx); err != nil {
		return err
	}
	if n.media, err = n.openSwitch(ctx); err != nil {
		return err
	}
	close(n.opened)
	n.poller = &poller{worker: worker.New(n.calls.Temporal(), workflows.NodeTaskQueue(n.cfg.Node), worker.Options{
		DisableWorkflowWorker:            true,
		MaxConcurrentActivityTaskPollers: operationPollers,
	})}
	n.poller.worker.RegisterActivity(&activities.Media{Switch: n.media, Completer: n.courier})

	var owned sync.WaitGroup
	done := make(chan struct{})
	watching, unwatch := context.WithCancel(context.WithoutCancel(ctx)) // a draining node still hears of changes
	owned.Go(func() { n.ladder.write(done) })
	owned.Go(func() { n.watch(watching) })
	owned.Go(func() { n.keepRooms(watching) })
	h := newHeart(n.store, "node", n.cfg.Node, n.address().String(), n.log, n.poller.ready)
	h.count = func() map[string]int { return nodeFigures(n.media.Stats()) }
	owned.Go(func() { h.beat(ctx) })

	err = n.poller.start(ctx, n.calls, n.log)
	if err == nil {
		<-ctx.Done()
	}
	n.drain(ctx)
	unwatch()
	close(done)
	owned.Wait()
	return stopped(ctx, err)
}

// drain lets running calls go on for a bounded time and sees their results off.
func (n *node) drain(ctx context.Context) {
	bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), n.cfg.Drain)
	defer cancel()
	if err := n.media.Close(bound); err != nil {
		n.log.Warn("media plane closed", "error", err)
	}
	flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushWait)
	defer cancel()
	n.courier.Flush(flush)
	n.poller.stop()
}

// tellLost tells the calls that an earlier process of this node held that
// their legs are gone. Without Temporal there is nobody to tell: such calls
// learn it from their next operation.
func (n *node) tellLost(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, flushWait)
	defer cancel()
	if err := n.calls.NodeLost(ctx, n.cfg.Node); err != nil {
		n.log.Warn("calls of an earlier process not told", "error", err)
	}
}

// openSwitch opens the SIP and RTP sockets.
func (n *node) openSwitch(ctx context.Context) (*sipmedia.Switch, error) {
	secret, err := n.store.SharedSecret(ctx, "digest-nonces")
	if err != nil {
		return nil, fmt.Errorf("read the secret of digest nonces: %w", err)
	}
	var bind netip.Addr
	if a := n.cfg.SIP.Addr(); a.IsValid() && !a.IsUnspecified() {
		bind = a
	}
	return sipmedia.New(sipmedia.Config{
		Node: n.cfg.Node,
		SIP: sipua.Config{
			Node:      n.cfg.Node,
			Listen:    []sipua.Listen{{Network: "udp", Addr: n.cfg.SIP.AddrPort}, {Network: "tcp", Addr: n.cfg.SIP.AddrPort}},
			Advertise: n.cfg.Advertise, Realm: n.cfg.Realm, UserAgent: "Tandem", Secret: secret,
			Directory: n.callers, Bindings: nodeBindings{n.store}, Log: n.log,
		},
		RTP:    rtpio.Config{Addr: bind, MinPort: n.cfg.RTP.First, MaxPort: n.cfg.RTP.Last, Shards: runtime.NumCPU(), Log: n.log},
		Sounds: n.sounds, Password: n.callers.password,
		Feed: sipmedia.Feed{
			Incoming: n.calls.Start,
			Event:    func(e call.Event, id call.ID) { n.courier.Notify(id, e) },
			Messages: n.ladder.add,
		},
		Log: n.log,
	})
}

// watch keeps what the node holds in memory fresh until ctx ends.
func (n *node) watch(ctx context.Context) {
	bindings := nodeBindings{n.store}
	err := n.store.Watch(ctx, func(c directory.News) {
		n.callers.changed(ctx, c)
		n.sounds.changed(c)
		bindings.changed(ctx, n.media.UA(), n.cfg.Node, c, n.log)
	})
	if ctx.Err() == nil {
		n.log.Error("no longer hearing of changes", "error", err)
	}
}
