// Package db keeps all that Tandem remembers in PostgreSQL: who can be rung,
// the flows, and the ledger of every call.
//
// It never decides where a call goes next, and no type of its driver leaves it.
//
// Codes of second factors are read by pquerna/otp and passwords judged by
// trustelem/zxcvbn: both are rules of others, with tables kept by others.
package db

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"tandem/flow/directory"
)

// Store is the door to the database. Its methods may be called from any
// goroutine; every one ends when its context does.
type Store struct {
	pool     *pgxpool.Pool
	key      Key
	mentions mentionCache
}

// refusals are the errors of the schema's own rules, by PostgreSQL's code.
var refusals = map[string]error{
	"23505": directory.ErrTaken,
	"23514": directory.ErrInvalid,
	"23502": directory.ErrInvalid,
	"23503": directory.ErrLinked,
	"22021": directory.ErrInvalid, // a zero byte, or no UTF-8
}

// unreachable is a failed connection in one line: the driver gives one for
// each address and way it tried.
type unreachable struct{ cause error }

func (e *unreachable) Error() string {
	lines := strings.Split(e.cause.Error(), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

func (e *unreachable) Unwrap() error { return e.cause }

// plain turns what the driver says into words of ours.
func plain(err error) error {
	var refused *pgconn.PgError
	var failed *pgconn.ConnectError
	switch {
	case errors.As(err, &refused):
	case errors.As(err, &failed):
		return &unreachable{err}
	default:
		return err
	}
	if known, ok := refusals[refused.Code]; ok {
		return fmt.Errorf("%w: %s", known, cmp.Or(refused.Detail, refused.ConstraintName, refused.Message))
	}
	return fmt.Errorf("PostgreSQL: %s (%s)", refused.Message, refused.Code)
}

// Time given to PostgreSQL for a new connection, and connections held open by
// one process. Eight serve a node with hundreds of calls: a call asks once at
// its start and writes once at its end.
const (
	connectTimeout = 5 * time.Second
	maxConns       = 8
	minIdleConns   = 2 // the first call after a quiet hour waits for no handshake
)

// Open connects to the database at url (postgres://user:password@host/name) and
// checks that it answers. key seals what is stored secretly.
func Open(ctx context.Context, url string, key Key) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	cfg.ConnConfig.ConnectTimeout = cmp.Or(cfg.ConnConfig.ConnectTimeout, connectTimeout)
	if !strings.Contains(url, "pool_max_conns") {
		cfg.MaxConns = maxConns
	}
	cfg.MinIdleConns = min(minIdleConns, cfg.MaxConns)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", plain(err))
	}
	return &Store{pool: pool, key: key}, nil
}

// Close ends all connections and waits for those in use. Twice is fine.
func (s *Store) Close() { s.pool.Close() }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("database: %w", plain(err))
	}
	return nil
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// in runs work in one transaction: all of it happens, or nothing.
func (s *Store) in(ctx context.Context, what string, work func(tx pgx.Tx) error) error {
	if err := pgx.BeginFunc(ctx, s.pool, work); err != nil {
		return fmt.Errorf("%s: %w", what, plain(err))
	}
	return nil
}

// all reads every row of a query into T by column name.
func all[T any](ctx context.Context, q querier, sql string, args ...any) ([]T, error) {
	rows, _ := q.Query(ctx, sql, args...) // CollectRows reports its error
	out, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return out, plain(err)
}

// one reads the one row of a query into T by column name, or ErrNotFound.
func one[T any](ctx context.Context, q querier, sql string, args ...any) (T, error) {
	rows, _ := q.Query(ctx, sql, args...) // CollectExactlyOneRow reports its error
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	if errors.Is(err, pgx.ErrNoRows) {
		err = directory.ErrNotFound
	}
	return v, plain(err)
}

// scalar reads the one value of a query, or ErrNotFound.
func scalar[T any](ctx context.Context, q querier, sql string, args ...any) (T, error) {
	rows, _ := q.Query(ctx, sql, args...) // CollectExactlyOneRow reports its error
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	if errors.Is(err, pgx.ErrNoRows) {
		err = directory.ErrNotFound
	}
	return v, plain(err)
}

// column reads every row of a query with one column.
func column[T any](ctx context.Context, q querier, sql string, args ...any) ([]T, error) {
	rows, _ := q.Query(ctx, sql, args...) // CollectRows reports its error
	out, err := pgx.CollectRows(rows, pgx.RowTo[T])
	return out, plain(err)
}

// exec runs a statement and tells how many rows it touched.
func exec(ctx context.Context, q querier, sql string, args ...any) (int64, error) {
	tag, err := q.Exec(ctx, sql, args...)
	return tag.RowsAffected(), plain(err)
}

// touch makes a statement that touched no row an ErrNotFound.
func touch(rows int64, err error) error {
	if err == nil && rows == 0 {
		return directory.ErrNotFound
	}
	return err
}

// statement is one step of a batch.
type statement struct {
	sql  string
	args []any
}

// batch runs statements in one round trip, in order, and stops at the first
// that fails.
func batch(ctx context.Context, tx pgx.Tx, steps ...statement) error {
	b := new(pgx.Batch)
	for _, st := range steps {
		b.Queue(st.sql, st.args...)
	}
	return plain(tx.SendBatch(ctx, b).Close())
}

// clean makes text from the network fit to store: PostgreSQL takes neither a
// zero byte nor broken UTF-8, and a peer may send both.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// stamp is a time as it is stored: null for the zero time.
func stamp(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// moment is a stored time as values carry it: UTC, zero for null.
func moment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
