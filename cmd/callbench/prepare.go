package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tandem/db"
	"tandem/db/sample"
)

// prepareCmd is `callbench prepare`: it puts into a Tandem installation what
// the scenarios call. Doing it twice changes nothing.
type prepareCmd struct {
	DatabaseURL string        `name:"database-url" env:"DATABASE_URL" help:"The installation's PostgreSQL; default: the private one of a running \"tandem up\" on TANDEM_DATA."`
	Data        string        `name:"data" env:"TANDEM_DATA" default:"./data" help:"The installation's data folder."`
	Timeout     time.Duration `default:"30s" help:"Give up after this long."`
}

// Run is called by kong.
func (c *prepareCmd) Run(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, c.Timeout)
	defer stop()
	store, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	in, err := sample.Bench()
	if err != nil {
		return fmt.Errorf("make the prompts: %w", err)
	}
	if err := store.PrepareBench(ctx, in); err != nil {
		return fmt.Errorf("prepare installation: %w", err)
	}
	fmt.Printf("ready: %s bridges to %s, %s plays, %s waits for key 1\n", in.Bridge, in.Destination, in.Prompt, in.Menu)
	return nil
}

// open opens the installation's database with the key of its data folder.
func (c *prepareCmd) open(ctx context.Context) (*db.Store, error) {
	url := cmp.Or(c.DatabaseURL, privateDatabase(c.Data))
	if url == "" {
		return nil, fmt.Errorf("no database: start \"tandem up\" on %s, or give --database-url", c.Data)
	}
	key, err := db.LoadOrCreateKey(filepath.Join(c.Data, "key"))
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	return db.Open(ctx, url, key)
}

// privateDatabase is the database that `tandem up` wrote into its state file;
// empty where there is none.
func privateDatabase(data string) string {
	text, err := os.ReadFile(filepath.Join(data, "state.json"))
	if err != nil {
		return ""
	}
	var state struct {
		Database string `json:"database"`
	}
	if json.Unmarshal(text, &state) != nil {
		return ""
	}
	return state.Database
}
