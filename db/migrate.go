package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// SchemaVersion is the number of the newest migration in this binary.
const SchemaVersion = 44

//go:embed migrations/*.sql
var migrations embed.FS

// lockTries bounds the wait for another process that is migrating, at one try a second.
const lockTries = 60

// Migrate brings the database at url to SchemaVersion. Several processes may
// call it at once: one works, the others wait. A database that is newer than
// this binary is refused, since an older program could damage it.
func Migrate(ctx context.Context, url string) error {
	return migrating(url, func(p *goose.Provider) error {
		version, err := p.GetDBVersion(ctx)
		if err != nil {
			return err
		}
		if version > SchemaVersion {
			return fmt.Errorf("the database has version %d, this program knows %d: use a newer program", version, SchemaVersion)
		}
		_, err = p.Up(ctx)
		return err
	})
}

// CurrentVersion is the version the database at url has; 0 is an empty one.
func CurrentVersion(ctx context.Context, url string) (version int64, err error) {
	err = migrating(url, func(p *goose.Provider) error {
		version, err = p.GetDBVersion(ctx)
		return err
	})
	return version, err
}

func migrating(url string, work func(*goose.Provider) error) error {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	pool := stdlib.OpenDB(*cfg)
	defer func() { _ = pool.Close() }() // nothing is written through it after this
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, lockTries))
	if err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, pool, files,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	if err := work(p); err != nil {
		return fmt.Errorf("migrate database: %w", plain(err))
	}
	return nil
}

// connectPause is waited between tries of WaitReady.
const connectPause = 200 * time.Millisecond

// WaitReady waits until the database at url answers, or ctx ends.
func WaitReady(ctx context.Context, url string) error {
	for {
		conn, err := pgx.Connect(ctx, url)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("database does not answer: %w", plain(err))
		case <-time.After(connectPause):
		}
	}
}
