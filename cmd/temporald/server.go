package main

import (
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
)

// clusterName is what the server calls itself in its own files; it can never change for an existing history.
const clusterName = "active"

// server is the four Temporal services in this process, talking to each other over loopback.
type server struct {
	temporal temporal.Server
	log      serverLog
}

// startServer builds and starts the services on files. It returns once they listen, which is before they are of use:
// proveReady waits for that.
func startServer(opts options, addrs addresses, files *files, log *slog.Logger) (*server, error) {
	if err := createNamespace(files.history.store(), opts); err != nil {
		return nil, err
	}
	serverLog := serverLog{to: log, ending: new(atomic.Bool)}
	s, err := temporal.NewServer(
		temporal.WithConfig(serverConfig(opts, addrs, files)),
		temporal.ForServices(temporal.DefaultServices),
		// Fixed addresses instead of a membership ring, which would need a port per service and seconds to settle.
		temporal.WithStaticHosts(staticHosts(addrs)),
		temporal.WithDynamicConfigClient(dynamicConfig()),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return authorization.NewNoopClaimMapper() }),
		temporal.WithLogger(serverLog),
	)
	if err != nil {
		return nil, fmt.Errorf("building the Temporal server: %w", err)
	}
	if err := s.Start(); err != nil {
		return nil, fmt.Errorf("starting the Temporal server: %w", err)
	}
	return &server{temporal: s, log: serverLog}, nil
}

// stop ends the services in the reverse order of their start and waits for them, a few seconds with clients connected.
func (s *server) stop() error {
	s.log.ending.Store(true)
	if err := s.temporal.Stop(); err != nil {
		return fmt.Errorf("stopping the Temporal server: %w", err)
	}
	return nil
}

// staticHosts tells every service where the others are.
func staticHosts(addrs addresses) map[primitives.ServiceName]static.Hosts {
	return map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: static.SingleLocalHost(addrs.grpc),
		primitives.HistoryService:  static.SingleLocalHost(addrs.history),
		primitives.MatchingService: static.SingleLocalHost(addrs.matching),
		primitives.WorkerService:   static.SingleLocalHost(addrs.worker),
	}
}

// serverConfig is what a cluster would read from its configuration file. What it leaves out is off: metrics, archival,
// TLS and the HTTP API.
func serverConfig(opts options, addrs addresses, files *files) *config.Config {
	return &config.Config{
		Global: config.Global{
			Membership: config.Membership{MaxJoinDuration: 10 * time.Second, BroadcastAddress: "127.0.0.1"},
			PProf:      pprofConfig(opts),
		},
		Persistence: config.Persistence{
			NumHistoryShards: 1, // a shard is a unit of spreading over machines; each costs its own queues and timers
			DefaultStore:     "history",
			VisibilityStore:  "visibility",
			DataStores: map[string]config.DataStore{
				"history":    {SQL: files.history.store()},
				"visibility": {SQL: files.visibility.store()},
			},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{
				clusterName: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: addrs.grpc},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchival{State: config.ArchivalDisabled},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: config.ArchivalDisabled},
		}},
		PublicClient: config.PublicClient{HostPort: addrs.grpc},
		Services: map[string]config.Service{
			string(primitives.FrontendService): listenOn(addrs.grpc),
			string(primitives.HistoryService):  listenOn(addrs.history),
			string(primitives.MatchingService): listenOn(addrs.matching),
			string(primitives.WorkerService):   listenOn(addrs.worker),
		},
	}
}

func listenOn(addr string) config.Service {
	host, port := split(addr)
	return config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: host}}
}

func pprofConfig(opts options) config.PProf {
	if opts.Pprof == "" {
		return config.PProf{}
	}
	host, port := split(opts.Pprof)
	return config.PProf{Host: host, Port: port}
}
