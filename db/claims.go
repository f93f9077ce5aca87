package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
)

// Claimant is who holds a number or internal number: a module of a flow, or a
// contact method.
type Claimant struct {
	Flow          string
	FlowName      string
	Module        string
	ContactMethod string
	ContactName   string
}

// String says who it is.
func (c Claimant) String() string {
	switch {
	case c.ContactMethod != "":
		return fmt.Sprintf("contact method %q", orDefault(c.ContactName, c.ContactMethod))
	case c.Flow != "":
		return fmt.Sprintf("module %q of flow %q", c.Module, orDefault(c.FlowName, c.Flow))
	}
	return "nobody"
}

// IsZero tells whether nobody claims it.
func (c Claimant) IsZero() bool { return c.Flow == "" && c.ContactMethod == "" }

// TakenError refuses a claim and names who holds what was asked for.
type TakenError struct {
	Kind flow.RefKind // RefNumber or RefInternalNumber
	ID   string       // the number
	By   Claimant
}

// Error names the number and its claimant.
func (e *TakenError) Error() string { return fmt.Sprintf("%s %s is taken by %s", e.Kind, e.ID, e.By) }

// claimTable is where one kind of number is claimed. The insert does nothing
// where somebody else is first: it waits for a transaction that is about to.
type claimTable struct {
	kind               flow.RefKind
	insert, who, clear string
}

var internalClaims = claimTable{
	kind: flow.RefInternalNumber,
	insert: `insert into internal_numbers (digits, contact_method, flow, module)
	         values ($1, nullif($2, ''), nullif($3, ''), nullif($4, '')) on conflict (digits) do nothing`,
	who: `select coalesce(n.flow, '') as flow, coalesce(f.name, '') as flow_name, coalesce(n.module, '') as module,
	             coalesce(n.contact_method, '') as contact_method, coalesce(c.name, '') as contact_name
	      from internal_numbers n left join flows f on f.id = n.flow left join contact_methods c on c.id = n.contact_method
	      where n.digits = $1`,
	clear: `delete from internal_numbers where contact_method = nullif($1, '') or flow = nullif($2, '')`,
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
}

// claim takes a number for somebody, or says who has it.
func (t claimTable) claim(ctx context.Context, tx pgx.Tx, c Claimant, number string) error {
	n, err := exec(ctx, tx, t.insert, number, c.ContactMethod, c.Flow, c.Module)
	if err != nil || n == 1 {
		return err
	}
	by, err := one[Claimant](ctx, tx, t.who, number)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return &TakenError{t.kind, number, by}
}

// release drops all that somebody claims.
func (t claimTable) release(ctx context.Context, tx pgx.Tx, c Claimant) error {
	_, err := exec(ctx, tx, t.clear, c.ContactMethod, c.Flow)
	return err
}

// claimInternal makes digits the one internal number of a contact method;
// empty, it has none.
func claimInternal(ctx context.Context, tx pgx.Tx, c Claimant, digits string) error {
	if err := internalClaims.release(ctx, tx, c); err != nil || digits == "" {
		return err
	}
	return internalClaims.claim(ctx, tx, c, digits)
}

// ClaimNumber makes a number the direct number of a contact method: calls to
// it ring there and meet no flow. Held by somebody else, it is refused with
// *TakenError.
func (s *Store) ClaimNumber(ctx context.Context, number, contactMethod string) error {
	c := Claimant{ContactMethod: contactMethod}
	return s.in(ctx, "claim number", func(tx pgx.Tx) error {
		by, err := one[Claimant](ctx, tx, numberClaims.who, number)
		if err == nil && by.ContactMethod == contactMethod {
			return nil
		}
		return numberClaims.claim(ctx, tx, c, number)
	})
}
