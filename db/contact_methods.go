package db

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
)

// ContactKind is a kind of contact method.
type ContactKind string

// The kinds. sip-account and sip-forwarding can be rung; the others are kept
// and skipped as unavailable.
const (
	KindApp            ContactKind = "app"
	KindSIPAccount     ContactKind = "sip-account"
	KindPSTNForwarding ContactKind = "pstn-forwarding"
	KindSIPForwarding  ContactKind = "sip-forwarding"
	KindEmail          ContactKind = "email"
)

// ContactMethod is one way to reach somebody.
type ContactMethod struct {
	ID              string
	Kind            ContactKind
	Name            string // 1–60 characters
	Owner           string // id of a user; may be empty
	Disabled        bool
	InternalNumber  dialplan.InternalNumber // zero: none
	Ring            time.Duration           // whole seconds, 5–120; 0 is the default 30
	Username        string                  // sip-account, unique; sip-forwarding where the other side asks for digest
	Password        string                  // sip-account, sip-forwarding; sealed when stored
	MaxBindings     int                     // sip-account, 1–10; 0 is the default 5
	BindingLifetime time.Duration           // sip-account, whole seconds, 60–3600; 0 is the default 300
	Networks        []netip.Prefix          // sip-account; empty: may come from anywhere
	URI             string                  // sip-forwarding, "sip:…"; email, the address
	Number          dialplan.Number         // pstn-forwarding
}

// Account is what a node needs to know of a sip-account.
type Account struct {
	ID              string // of the contact method
	Username        string
	Password        string
	Name            string
	InternalNumber  string // may be empty
	MaxBindings     int
	BindingLifetime time.Duration
	Networks        []netip.Prefix
}

// contactRow is a contact method as it is stored.
type contactRow struct {
	ID             string
	Kind           ContactKind
	Name           string
	Owner          string
	Disabled       bool
	RingSeconds    int
	Username       string
	Password       []byte
	MaxBindings    int
	BindingSeconds int
	Networks       []netip.Prefix
	URI            string
	Number         string
	Digits         string
}

const contactColumns = `
	select c.id, c.kind, c.name, coalesce(c.owner, '') as owner, c.disabled, c.ring_seconds,
	       coalesce(c.username, '') as username, c.password, c.max_bindings, c.binding_seconds,
	       c.networks, c.uri, c.number, coalesce(i.digits, '') as digits
	from contact_methods c
	left join internal_numbers i on i.contact_method = c.id`

const everyContact = contactColumns + ` order by c.name, c.id`

// ContactMethods lists all contact methods by name.
func (s *Store) ContactMethods(ctx context.Context) ([]ContactMethod, error) {
	rows, err := all[contactRow](ctx, s.pool, everyContact)
	if err != nil {
		return nil, fmt.Errorf("contact methods: %w", err)
	}
	return s.contacts(rows)
}

const oneContact = contactColumns + ` where c.id = $1`

// ContactMethod reads one contact method.
func (s *Store) ContactMethod(ctx context.Context, id string) (ContactMethod, error) {
	row, err := one[contactRow](ctx, s.pool, oneContact, id)
	if err != nil {
		return ContactMethod{}, fmt.Errorf("contact method %q: %w", id, err)
	}
	return s.contact(row)
}

const everyAccount = contactColumns + ` where c.kind = 'sip-account' and not c.disabled order by c.username`

// Accounts lists the SIP accounts that may register and dial.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	rows, err := all[contactRow](ctx, s.pool, everyAccount)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	methods, err := s.contacts(rows)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	out := make([]Account, 0, len(methods))
	for _, m := range methods {
		out = append(out, Account{m.ID, m.Username, m.Password, m.Name, m.InternalNumber.String(), m.MaxBindings, m.BindingLifetime, m.Networks})
	}
	return out, nil
}

