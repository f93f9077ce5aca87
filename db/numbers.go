package db

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

const numberColumns = `
	select n.e164, n.label, n.disabled, n.calls_at_once,
	       array(select trunk from number_trunks t where t.number = n.e164 order by trunk) as trunks,
	       coalesce(m.flow, '') as flow, coalesce(f.name, '') as flow_name, coalesce(m.module, '') as module,
	       coalesce(m.contact_method, '') as contact_method, coalesce(c.name, '') as contact_name
	from numbers n
	left join number_claims m on m.number = n.e164
	left join flows f on f.id = m.flow
	left join contact_methods c on c.id = m.contact_method`

type numberRow struct {
	E164     string
	Label    string
	Disabled bool
	Trunks   []string

	CallsAtOnce int
	directory.Claimant
}

func (r numberRow) number() (directory.Number, error) {
	e164, err := dialplan.ParseNumber(r.E164)
	return directory.Number{E164: e164, Label: r.Label, Disabled: r.Disabled, Trunks: r.Trunks, CallsAtOnce: r.CallsAtOnce, Claimant: r.Claimant}, err
}

const everyNumber = numberColumns + ` order by n.e164`

// Numbers lists all numbers of ours with their claimants.
func (s *Store) Numbers(ctx context.Context) ([]directory.Number, error) {
	rows, err := all[numberRow](ctx, s.pool, everyNumber)
	if err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	out := make([]directory.Number, 0, len(rows))
	for _, r := range rows {
		n, err := r.number()
		if err != nil {
			return nil, fmt.Errorf("numbers: %w", err)
		}
		out = append(out, n)
	}
	return out, nil
}

const oneNumber = numberColumns + ` where n.e164 = $1`

// Number reads one number of ours.
func (s *Store) Number(ctx context.Context, e164 string) (directory.Number, error) {
	r, err := one[numberRow](ctx, s.pool, oneNumber, e164)
	if err != nil {
		return directory.Number{}, fmt.Errorf("number %s: %w", e164, err)
	}
	return r.number()
}

const upsertNumber = `
	insert into numbers (e164, label, disabled, calls_at_once) values ($1, $2, $3, $4)
	on conflict (e164) do update set label = excluded.label, disabled = excluded.disabled, calls_at_once = excluded.calls_at_once`

const clearNumberTrunks = `delete from number_trunks where number = $1 and trunk <> all($2)`

const addNumberTrunks = `insert into number_trunks (number, trunk) select $1, unnest($2::text[]) on conflict do nothing`

// SaveNumber stores a number and the trunks that may call it. Who claims it
// stays as it is.
func (s *Store) SaveNumber(ctx context.Context, n directory.Number) error {
	return s.in(ctx, fmt.Sprintf("save number %s", n.E164), func(tx pgx.Tx) error { return saveNumber(ctx, tx, n) })
}

func saveNumber(ctx context.Context, tx pgx.Tx, n directory.Number) error {
	trunks := n.Trunks
	if trunks == nil {
		trunks = []string{}
	}
	return batch(ctx, tx,
		statement{upsertNumber, []any{n.E164.String(), n.Label, n.Disabled, n.CallsAtOnce}},
		statement{clearNumberTrunks, []any{n.E164.String(), trunks}},
		statement{addNumberTrunks, []any{n.E164.String(), trunks}})
}
