package workflows

import (
	"context"
	"time"

	"tandem/activities"
	"tandem/flow/call"
	"tandem/flow/queue"
)

func (c *clerk) name() string { return "Desk " + c.id }

func (r *rush) clerk(id string) *clerk {
	for _, c := range r.clerks {
		if c.id == id {
			return c
		}
	}
	r.t.Errorf("there is no clerk %s", id)
	return nil
}

// free tells whether a clerk could be rung, and the queue has to know it.
func (c *clerk) free(now time.Time) bool {
	return c.with == nil && !c.paused && (c.lease == "" || !now.Before(c.until) && !c.until.IsZero()) &&
		!now.Before(c.rests) && now.Sub(c.outside) >= rushRetry && now.Sub(c.resumed) >= rushSlack
}

// dayBegins draws when a clerk pauses, or is in a call of another line.
func (c *clerk) dayBegins() {
	r, chance := c.rush, drawn(c.id)
	for at := seconds(chance, 1, 120); at < rushLasts; at += seconds(chance, 60, 300) {
		pauses, until := chance.IntN(2) == 0, seconds(chance, 10, 60)
		r.in(at+time.Millisecond, func() {
			if !pauses {
				c.outside = r.now().Add(until)
				return
			}
			c.pauses(true)
			r.in(until, func() { c.pauses(false) })
		})
	}
}

func (c *clerk) pauses(paused bool) {
	c.paused, c.resumed = paused, c.rush.now()
	c.rush.told(queue.Message{Kind: queue.Changed})
}

func (r *rush) roster(_ context.Context, in activities.RosterInput) ([]queue.Person, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []queue.Person
	for _, id := range in.ContactMethods {
		c := r.clerk(id)
		out = append(out, queue.Person{ContactMethod: id, Name: c.name(), Paused: c.paused})
	}
	return out, nil
}

// claim is where a call takes its clerks: it has to be its turn, and they have
// to be nobody else's.
func (r *rush) claim(_ context.Context, in queue.Claim) ([]call.Target, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, now := r.visits[in.Call], r.now()
	r.inTurn(v)
	v.unoffered = now
	var out []call.Target
	for _, m := range in.Members {
		c := r.clerk(m.ContactMethod)
		t := call.Target{ContactMethod: c.id, Name: c.name(), Account: c.id}
		switch held := c.lease != "" && c.lease != in.Lease && (c.until.IsZero() || now.Before(c.until)); {
		case held:
			r.blame("%s is promised by %s and by %s", c.id, c.lease, in.Lease)
		case c.with != nil:
			r.blame("%s is promised to %s while with %s", c.id, v.id, c.with.id)
		case now.Before(c.rests):
			r.blame("%s is promised to %s in the rest", c.id, v.id)
		case c.paused && now.Sub(c.resumed) > rushSlack:
			r.blame("%s is promised to %s in a pause", c.id, v.id)
		}
		if now.Before(c.outside) {
			t.Skip = call.CauseBusy // and the queue holds the clerk until the offer is over
		}
		c.lease, c.until = in.Lease, time.Time{}
		out = append(out, t)
	}
	return out, nil
}

func (r *rush) keep(_ context.Context, in activities.KeepInput) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.clerks {
		switch {
		case c.lease != in.Lease:
		case c.id == in.ContactMethod:
			c.until = in.Until
		default:
			c.lease, c.until = "", time.Time{}
		}
	}
	return nil
}

// standing is where a patron stands, as the patrons count it.
func (r *rush) standing(_ context.Context, in activities.StandingInput) (queue.Standing, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.tickets[in.Ticket]
	if v == nil || !v.waiting {
		return queue.Standing{}, nil
	}
	at := queue.Standing{Position: 1}
	for _, o := range r.tickets {
		if o.waiting && o.before(v) {
			at.Position++
		}
	}
	return at, nil
}

// inTurn looks whether a patron was left out in favour of a later equal. Of two who
// are offered in the same instant the later may come first.
func (r *rush) inTurn(v *visit) {
	for _, o := range r.visits {
		if o == v || !o.left(r.now()) || !o.before(v) {
			continue
		}
		stood := o.unoffered
		r.in(2*underway, func() {
			if o.waiting && o.unoffered.Equal(stood) {
				r.blame("%s (priority %d, place %d) is offered before %s (priority %d, place %d)", v.id, v.priority, v.place, o.id, o.priority, o.place)
			}
		})
	}
}

// placed is the word of a patron reaching the queue.
func (r *rush) placed(m queue.Message) {
	v := r.tickets[m.Ticket]
	switch {
	case m.Kind == queue.Join && v == nil:
		v = r.visits[m.Joining.Call]
		r.tickets[m.Ticket] = v
		v.joined, v.unoffered, v.priority = r.now(), r.now(), m.Joining.Priority
		r.places++
		v.place = r.places
		if k, ok := r.kept[v.number]; ok && r.now().Before(k.until) {
			v.place = k.place
			r.back++
		}
		delete(r.kept, v.number)
	case m.Kind == queue.Left && m.Why == queue.WhyAbandoned:
		r.kept[v.number] = keptPlace{v.place, r.now().Add(rushKeep)}
	}
}

// before tells who is served first.
func (v *visit) before(o *visit) bool {
	return v.priority > o.priority || v.priority == o.priority && v.place < o.place
}
