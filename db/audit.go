package db

import (
	"context"
	"fmt"

	"tandem/flow/directory"
)

const addAudit = `
	insert into audit_log (login, remote, action, subject, before, after)
	values ($1, $2, $3, $4, nullif($5, '')::jsonb, nullif($6, '')::jsonb)`

// Audit records a change. Before and After are JSON without secrets; entries
// are never altered.
func (s *Store) Audit(ctx context.Context, e directory.AuditEntry) error {
	_, err := exec(ctx, s.pool, addAudit, clean(e.Login), clean(e.Remote), clean(e.Action), clean(e.Subject), clean(e.Before), clean(e.After))
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

// The total is counted to a bound: nobody pages further.
const auditMatches = `
	from audit_log
	where ($1 = '' or strpos(lower(concat_ws(' ', login, action, subject, remote)), lower($1)) > 0)
	  and ($2 = '' or login = $2)
	  and ($3 = '' or action = $3)
	  and ($4::timestamptz is null or at >= $4)
	  and ($5::timestamptz is null or at < $5)`

const someAudit = `
	select id, at, login, remote, action, subject, coalesce(before::text, '') as before, coalesce(after::text, '') as after` +
	auditMatches + ` and ($6 = 0 or id < $6) order by id desc limit $7`

const countAudit = `select count(*) from (select` + auditMatches + ` limit $6) counted`

// AuditLog lists entries, newest first.
func (s *Store) AuditLog(ctx context.Context, f directory.AuditFilter) (directory.AuditPage, error) {
	limit := pageSize(f.Limit)
	match := []any{clean(f.Text), clean(f.Login), clean(f.Action), stamp(f.From), stamp(f.To)}
	rows, err := all[directory.AuditEntry](ctx, s.pool, someAudit, append(match, f.After, limit+1)...)
	if err != nil {
		return directory.AuditPage{}, fmt.Errorf("audit log: %w", err)
	}
	page := directory.AuditPage{Entries: rows}
	if page.Total, err = scalar[int](ctx, s.pool, countAudit, append(match, directory.MaxTotal)...); err != nil {
		return directory.AuditPage{}, fmt.Errorf("audit log: %w", err)
	}
	if len(rows) > limit {
		page.Entries = rows[:limit]
		page.Next = rows[limit-1].ID
	}
	for i := range page.Entries {
		page.Entries[i].At = page.Entries[i].At.UTC()
	}
	return page, nil
}
