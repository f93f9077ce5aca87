package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"tandem/cmd/tandem/internal/config"
	"tandem/db"
	"tandem/db/sample"
)

// databaseWait is how long a start waits for PostgreSQL, which may be starting
// at the same moment, before it says that none is there.
const databaseWait = 30 * time.Second

// installed is what an installation begins with.
type installed struct {
	Key      config.Secret
	Admin    adminLogin // with the password when it was made just now
	Accounts []sample.Account
	Numbers  []sample.Number
}

// install brings the database up to date, loads the sample into an empty one
// and makes the first administrator. Done again, it changes nothing.
func install(ctx context.Context, cfg config.Config) (installed, error) {
	var in installed
	waiting, cancel := context.WithTimeout(ctx, databaseWait)
	defer cancel()
	if err := db.WaitReady(waiting, cfg.DatabaseURL); err != nil {
		return in, fmt.Errorf("%w: start it or correct DATABASE_URL", err)
	}
	if err := db.Migrate(ctx, cfg.DatabaseURL); err != nil {
		return in, err
	}
	key, err := sealingKey(cfg)
	if err != nil {
		return in, err
	}
	in.Key = config.Secret(key)
	store, err := db.Open(ctx, cfg.DatabaseURL, key)
	if err != nil {
		return in, err
	}
	defer store.Close()
	if cfg.Sample {
		loaded, err := sample.Load(ctx, store, sample.Options{Password: cfg.SamplePassword, Networks: cfg.SampleNetworks})
		if err != nil {
			return in, err
		}
		in.Accounts, in.Numbers = loaded.Accounts, loaded.Numbers
	}
	if err := sample.LoadSystem(ctx, store); err != nil {
		return in, err
	}
	in.Admin, err = makeOwner(ctx, store, cfg)
	return in, err
}

// makeOwner makes the first administrator, once. A password that was made up
// is returned this one time; it is not stored anywhere in the clear.
func makeOwner(ctx context.Context, store *db.Store, cfg config.Config) (adminLogin, error) {
	password := cmp.Or(cfg.AdminPassword, newPassword())
	created, err := store.CreateOwner(ctx, cfg.AdminEmail, password)
	if err != nil {
		return adminLogin{}, fmt.Errorf("first administrator: %w", err)
	}
	if !created {
		password = ""
	}
	return adminLogin{Email: cfg.AdminEmail, Password: password}, nil
}

// newPassword is easy to read from a terminal: three groups of five letters
// and digits of crypto/rand.Text's base 32, 75 bits.
func newPassword() string {
	t := strings.ToLower(rand.Text())
	return t[:5] + "-" + t[5:10] + "-" + t[10:15]
}
