package main

import (
	"context"
	"path/filepath"
	"time"

	"tandem/db/cluster"
)

// postgresLook is how often a restarted PostgreSQL's new pid reaches the state file.
const postgresLook = time.Second

// startDatabase starts the private PostgreSQL, unless another is to be used.
func (u *up) startDatabase(ctx context.Context) error {
	if u.cfg.DatabaseURL != "" {
		return u.state.update(func(s *summary) { s.Database = u.cfg.DatabaseURL })
	}
	c, err := cluster.Start(ctx, cluster.Options{Dir: filepath.Join(u.cfg.Data, "postgres"), Log: u.log.With("role", "postgres")})
	if err != nil {
		return err
	}
	watching, endWatch := context.WithCancel(context.WithoutCancel(ctx))
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		u.watchDatabase(watching, c)
	}()
	u.add(part{role: "postgres", bound: stopBound, stop: func(ctx context.Context) error {
		endWatch()
		<-watched
		return c.Stop(ctx)
	}})
	u.cfg.DatabaseURL = c.URL()
	return u.state.update(func(s *summary) { s.Database, s.PIDs["postgres"] = c.URL(), c.Pid() })
}

// watchDatabase keeps the pid of the private PostgreSQL, which restarts itself,
// in the state file, and ends everything when it cannot be kept alive.
func (u *up) watchDatabase(ctx context.Context, c *cluster.Cluster) {
	tick := time.NewTicker(postgresLook)
	defer tick.Stop()
	known := 0
	for {
		if pid := c.Pid(); pid != known && pid != 0 {
			known = pid
			u.started("postgres")(pid)
		}
		select {
		case <-ctx.Done():
			return
		case err := <-c.Done():
			u.fail(err)
			return
		case <-tick.C:
		}
	}
}

// prepareDatabase brings the schema up to date and loads what a new
// installation begins with.
func (u *up) prepareDatabase(ctx context.Context) error {
	in, err := install(ctx, u.cfg)
	if err != nil {
		return err
	}
	u.cfg.Key = in.Key
	return u.state.update(func(s *summary) { s.Admin, s.Accounts, s.Numbers = &in.Admin, in.Accounts, in.Numbers })
}
