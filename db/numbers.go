package db

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"tandem/flow/dialplan"
)

// Number is one E.164 number of ours.
type Number struct {
	E164     dialplan.Number
	Label    string
	Disabled bool
	Trunks   []string // ids of the trunks that may call it
	Claimant Claimant // read only
}

// Trunk is a carrier's side of the system.
type Trunk struct {
	ID       string
	Name     string // 1–60 characters, unique
	Disabled bool
	Networks []netip.Prefix // where its calls come from; each leads to one trunk
	Username string         // set: inbound calls need digest as well
	Password string         // sealed when stored
	Codecs   []string       // in order; empty is PCMA, PCMU
}

const everyNumber = `
	select n.e164, n.label, n.disabled,
	       array(select trunk from number_trunks t where t.number = n.e164 order by trunk) as trunks,
	       coalesce(m.flow, '') as flow, coalesce(f.name, '') as flow_name, coalesce(m.module, '') as module,
	       coalesce(m.contact_method, '') as contact_method, coalesce(c.name, '') as contact_name
	from numbers n
	left join number_claims m on m.number = n.e164
	left join flows f on f.id = m.flow
	left join contact_methods c on c.id = m.contact_method
	order by n.e164`

// Numbers lists all numbers of ours with their claimants.
func (s *Store) Numbers(ctx context.Context) ([]Number, error) {
	type row struct {
		E164     string
		Label    string
		Disabled bool
		Trunks   []string
		Claimant
	}
	rows, err := all[row](ctx, s.pool, everyNumber)
	if err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	out := make([]Number, 0, len(rows))
	for _, r := range rows {
		e164, err := dialplan.ParseNumber(r.E164)
		if err != nil {
			return nil, fmt.Errorf("numbers: %w", err)
		}
		out = append(out, Number{e164, r.Label, r.Disabled, r.Trunks, r.Claimant})
	}
	return out, nil
}

const upsertNumber = `
	insert into numbers (e164, label, disabled) values ($1, $2, $3)
	on conflict (e164) do update set label = excluded.label, disabled = excluded.disabled`

const clearNumberTrunks = `delete from number_trunks where number = $1 and trunk <> all($2)`

const addNumberTrunks = `insert into number_trunks (number, trunk) select $1, unnest($2::text[]) on conflict do nothing`

// SaveNumber stores a number and the trunks that may call it. Who claims it
// stays as it is.
func (s *Store) SaveNumber(ctx context.Context, n Number) error {
	return s.in(ctx, fmt.Sprintf("save number %s", n.E164), func(tx pgx.Tx) error { return saveNumber(ctx, tx, n) })
}

func saveNumber(ctx context.Context, tx pgx.Tx, n Number) error {
	trunks := n.Trunks
	if trunks == nil {
		trunks = []string{}
	}
	return batch(ctx, tx,
		statement{upsertNumber, []any{n.E164.String(), n.Label, n.Disabled}},
		statement{clearNumberTrunks, []any{n.E164.String(), trunks}},
		statement{addNumberTrunks, []any{n.E164.String(), trunks}})
}

const removeNumber = `delete from numbers where e164 = $1`

// RemoveNumber removes a number that nobody claims.
func (s *Store) RemoveNumber(ctx context.Context, n dialplan.Number) error {
	return s.in(ctx, fmt.Sprintf("remove number %s", n), func(tx pgx.Tx) error {
		by, err := one[Claimant](ctx, tx, numberClaims.who, n.String())
		if err == nil {
			return &TakenError{numberClaims.kind, n.String(), by}
		}
		count, err := exec(ctx, tx, removeNumber, n.String())
		if err == nil && count == 0 {
			err = ErrNotFound
		}
		return err
	})
}

// numberExists checks a reference of a flow.
const numberExists = `select exists (select from numbers where e164 = $1)`

const everyTrunk = `
	select t.id, t.name, t.disabled, t.username, t.password, t.codecs,
	       array(select network from trunk_networks n where n.trunk = t.id order by network) as networks
	from trunks t order by t.name`

// Trunks lists all trunks by name, disabled ones included.
func (s *Store) Trunks(ctx context.Context) ([]Trunk, error) {
	type row struct {
		ID       string
		Name     string
		Disabled bool
		Username string
		Password []byte
		Codecs   []string
		Networks []netip.Prefix
	}
	rows, err := all[row](ctx, s.pool, everyTrunk)
	if err != nil {
		return nil, fmt.Errorf("trunks: %w", err)
	}
	out := make([]Trunk, 0, len(rows))
	for _, r := range rows {
		password, err := s.key.open(trunkPlace(r.ID), r.Password)
		if err != nil {
			return nil, fmt.Errorf("trunks: %w", err)
		}
		out = append(out, Trunk{r.ID, r.Name, r.Disabled, r.Networks, r.Username, password, r.Codecs})
	}
	return out, nil
}

// trunkPlace is where a trunk's password may be opened.
func trunkPlace(id string) string { return "trunk:" + id }

const upsertTrunk = `
	insert into trunks (id, name, disabled, username, password, codecs) values ($1, $2, $3, $4, $5, $6)
	on conflict (id) do update set name = excluded.name, disabled = excluded.disabled,
		username = excluded.username, password = excluded.password, codecs = excluded.codecs`

const clearTrunkNetworks = `delete from trunk_networks where trunk = $1`

const addTrunkNetworks = `insert into trunk_networks (network, trunk) select unnest($2::cidr[]), $1`

// SaveTrunk stores a trunk. A network of another trunk is refused.
func (s *Store) SaveTrunk(ctx context.Context, t Trunk) error {
	return s.in(ctx, fmt.Sprintf("save trunk %q", t.ID), func(tx pgx.Tx) error { return s.saveTrunk(ctx, tx, t) })
}

func (s *Store) saveTrunk(ctx context.Context, tx pgx.Tx, t Trunk) error {
	codecs := t.Codecs
	if len(codecs) == 0 {
		codecs = []string{"PCMA", "PCMU"}
	}
	networks := make([]netip.Prefix, 0, len(t.Networks))
	for _, n := range t.Networks {
		networks = append(networks, n.Masked()) // cidr refuses host bits
	}
	return batch(ctx, tx,
		statement{upsertTrunk, []any{t.ID, t.Name, t.Disabled, t.Username, s.key.seal(trunkPlace(t.ID), t.Password), codecs}},
		statement{clearTrunkNetworks, []any{t.ID}},
		statement{addTrunkNetworks, []any{t.ID, networks}})
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
