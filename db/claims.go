package db

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

// claimTable is where one kind of number is claimed. The insert does nothing
// where somebody else is first: it waits for a transaction that is about to.
type claimTable struct {
	kind                     flow.RefKind
	insert, who, clear, take string
}

// lockClaims lets claims be read and nobody else make or drop one until a move
// of numbers is done: two moves across each other would wait for ever.
const lockClaims = `lock table number_claims, internal_numbers in share row exclusive mode`

var internalClaims = claimTable{
	kind: flow.RefInternalNumber,
	insert: `insert into internal_numbers (digits, contact_method, flow, module)
	         values ($1, nullif($2, ''), nullif($3, ''), nullif($4, '')) on conflict (digits) do nothing`,
	who: `select coalesce(n.flow, '') as flow, coalesce(f.name, '') as flow_name, coalesce(n.module, '') as module,
	             coalesce(n.contact_method, '') as contact_method, coalesce(c.name, '') as contact_name
	      from internal_numbers n left join flows f on f.id = n.flow left join contact_methods c on c.id = n.contact_method
	      where n.digits = $1`,
	clear: `delete from internal_numbers where contact_method = nullif($1, '') or flow = nullif($2, '')`,
	take:  `delete from internal_numbers where digits = $1`,
}

var numberClaims = claimTable{
	kind: flow.RefNumber,
	insert: `insert into number_claims (number, contact_method, flow, module)
	         values ($1, nullif($2, ''), nullif($3, ''), nullif($4, '')) on conflict (number) do nothing`,
	who: `select coalesce(n.flow, '') as flow, coalesce(f.name, '') as flow_name, coalesce(n.module, '') as module,
	             coalesce(n.contact_method, '') as contact_method, coalesce(c.name, '') as contact_name
	      from number_claims n left join flows f on f.id = n.flow left join contact_methods c on c.id = n.contact_method
	      where n.number = $1`,
	clear: `delete from number_claims where contact_method = nullif($1, '') or flow = nullif($2, '')`,
	take:  `delete from number_claims where number = $1`,
}

// overrideCodes are claimed by time routers alone.
var overrideCodes = claimTable{
	kind: flow.RefOverrideCode,
	insert: `insert into override_codes (code, flow, module)
	         select $1, nullif($3, ''), nullif($4, '') where $2 = '' on conflict (code) do nothing`,
	who: `select n.flow, f.name as flow_name, n.module, '' as contact_method, '' as contact_name
	      from override_codes n join flows f on f.id = n.flow where n.code = $1`,
	clear: `delete from override_codes where $1 = '' and flow = nullif($2, '')`,
	take:  `delete from override_codes where code = $1`,
}

// flowClaims are all tables in which modules of flows claim something.
var flowClaims = []claimTable{numberClaims, internalClaims, overrideCodes}

// claim takes a number for somebody, or says who has it.
func (t claimTable) claim(ctx context.Context, tx pgx.Tx, c directory.Claimant, number string) error {
	n, err := exec(ctx, tx, t.insert, number, c.ContactMethod, c.Flow, c.Module)
	if err != nil || n == 1 {
		return err
	}
	by, err := one[directory.Claimant](ctx, tx, t.who, number)
	if err != nil && !errors.Is(err, directory.ErrNotFound) {
		return err
	}
	return &directory.TakenError{Kind: directory.Kind(t.kind), ID: number, By: by}
}

// release drops all that somebody claims.
func (t claimTable) release(ctx context.Context, tx pgx.Tx, c directory.Claimant) error {
	_, err := exec(ctx, tx, t.clear, c.ContactMethod, c.Flow)
	return err
}

// claimContact makes the numbers of a contact method all that it claims, in
// their order, so that two who want the same ones wait for each other and do
// not block each other.
func claimContact(ctx context.Context, tx pgx.Tx, m directory.ContactMethod) error {
	c := directory.Claimant{ContactMethod: m.ID}
	if err := internalClaims.release(ctx, tx, c); err != nil {
		return err
	}
	if digits := m.InternalNumber.String(); digits != "" {
		if err := internalClaims.claim(ctx, tx, c, digits); err != nil {
			return err
		}
	}
	if err := numberClaims.release(ctx, tx, c); err != nil {
		return err
	}
	for _, number := range numberTexts(m.DirectNumbers) {
		if err := numberClaims.claim(ctx, tx, c, number); err != nil {
			return err
		}
	}
	return nil
}

// numberTexts are numbers as they are stored, each once and sorted.
func numberTexts(all []dialplan.Number) []string {
	out := make([]string, 0, len(all))
	for _, n := range all {
		out = append(out, n.String())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ClaimNumber makes a number the direct number of a contact method: calls to
// it ring there and meet no flow. Held by somebody else, it is refused with
// *TakenError.
func (s *Store) ClaimNumber(ctx context.Context, number, contactMethod string) error {
	c := directory.Claimant{ContactMethod: contactMethod}
	return s.in(ctx, "claim number", func(tx pgx.Tx) error {
		by, err := one[directory.Claimant](ctx, tx, numberClaims.who, number)
		if err == nil && by.ContactMethod == contactMethod {
			return nil
		}
		return numberClaims.claim(ctx, tx, c, number)
	})
}

// MoveNumber takes a number from whoever claims it and makes it a direct
// number of a contact method; with none it is free, for a flow to claim when it
// is published. A flow that loses it gets no more calls by it.
func (s *Store) MoveNumber(ctx context.Context, number, contactMethod string) error {
	return s.in(ctx, fmt.Sprintf("move number %s", number), func(tx pgx.Tx) error {
		if _, err := scalar[string](ctx, tx, lockNumber, number); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, numberClaims.take, number); err != nil || contactMethod == "" {
			return err
		}
		return numberClaims.claim(ctx, tx, directory.Claimant{ContactMethod: contactMethod}, number)
	})
}

// lockNumber makes two who move a number wait for each other.
const lockNumber = `select e164 from numbers where e164 = $1 for update`
