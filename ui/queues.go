package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
)

// queueRoutes are the queues of published flows, how they stand, and their
// members.
func queueRoutes() []route {
	return []route{
		shows("GET /queues", seeCalls, (*Panel).queuesPage),
		shows("GET /queues/{id}", seeCalls, (*Panel).queuePage),
		reads("GET /api/queues", seeCalls, "List queues and how they stand", (*Panel).apiQueues),
		reads("GET /api/queues/{id}", seeCalls, "Read how a queue stands: who waits, and what its members do", (*Panel).apiQueue),
		{pattern: "GET /api/queues/{id}/stream", right: seeCalls, area: api, serve: (*Panel).queueStream,
			doc: doc{summary: "Follow a queue: server-sent events, each with how it stands", out: reflect.TypeFor[queueState]()}},
		acts("PUT /api/queues/{id}/members/{member}", overrideCalls, "Log a member of a queue in or out, or pause it: change is log-in, log-out, pause or resume",
			action[memberWish, directory.Member]{do: (*Panel).changeMember, done: memberToast}),
		acts("DELETE /api/queues/{id}/callbacks/{ticket}", overrideCalls, "Withdraw the promise to call somebody back who waited in a queue", action[none, withdrawn]{do: (*Panel).withdraw, done: withdrawnToast}),
	}
}

// queueLine is one queue at one glance.
type queueLine struct {
	ID       queue.ID  `json:"id"`
	Name     string    `json:"name"`
	Flow     string    `json:"flow"` // id
	FlowName string    `json:"flow_name"`
	Waiting  int       `json:"waiting"`                // on the line
	Longest  time.Time `json:"longest_since,omitzero"` // since when the one waits who waits longest
	Free     int       `json:"free"`                   // members who would be rung
	Members  int       `json:"members"`
	LogIn    bool      `json:"members_log_in"`
}

// queueState is how one queue stands.
type queueState struct {
	queueLine
	Callers   []queue.Waiting `json:"callers"`   // in order; an agent does not see who they are
	Callbacks int             `json:"callbacks"` // of these, who have hung up and are called back
	Team      []memberState   `json:"team"`      // in the order of the settings
	Answered  int             `json:"answered"`
	Abandoned int             `json:"abandoned"`
	Stale     bool            `json:"stale,omitempty"` // the queue could not be asked: who waits is what its calls say
}

// memberState is what one member does, and what it has said last.
type memberState struct {
	queue.MemberView
	Level int       `json:"level"`
	Since time.Time `json:"since,omitzero"`
	By    string    `json:"by,omitempty"`
}

// States of a member that only others than its queue know.
const (
	memberBusy        queue.MemberState = "in-a-call"
	memberUnreachable queue.MemberState = "unreachable"
)

// queueWait bounds the question to a queue: no page waits long for it.
const queueWait = 1500 * time.Millisecond

// seenQueues are the queues that a login may see; an agent, those it is a
// member of.
func (p *Panel) seenQueues(r *http.Request) ([]directory.Queue, sight, error) {
	may, err := p.sightOf(r)
	if err != nil {
		return nil, may, err
	}
	all, err := p.cfg.Store.Queues(r.Context())
	if err != nil {
		return nil, may, fmt.Errorf("reading the queues: %w", err)
	}
	return slices.DeleteFunc(all, func(q directory.Queue) bool { return !may.queue(q) }), may, nil
}

// queue tells whether a queue may be seen.
func (s sight) queue(q directory.Queue) bool {
	return s.flow(q.Flow) && (!s.own || slices.ContainsFunc(q.Settings.Members, func(m flow.QueueMember) bool { return s.has(m.ContactMethod) }))
}

// queueFor is the queue of a request; one that may not be seen does not exist.
func (p *Panel) queueFor(r *http.Request) (directory.Queue, sight, error) {
	all, may, err := p.seenQueues(r)
	if err != nil {
		return directory.Queue{}, may, err
	}
	i := slices.IndexFunc(all, func(q directory.Queue) bool { return string(q.ID) == r.PathValue("id") })
	if i < 0 {
		return directory.Queue{}, may, ErrNotFound
	}
	return all[i], may, nil
}

func (p *Panel) apiQueues(r *http.Request) ([]queueLine, error) {
	all, _, err := p.seenQueues(r)
	if err != nil {
		return nil, err
	}
	running, err := p.positions(r.Context())
	if err != nil {
		return nil, err
	}
	out := []queueLine{}
	for _, q := range all {
		team, err := p.team(r.Context(), q, running)
		if err != nil {
			return nil, err
		}
		out = append(out, lineOf(q, waitingIn(q, running), team))
	}
	return out, nil
}

func (p *Panel) apiQueue(r *http.Request) (queueState, error) {
	q, may, err := p.queueFor(r)
	if err != nil {
		return queueState{}, err
	}
	return p.queueState(r.Context(), q, may)
}

