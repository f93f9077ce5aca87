package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Bench describes the installation that the scenarios need. It is plain
// values: whoever implements Preparer turns them into rows of its own.
type Bench struct {
	TrunkName   string   // the carrier our caller plays
	TrunkSource []string // networks whose calls it takes without digest

	Bridge BridgeNumber
	Prompt PromptNumber
	Menu   MenuNumber
}

// BridgeNumber rings one sip-forwarding destination and bridges with media
// through the node.
type BridgeNumber struct {
	Number      string // E.164
	Destination string // SIP URI of our callee
	RingTime    time.Duration
}

// PromptNumber answers and plays a prompt for as long as the caller stays.
type PromptNumber struct {
	Number string
	Prompt Tone
}

// MenuNumber answers into a voice menu; the cable of Key leads to a playback of
// Next. The tones differ, so that the generator hears where one ends.
type MenuNumber struct {
	Number    string
	Prompt    Tone // the menu's own, longer than a caller waits
	Key       string
	Next      Tone
	WaitInput time.Duration // after the prompt, before no-input
}

// Tone is a prompt of one steady frequency; being steady it can be told from
// another within one frame.
type Tone struct {
	Name   string
	Hz     int
	Length time.Duration
	Loop   bool
}

// benchInstallation is what `prepare` asks for.
func benchInstallation() Bench {
	return Bench{
		TrunkName: "bench", TrunkSource: []string{"127.0.0.2/32"},
		Bridge: BridgeNumber{Number: "+15559000", Destination: "sip:bench@127.0.0.3:5080", RingTime: 30 * time.Second},
		Prompt: PromptNumber{Number: "+15559002", Prompt: Tone{Name: "bench-prompt", Hz: 600, Length: 10 * time.Second, Loop: true}},
		Menu: MenuNumber{
			Number: "+15559003", Key: "1", WaitInput: 10 * time.Second,
			Prompt: Tone{Name: "bench-menu", Hz: 440, Length: 20 * time.Second},
			Next:   Tone{Name: "bench-next", Hz: 1000, Length: 10 * time.Second},
		},
	}
}

// Preparer puts a Bench into an installation. Doing it twice changes nothing.
type Preparer interface {
	PrepareBench(ctx context.Context, in Bench) error
}

// errNotWired says that this build knows no installation.
var errNotWired = errors.New("this build of callbench is not joined to a database: it cannot prepare an installation")

// connect opens the installation at a database URL or, when that is empty, the
// private database of a data folder. It is the one place where callbench meets
// the product's database; the function returned releases it.
func connect(_ context.Context, _, _ string) (Preparer, func(), error) {
	return nil, nil, errNotWired
}

// prepareCmd is `callbench prepare`.
type prepareCmd struct {
	DatabaseURL string        `name:"database-url" env:"DATABASE_URL" help:"The installation's PostgreSQL; default: the private one in TANDEM_DATA."`
	Data        string        `name:"data" env:"TANDEM_DATA" default:"./data" help:"The installation's data folder."`
	Timeout     time.Duration `default:"30s" help:"Give up after this long."`
}

// Run is called by kong.
func (c *prepareCmd) Run(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, c.Timeout)
	defer stop()
	prep, done, err := connect(ctx, c.DatabaseURL, c.Data)
	if err != nil {
		return err
	}
	defer done()
	in := benchInstallation()
	if err := prep.PrepareBench(ctx, in); err != nil {
		return fmt.Errorf("prepare installation: %w", err)
	}
	fmt.Printf("ready: %s bridges to %s, %s plays, %s asks for key %s\n",
		in.Bridge.Number, in.Bridge.Destination, in.Prompt.Number, in.Menu.Number, in.Menu.Key)
	return nil
}
