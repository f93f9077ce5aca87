package db

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

const trunkColumns = `
	select t.id, t.name, t.disabled, t.username, t.password, t.codecs, t.calls_at_once, t.no_early_media,
	       array(select network from trunk_networks n where n.trunk = t.id order by network) as networks
	from trunks t`

type trunkRow struct {
	ID       string
	Name     string
	Disabled bool
	Username string
	Password []byte
	Codecs   []string
	Networks []netip.Prefix

	CallsAtOnce  int
	NoEarlyMedia bool
}

func (r trunkRow) trunk() directory.Trunk {
	return directory.Trunk{ID: r.ID, Name: r.Name, Disabled: r.Disabled, Networks: r.Networks, Username: r.Username, Codecs: r.Codecs,
		CallsAtOnce: r.CallsAtOnce, NoEarlyMedia: r.NoEarlyMedia}
}

const everyTrunk = trunkColumns + ` order by t.name`

// Trunks lists all trunks by name, without their passwords.
func (s *Store) Trunks(ctx context.Context) ([]directory.Trunk, error) {
	rows, err := all[trunkRow](ctx, s.pool, everyTrunk)
	if err != nil {
		return nil, fmt.Errorf("trunks: %w", err)
	}
	out := make([]directory.Trunk, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.trunk())
	}
	return out, nil
}

const oneTrunk = trunkColumns + ` where t.id = $1`

// Trunk reads one trunk, without its password.
func (s *Store) Trunk(ctx context.Context, id string) (directory.Trunk, error) {
	r, err := one[trunkRow](ctx, s.pool, oneTrunk, id)
	if err != nil {
		return directory.Trunk{}, fmt.Errorf("trunk %q: %w", id, err)
	}
	return r.trunk(), nil
}

const trunksInUse = trunkColumns + ` where not t.disabled order by t.name`

// Carriers lists the trunks in use with their passwords, for nodes.
func (s *Store) Carriers(ctx context.Context) ([]directory.Trunk, error) {
	rows, err := all[trunkRow](ctx, s.pool, trunksInUse)
	if err != nil {
		return nil, fmt.Errorf("trunks: %w", err)
	}
	out := make([]directory.Trunk, 0, len(rows))
	for _, r := range rows {
		t := r.trunk()
		if t.Password, err = s.key.open(trunkPlace(r.ID), r.Password); err != nil {
			return nil, fmt.Errorf("trunks: %w", err)
		}
		out = append(out, t)
	}
	return out, nil
}

// trunkPlace is where a trunk's password may be opened.
func trunkPlace(id string) string { return "trunk:" + id }

const upsertTrunk = `
	insert into trunks (id, name, disabled, username, password, codecs, calls_at_once, no_early_media)
	values ($1, $2, $3, $4, case when $4 <> '' then coalesce($5, (select password from trunks where id = $1)) end, $6, $7, $8)
	on conflict (id) do update set name = excluded.name, disabled = excluded.disabled,
		username = excluded.username, password = excluded.password, codecs = excluded.codecs, calls_at_once = excluded.calls_at_once,
		no_early_media = excluded.no_early_media`

const clearTrunkNetworks = `delete from trunk_networks where trunk = $1`

const addTrunkNetworks = `insert into trunk_networks (network, trunk) select unnest($2::cidr[]), $1`

// SaveTrunk stores a trunk. Without a password the one stored stays. A network of another trunk is refused.
func (s *Store) SaveTrunk(ctx context.Context, t directory.Trunk) error {
	return s.in(ctx, fmt.Sprintf("save trunk %q", t.ID), func(tx pgx.Tx) error { return s.saveTrunk(ctx, tx, t) })
}

func (s *Store) saveTrunk(ctx context.Context, tx pgx.Tx, t directory.Trunk) error {
	codecs := t.Codecs
	if len(codecs) == 0 {
		codecs = []string{"PCMA", "PCMU"}
	}
	networks := make([]netip.Prefix, 0, len(t.Networks))
	for _, n := range t.Networks {
		networks = append(networks, n.Masked()) // cidr refuses host bits
	}
	return batch(ctx, tx,
		statement{upsertTrunk, []any{t.ID, t.Name, t.Disabled, t.Username, s.key.seal(trunkPlace(t.ID), t.Password), codecs, t.CallsAtOnce, t.NoEarlyMedia}},
		statement{clearTrunkNetworks, []any{t.ID}},
		statement{addTrunkNetworks, []any{t.ID, networks}})
}