// queueState asks the queue itself how it stands. What it cannot tell, the
// store and the running calls do.
func (p *Panel) queueState(ctx context.Context, q directory.Queue, may sight) (queueState, error) {
	running, err := p.positions(ctx)
	if err != nil {
		return queueState{}, err
	}
	team, err := p.team(ctx, q, running)
	if err != nil {
		return queueState{}, err
	}
	asking, end := context.WithTimeout(ctx, queueWait)
	defer end()
	view, err := p.cfg.Live.Queue(asking, q.ID)
	s := queueState{Team: team, Callers: view.Waiting, Answered: view.Answered, Abandoned: view.Abandoned}
	switch {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		p.log.Warn("a queue cannot be asked", "queue", q.ID, "err", err)
		s.Stale, s.Callers = true, waitingIn(q, running)
	default:
		s.told(view)
	}
	s.queueLine = lineOf(q, s.Callers, s.Team)
	s.Callbacks = len(s.Callers) - s.Waiting
	if may.own {
		s.Callers = nameless(s.Callers)
	}
	if s.Callers == nil {
		s.Callers = []queue.Waiting{}
	}
	return s, nil
}

// told adds what only the queue knows of its members.
func (s *queueState) told(view queue.View) {
	for i, m := range s.Team {
		at := slices.IndexFunc(view.Members, func(v queue.MemberView) bool { return v.ContactMethod == m.ContactMethod })
		if at < 0 {
			continue
		}
		v := view.Members[at]
		s.Team[i].Calls = v.Calls
		if slices.Contains(busyStates, v.State) {
			s.Team[i].State, s.Team[i].Until, s.Team[i].With = v.State, v.Until, v.With
		}
	}
}

// busyStates are what members do because of their queue.
var busyStates = []queue.MemberState{queue.MemberOffered, queue.MemberTalking, queue.MemberResting, queue.MemberWrappingUp}

// team is what the members of a queue do, as far as the store and the running
// calls tell.
func (p *Panel) team(ctx context.Context, q directory.Queue, running []call.Position) ([]memberState, error) {
	ids := make([]string, len(q.Settings.Members))
	for i, m := range q.Settings.Members {
		ids[i] = m.ContactMethod
	}
	people, err := p.cfg.Store.Roster(ctx, q.ID, ids, !q.Settings.MembersLogIn, p.cfg.Now())
	if err != nil {
		return nil, fmt.Errorf("reading the members of queue %s: %w", q.ID, err)
	}
	said, err := p.cfg.Store.Members(ctx, q.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("reading the members of queue %s: %w", q.ID, err)
	}
	engaged := inCalls(people, running)
	out := make([]memberState, len(ids))
	for i, m := range q.Settings.Members {
		if m.IgnoreSchedule {
			people[i].OffSchedule = false
		}
		out[i] = memberState{MemberView: queue.MemberView{Person: people[i], State: stateOf(people[i], engaged[personOf(people[i])])}, Level: m.Level}
		if q.Settings.MembersLogIn {
			out[i].Since, out[i].By = said[i].Since, said[i].By
		}
	}
	return out, nil
}

// personOf names whose a contact method is: a user's, or its own.
func personOf(p queue.Person) string { return cmp.Or(p.User, p.ContactMethod) }

// inCalls tells who of some people rings, talks or dials on any of their
// contact methods.
func inCalls(people []queue.Person, running []call.Position) map[string]bool {
	out := map[string]bool{}
	for _, p := range people {
		if slices.ContainsFunc(running, func(at call.Position) bool {
			return at.Account == p.ContactMethod || slices.Contains(at.With, p.ContactMethod)
		}) {
			out[personOf(p)] = true
		}
	}
	return out
}

// stateOf is what somebody does who has no caller of a queue.
func stateOf(p queue.Person, engaged bool) queue.MemberState {
	for _, s := range []struct {
		is    bool
		state queue.MemberState
	}{
		{p.Out, queue.MemberLoggedOut}, {p.Paused, queue.MemberPaused}, {p.Unreachable, memberUnreachable},
		{p.OffSchedule, queue.MemberOffSchedule}, {engaged, memberBusy},
	} {
		if s.is {
			return s.state
		}
	}
	return queue.MemberFree
}

// waitingIn are the callers who wait in a queue, as their calls tell.
func waitingIn(q directory.Queue, running []call.Position) []queue.Waiting {
	var out []queue.Waiting
	for _, at := range running {
		if at.Flow.ID == q.Flow && at.Module == q.Module && at.Talking == "" && !at.Tested() { // tests have lines of their own
			out = append(out, queue.Waiting{Call: at.Call, Caller: at.Caller, Since: at.Since, Offered: at.Ringing})
		}
	}
	slices.SortStableFunc(out, func(a, b queue.Waiting) int { return a.Since.Compare(b.Since) })
	return out
}

func lineOf(q directory.Queue, callers []queue.Waiting, team []memberState) queueLine {
	l := queueLine{ID: q.ID, Name: q.Name, Flow: q.Flow, FlowName: q.FlowName, Members: len(team), LogIn: q.Settings.MembersLogIn}
	for _, c := range callers {
		if c.Callback {
			continue
		}
		l.Waiting++
		if l.Longest.IsZero() || c.Since.Before(l.Longest) {
			l.Longest = c.Since
		}
	}
	for _, m := range team {
		if m.State == queue.MemberFree {
			l.Free++
		}
	}
	return l
}

// nameless is callers as an agent sees them: that they wait, and not who.
func nameless(all []queue.Waiting) []queue.Waiting {
	out := slices.Clone(all)
	for i := range out {
		out[i].Call, out[i].Caller, out[i].Ticket = "", call.Party{}, ""
	}
	return out
}

func queueLink(id queue.ID) string { return "/queues/" + url.PathEscape(string(id)) }
