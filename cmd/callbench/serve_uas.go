package main

import (
	"context"
	"os"
	"time"

	"tandem/cmd/callbench/internal/load"
)

// serveUASCmd is `callbench serve-uas`: the callee alone, for trying an
// engine by hand. What is heard cannot be checked against what was sent, since
// the caller is another process; it is counted only.
type serveUASCmd struct {
	Listen       string        `default:"127.0.0.3:5080" help:"Where to answer."`
	Ring         time.Duration `default:"0s" help:"How long to ring."`
	For          time.Duration `default:"1h" help:"Stop after this long."`
	IOwnThisHost bool          `name:"i-own-this-host" help:"Answer callers that are not on this machine."`
}

// Run is called by kong.
func (c *serveUASCmd) Run(ctx context.Context) error {
	to, err := address(c.Listen, 5080)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, c.For)
	defer stop()
	return load.Serve(ctx, load.Options{To: to, Ring: c.Ring, AllowOthers: c.IOwnThisHost, Progress: os.Stdout})
}
