package main

import (
	"strings"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
)

// ui is Temporal UI, served from files inside this binary; it needs nothing from the internet. A nil ui is one that is off.
type ui struct {
	server *uiserver.Server
	ended  chan struct{}
}

// startUI starts serving at addrs.ui; it returns nil when the UI is off.
func startUI(opts options, addrs addresses) *ui {
	if opts.UIOff {
		return nil
	}
	u := &ui{server: uiserver.NewServer(uioptions.WithConfigProvider(uiConfig(opts, addrs))), ended: make(chan struct{})}
	go func() {
		defer close(u.ended)
		// Start returns nil after Stop; on any other end it has logged and exited, which takeAddresses made unlikely.
		_ = u.server.Start()
	}()
	return u
}

// stop ends the UI and waits for it.
func (u *ui) stop() {
	if u == nil {
		return
	}
	u.server.Stop()
	<-u.ended
}

// uiConfig keeps the UI local and to the point: no news, no version check, no codec, no login, and no buttons for what this
// server does not do or what would start a call that nobody made.
func uiConfig(opts options, addrs addresses) *uiconfig.Config {
	host, port := split(addrs.ui)
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // the UI joins host and port without looking
	}
	return &uiconfig.Config{
		TemporalGRPCAddress: addrs.grpc,
		Host:                host,
		Port:                port,
		EnableUI:            true,
		DefaultNamespace:    opts.Namespace,
		DisableNewsFetch:    true,
		NotifyOnNewVersion:  false,
		Distribution:        "server",
		// The page is served over plain HTTP on loopback, where some browsers drop cookies marked secure.
		CORS:                  uiconfig.CORS{CookieInsecure: true},
		StartWorkflowDisabled: true,
		WorkflowPauseDisabled: true,
		HideLogs:              true,
	}
}
