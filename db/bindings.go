package db

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

// Binding is a registered contact of a SIP account (RFC 3261 §10).
type Binding struct {
	Account   string // id of the contact method
	Contact   string // URI
	Received  netip.AddrPort
	Transport string
	UserAgent string
	CallID    string // of the REGISTER, with CSeq the order of updates (RFC 3261 §10.3 step 7)
	Instance  string // RFC 5626 §4.1
	Path      string // RFC 3327
	CSeq      uint32
	Q         float32 // 0–1, highest rings first
	Expires   time.Time
	Node      string // that holds the flow to the phone
}

const liveBindings = `
	select contact_method as account, contact, received, transport, user_agent, sip_call_id as call_id,
	       instance, path, cseq, q, expires, node
	from bindings where expires > now() order by contact_method, q desc, contact`

// LoadBindings lists the bindings that have not expired.
func (s *Store) LoadBindings(ctx context.Context) ([]Binding, error) {
	type row struct {
		Account, Contact, Received, Transport, UserAgent, CallID, Instance, Path, Node string

		CSeq    int64
		Q       float32
		Expires time.Time
	}
	rows, err := all[row](ctx, s.pool, liveBindings)
	if err != nil {
		return nil, fmt.Errorf("bindings: %w", err)
	}
	out := make([]Binding, 0, len(rows))
	for _, r := range rows {
		received, err := netip.ParseAddrPort(r.Received)
		if err != nil {
			return nil, fmt.Errorf("binding of %q: %w", r.Account, err)
		}
		out = append(out, Binding{r.Account, r.Contact, received, r.Transport, r.UserAgent, r.CallID,
			r.Instance, r.Path, uint32(r.CSeq), r.Q, r.Expires.UTC(), r.Node})
	}
	return out, nil
}

// The last registration is kept to the hour.
const upsertBinding = `
	with registered as (
		insert into registrations (contact_method, at) values ($1, now())
		on conflict (contact_method) do update set at = now() where registrations.at < now() - interval '1 hour')
	insert into bindings (contact_method, contact, received, transport, user_agent, sip_call_id, instance, path, cseq, q, expires, node)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
	on conflict (contact_method, contact) do update set
		received = excluded.received, transport = excluded.transport, user_agent = excluded.user_agent,
		sip_call_id = excluded.sip_call_id, instance = excluded.instance, path = excluded.path,
		cseq = excluded.cseq, q = excluded.q, expires = excluded.expires, node = excluded.node`

// SaveBinding stores a binding or refreshes it.
func (s *Store) SaveBinding(ctx context.Context, b Binding) error {
	_, err := exec(ctx, s.pool, upsertBinding, b.Account, clean(b.Contact), b.Received.String(), b.Transport, clean(b.UserAgent),
		clean(b.CallID), clean(b.Instance), clean(b.Path), int64(b.CSeq), b.Q, b.Expires, b.Node)
	if err != nil {
		return fmt.Errorf("save binding of %q: %w", b.Account, err)
	}
	return nil
}

// Expired bindings of the same account go with the one removed.
const removeBinding = `delete from bindings where contact_method = $1 and (contact = $2 or expires < now())`

// RemoveBinding removes a binding; one that is not there is no error.
func (s *Store) RemoveBinding(ctx context.Context, account, contact string) error {
	if _, err := exec(ctx, s.pool, removeBinding, account, clean(contact)); err != nil {
		return fmt.Errorf("remove binding of %q: %w", account, err)
	}
	return nil
}

const bindingsOf = `
	select contact, received, transport, user_agent, expires, node from bindings
	where contact_method = $1 and expires > now() order by q desc, contact`

// Bindings lists the bindings of a contact method as pages show them.
func (s *Store) Bindings(ctx context.Context, contactMethod string) ([]directory.Binding, error) {
	out, err := all[directory.Binding](ctx, s.pool, bindingsOf, contactMethod)
	if err != nil {
		return nil, fmt.Errorf("bindings of %q: %w", contactMethod, err)
	}
	for i := range out {
		out[i].Expires = out[i].Expires.UTC()
	}
	return out, nil
}

const anyBinding = `select distinct contact_method from bindings where expires > now()`

// Registered tells which contact methods have a binding now.
func (s *Store) Registered(ctx context.Context) (map[string]bool, error) {
	rows, _ := s.pool.Query(ctx, anyBinding) // CollectRows reports its error
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("registered contact methods: %w", plain(err))
	}
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}
