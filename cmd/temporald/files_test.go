package main

import (
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// execIn runs statement in the database file name.
func execIn(t *testing.T, dir, name, statement string) {
	t.Helper()
	file := dbFile{path: filepath.Join(dir, name)}
	err := file.use(func(db *sql.DB) error {
		_, err := db.ExecContext(t.Context(), statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// prepared makes both files in a new folder.
func prepared(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	f, err := openFiles(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFilesThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ file, statement, want string }{
		"newer history":           {"history.db", `UPDATE temporald SET version = '0.12-1'`, "history.db: the file has a newer schema (0.12-1)"},
		"newer by our own change": {"history.db", `UPDATE temporald SET version = '0.11-2'`, "history.db: the file has a newer schema (0.11-2)"},
		"older history":           {"history.db", `UPDATE temporald SET version = '0.9-1'`, "history.db: the file has an older schema (0.9-1)"},
		"history of unknown kind": {"history.db", `UPDATE temporald SET version = 'x'`, "history.db: the file has a schema version nobody knows"},
		"history not ours":        {"history.db", `DROP TABLE temporald`, "history.db: the file was not made by temporald"},
		"newer visibility":        {"visibility.db", `UPDATE temporald SET version = '0.2-1'`, "visibility.db: the file has a newer schema (0.2-1)"},
		"visibility not ours":     {"visibility.db", `DROP TABLE temporald`, "visibility.db: the file was not made by temporald"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := prepared(t)
			execIn(t, dir, test.file, test.statement)
			_, err := openFiles(t.Context(), dir, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, want one line with %q", err, test.want)
			}
		})
	}
}

func TestDamagedHistoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := prepared(t)
	if err := os.WriteFile(filepath.Join(dir, "history.db"), []byte(strings.Repeat("no database", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openFiles(t.Context(), dir, slog.New(slog.DiscardHandler)); !errors.Is(err, errDamaged) {
		t.Errorf("error is %v, want %v", err, errDamaged)
	}
}

func TestUnfinishedRelistingIsNotForgotten(t *testing.T) {
	t.Parallel()
	dir := prepared(t)
	if err := os.Remove(filepath.Join(dir, "visibility.db")); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the first ends before it has listed anything
		f, err := openFiles(t.Context(), dir, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if !f.unlisted {
			t.Error("the workflows of the history are not going to be listed again")
		}
	}
}

func TestOlderVisibilityIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := prepared(t)
	execIn(t, dir, "visibility.db", `UPDATE temporald SET version = '0.0-1'`)
	f, err := openFiles(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if !f.unlisted {
		t.Error("the workflows of the history are not going to be listed again")
	}
}

// A page of the visibility is overwritten as a power cut might do: the file still opens, only a full look finds it.
func TestVisibilityIsInspectedOnlyAfterTheMachineWentDown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		boot string
		anew bool
	}{
		"killed in this boot":  {bootID(), false},
		"went down in another": {"another boot", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := prepared(t)
			overwritePage(t, filepath.Join(dir, "visibility.db"), 2)
			if err := os.WriteFile(filepath.Join(dir, "running"), []byte(test.boot), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := openFiles(t.Context(), dir, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			if f.unlisted != test.anew {
				t.Errorf("visibility made anew: %v, want %v", f.unlisted, test.anew)
			}
		})
	}
}

func overwritePage(t *testing.T, path string, page int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte(strings.Repeat("broken", 600)), (page-1)*4096); err != nil {
		t.Fatal(err)
	}
}

func TestVisibilityHasOnlyTheIndexesOurListsUse(t *testing.T) {
	t.Parallel()
	dir := prepared(t)
	var have []string
	err := dbFile{path: filepath.Join(dir, "visibility.db")}.use(func(db *sql.DB) error {
		rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			have = append(have, name)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(have, " "), strings.Join(indexes, " "); got != want {
		t.Errorf("indexes are\n%s, want\n%s", got, want)
	}
}
