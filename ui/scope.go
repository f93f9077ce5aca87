package ui

import (
	"fmt"
	"net/http"
	"slices"

	"tandem/flow/call"
	"tandem/flow/directory"
)

// sight is which calls a login may see: all, those of named flows, or, for an
// agent, those that reached or came from a contact method of its own.
type sight struct {
	flows []string // empty: all
	own   bool     // only own calls
	user  string   // whose they are
	mine  []string // contact methods of that user
}

// noUser stands for the user of an agent's login that belongs to nobody: an
// empty one would choose everybody's calls.
const noUser = "(nobody)"

// sightOf finds out what a request may see.
func (p *Panel) sightOf(r *http.Request) (sight, error) {
	who := loginOf(r)
	s := sight{flows: who.Flows, own: who.Role == directory.Agent, user: who.User}
	if !s.own {
		return s, nil
	}
	if s.user == "" {
		s.user = noUser
		return s, nil
	}
	methods, err := p.cfg.Store.ContactMethods(r.Context())
	if err != nil {
		return s, fmt.Errorf("reading contact methods: %w", err)
	}
	for _, m := range methods {
		if m.Owner == s.user {
			s.mine = append(s.mine, m.ID)
		}
	}
	return s, nil
}

// filter narrows a list of calls to what may be seen.
func (s sight) filter(f directory.CallFilter) directory.CallFilter {
	f.Scope = s.flows
	if s.own {
		f.User = s.user
	}
	return f
}

func (s sight) flow(id string) bool { return len(s.flows) == 0 || slices.Contains(s.flows, id) }

func (s sight) has(contactMethod string) bool { return slices.Contains(s.mine, contactMethod) }

// position tells whether a running call may be seen.
func (s sight) position(p call.Position) bool {
	return s.flow(p.Flow.ID) && (!s.own || s.has(p.Account) || slices.ContainsFunc(p.With, s.has))
}

// entry tells whether a call may be seen.
func (s sight) entry(e call.LedgerEntry) bool {
	if !s.flow(e.Flow.ID) {
		return false
	}
	return !s.own ||
		slices.ContainsFunc(e.Legs, func(l call.Leg) bool { return s.has(l.ContactMethod) }) ||
		slices.ContainsFunc(e.Attempts, func(a call.Attempt) bool { return s.has(a.ContactMethod) })
}

// callFor is the call of a request, see callSeen.
func (p *Panel) callFor(r *http.Request) (call.LedgerEntry, error) {
	return p.callSeen(r, call.ID(r.PathValue("id")))
}

// callSeen is a call that whoever asks may see; any other does not exist for
// them.
func (p *Panel) callSeen(r *http.Request, id call.ID) (call.LedgerEntry, error) {
	e, err := p.ledger(r.Context(), id)
	if err != nil {
		return e, err
	}
	may, err := p.sightOf(r)
	switch {
	case err != nil:
		return e, err
	case may.entry(e):
		return e, nil
	case e.Live && may.own: // its legs are told when it has ended; who rings now is not
		return e, p.runsFor(r, e.Call, may)
	}
	return e, ErrNotFound
}

// runsFor tells whether a running call may be seen, by where it is now.
func (p *Panel) runsFor(r *http.Request, id call.ID, may sight) error {
	all, err := p.cfg.Live.Positions(r.Context())
	if err != nil {
		return fmt.Errorf("reading running calls: %w", err)
	}
	if slices.ContainsFunc(all, func(at call.Position) bool { return at.Call == id && may.position(at) }) {
		return nil
	}
	return ErrNotFound
}
