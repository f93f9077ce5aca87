package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"sync/atomic"
	"time"

	"tandem/cmd/tandem/internal/testline"
	"tandem/db"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/sipmedia/sipua"
)

// refreshTry bounds one reading of the directory.
const refreshTry = 5 * time.Second

// nodeDirectory is who may call, in memory: a node classifies every packet by
// it and never waits for the database.
type nodeDirectory struct {
	store *db.Store
	log   *slog.Logger
	known atomic.Pointer[knownCallers]
	tests []byte // secret of the accounts of test calls
}

type knownCallers struct {
	accounts  map[string]sipua.Account // by username
	networks  []trunkNetwork
	passwords map[string]string // of contact methods that we ring and whose server asks for digest
}

type trunkNetwork struct {
	prefix netip.Prefix
	trunk  sipua.Trunk
}

// newNodeDirectory reads the directory once; watch keeps it fresh.
func newNodeDirectory(ctx context.Context, store *db.Store, log *slog.Logger) (*nodeDirectory, error) {
	tests, err := store.SharedSecret(ctx, testline.Secret)
	if err != nil {
		return nil, fmt.Errorf("read the secret of test calls: %w", err)
	}
	d := &nodeDirectory{store: store, log: log, tests: tests}
	d.known.Store(&knownCallers{})
	return d, d.refresh(ctx)
}

// changed reads the directory again if a change concerns it. A failure keeps
// what was known.
func (d *nodeDirectory) changed(ctx context.Context, c directory.News) {
	if !c.Has(directory.FamilyAccounts) && !c.Has(directory.FamilyTrunks) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, refreshTry)
	defer cancel()
	if err := d.refresh(ctx); err != nil && ctx.Err() == nil {
		d.log.Warn("directory not refreshed", "error", err)
	}
}

func (d *nodeDirectory) refresh(ctx context.Context) error {
	accounts, err := d.store.Accounts(ctx)
	if err != nil {
		return fmt.Errorf("read accounts: %w", err)
	}
	trunks, err := d.store.Carriers(ctx)
	if err != nil {
		return fmt.Errorf("read trunks: %w", err)
	}
	next := &knownCallers{accounts: make(map[string]sipua.Account, len(accounts))}
	if next.passwords, err = d.forwardingPasswords(ctx); err != nil {
		return err
	}
	for _, a := range accounts {
		next.accounts[a.Username] = sipua.Account{ID: a.ID, Username: a.Username, Password: a.Password,
			MaxBindings: a.MaxBindings, BindingLifetime: a.BindingLifetime, Networks: a.Networks,
			InternalNumber: a.InternalNumber, DisplayName: a.Name, User: a.Owner}
	}
	for _, t := range trunks {
		trunk := sipua.Trunk{ID: t.ID, Name: t.Name, Networks: t.Networks, Username: t.Username, Password: t.Password, NoEarlyMedia: t.NoEarlyMedia}
		for _, p := range t.Networks {
			next.networks = append(next.networks, trunkNetwork{p, trunk})
		}
	}
	d.known.Store(next)
	return nil
}

func (d *nodeDirectory) forwardingPasswords(ctx context.Context) (map[string]string, error) {
	methods, err := d.store.ContactMethods(ctx)
	if err != nil {
		return nil, fmt.Errorf("read contact methods: %w", err)
	}
	out := map[string]string{}
	for _, m := range methods {
		if m.Kind != directory.SIPForwarding || m.Username == "" {
			continue
		}
		if out[m.ID], err = d.store.ForwardingPassword(ctx, m.ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// password is the secret with which we answer for a contact method.
func (d *nodeDirectory) password(contactMethod string) string {
	return d.known.Load().passwords[contactMethod]
}

// Account implements sipua.Directory. Accounts of test calls stand nowhere: who
// knows their password is somebody of ours, and the route of the call knows
// whether there is such a test.
func (d *nodeDirectory) Account(username string) (sipua.Account, bool) {
	if a, ok := d.known.Load().accounts[username]; ok {
		return a, true
	}
	if _, ok := call.ParseTestAccount(username); !ok {
		return sipua.Account{}, false
	}
	return sipua.Account{ID: username, Username: username, Password: testline.Password(d.tests, username), Guest: true}, true
}

// Trunk implements sipua.Directory: the longest prefix wins.
func (d *nodeDirectory) Trunk(source netip.Addr) (sipua.Trunk, bool) {
	source = source.Unmap()
	best, bits := sipua.Trunk{}, -1
	for _, n := range d.known.Load().networks {
		if n.prefix.Contains(source) && n.prefix.Bits() > bits {
			best, bits = n.trunk, n.prefix.Bits()
		}
	}
	return best, bits >= 0
}

// nodeBindings keeps registrations in the database.
type nodeBindings struct{ store *db.Store }

// LoadBindings implements sipua.BindingStore.
func (b nodeBindings) LoadBindings(ctx context.Context) ([]sipua.Binding, error) {
	rows, err := b.store.LoadBindings(ctx)
	out := make([]sipua.Binding, len(rows))
	for i, r := range rows {
		out[i] = sipua.Binding(r)
	}
	return out, err
}

// SaveBinding implements sipua.BindingStore.
func (b nodeBindings) SaveBinding(ctx context.Context, s sipua.Binding) error {
	return b.store.SaveBinding(ctx, db.Binding(s))
}

// RemoveBinding implements sipua.BindingStore.
func (b nodeBindings) RemoveBinding(ctx context.Context, account, contact string) error {
	return b.store.RemoveBinding(ctx, account, contact)
}

// changed brings a node what other nodes registered since it last
// looked.
func (b nodeBindings) changed(ctx context.Context, ua *sipua.UA, node string, c directory.News, log *slog.Logger) {
	if !c.Has(directory.FamilyBindings) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, refreshTry)
	defer cancel()
	all, err := b.LoadBindings(ctx)
	if err != nil {
		log.Warn("bindings not refreshed", "error", err)
		return
	}
	for _, s := range all {
		if s.Node != node {
			ua.ApplyBinding(s)
		}
	}
}