func (s *Store) contacts(rows []contactRow) ([]ContactMethod, error) {
	out := make([]ContactMethod, 0, len(rows))
	for _, row := range rows {
		m, err := s.contact(row)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func (s *Store) contact(row contactRow) (ContactMethod, error) {
	password, err := s.key.open(contactPlace(row.ID), row.Password)
	if err != nil {
		return ContactMethod{}, err
	}
	m := ContactMethod{
		ID: row.ID, Kind: row.Kind, Name: row.Name, Owner: row.Owner, Disabled: row.Disabled,
		Ring: time.Duration(row.RingSeconds) * time.Second, Username: row.Username, Password: password,
		MaxBindings: row.MaxBindings, BindingLifetime: time.Duration(row.BindingSeconds) * time.Second,
		Networks: row.Networks, URI: row.URI,
	}
	if row.Digits != "" {
		m.InternalNumber, err = dialplan.ParseInternalNumber(row.Digits)
	}
	if row.Number != "" && err == nil {
		m.Number, err = dialplan.ParseNumber(row.Number)
	}
	return m, err
}

// contactPlace is where a contact method's password may be opened.
func contactPlace(id string) string { return "contact-method:" + id }

// Defaults of a contact method (product sheet 4.1 and 4.3).
const (
	defaultRing            = 30 * time.Second
	defaultMaxBindings     = 5
	defaultBindingLifetime = 300 * time.Second
)

const upsertContact = `
	insert into contact_methods (id, kind, name, owner, disabled, ring_seconds, username, password,
	                             max_bindings, binding_seconds, networks, uri, number)
	values ($1, $2, $3, nullif($4, ''), $5, $6, nullif($7, ''), $8, $9, $10, $11, $12, $13)
	on conflict (id) do update set
		kind = excluded.kind, name = excluded.name, owner = excluded.owner, disabled = excluded.disabled,
		ring_seconds = excluded.ring_seconds, username = excluded.username, password = excluded.password,
		max_bindings = excluded.max_bindings, binding_seconds = excluded.binding_seconds,
		networks = excluded.networks, uri = excluded.uri, number = excluded.number`

// SaveContactMethod stores a contact method and claims its internal number. A
// number that somebody else holds is refused with *TakenError.
func (s *Store) SaveContactMethod(ctx context.Context, m ContactMethod) error {
	return s.in(ctx, fmt.Sprintf("save contact method %q", m.ID), func(tx pgx.Tx) error { return s.saveContact(ctx, tx, m) })
}

func (s *Store) saveContact(ctx context.Context, tx pgx.Tx, m ContactMethod) error {
	if m.Ring%time.Second != 0 || m.BindingLifetime%time.Second != 0 {
		return fmt.Errorf("%w: ring time and binding lifetime are whole seconds", ErrInvalid)
	}
	networks := m.Networks
	if networks == nil {
		networks = []netip.Prefix{}
	}
	_, err := exec(ctx, tx, upsertContact, m.ID, m.Kind, m.Name, m.Owner, m.Disabled, seconds(m.Ring, defaultRing),
		m.Username, s.key.seal(contactPlace(m.ID), m.Password), orDefault(m.MaxBindings, defaultMaxBindings),
		seconds(m.BindingLifetime, defaultBindingLifetime), networks, m.URI, m.Number.String())
	if err != nil {
		return err
	}
	return claimInternal(ctx, tx, Claimant{ContactMethod: m.ID}, m.InternalNumber.String())
}

func seconds(d, fallback time.Duration) int { return int(orDefault(d, fallback) / time.Second) }

func orDefault[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

const removeContact = `delete from contact_methods where id = $1`

// RemoveContactMethod removes a contact method, its bindings and its claims.
func (s *Store) RemoveContactMethod(ctx context.Context, id string) error {
	n, err := exec(ctx, s.pool, removeContact, id)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("remove contact method %q: %w", id, err)
	}
	return nil
}

const someContacts = contactColumns + ` where c.id = any($1)`

// Targets tells where to ring contact methods, in the order asked. One that
// cannot be rung carries the cause in Skip.
func (s *Store) Targets(ctx context.Context, ids []string) ([]call.Target, error) {
	rows, err := all[contactRow](ctx, s.pool, someContacts, ids)
	if err != nil {
		return nil, fmt.Errorf("targets: %w", err)
	}
	found := make(map[string]contactRow, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	out := make([]call.Target, 0, len(ids))
	for _, id := range ids {
		row, ok := found[id]
		if !ok {
			out = append(out, call.Target{ContactMethod: id, Skip: call.CauseNotFound})
			continue
		}
		out = append(out, row.target())
	}
	return out, nil
}

// target is where to ring a contact method.
func (row contactRow) target() call.Target {
	t := call.Target{ContactMethod: row.ID, Name: row.Name, Number: row.Digits, Ring: call.Seconds(row.RingSeconds)}
	switch {
	case row.Disabled:
		t.Skip = call.CauseUnavailable
	case row.Kind == KindSIPAccount:
		t.Account = row.ID
	case row.Kind == KindSIPForwarding:
		t.URI, t.Username = row.URI, row.Username
	default:
		t.Skip = call.CauseUnavailable
	}
	return t
}

const forwardingSecret = `select password from contact_methods where id = $1 and kind = 'sip-forwarding'`

// ForwardingPassword is the password with which a sip-forwarding answers a
// digest challenge; empty where it has none.
func (s *Store) ForwardingPassword(ctx context.Context, id string) (string, error) {
	sealed, err := scalar[[]byte](ctx, s.pool, forwardingSecret, id)
	if err != nil {
		return "", fmt.Errorf("password of contact method %q: %w", id, err)
	}
	return s.key.open(contactPlace(id), sealed)
}

// contactExists checks a reference of a flow.
const contactExists = `select exists (select from contact_methods where id = $1)`

// known answers what exists, for the references of a flow that is published.
func known(ctx context.Context, q querier, failed *error) flow.Known {
	tables := map[flow.RefKind]string{
		flow.RefAudio:         audioExists,
		flow.RefContactMethod: contactExists,
		flow.RefNumber:        numberExists,
	}
	return flow.KnownFunc(func(r flow.Ref) bool {
		sql, ok := tables[r.Kind]
		if !ok {
			return true // an internal number exists by being claimed
		}
		exists, err := scalar[bool](ctx, q, sql, r.ID)
		*failed = errors.Join(*failed, err)
		return exists && err == nil
	})
}
