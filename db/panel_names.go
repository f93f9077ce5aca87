package db

import (
	"context"
	"fmt"

	"tandem/flow/directory"
)

const flowNames = `select id, name, coalesce(published, 0) as published from flows where removed is null order by lower(name), id`

// Flows lists all flows by name, to choose from.
func (s *Store) Flows(ctx context.Context) ([]directory.FlowName, error) {
	out, err := all[directory.FlowName](ctx, s.pool, flowNames)
	if err != nil {
		return nil, fmt.Errorf("flows: %w", err)
	}
	return out, nil
}

const nameOfAll = `
	select 'method' as what, id, name from contact_methods union all
	select 'audio', id, name from audio_files union all
	select 'audio', id, name from playlists union all
	select 'schedule', id, name from schedules union all
	select 'list', id, name from lists union all
	select 'email', id, name from contact_methods where kind = 'email'`

// Names gives the words for what flows name by id.
func (s *Store) Names(ctx context.Context) (directory.Names, error) {
	type row struct{ What, ID, Name string }
	rows, err := all[row](ctx, s.pool, nameOfAll)
	if err != nil {
		return directory.Names{}, fmt.Errorf("names: %w", err)
	}
	out := directory.Names{ContactMethods: map[string]string{}, Emails: map[string]string{}, Audio: map[string]string{},
		Schedules: map[string]string{}, Lists: map[string]string{}}
	into := map[string]map[string]string{"method": out.ContactMethods, "email": out.Emails, "audio": out.Audio,
		"schedule": out.Schedules, "list": out.Lists}
	for _, r := range rows {
		into[r.What][r.ID] = r.Name
	}
	return out, nil
}
