package db

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"tandem/flow/directory"
)

// Keys of the settings of outgoing mail.
const (
	smtpKey     = "smtp"
	mailTestKey = "smtp-test"
)

// storedSMTP is the settings of outgoing mail as they are kept.
type storedSMTP struct {
	directory.SMTP
	Sealed []byte `json:"sealed,omitempty"`
}

// smtpPlace is where the password may be opened: it goes to no other server and
// for no other user, whatever is written into the settings.
func smtpPlace(s directory.SMTP) string { return fmt.Sprintf("smtp:%s@%s:%d", s.User, s.Host, s.Port) }

// SMTP reads the settings of outgoing mail without the password. Without a host
// nothing is set up.
func (s *Store) SMTP(ctx context.Context) (directory.SMTP, error) {
	stored, err := readSMTP(ctx, s.pool)
	return stored.SMTP, err
}

// MailAccount is the settings of outgoing mail with the password, or
// directory.ErrMailUnset.
func (s *Store) MailAccount(ctx context.Context) (directory.SMTP, error) {
	stored, err := readSMTP(ctx, s.pool)
	if err != nil {
		return directory.SMTP{}, err
	}
	if stored.Host == "" {
		return directory.SMTP{}, directory.ErrMailUnset
	}
	stored.Password, err = s.key.open(smtpPlace(stored.SMTP), stored.Sealed)
	if err != nil {
		return directory.SMTP{}, fmt.Errorf("settings of outgoing mail: %w", err)
	}
	return stored.SMTP, nil
}

func readSMTP(ctx context.Context, q querier) (storedSMTP, error) {
	stored := storedSMTP{SMTP: directory.SMTP{Port: directory.DefaultSMTPPort, TLS: directory.TLSRequired}}
	if err := readSetting(ctx, q, smtpKey, &stored); err != nil && !errors.Is(err, directory.ErrNotFound) {
		return storedSMTP{}, err
	}
	stored.HasPassword = stored.Sealed != nil
	return stored, nil
}

// SaveSMTP stores the settings of outgoing mail. Without a password the one
// stored stays, as long as server and user do.
func (s *Store) SaveSMTP(ctx context.Context, m directory.SMTP) error {
	m.Port, m.TLS = cmp.Or(m.Port, directory.DefaultSMTPPort), cmp.Or(m.TLS, directory.TLSRequired)
	was, err := readSMTP(ctx, s.pool)
	if err != nil {
		return fmt.Errorf("save settings of outgoing mail: %w", err)
	}
	keep := storedSMTP{SMTP: m, Sealed: s.key.seal(smtpPlace(m), m.Password)}
	if m.Password == "" && m.User != "" && smtpPlace(was.SMTP) == smtpPlace(m) {
		keep.Sealed = was.Sealed
	}
	keep.Password, keep.HasPassword = "", false
	return s.SaveSetting(ctx, smtpKey, keep)
}

// MailTried is the outcome of the last test mail; none since the zero time.
func (s *Store) MailTried(ctx context.Context) (directory.MailTried, error) {
	var t directory.MailTried
	err := s.Setting(ctx, mailTestKey, &t)
	if errors.Is(err, directory.ErrNotFound) {
		err = nil
	}
	return t, err
}

// SaveMailTried keeps the outcome of a test mail.
func (s *Store) SaveMailTried(ctx context.Context, t directory.MailTried) error {
	return s.SaveSetting(ctx, mailTestKey, t)
}
