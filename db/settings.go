package db

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

const oneSetting = `select value from settings where key = $1`

// Setting reads one setting into a value, or ErrNotFound.
func (s *Store) Setting(ctx context.Context, key string, into any) error {
	raw, err := scalar[[]byte](ctx, s.pool, oneSetting, key)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		return fmt.Errorf("setting %q: %w", key, err)
	}
	return nil
}

const upsertSetting = `insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value`

// SaveSetting stores one setting.
func (s *Store) SaveSetting(ctx context.Context, key string, value any) error {
	raw, err := json.Marshal(value)
	if err == nil {
		_, err = exec(ctx, s.pool, upsertSetting, key, raw)
	}
	if err != nil {
		return fmt.Errorf("save setting %q: %w", key, err)
	}
	return nil
}

// Whoever comes second gets the secret of the first.
const firstSecret = `
	insert into settings (key, value) values ($1, to_jsonb($2::text))
	on conflict (key) do update set value = settings.value
	returning value #>> '{}'`

// SharedSecret is a random secret that all nodes share, such as the key of
// digest nonces: made by whoever asks first, sealed when stored.
func (s *Store) SharedSecret(ctx context.Context, name string) ([]byte, error) {
	place := "secret:" + name
	fresh := NewKey()
	sealed, err := scalar[string](ctx, s.pool, firstSecret, place, fmt.Sprintf("%x", s.key.seal(place, string(fresh[:]))))
	if err != nil {
		return nil, fmt.Errorf("shared secret %q: %w", name, err)
	}
	var raw []byte
	if _, err := fmt.Sscanf(sealed, "%x", &raw); err != nil {
		return nil, fmt.Errorf("shared secret %q: %w", name, err)
	}
	plain, err := s.key.open(place, raw)
	if err != nil {
		return nil, fmt.Errorf("shared secret %q: %w", name, err)
	}
	return []byte(plain), nil
}

// AuditEntry is one thing that somebody changed. Entries are never altered.
type AuditEntry struct {
	At      time.Time // set by the store
	Login   string    // e-mail, or the command that did it
	Action  string    // such as "publish"
	Subject string    // such as "flow main-line"
	Detail  string
}

const addAudit = `insert into audit_log (login, action, subject, detail) values ($1, $2, $3, $4)`

// Audit records a change.
func (s *Store) Audit(ctx context.Context, e AuditEntry) error {
	if _, err := exec(ctx, s.pool, addAudit, clean(e.Login), clean(e.Action), clean(e.Subject), clean(e.Detail)); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

const lastAudit = `select at, login, action, subject, detail from audit_log order by id desc limit $1`

// AuditLog lists the latest entries, newest first.
func (s *Store) AuditLog(ctx context.Context, limit int) ([]AuditEntry, error) {
	out, err := all[AuditEntry](ctx, s.pool, lastAudit, limit)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	for i := range out {
		out[i].At = out[i].At.UTC()
	}
	return out, nil
}
