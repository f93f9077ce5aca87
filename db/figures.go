package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tandem/flow/call"
	"tandem/flow/directory"
)

// Lengths of the lists on a dashboard.
const (
	busiestNumbers = 5
	lastFailed     = 5
)

// A null scope is all flows. What somebody tries out counts nowhere.
const dashboardCalls = ` from calls where started >= $1 and not tested and ($2::text[] is null or flow_id = any($2))`

// Who is called back was counted when calling in. Talk, refusals and faults count
// all the same.
const dashboardSums = `
	select count(*) filter (where direction <> 'callback')::int as offered,
	       count(*) filter (where direction <> 'callback' and answered is not null)::int as answered,
	       count(*) filter (where direction <> 'callback' and outcome = 'missed')::int as missed,
	       count(*) filter (where outcome = 'refused')::int as refused,
	       count(*) filter (where outcome = 'failed')::int as failed,
	       coalesce(avg(talk_ms) filter (where talk_ms > 0), 0)::bigint as average_ms,
	       coalesce(max(talk_ms), 0) as longest_ms` + dashboardCalls

// An hour without calls is shown too. Hours are those of the local clock.
const dashboardHours = `
	with counted as (
		select date_trunc('hour', started, $3) as at, count(*)::int as offered, count(answered)::int as answered` + dashboardCalls + `
		and direction <> 'callback' group by 1
	)
	select h.at, coalesce(c.offered, 0) as offered, coalesce(c.answered, 0) as answered
	from generate_series(date_trunc('hour', $1::timestamptz, $3), now(), interval '1 hour') h (at)
	left join counted c on c.at = h.at order by h.at`

const dashboardNumbers = `
	select c.called as number, coalesce(n.label, '') as label, c.offered, c.answered, c.last
	from (select called, count(*)::int as offered, count(answered)::int as answered, max(started) as last` + dashboardCalls + `
	      and direction = 'inbound' group by called order by 2 desc, 1 limit $3) c
	left join numbers n on n.e164 = c.called order by c.offered desc, c.called`

const dashboardFailing = callColumns + dashboardCalls + ` and outcome = 'failed' order by started desc, id desc limit $3`

// Dashboard sums up the calls since an instant. Hours are those of the local
// clock of a zone; with a scope only calls of those flows count.
func (s *Store) Dashboard(ctx context.Context, since time.Time, zone *time.Location, scope []string) (directory.Figures, error) {
	if len(scope) == 0 {
		scope = nil
	}
	var out directory.Figures
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, s.pool, snapshot, func(tx pgx.Tx) error {
		type sums struct {
			Offered, Answered, Missed, Refused, Failed int
			AverageMS, LongestMS                       int64
		}
		t, err := one[sums](ctx, tx, dashboardSums, since, scope)
		if err != nil {
			return err
		}
		out = directory.Figures{Offered: t.Offered, Answered: t.Answered, Missed: t.Missed, Refused: t.Refused, Failed: t.Failed,
			AverageTalk: milliseconds(t.AverageMS), LongestTalk: milliseconds(t.LongestMS)}
		if out.Hours, err = all[directory.HourFigures](ctx, tx, dashboardHours, since, scope, zone.String()); err != nil {
			return err
		}
		if out.Numbers, err = all[directory.NumberFigures](ctx, tx, dashboardNumbers, since, scope, busiestNumbers); err != nil {
			return err
		}
		failing, err := all[callRow](ctx, tx, dashboardFailing, since, scope, lastFailed)
		for _, r := range failing {
			out.Failing = append(out.Failing, r.entry())
		}
		return err
	})
	if err != nil {
		return directory.Figures{}, fmt.Errorf("dashboard: %w", plain(err))
	}
	for i := range out.Hours {
		out.Hours[i].At = out.Hours[i].At.In(zone)
	}
	for i := range out.Numbers {
		out.Numbers[i].Last = out.Numbers[i].Last.UTC()
	}
	return out, nil
}

func milliseconds(n int64) call.Duration { return call.Duration(time.Duration(n) * time.Millisecond) }

const numbersUse = `
	select c.called as number, n.label, count(*)::int as offered, count(c.answered)::int as answered, max(c.started) as last
	from calls c join numbers n on n.e164 = c.called
	where c.started >= $1 and c.direction <> 'callback' and not c.tested group by c.called, n.label order by c.called`

// NumbersUse counts the calls since an instant to each number of ours that got
// any.
func (s *Store) NumbersUse(ctx context.Context, since time.Time) (map[string]directory.NumberFigures, error) {
	rows, err := all[directory.NumberFigures](ctx, s.pool, numbersUse, since)
	if err != nil {
		return nil, fmt.Errorf("use of numbers: %w", err)
	}
	out := make(map[string]directory.NumberFigures, len(rows))
	for _, r := range rows {
		r.Last = r.Last.UTC()
		out[r.Number] = r
	}
	return out, nil
}
