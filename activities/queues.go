package activities

import (
	"context"
	"fmt"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
)

// Lines carries messages of calls to the workflows of queues, starting one that
// does not run.
type Lines interface {
	Tell(ctx context.Context, id queue.ID, m queue.Message) error
	Standing(ctx context.Context, id queue.ID, ticket string) (queue.Standing, error)
}

// Desk is the part of the store that knows the members of queues.
type Desk interface {
	// Roster says what is known of contact methods as members of a queue, in the
	// order asked. Where members need not log in, in is true.
	Roster(ctx context.Context, id queue.ID, contactMethods []string, in bool, at time.Time) ([]queue.Person, error)
	// Claim leases members: whoever is in a call or leased elsewhere carries the
	// cause busy in Skip. Claimed again by the same lease, they stay claimed.
	Claim(ctx context.Context, c queue.Claim) ([]call.Target, error)
	// ChangePerson logs all contact methods of one person in or out of all queues
	// whose members log in, or pauses them, and tells how they are then. Asked
	// again by the same hand, a toggle does nothing.
	ChangePerson(ctx context.Context, contactMethod string, c directory.MemberChange, by string, at time.Time) ([]directory.Member, error)
	// Keep gives up all members of a lease but one, and keeps that one for so
	// long; none of them with an empty id.
	Keep(ctx context.Context, lease, contactMethod string, until time.Time) error
}

// Queues are the activities by which calls and queues meet.
type Queues struct {
	Lines Lines
	Desk  Desk
}

// TellInput is one message to a queue.
type TellInput struct {
	Queue   queue.ID      `json:"queue"`
	Message queue.Message `json:"message"`
}

// Tell gives a queue a message; told twice, the queue drops the second.
func (q *Queues) Tell(ctx context.Context, in TellInput) error {
	if err := q.Lines.Tell(ctx, in.Queue, in.Message); err != nil {
		return fmt.Errorf("tell queue %s: %w", in.Queue, err)
	}
	return nil
}

// StandingInput names a caller in a queue.
type StandingInput struct {
	Queue  queue.ID `json:"queue"`
	Ticket string   `json:"ticket"`
}

// Standing asks a queue where a caller stands.
func (q *Queues) Standing(ctx context.Context, in StandingInput) (queue.Standing, error) {
	s, err := q.Lines.Standing(ctx, in.Queue, in.Ticket)
	if err != nil {
		return queue.Standing{}, fmt.Errorf("ask queue %s: %w", in.Queue, err)
	}
	return s, nil
}

// RosterInput asks who the members of a queue are.
type RosterInput struct {
	Queue          queue.ID  `json:"queue"`
	ContactMethods []string  `json:"contact_methods"`
	In             bool      `json:"in"` // members need not log in
	At             time.Time `json:"at"`
}

// Roster looks up the members of a queue.
func (q *Queues) Roster(ctx context.Context, in RosterInput) ([]queue.Person, error) {
	people, err := q.Desk.Roster(ctx, in.Queue, in.ContactMethods, in.In, in.At)
	if err != nil {
		return nil, fmt.Errorf("look up the members of queue %s: %w", in.Queue, err)
	}
	return people, nil
}

// Claim leases members and finds where to ring them.
func (q *Queues) Claim(ctx context.Context, in queue.Claim) ([]call.Target, error) {
	targets, err := q.Desk.Claim(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("claim members for queue %s: %w", in.Queue, err)
	}
	return targets, nil
}

// KeepInput gives up members of a lease.
type KeepInput struct {
	Lease         string    `json:"lease"`
	ContactMethod string    `json:"contact_method,omitempty"` // who is kept
	Until         time.Time `json:"until,omitzero"`
}

// Keep gives up the members of a lease, or all but one.
func (q *Queues) Keep(ctx context.Context, in KeepInput) error {
	if err := q.Desk.Keep(ctx, in.Lease, in.ContactMethod, in.Until); err != nil {
		return fmt.Errorf("give up lease %s: %w", in.Lease, err)
	}
	return nil
}

// ChangeInput is what one person wants of all queues whose members log in.
type ChangeInput struct {
	ContactMethod string                 `json:"contact_method"`
	Change        directory.MemberChange `json:"change"`
	Call          call.ID                `json:"call"` // that asks: a toggle happens once for each
	At            time.Time              `json:"at"`
}

// Change logs a person in or out or pauses one, and tells the queues.
func (q *Queues) Change(ctx context.Context, in ChangeInput) ([]directory.Member, error) {
	members, err := q.Desk.ChangePerson(ctx, in.ContactMethod, in.Change, string(in.Call), in.At)
	if err != nil {
		return nil, fmt.Errorf("change the queues of %s: %w", in.ContactMethod, err)
	}
	told := map[queue.ID]bool{}
	for _, m := range members {
		if told[m.Queue] {
			continue
		}
		told[m.Queue] = true
		if err := q.Tell(ctx, TellInput{Queue: m.Queue, Message: queue.Message{Kind: queue.Changed, At: in.At}}); err != nil {
			return nil, err
		}
	}
	return members, nil
}
