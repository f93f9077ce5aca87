package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

// Ten wrong passwords lock a login for a quarter of an hour, each further one
// for as long again (product sheet 9): a guesser gets about 100 tries a day.
const (
	triesBeforeLock = 10
	lockTime        = 15 * time.Minute
)

const addOwner = `
	insert into logins (id, email, password, role)
	select $1, $2, $3, 'owner' where not exists (select from logins)
	on conflict do nothing`

// CreateOwner makes the first login. It does nothing, and says so, where any
// login exists.
func (s *Store) CreateOwner(ctx context.Context, email, password string) (created bool, err error) {
	hash, err := newPassword(email, password)
	if err != nil {
		return false, fmt.Errorf("create owner: %w", err)
	}
	err = s.in(ctx, "create owner", func(tx pgx.Tx) error {
		if _, err := exec(ctx, tx, "lock table logins in exclusive mode"); err != nil {
			return err // two at once would each find no login
		}
		n, err := exec(ctx, tx, addOwner, rand.Text(), foldEmail(email), hash)
		created = n == 1
		return err
	})
	return created, err
}

const anyLogin = `select exists (select from logins)`

// HasLogin tells whether somebody can sign in.
func (s *Store) HasLogin(ctx context.Context) (bool, error) {
	ok, err := scalar[bool](ctx, s.pool, anyLogin)
	if err != nil {
		return false, fmt.Errorf("logins: %w", err)
	}
	return ok, nil
}

func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(clean(email))) }

const loginColumns = `
	l.id, l.email, coalesce(l.password, '') as password, l.role, l.flows, l.no_publish, coalesce(l.user_id, '') as user_id,
	l.totp_confirmed, l.failed, l.locked_until, l.last_seen, l.created`

type loginRow struct {
	ID, Email, Password   string
	Role                  directory.Role
	Flows                 []string
	NoPublish             bool
	UserID                string
	TOTPConfirmed         bool
	Failed                int
	LockedUntil, LastSeen *time.Time
	Created               time.Time
}

func (r loginRow) login() directory.Login {
	return directory.Login{ID: r.ID, Email: r.Email, Role: r.Role, Flows: r.Flows, NoPublish: r.NoPublish, User: r.UserID,
		TOTP: r.TOTPConfirmed, Invited: r.Password == "", Failed: r.Failed, LockedUntil: moment(r.LockedUntil),
		LastSeen: moment(r.LastSeen), Created: r.Created.UTC()}
}

const oneLogin = `select ` + loginColumns + ` from logins l where email = $1`

// Login reads a login by its e-mail address, in letters of either case.
func (s *Store) Login(ctx context.Context, email string) (directory.Login, error) {
	r, err := one[loginRow](ctx, s.pool, oneLogin, foldEmail(email))
	if err != nil {
		return directory.Login{}, fmt.Errorf("login %q: %w", email, err)
	}
	return r.login(), nil
}

// takeTry books a try before the password is looked at, so that many tries at
// once cannot each find the counter low.
const takeTry = `
	update logins l set failed = failed + 1,
		locked_until = case when failed + 1 >= $2 then now() + $3::interval end
	where email = $1 and password is not null and (locked_until is null or locked_until <= now())
	returning ` + loginColumns

const clearTries = `update logins set failed = 0, locked_until = null where id = $1`

// SignIn checks a password; where the login has a second factor CheckTOTP must
// follow. It fails with ErrDenied, alike and as slowly for
// an unknown address and a wrong password, or with ErrLocked after ten wrong
// ones until a quarter of an hour has passed.
func (s *Store) SignIn(ctx context.Context, email, password string) (directory.Login, error) {
	r, err := one[loginRow](ctx, s.pool, takeTry, foldEmail(email), triesBeforeLock, lockTime)
	if errors.Is(err, directory.ErrNotFound) {
		return directory.Login{}, s.refuse(ctx, email, password)
	}
	if err != nil {
		return directory.Login{}, fmt.Errorf("sign in: %w", err)
	}
	match, err := argon2id.ComparePasswordAndHash(password, r.Password)
	if err != nil {
		return directory.Login{}, fmt.Errorf("sign in: %w", err)
	}
	if !match {
		return directory.Login{}, fmt.Errorf("sign in: %w", directory.ErrDenied)
	}
	if r.TOTPConfirmed {
		return r.login(), nil // the try is forgiven when the second factor is right too
	}
	if _, err := exec(ctx, s.pool, clearTries, r.ID); err != nil {
		return directory.Login{}, fmt.Errorf("sign in: %w", err)
	}
	r.Failed, r.LockedUntil = 0, nil
	return r.login(), nil
}

// refuse tells a locked login from an unknown or only invited one, and spends
// on those what a comparison costs.
func (s *Store) refuse(ctx context.Context, email, password string) error {
	switch l, err := s.Login(ctx, email); {
	case err == nil && !l.Invited:
		return fmt.Errorf("sign in: %w", directory.ErrLocked)
	case err != nil && !errors.Is(err, directory.ErrNotFound):
		return fmt.Errorf("sign in: %w", err)
	}
	if _, err := hashPassword(password); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return fmt.Errorf("sign in: %w", directory.ErrDenied)
}

const setPassword = `update logins set password = $2, failed = 0, locked_until = null where email = $1`

const endSessionsOf = `delete from sessions using logins where login = logins.id and email = $1`

// SetPassword gives a login a new password and ends all its sessions.
func (s *Store) SetPassword(ctx context.Context, email, password string) error {
	hash, err := newPassword(email, password)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return s.in(ctx, "set password", func(tx pgx.Tx) error {
		if err := touch(exec(ctx, tx, setPassword, foldEmail(email), hash)); err != nil {
			return err
		}
		_, err := exec(ctx, tx, endSessionsOf, foldEmail(email))
		return err
	})
}
