package ui

import (
	"context"
	"slices"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
)

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
