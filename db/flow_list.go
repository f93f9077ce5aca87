package db

import (
	"context"
	"fmt"
	"time"

	"tandem/flow/directory"
)

// Claims of all flows and calls of all flows are gathered once, not per flow.
// The numbers of a draft are read where nothing is published.
const flowList = `
	with claimed as (
		select flow, array_agg(number order by number) as entries
		from (select flow, number from number_claims union all select flow, digits from internal_numbers) c
		where flow is not null group by flow
	), called as (
		select flow_id, count(*)::int as calls from calls where started > now() - interval '1 day' and not tested group by flow_id
	)
	select f.id, f.name, coalesce(f.published, 0) as version, v.at as published_at, coalesce(v.author, '') as published_by,
	       f.publish_on_save, f.published is null or f.draft_revision is distinct from f.published_revision as newer,
	       case when f.published is null
	            then array(select n #>> '{}' from jsonb_path_query(f.draft, '$.modules[*] ? (@.kind == "phone-number").settings.number') n
	                       union all
	                       select n #>> '{}' from jsonb_path_query(f.draft, '$.modules[*] ? (@.kind == "internal-number").settings.internal_number') n)
	            else coalesce(c.entries, '{}') end as entries,
	       f.draft_revision as revision, f.created, f.updated, f.updated_by, coalesce(k.calls, 0) as calls
	from flows f
	left join flow_versions v on v.flow = f.id and v.version = f.published
	left join claimed c on c.flow = f.id
	left join called k on k.flow_id = f.id
	where f.removed is null
	order by f.name, f.id`

// FlowList lists all flows by name with what the list of flows shows.
func (s *Store) FlowList(ctx context.Context) ([]directory.FlowLine, error) {
	type row struct {
		ID, Name         string
		Version          int
		PublishedAt      *time.Time
		PublishedBy      string
		PublishOnSave    bool
		Newer            bool
		Entries          []string
		Revision         int
		Created, Updated time.Time
		UpdatedBy        string
		Calls            int
	}
	rows, err := all[row](ctx, s.pool, flowList)
	if err != nil {
		return nil, fmt.Errorf("flows: %w", err)
	}
	out := make([]directory.FlowLine, 0, len(rows))
	for _, r := range rows {
		out = append(out, directory.FlowLine{ID: r.ID, Name: r.Name, Version: r.Version, PublishedAt: moment(r.PublishedAt),
			PublishedBy: r.PublishedBy, PublishOnSave: r.PublishOnSave, Newer: r.Newer, Entries: r.Entries, Revision: r.Revision,
			Created: r.Created.UTC(), Updated: r.Updated.UTC(), UpdatedBy: r.UpdatedBy, Calls: r.Calls})
	}
	return out, nil
}
