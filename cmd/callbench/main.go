// Command callbench is a SIP and RTP load generator and a benchmark harness.
//
//	callbench prepare                           put the numbers below into an installation
//	callbench run bridge --concurrent 100       100 checked calls up together
//	callbench run menu --json now.json          key to next prompt
//	callbench run setup --rate 5 --step 5       calls per second until one fails
//	callbench run sweep --baseline now.json     everything, short, beside an earlier run
//
// It measures from outside, on sockets and SIP code of its own, so that it
// drives any engine and shares no fault with ours. It never sends to a host
// that is not this machine unless told that the host is one's own.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line.
type commands struct {
	Run      runCmd      `cmd:"" help:"Run a scenario against an engine and report."`
	ServeUAS serveUASCmd `cmd:"" name:"serve-uas" help:"Only answer calls, with audio, until stopped."`
	Prepare  prepareCmd  `cmd:"" help:"Put the numbers that the scenarios call into an installation."`
}

func main() {
	// One more than there are cores: the pump's thread sleeps inside system
	// calls, and SIP must not wait for it.
	runtime.GOMAXPROCS(runtime.NumCPU() + 1)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var cli commands
	k := kong.Parse(&cli, kong.Name("callbench"),
		kong.Description("SIP and RTP load generator. Sends to loopback only, unless told otherwise."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "callbench:", err)
		stop()
		os.Exit(1)
	}
}
