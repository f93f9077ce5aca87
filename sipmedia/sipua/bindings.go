package sipua

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"
)

type bindingAddr struct {
	at        netip.AddrPort
	transport string
}

// storeTimeout bounds one call to the BindingStore: the phone gives up after 32 s.
const storeTimeout = 10 * time.Second

// load reads the bindings that were there before the restart.
func (r *registrar) load(ctx context.Context) error {
	if r.ua.cfg.Bindings == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	all, err := r.ua.cfg.Bindings.LoadBindings(ctx)
	if err != nil {
		return fmt.Errorf("load bindings: %w", err)
	}
	for _, b := range all {
		if time.Now().Before(b.Expires) {
			r.put(b)
		}
	}
	return nil
}

// replaced lists the bindings that are the same phone as b under another contact.
func (r *registrar) replaced(b Binding) []Binding {
	var same []Binding
	for _, old := range r.of(b.Account) {
		if old.Contact == b.Contact {
			continue
		}
		if b.Instance != "" && old.Instance == b.Instance || b.Instance == "" && old.Instance == "" && old.CallID == b.CallID && old.Received == b.Received && old.Transport == b.Transport && old.CSeq < b.CSeq {
			same = append(same, old)
		}
	}
	return same
}

// store makes the changes durable, then visible.
func (r *registrar) store(wanted []Binding) *problem {
	ctx, cancel := context.WithTimeout(r.ua.ctx, storeTimeout)
	defer cancel()
	for _, b := range wanted {
		var err error
		if b.Expires.IsZero() {
			err = r.erase(ctx, b)
		} else {
			for _, old := range r.replaced(b) {
				if err == nil {
					err = r.erase(ctx, old)
				}
			}
			if err == nil && r.ua.cfg.Bindings != nil {
				err = r.ua.cfg.Bindings.SaveBinding(ctx, b)
			}
			if err == nil {
				r.put(b)
			}
		}
		if err != nil {
			r.ua.log.Error("binding not stored", "account", b.Account, "error", err)
			return unavailable() // the phone comes back soon, not at its next refresh
		}
	}
	return nil
}

func (r *registrar) erase(ctx context.Context, b Binding) error {
	if r.ua.cfg.Bindings != nil {
		if err := r.ua.cfg.Bindings.RemoveBinding(ctx, b.Account, b.Contact); err != nil {
			return err
		}
	}
	r.drop(b.Account, b.Contact)
	return nil
}

// of returns the live bindings of an account, best q first, then newest first.
func (r *registrar) of(account string) []Binding {
	r.mu.Lock()
	all := slices.Collect(maps.Values(r.bindings[account]))
	r.mu.Unlock()
	all = slices.DeleteFunc(all, func(b Binding) bool { return !time.Now().Before(b.Expires) })
	slices.SortFunc(all, func(a, b Binding) int {
		return cmp.Or(cmp.Compare(b.Q, a.Q), b.Expires.Compare(a.Expires), cmp.Compare(a.Contact, b.Contact))
	})
	return all
}

func (r *registrar) find(account, contact string) (Binding, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, found := r.bindings[account][contact]
	return b, found
}

// put makes a binding visible.
func (r *registrar) put(b Binding) {
	r.drop(b.Account, b.Contact)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bindings[b.Account] == nil {
		r.bindings[b.Account] = map[string]Binding{}
	}
	r.bindings[b.Account][b.Contact] = b
	r.addresses[bindingAddr{b.Received, b.Transport}]++
	r.hosts[b.Received.Addr()]++
}

func (r *registrar) drop(account, contact string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, found := r.bindings[account][contact]
	if !found {
		return
	}
	delete(r.bindings[account], contact)
	if len(r.bindings[account]) == 0 {
		delete(r.bindings, account)
	}
	at := bindingAddr{b.Received, b.Transport}
	if r.addresses[at]--; r.addresses[at] <= 0 {
		delete(r.addresses, at)
	}
	if r.hosts[at.at.Addr()]--; r.hosts[at.at.Addr()] <= 0 {
		delete(r.hosts, at.at.Addr())
	}
}

// at reports whether a phone is registered from exactly this address.
func (r *registrar) at(remote netip.AddrPort, transport string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.addresses[bindingAddr{remote, transport}] > 0
}

// from reports whether any phone is registered from this host.
func (r *registrar) from(host netip.Addr) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hosts[host] > 0
}

func (r *registrar) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, m := range r.bindings {
		n += len(m)
	}
	return n
}

// sweep removes expired bindings, here and in the store.
func (r *registrar) sweep() {
	r.mu.Lock()
	var dead []Binding
	for _, m := range r.bindings {
		for _, b := range m {
			if !time.Now().Before(b.Expires) {
				dead = append(dead, b)
			}
		}
	}
	r.mu.Unlock()
	for _, b := range dead {
		if now, found := r.find(b.Account, b.Contact); !found || !now.Expires.Equal(b.Expires) {
			continue // renewed meanwhile
		}
		r.drop(b.Account, b.Contact)
		if r.ua.cfg.Bindings == nil || b.Node != r.ua.cfg.Node {
			continue
		}
		ctx, cancel := context.WithTimeout(r.ua.ctx, storeTimeout)
		if err := r.ua.cfg.Bindings.RemoveBinding(ctx, b.Account, b.Contact); err != nil && r.ua.ctx.Err() == nil {
			r.ua.log.Warn("expired binding not removed", "account", b.Account, "error", err)
		}
		cancel()
	}
}
