package db

import (
	"context"
	"fmt"
	"time"

	"tandem/flow/call"
)

// How long callers waited for a person: until the first phone answered. Who is
// called back has not waited on the line.
const averageWait = `
	select coalesce(avg(extract(epoch from a.answered - c.started)), 0)::float8
	from calls c
	cross join lateral (select min(l.answered) as answered from legs l where l.call = c.id and l.side = 'b') a
	where c.started >= $1 and c.direction <> 'callback' and not c.tested and ($2::text[] is null or c.flow_id = any($2))`

const waitsOfCalls = `
	select c.id as call, extract(epoch from min(l.answered) - c.started)::float8 as seconds
	from calls c join legs l on l.call = c.id and l.side = 'b' and l.answered is not null
	where c.id = any($1) and c.direction <> 'callback' group by c.id`

// Waits tells of some calls how long the caller waited until somebody answered;
// calls that nobody answered are left out.
func (s *Store) Waits(ctx context.Context, ids []call.ID) (map[call.ID]time.Duration, error) {
	rows, err := all[struct {
		Call    call.ID
		Seconds float64
	}](ctx, s.pool, waitsOfCalls, ids)
	if err != nil {
		return nil, fmt.Errorf("waits of calls: %w", err)
	}
	out := make(map[call.ID]time.Duration, len(rows))
	for _, r := range rows {
		out[r.Call] = time.Duration(r.Seconds * float64(time.Second))
	}
	return out, nil
}

// AverageWait is how long callers since an instant waited until somebody
// answered; with a scope only calls of those flows count.
func (s *Store) AverageWait(ctx context.Context, since time.Time, scope []string) (time.Duration, error) {
	if len(scope) == 0 {
		scope = nil
	}
	seconds, err := scalar[float64](ctx, s.pool, averageWait, since, scope)
	if err != nil {
		return 0, fmt.Errorf("average wait: %w", err)
	}
	return time.Duration(seconds * float64(time.Second)), nil
}
