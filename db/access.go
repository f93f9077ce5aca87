package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

const everyLogin = `select ` + loginColumns + ` from logins l order by l.email`

// Logins lists all logins by e-mail address.
func (s *Store) Logins(ctx context.Context) ([]directory.Login, error) {
	rows, err := all[loginRow](ctx, s.pool, everyLogin)
	if err != nil {
		return nil, fmt.Errorf("logins: %w", err)
	}
	out := make([]directory.Login, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.login())
	}
	return out, nil
}

const loginByID = `select ` + loginColumns + ` from logins l where l.id = $1`

// LoginByID reads one login.
func (s *Store) LoginByID(ctx context.Context, id string) (directory.Login, error) {
	r, err := one[loginRow](ctx, s.pool, loginByID, id)
	if err != nil {
		return directory.Login{}, fmt.Errorf("login %q: %w", id, err)
	}
	return r.login(), nil
}

// lockOwners makes changes of owners wait for each other. Who is only invited
// cannot sign in and is no owner yet.
const lockOwners = `select id from logins where role = 'owner' and password is not null order by id for update`

// keepOwner refuses to take away the last owner.
func keepOwner(ctx context.Context, tx pgx.Tx, login string) error {
	type row struct{ ID string }
	owners, err := all[row](ctx, tx, lockOwners)
	if err == nil && len(owners) == 1 && owners[0].ID == login {
		err = directory.ErrLast
	}
	return err
}

const lockLogin = loginByID + ` for update`

const updateLogin = `update logins set email = $2, role = $3, flows = $4, no_publish = $5, user_id = nullif($6, '') where id = $1`

// SaveLogin changes the address, role, limits and user of a login. With other
// rights than before, all its sessions end. The last owner stays one; the
// error then wraps ErrLast.
func (s *Store) SaveLogin(ctx context.Context, l directory.Login) error {
	return s.in(ctx, fmt.Sprintf("save login %q", l.Email), func(tx pgx.Tx) error {
		if l.Role != directory.Owner {
			if err := keepOwner(ctx, tx, l.ID); err != nil {
				return err
			}
		}
		was, err := one[loginRow](ctx, tx, lockLogin, l.ID)
		if err != nil {
			return err
		}
		flows := listed(l.Flows)
		if _, err := exec(ctx, tx, updateLogin, l.ID, foldEmail(l.Email), l.Role, flows, l.NoPublish, l.User); err != nil {
			return err
		}
		if was.Role != l.Role || was.NoPublish != l.NoPublish || !slices.Equal(was.Flows, flows) {
			_, err = exec(ctx, tx, endSessions, l.ID)
		}
		return err
	})
}

// listed is a list as it is stored: never null.
func listed(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

// inviteTime is how long an invitation is good for (product sheet 9).
const inviteTime = 72 * time.Hour

// Inviting again is for who has not come yet.
const addInvited = `
	insert into logins as l (id, email, role, flows, no_publish, user_id) values ($1, $2, $3, $4, $5, nullif($6, ''))
	on conflict (email) do update set
		role = excluded.role, flows = excluded.flows, no_publish = excluded.no_publish, user_id = excluded.user_id
	where l.password is null
	returning l.id`

const upsertInvitation = `
	insert into invitations (token_hash, login, expires) values ($1, $2, now() + $3::interval)
	on conflict (login) do update set token_hash = excluded.token_hash, expires = excluded.expires`

// InviteLogin makes a login without a password, and the token with which its
// owner sets one: once, within 72 hours. Invited again before that, the old
// token is void. An address that has a login is refused with ErrTaken.
func (s *Store) InviteLogin(ctx context.Context, l directory.Login) (token string, err error) {
	token = rand.Text()
	err = s.in(ctx, fmt.Sprintf("invite %q", l.Email), func(tx pgx.Tx) error {
		id, err := scalar[string](ctx, tx, addInvited, rand.Text(), foldEmail(l.Email), l.Role, listed(l.Flows), l.NoPublish, l.User)
		if errors.Is(err, directory.ErrNotFound) {
			return fmt.Errorf("%w: this address has a login", directory.ErrTaken)
		}
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, upsertInvitation, tokenHash(token), id, inviteTime)
		return err
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

const oneInvited = `
	select ` + loginColumns + ` from invitations i join logins l on l.id = i.login
	where i.token_hash = $1 and i.expires > now()`

// Invited reads the login that an invitation is for, or ErrNotFound.
func (s *Store) Invited(ctx context.Context, token string) (directory.Login, error) {
	r, err := one[loginRow](ctx, s.pool, oneInvited, tokenHash(token))
	if err != nil {
		return directory.Login{}, fmt.Errorf("invitation: %w", err)
	}
	return r.login(), nil
}

const takeInvitation = `delete from invitations where token_hash = $1 and expires > now() returning login`

const firstPassword = `update logins set password = $2, failed = 0, locked_until = null where id = $1`

// AcceptInvite gives an invited login its password; the token is then used up.
// An unknown, used or old one is refused with ErrNotFound.
func (s *Store) AcceptInvite(ctx context.Context, token, password string) (directory.Login, error) {
	who, err := s.Invited(ctx, token)
	if err != nil {
		return directory.Login{}, err
	}
	hash, err := newPassword(who.Email, password)
	if err != nil {
		return directory.Login{}, fmt.Errorf("accept invitation: %w", err)
	}
	err = s.in(ctx, "accept invitation", func(tx pgx.Tx) error {
		id, err := scalar[string](ctx, tx, takeInvitation, tokenHash(token))
		if err != nil {
			return err
		}
		if _, err = exec(ctx, tx, firstPassword, id, hash); err != nil {
			return err
		}
		r, err := one[loginRow](ctx, tx, loginByID, id)
		who = r.login()
		return err
	})
	if err != nil {
		return directory.Login{}, err
	}
	return who, nil
}
