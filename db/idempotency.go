package db

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"tandem/flow/directory"
)

// Lives of an idempotency key: once answered, and while nobody has answered
// for it, after which whoever was about to is taken for dead.
const (
	keyLife  = 24 * time.Hour
	workTime = time.Minute
)

const dropKeys = `delete from idempotency_keys where at < now() - $1::interval`

// takeKey is for the first, and for who comes after one that died.
const takeKey = `
	insert into idempotency_keys as k (who, key, request) values ($1, $2, $3)
	on conflict (who, key) do update set at = now()
	where k.status is null and k.request = excluded.request and k.at < now() - $4::interval
	returning k.key`

const oneKey = `select request, coalesce(status, 0) as status, type, body from idempotency_keys where who = $1 and key = $2`

// Idempotent begins a write under a key that its caller chose. With nil the
// caller is the first: it does the write and says Answered. Whoever repeats it
// gets the answer of the first. While the first is still at it the error wraps
// ErrBusy; a key that was used for another request is refused with ErrReused.
// who keeps the keys of one login or token from those of another.
//
// Of the request only a keyed hash is stored, since a plain one of a request
// with a password would let whoever has the database guess it, and the answer
// is sealed: some hold what is shown only once.
func (s *Store) Idempotent(ctx context.Context, who, key string, request []byte) (*directory.Answer, error) {
	if _, err := exec(ctx, s.pool, dropKeys, keyLife); err != nil {
		return nil, fmt.Errorf("idempotency key: %w", err)
	}
	request = s.key.digest("request", request)
	_, err := scalar[string](ctx, s.pool, takeKey, clean(who), clean(key), request, workTime)
	switch {
	case err == nil:
		return nil, nil
	case !errors.Is(err, directory.ErrNotFound):
		return nil, fmt.Errorf("idempotency key: %w", err)
	}
	type row struct {
		Request []byte
		Status  int
		Type    string
		Body    []byte
	}
	r, err := one[row](ctx, s.pool, oneKey, clean(who), clean(key))
	switch {
	case errors.Is(err, directory.ErrNotFound), err == nil && r.Status == 0 && bytes.Equal(r.Request, request):
		err = directory.ErrBusy // or forgotten in this moment: the caller tries again
	case err == nil && !bytes.Equal(r.Request, request):
		err = directory.ErrReused
	}
	if err != nil {
		return nil, fmt.Errorf("idempotency key: %w", err)
	}
	body, err := s.key.open(answerPlace(who, key), r.Body)
	if err != nil {
		return nil, fmt.Errorf("idempotency key: %w", err)
	}
	return &directory.Answer{Status: r.Status, Type: r.Type, Body: []byte(body)}, nil
}

// answerPlace is where an answer may be opened.
func answerPlace(who, key string) string { return "answer:" + who + ":" + key }

const answerKey = `update idempotency_keys set status = $3, type = $4, body = $5 where who = $1 and key = $2 and status is null`

const forgetKey = `delete from idempotency_keys where who = $1 and key = $2 and status is null`

// Answered keeps what a write was answered with for a day. A fault of ours,
// from status 500 on, is forgotten: the caller may try it again.
func (s *Store) Answered(ctx context.Context, who, key string, a directory.Answer) error {
	var err error
	if a.Status >= 500 {
		_, err = exec(ctx, s.pool, forgetKey, clean(who), clean(key))
	} else {
		_, err = exec(ctx, s.pool, answerKey, clean(who), clean(key), a.Status, a.Type, s.key.seal(answerPlace(who, key), string(a.Body)))
	}
	if err != nil {
		return fmt.Errorf("idempotency key: %w", err)
	}
	return nil
}
