package ui

import (
	"context"
	"slices"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
)

// Rooms tells of the room of meet: locked, and its first caller is muted.
func (l *fakeLive) Rooms(context.Context) ([]call.Room, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.met) == 0 {
		return nil, nil
	}
	return []call.Room{{Name: l.met[0].Room, Locked: true, Parties: []call.RoomParty{{Call: l.met[0].Call, Muted: true}, {Call: l.met[1].Call, Host: true}}}}, nil
}

func (l *fakeLive) WatchPositions(ctx context.Context, moved func()) error {
	moved()
	<-ctx.Done()
	return context.Cause(ctx)
}

func (l *fakeLive) Hangup(_ context.Context, id call.ID) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.calls)
	l.calls = slices.DeleteFunc(l.calls, func(e call.LedgerEntry) bool { return e.Call == id })
	if len(l.calls) == n {
		return ErrNotFound
	}
	return nil
}

func (l *fakeLive) Move(_ context.Context, id call.ID, module, _ string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moved = append(l.moved, string(id)+" to "+module)
	return nil
}

func (s *fakeStore) ContactMethods(context.Context) ([]directory.ContactMethod, error) {
	return nil, s.broken
}

func (s *fakeStore) SavedViews(context.Context, string, string) ([]directory.SavedView, error) {
	return nil, s.broken
}

func (s *fakeStore) General(context.Context) (directory.General, error) {
	return directory.General{Zone: "UTC"}, s.broken
}

func (s *fakeStore) Dashboard(context.Context, time.Time, *time.Location, []string) (directory.Figures, error) {
	return directory.Figures{Offered: 7, Answered: 5, Missed: 2}, s.broken
}

func (s *fakeStore) AverageWait(context.Context, time.Time, []string) (time.Duration, error) {
	return 9 * time.Second, s.broken
}

func (s *fakeStore) FlowList(context.Context) ([]directory.FlowLine, error) { return nil, s.broken }
func (s *fakeStore) Numbers(context.Context) ([]directory.Number, error)    { return nil, s.broken }
func (s *fakeStore) Registered(context.Context) (map[string]bool, error)    { return nil, s.broken }

func (l *fakeLive) Withdraw(_ context.Context, promise string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moved = append(l.moved, "callback "+promise+" withdrawn")
	return nil
}

// Queue implements LiveQueues: two callers wait in every queue, one member
// rings, and three have asked to be called back.
func (l *fakeLive) Queue(_ context.Context, id queue.ID) (queue.View, error) {
	return queue.View{ID: id, Answered: 41, Abandoned: 3,
		Waiting: []queue.Waiting{
			{Ticket: "1", Call: "20261122-150300-abcdefg", Caller: call.Party{Number: "+46701234567", Name: "Ada"}, Since: sampleNow.Add(-95 * time.Second), Priority: 5, Offered: []string{"Phone 100"}},
			{Ticket: "2", Call: "20261122-145800-abcdefg", Caller: call.Party{Number: "+46701234569", Name: "Grace"}, Since: sampleNow.Add(-7 * time.Minute), Callback: true, Called: true},
			{Ticket: "3", Call: "20261122-143900-abcdefg", Caller: call.Party{Number: "+4930901820"}, Since: sampleNow.Add(-25 * time.Minute), Callback: true, NotBefore: sampleNow.Add(3 * time.Minute)},
			{Ticket: "4", Call: "20261122-150400-abcdefg", Caller: call.Party{Number: "+46701234568"}, Since: sampleNow.Add(-20 * time.Second)},
			{Ticket: "5", Call: "20261122-150410-abcdefg", Caller: call.Party{Number: "101", Name: "Bob"}, Since: sampleNow.Add(-10 * time.Second), Callback: true}},
		Members: []queue.MemberView{{Person: queue.Person{ContactMethod: "account-100"}, State: queue.MemberOffered, Calls: 12}}}, nil
}

// Draft implements FlowStore: what is published is drafted.
func (s *fakeStore) Draft(ctx context.Context, id string) (directory.Draft, error) {
	i := slices.IndexFunc(s.flows, func(f FlowSummary) bool { return f.ID == id })
	if i < 0 {
		return directory.Draft{}, ErrNotFound
	}
	r, err := s.Version(ctx, id, s.flows[i].Published)
	return directory.Draft{Flow: r.Flow, Published: s.flows[i].Published}, err
}

func (s *fakeStore) Overrides(context.Context, string) (map[string]flow.Override, error) {
	return nil, s.broken
}

func (s *fakeStore) Watch(ctx context.Context, _ func(directory.News)) error {
	<-ctx.Done()
	return context.Cause(ctx)
}
