package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"tandem/flow/directory"
)

// A code counts for its half minute and the one before and behind it, since
// clocks of phones differ (RFC 6238 §5.2).
const (
	totpStep  = 30
	totpSkew  = 1
	codeCount = 10
)

// totpPlace is where a login's second factor may be opened.
func totpPlace(login string) string { return "totp:" + login }

const setTOTP = `update logins set totp_secret = $2, totp_confirmed = false, totp_last_step = 0 where id = $1 returning email`

// SetTOTP gives a login a new second factor, which counts from ConfirmTOTP on,
// and returns its otpauth address for an authenticator. issuer is the name
// that the authenticator shows.
func (s *Store) SetTOTP(ctx context.Context, login, issuer string) (address string, err error) {
	who, err := s.LoginByID(ctx, login)
	if err != nil {
		return "", fmt.Errorf("second factor: %w", err)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: who.Email})
	if err != nil {
		return "", fmt.Errorf("second factor of %q: %w", who.Email, err)
	}
	if _, err := scalar[string](ctx, s.pool, setTOTP, login, s.key.seal(totpPlace(login), key.Secret())); err != nil {
		return "", fmt.Errorf("second factor of %q: %w", who.Email, err)
	}
	return key.URL(), nil
}

const clearTOTP = `
	with codes as (delete from recovery_codes where login = $1)
	update logins set totp_secret = null, totp_confirmed = false, totp_last_step = 0 where id = $1`

// ClearTOTP takes a login's second factor and recovery codes away.
func (s *Store) ClearTOTP(ctx context.Context, login string) error {
	if err := touch(exec(ctx, s.pool, clearTOTP, login)); err != nil {
		return fmt.Errorf("clear second factor: %w", err)
	}
	return nil
}

const confirmTOTP = `update logins set totp_confirmed = true where id = $1`

// ConfirmTOTP makes a new second factor count once its owner shows a right
// code, and returns the recovery codes. A wrong one fails with ErrDenied.
func (s *Store) ConfirmTOTP(ctx context.Context, login, code string) (recovery []string, err error) {
	err = s.in(ctx, "confirm second factor", func(tx pgx.Tx) error {
		if err := s.takeCode(ctx, tx, login, code); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, confirmTOTP, login); err != nil {
			return err
		}
		recovery, err = renewCodes(ctx, tx, login)
		return err
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

// takeCodeTry books a try like takeTry.
const takeCodeTry = `
	update logins l set failed = failed + 1,
		locked_until = case when failed + 1 >= $2 then now() + $3::interval end
	where id = $1 and totp_confirmed and (locked_until is null or locked_until <= now())
	returning ` + loginColumns

const useRecoveryCode = `delete from recovery_codes where login = $1 and hash = $2`

// CheckTOTP checks the second factor after SignIn: a code of the
// authenticator, each good for once, or a recovery code, which is then used
// up. It fails with ErrDenied, or with ErrLocked after ten wrong tries.
func (s *Store) CheckTOTP(ctx context.Context, login, code string) error {
	_, err := one[loginRow](ctx, s.pool, takeCodeTry, login, triesBeforeLock, lockTime)
	if errors.Is(err, directory.ErrNotFound) {
		return fmt.Errorf("second factor: %w", directory.ErrLocked)
	}
	if err != nil {
		return fmt.Errorf("second factor: %w", err)
	}
	return s.in(ctx, "second factor", func(tx pgx.Tx) error {
		used, err := exec(ctx, tx, useRecoveryCode, login, recoveryHash(code))
		if err == nil && used == 0 {
			err = s.takeCode(ctx, tx, login, code)
		}
		if err == nil {
			_, err = exec(ctx, tx, clearTries, login)
		}
		return err
	})
}

// lockTOTP makes two uses of one code wait for each other.
const lockTOTP = `select totp_secret, totp_last_step from logins where id = $1 and totp_secret is not null for update`

const setLastStep = `update logins set totp_last_step = $2 where id = $1`

// takeCode accepts a code of a half minute later than the last one taken
// (RFC 6238 §5.2: one use only).
func (s *Store) takeCode(ctx context.Context, tx pgx.Tx, login, code string) error {
	type row struct {
		TOTPSecret   []byte
		TOTPLastStep int64
	}
	r, err := one[row](ctx, tx, lockTOTP, login)
	if err != nil {
		return err
	}
	secret, err := s.key.open(totpPlace(login), r.TOTPSecret)
	if err != nil {
		return err
	}
	now := time.Now().Unix() / totpStep
	for step := max(now-totpSkew, r.TOTPLastStep+1); step <= now+totpSkew; step++ {
		right, err := hotp.ValidateCustom(strings.TrimSpace(code), uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix})
		if err == nil && right {
			_, err = exec(ctx, tx, setLastStep, login, step)
			return err
		}
	}
	return directory.ErrDenied
}

// RecoveryCodes gives a login ten new recovery codes, shown once; older ones
// are void.
func (s *Store) RecoveryCodes(ctx context.Context, login string) (codes []string, err error) {
	err = s.in(ctx, "recovery codes", func(tx pgx.Tx) error {
		codes, err = renewCodes(ctx, tx, login)
		return err
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

const clearCodes = `delete from recovery_codes where login = $1`

const addCodes = `insert into recovery_codes (login, hash) select $1, unnest($2::bytea[])`

func renewCodes(ctx context.Context, tx pgx.Tx, login string) ([]string, error) {
	codes, hashes := make([]string, codeCount), make([][]byte, codeCount)
	for i := range codes {
		t := strings.ToLower(rand.Text())
		codes[i] = strings.Join([]string{t[:4], t[4:8], t[8:12], t[12:16]}, "-") // 80 bits need no slow hash
		hashes[i] = recoveryHash(codes[i])
	}
	return codes, batch(ctx, tx, statement{clearCodes, []any{login}}, statement{addCodes, []any{login, hashes}})
}

// recoveryHash reads a code however it is spaced or written.
func recoveryHash(code string) []byte {
	return tokenHash(strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code)))
}
