package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"go.temporal.io/server/common/config"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
)

// files are the two databases in the data folder: the history, which is the truth and is written to disk before anything is
// confirmed, and the visibility, which lists and finds workflows and can be made again from the history.
type files struct {
	history    dbFile
	visibility dbFile
	dir        string
	unlisted   bool // the visibility was made anew beside a history that was not, and is not filled yet
}

// dbFile is one SQLite file and the settings it is opened with.
type dbFile struct {
	path   string
	pragma map[string]string
}

// openFiles prepares both files in dir: made when missing, checked when there. A history that cannot be used is an error. A
// visibility that cannot be read is thrown away and made anew.
func openFiles(ctx context.Context, dir string, log *slog.Logger) (*files, error) {
	f := &files{
		dir: dir,
		history: dbFile{filepath.Join(dir, "history.db"), map[string]string{
			"journal_mode": "wal",
			"synchronous":  "full", // what the server has confirmed survives a power cut
			"busy_timeout": "10000",
			"cache_size":   "-32000", // in kB, taken as needed: the open calls' pages, not the 2 MB of the default
		}},
		visibility: dbFile{filepath.Join(dir, "visibility.db"), map[string]string{
			"journal_mode": "wal",
			"synchronous":  "off", // a power cut may damage it, which the next start notices
			"busy_timeout": "10000",
			"cache_size":   "-16000",
		}},
	}
	made, err := f.history.ensure(ctx, historySchema())
	if err != nil {
		return nil, f.history.explain(err)
	}
	if made {
		// Whatever an old visibility lists belongs to a history that is gone.
		if err := f.visibility.remove(); err != nil {
			return nil, err
		}
	}
	if err := f.openVisibility(ctx, log); err != nil {
		return nil, f.visibility.explain(err)
	}
	if made {
		if err := f.visibility.setComplete(ctx); err != nil {
			return nil, err
		}
	}
	if f.unlisted, err = f.visibility.incomplete(ctx); err != nil {
		return nil, err
	}
	return f, f.mark()
}

// openVisibility prepares the visibility file, a second time from nothing if the first shows that it is of no use.
func (f *files) openVisibility(ctx context.Context, log *slog.Logger) error {
	_, err := f.visibility.ensure(ctx, visibilitySchema())
	if err == nil && f.suspect() {
		err = f.visibility.inspect(ctx)
	}
	if !errors.Is(err, errDamaged) && !errors.Is(err, errOlder) {
		return err
	}
	log.Warn("visibility file is made anew", "path", f.visibility.path, "cause", err)
	if err := f.visibility.remove(); err != nil {
		return err
	}
	_, err = f.visibility.ensure(ctx, visibilitySchema())
	return err
}

// close moves what the write-ahead logs hold into the files, so that each is whole by itself, and notes the clean end.
func (f *files) close() error {
	ctx := context.Background()
	return errors.Join(f.history.checkpoint(ctx), f.visibility.checkpoint(ctx), f.unmark())
}

// store is the file as the Temporal server's configuration has it.
func (d dbFile) store() *config.SQL {
	attributes := maps.Clone(d.pragma)
	attributes["mode"] = "rwc"
	return &config.SQL{
		PluginName:        sqliteplugin.PluginName,
		DatabaseName:      escapePath(d.path),
		ConnectAttributes: attributes,
		MaxConns:          1, // SQLite has one writer at a time; with one connection nobody ever finds the file busy
		MaxIdleConns:      1,
	}
}

// open connects to the file beside the server's own connection.
func (d dbFile) open() (*sql.DB, error) {
	var query strings.Builder
	for name, value := range d.pragma {
		fmt.Fprintf(&query, "&_pragma=%s=%s", name, value)
	}
	db, err := sql.Open("sqlite", "file:"+escapePath(d.path)+"?mode=rwc"+query.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// use runs do on a connection of its own.
func (d dbFile) use(do func(*sql.DB) error) error {
	db, err := d.open()
	if err != nil {
		return err
	}
	return errors.Join(do(db), db.Close())
}

// ensure makes or checks the schema, see schema.ensure.
func (d dbFile) ensure(ctx context.Context, s schema) (made bool, err error) {
	err = d.use(func(db *sql.DB) (err error) {
		made, err = s.ensure(ctx, db)
		return err
	})
	return made, err
}

// inspect reads the whole file and returns errDamaged when something in it does not fit.
func (d dbFile) inspect(ctx context.Context) error {
	return d.use(func(db *sql.DB) error {
		var verdict string
		if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
			return damage(err)
		}
		if verdict != "ok" {
			return fmt.Errorf("%w: %s", errDamaged, verdict)
		}
		return nil
	})
}

// incomplete reports whether the visibility still lacks workflows that the history has.
func (d dbFile) incomplete(ctx context.Context) (lacks bool, err error) {
	err = d.use(func(db *sql.DB) error {
		return db.QueryRowContext(ctx, `SELECT complete = 0 FROM temporald`).Scan(&lacks)
	})
	return lacks, err
}

// setComplete notes that the visibility lacks nothing any more.
func (d dbFile) setComplete(ctx context.Context) error {
	return d.use(func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, `UPDATE temporald SET complete = 1`)
		return err
	})
}

// checkpoint moves the write-ahead log into the file and waits for the disk, also where the server itself does not.
func (d dbFile) checkpoint(ctx context.Context) error {
	return d.use(func(db *sql.DB) error {
		if _, err := db.ExecContext(ctx, `PRAGMA synchronous = full`); err != nil {
			return fmt.Errorf("checkpoint of %s: %w", d.path, err)
		}
		if _, err := db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			return fmt.Errorf("checkpoint of %s: %w", d.path, err)
		}
		return nil
	})
}

// remove deletes the file with its write-ahead log.
func (d dbFile) remove() error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(d.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// explain puts the file's name before what is wrong with it.
func (d dbFile) explain(err error) error { return fmt.Errorf("%s: %w", d.path, err) }

// escapePath keeps characters of a folder's name from being read as the query part of SQLite's file URI.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// bootFile is there while we run and names the machine's boot. Only the end of the machine itself, never of a process, can
// lose what was written without waiting for the disk; so a note of another boot is what makes the visibility suspect.
func (f *files) bootFile() string { return filepath.Join(f.dir, "running") }

func (f *files) unmark() error { return os.Remove(f.bootFile()) }

// mark writes the note and waits until it is on disk: a note lost in the power cut would be no witness of it.
func (f *files) mark() error {
	file, err := os.OpenFile(f.bootFile(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(bootID())
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	folder, err := os.Open(f.dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// suspect reports whether the machine went down while an earlier run had the files open.
func (f *files) suspect() bool {
	note, err := os.ReadFile(f.bootFile())
	return err == nil && (len(note) == 0 || string(note) != bootID())
}

// bootID is the kernel's name for this boot of the machine, or nothing where it has none.
func bootID() string {
	id, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return string(id)
}
