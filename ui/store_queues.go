package ui

import (
	"context"
	"time"

	"tandem/flow/directory"
	"tandem/flow/queue"
)

// QueueStore is the queues of published flows and their members.
type QueueStore interface {
	// Queues lists all queues by name.
	Queues(ctx context.Context) ([]directory.Queue, error)
	// Roster says what is known of contact methods as members of a queue, in the
	// order asked. With in, members need neither log in nor pause.
	Roster(ctx context.Context, id queue.ID, contactMethods []string, in bool, at time.Time) ([]queue.Person, error)
	// Members reads what contact methods have said as members, in the order asked.
	Members(ctx context.Context, id queue.ID, contactMethods []string) ([]directory.Member, error)
	// ChangeMember logs a member in or out or pauses it, and tells how it is then.
	ChangeMember(ctx context.Context, id queue.ID, contactMethod string, c directory.MemberChange, by string, at time.Time) (directory.Member, error)
}

// LiveQueues is how queues stand, and the news that they have to hear.
type LiveQueues interface {
	// Queue is how a queue stands, or ErrNotFound for one that nobody has waited in.
	Queue(ctx context.Context, id queue.ID) (queue.View, error)
	// MembersChanged tells a queue to look at its members again. One that nobody
	// has waited in need not hear it, which is no error.
	MembersChanged(ctx context.Context, id queue.ID) error
	// Withdraw takes back the promise behind a ticket to call somebody, or
	// ErrNotFound where it is over.
	Withdraw(ctx context.Context, promise string) error
	// WatchMembers calls changed once and then whenever a member has logged in or
	// out or paused, until ctx ends.
	WatchMembers(ctx context.Context, changed func()) error
}
