package db

import (
	"context"
	"fmt"
	"time"
)

// pruneStep is how many calls go in one statement, so that none holds its
// locks for long.
const pruneStep = 1000

const pruneCalls = `
	delete from calls where id in (select id from calls where started < $1 and not live order by started limit $2)`

const pruneMessages = `
	delete from sip_messages where id in (select id from sip_messages where at < $1 order by at limit $2)`

// Versions that a kept call names stay, so that its trace can be drawn.
const pruneVersions = `
	delete from flow_versions v using flows f
	where f.id = v.flow and f.removed < now() - $1::interval
	  and not exists (select from calls c where c.flow_id = v.flow and c.flow_version = v.version)`

const pruneFlows = `
	delete from flows f where removed < now() - $1::interval and not exists (select from flow_versions v where v.flow = f.id)`

const pruneAudit = `delete from audit_log where at <= now() - interval '400 days'`

// PruneHistory forgets calls that began before an instant, with their SIP
// messages and notes, and tells how many. With them go drafts of test calls and versions of
// removed flows that no call names any more, removals too old to undo, and what is older than 400
// days of the audit log.
func (s *Store) PruneHistory(ctx context.Context, before time.Time) (calls int64, err error) {
	calls, err = s.pruneSlowly(ctx, pruneCalls, before)
	if err == nil {
		_, err = s.pruneSlowly(ctx, pruneMessages, before)
	}
	for _, st := range []statement{
		{pruneTests, []any{before}}, {pruneNotes, []any{before}}, {pruneResolved, []any{before}}, {pruneVersions, []any{trashTime}}, {pruneFlows, []any{trashTime}}, {pruneAudit, nil},
		{dropTrash, []any{trashTime}}, {dropBlobs, nil}, {dropKeys, []any{keyLife}},
	} {
		if err == nil {
			_, err = exec(ctx, s.pool, st.sql, st.args...)
		}
	}
	if err != nil {
		return calls, fmt.Errorf("prune history: %w", err)
	}
	return calls, nil
}

func (s *Store) pruneSlowly(ctx context.Context, sql string, before time.Time) (total int64, err error) {
	for {
		n, err := exec(ctx, s.pool, sql, before, pruneStep)
		total += n
		if err != nil || n < pruneStep {
			return total, err
		}
	}
}
