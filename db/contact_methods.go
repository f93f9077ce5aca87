package db

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

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
	Owner           string // id of a user; may be empty
}

// contactRow is a contact method as it is stored.
type contactRow struct {
	ID             string
	Kind           directory.ContactKind
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
	Direct         []string
	Confirm        bool
	Whisper        string
	CallWaiting    bool
	CallsAtOnce    int
}

const contactColumns = `
	select c.id, c.kind, c.name, coalesce(c.owner, '') as owner, c.disabled, c.ring_seconds,
	       coalesce(c.username, '') as username, c.password, c.max_bindings, c.binding_seconds,
	       c.networks, c.uri, c.number, c.confirm, c.whisper, c.call_waiting, c.calls_at_once, coalesce(i.digits, '') as digits,
	       array(select number from number_claims n where n.contact_method = c.id order by number) as direct
	from contact_methods c
	left join internal_numbers i on i.contact_method = c.id`

const everyContact = contactColumns + ` order by c.name, c.id`

// ContactMethods lists all contact methods by name, without their passwords.
func (s *Store) ContactMethods(ctx context.Context) ([]directory.ContactMethod, error) {
	rows, err := all[contactRow](ctx, s.pool, everyContact)
	if err != nil {
		return nil, fmt.Errorf("contact methods: %w", err)
	}
	out := make([]directory.ContactMethod, 0, len(rows))
	for _, row := range rows {
		m, err := row.method()
		if err != nil {
			return nil, fmt.Errorf("contact method %q: %w", row.ID, err)
		}
		out = append(out, m)
	}
	return out, nil
}

const oneContact = contactColumns + ` where c.id = $1`

// ContactMethod reads one contact method, without its password.
func (s *Store) ContactMethod(ctx context.Context, id string) (directory.ContactMethod, error) {
	row, err := one[contactRow](ctx, s.pool, oneContact, id)
	if err != nil {
		return directory.ContactMethod{}, fmt.Errorf("contact method %q: %w", id, err)
	}
	return row.method()
}

const everyAccount = contactColumns + ` where c.kind = 'sip-account' and not c.disabled order by c.username`

// Accounts lists the SIP accounts that may register and dial.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	rows, err := all[contactRow](ctx, s.pool, everyAccount)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	out := make([]Account, 0, len(rows))
	for _, r := range rows {
		password, err := s.key.open(contactPlace(r.ID), r.Password)
		if err != nil {
			return nil, fmt.Errorf("accounts: %w", err)
		}
		out = append(out, Account{r.ID, r.Username, password, r.Name, r.Digits, r.MaxBindings,
			time.Duration(r.BindingSeconds) * time.Second, r.Networks, r.Owner})
	}
	return out, nil
}

func (row contactRow) method() (m directory.ContactMethod, err error) {
	m = directory.ContactMethod{
		ID: row.ID, Kind: row.Kind, Name: row.Name, Owner: row.Owner, Disabled: row.Disabled,
		Ring: call.Seconds(row.RingSeconds), Username: row.Username, MaxBindings: row.MaxBindings,
		BindingLifetime: call.Seconds(row.BindingSeconds), Networks: row.Networks, URI: row.URI,
		Confirm: row.Confirm, Whisper: row.Whisper, CallWaiting: row.CallWaiting, CallsAtOnce: row.CallsAtOnce,
	}
	if row.Digits != "" {
		m.InternalNumber, err = dialplan.ParseInternalNumber(row.Digits)
	}
	if row.Number != "" && err == nil {
		m.Number, err = dialplan.ParseNumber(row.Number)
	}
	for _, e164 := range row.Direct {
		n, bad := dialplan.ParseNumber(e164)
		err = errors.Join(err, bad)
		m.DirectNumbers = append(m.DirectNumbers, n)
	}
	return m, err
}

// contactPlace is where a contact method's password may be opened.
func contactPlace(id string) string { return "contact-method:" + id }

// Defaults of a contact method (product sheet 4.1 and 4.3).
const (
	defaultRing            = call.Duration(30 * time.Second)
	defaultMaxBindings     = 5
	defaultBindingLifetime = call.Duration(300 * time.Second)
)

const upsertContact = `
	insert into contact_methods (id, kind, name, owner, disabled, ring_seconds, username, password,
	                             max_bindings, binding_seconds, networks, uri, number, confirm, whisper, call_waiting, calls_at_once)
	values ($1, $2, $3, nullif($4, ''), $5, $6, nullif($7, ''),
	        case when $7 <> '' then coalesce($8, (select password from contact_methods where id = $1)) end,
	        $9, $10, $11, $12, $13, $14, $15, $16, $17)
	on conflict (id) do update set
		kind = excluded.kind, name = excluded.name, owner = excluded.owner, disabled = excluded.disabled,
		ring_seconds = excluded.ring_seconds, username = excluded.username, password = excluded.password,
		max_bindings = excluded.max_bindings, binding_seconds = excluded.binding_seconds,
		networks = excluded.networks, uri = excluded.uri, number = excluded.number,
		confirm = excluded.confirm, whisper = excluded.whisper, call_waiting = excluded.call_waiting, calls_at_once = excluded.calls_at_once`

// SaveContactMethod stores a contact method, and makes its internal number and
// its direct numbers all that it claims. Without a password the one stored
// stays. A number that somebody else holds is refused with
// *directory.TakenError.
func (s *Store) SaveContactMethod(ctx context.Context, m directory.ContactMethod) error {
	return s.in(ctx, fmt.Sprintf("save contact method %q", m.ID), func(tx pgx.Tx) error { return s.saveContact(ctx, tx, m) })
}

func (s *Store) saveContact(ctx context.Context, tx pgx.Tx, m directory.ContactMethod) error {
	if m.Ring.Std()%time.Second != 0 || m.BindingLifetime.Std()%time.Second != 0 {
		return fmt.Errorf("%w: ring time and binding lifetime are whole seconds", directory.ErrInvalid)
	}
	networks := m.Networks
	if networks == nil {
		networks = []netip.Prefix{}
	}
	_, err := exec(ctx, tx, upsertContact, m.ID, m.Kind, m.Name, m.Owner, m.Disabled, seconds(m.Ring, defaultRing),
		m.Username, s.key.seal(contactPlace(m.ID), m.Password), orDefault(m.MaxBindings, defaultMaxBindings),
		seconds(m.BindingLifetime, defaultBindingLifetime), networks, m.URI, m.Number.String(),
		m.Confirm, m.Whisper, m.CallWaiting, m.CallsAtOnce)
	if err != nil {
		return err
	}
	return claimContact(ctx, tx, m)
}

func seconds(d, fallback call.Duration) int { return int(orDefault(d, fallback).Std() / time.Second) }

func orDefault[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
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
