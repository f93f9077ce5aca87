package db

import (
	"context"
	"encoding/json"
	"fmt"
)

const oneSetting = `select value from settings where key = $1`

// Setting reads one setting into a value, or ErrNotFound.
func (s *Store) Setting(ctx context.Context, key string, into any) error {
	return readSetting(ctx, s.pool, key, into)
}

func readSetting(ctx context.Context, q querier, key string, into any) error {
	raw, err := scalar[[]byte](ctx, q, oneSetting, key)
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
