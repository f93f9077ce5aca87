package db

import (
	"context"
	"fmt"
	"time"

	"tandem/flow/directory"
)

// BeatEvery is how often each running role says that it is there.
const BeatEvery = time.Second

// BeatLost is the age from which a role that has gone quiet is not ready.
const BeatLost = 4 * time.Second

const beat = `
	insert into roles (role, id, pid, host, addr, version, ready, detail, figures)
	values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9::jsonb, '{}'))
	on conflict (role, id) do update set
		since = case when roles.pid = excluded.pid and roles.host = excluded.host then roles.since else now() end,
		pid = excluded.pid, host = excluded.host, addr = excluded.addr, version = excluded.version,
		ready = excluded.ready, detail = excluded.detail, figures = excluded.figures, beat = now()`

// Beat records that a role is there. Its time is the database's, so clocks of
// several machines do not matter.
func (s *Store) Beat(ctx context.Context, r directory.Process) error {
	_, err := exec(ctx, s.pool, beat, r.Role, r.ID, r.PID, r.Host, r.Addr, r.Version, r.Ready, clean(r.Detail), r.Figures)
	if err != nil {
		return fmt.Errorf("beat of %s %s: %w", r.Role, r.ID, err)
	}
	return nil
}

const leave = `delete from roles where role = $1 and id = $2`

// Leave removes a role that ends in good order.
func (s *Store) Leave(ctx context.Context, role, id string) error {
	if _, err := exec(ctx, s.pool, leave, role, id); err != nil {
		return fmt.Errorf("leave of %s %s: %w", role, id, err)
	}
	return nil
}

const everyRole = `
	select role, id, pid, host, addr, version, ready and beat > now() - $1::interval as ready, detail, figures, since, beat as seen
	from roles where beat > now() - interval '1 day' order by role, id`

// Roles lists the processes seen in the last day. One not heard of for
// BeatLost is not ready, whatever it said last.
func (s *Store) Roles(ctx context.Context) ([]directory.Process, error) {
	out, err := all[directory.Process](ctx, s.pool, everyRole, BeatLost)
	if err != nil {
		return nil, fmt.Errorf("roles: %w", err)
	}
	for i := range out {
		out[i].Since, out[i].Seen = out[i].Since.UTC(), out[i].Seen.UTC()
	}
	return out, nil
}
