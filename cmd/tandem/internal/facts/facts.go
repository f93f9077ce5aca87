// Package facts is what the simulator has to know of an installation, read from
// its database.
//
// It never looks a thing up twice and never keeps what it read for long: each
// request of the panel, and each test, makes its own.
package facts

import (
	"context"
	"errors"
	"sync"
	"time"

	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/schedule"
	"tandem/sipmedia/audio"
)

// rate is what callers hear.
const rate = 8000

// Facts implements simulate.Facts.
type Facts struct {
	store   *db.Store
	mu      sync.Mutex
	targets map[asked]call.Target
	lengths map[string]time.Duration // 0: missing, or no audio
}

// New reads from a store.
func New(store *db.Store) *Facts {
	return &Facts{store: store, targets: map[asked]call.Target{}, lengths: map[string]time.Duration{}}
}

// asked is a contact method at an instant: opening hours come into it.
type asked struct {
	id string
	at time.Time
}

// Targets finds where to ring contact methods at an instant, in the order asked.
func (f *Facts) Targets(ctx context.Context, ids []string, at time.Time) ([]call.Target, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var missing []string
	for _, id := range ids {
		if _, known := f.targets[asked{id, at}]; !known {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		found, err := f.store.Targets(ctx, missing, at)
		if err != nil {
			return nil, err
		}
		for i, id := range missing {
			f.targets[asked{id, at}] = found[i]
		}
	}
	out := make([]call.Target, len(ids))
	for i, id := range ids {
		out[i] = f.targets[asked{id, at}]
	}
	return out, nil
}

// Internal tells where an internal number leads. A call seldom keys one twice.
func (f *Facts) Internal(ctx context.Context, number string, at time.Time) (flow.Route, error) {
	return f.store.Internal(ctx, number, at)
}

// Number tells where a full number leads that a caller keys. Who came from outside
// by another of our numbers came by a trunk of that number. What goes on now, as
// a number that is taken as often as it may be, says nothing about an imagined
// moment.
func (f *Facts) Number(ctx context.Context, number, by string, at time.Time) (flow.Route, error) {
	if by == "" {
		return f.route(ctx, call.Incoming{Called: number, Account: "simulated", At: at})
	}
	ours, err := f.store.Number(ctx, by)
	if err != nil && !errors.Is(err, directory.ErrNotFound) {
		return flow.Route{}, err
	}
	r := flow.Route{Number: number, Refused: call.CauseNotFound}
	for _, trunk := range ours.Trunks {
		if r, err = f.route(ctx, call.Incoming{Called: number, Trunk: trunk, At: at}); err != nil || r.Refused == "" {
			return r, err
		}
	}
	return r, nil
}

func (f *Facts) route(ctx context.Context, in call.Incoming) (flow.Route, error) {
	r, err := f.store.Route(ctx, in)
	r.Over = nil
	return r, err
}

// Loops tells whether a playlist never ends by itself.
func (f *Facts) Loops(ctx context.Context, id string) bool {
	list, err := f.store.Playlist(ctx, id)
	return err == nil && list.Loop
}

// Zone is the system's time zone.
func (f *Facts) Zone(ctx context.Context) (string, error) {
	general, err := f.store.General(ctx)
	return general.Zone, err
}

// Hours are those of a schedule with its name; no name: there is none.
func (f *Facts) Hours(ctx context.Context, id string) (string, schedule.Hours, error) {
	s, err := f.store.Schedule(ctx, id)
	if errors.Is(err, directory.ErrNotFound) {
		return "", schedule.Hours{}, nil
	}
	return s.Name, s.Hours, err
}

// Listed finds one of some entries on one of some shared lists.
func (f *Facts) Listed(ctx context.Context, lists, entries []string) (flow.Listed, error) {
	return f.store.Listed(ctx, lists, entries)
}

// AudioLength is how long an audio file or a playlist plays once. A node skips a
// file that it cannot read, so that one has no length either.
func (f *Facts) AudioLength(ctx context.Context, id string) (time.Duration, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	length, known := f.lengths[id]
	if !known {
		length = f.read(ctx, id)
		f.lengths[id] = length
	}
	return length, length > 0
}

// read adds up what an id plays.
func (f *Facts) read(ctx context.Context, id string) time.Duration {
	list, err := f.store.Playlist(ctx, id)
	if errors.Is(err, directory.ErrNotFound) {
		return f.readFile(ctx, id)
	}
	var sum time.Duration
	for _, file := range list.Files {
		sum += f.readFile(ctx, file)
	}
	return sum
}

// readFile takes the length that was measured when the file came, and measures
// one that came without.
func (f *Facts) readFile(ctx context.Context, id string) time.Duration {
	length, err := f.store.AudioLength(ctx, id)
	if err != nil || length > 0 {
		return length
	}
	file, err := f.store.Audio(ctx, id)
	if err != nil {
		return 0
	}
	clip, err := audio.ReadWAV(file.Bytes, rate)
	if err != nil {
		return 0
	}
	return clip.Duration()
}
