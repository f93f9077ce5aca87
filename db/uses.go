package db

import (
	"context"
	"fmt"

	"tandem/flow/directory"
)

// Uses lists every use of a thing: by drafts and published flows and their
// tests, contact methods, users, logins, tokens, playlists and settings.
func (s *Store) Uses(ctx context.Context, kind directory.Kind, id string) ([]directory.Use, error) {
	uses, err := s.usesOf(ctx, s.pool, kind, id)
	if err != nil {
		return nil, fmt.Errorf("uses of %s %q: %w", kind, id, err)
	}
	return uses, nil
}

// UsesByFlows lists every use of all things of a kind by flows, by id, for
// pages that list them.
func (s *Store) UsesByFlows(ctx context.Context, kind directory.Kind) (map[string][]directory.Use, error) {
	names, err := s.mentions.read(ctx, s.pool)
	if err != nil {
		return nil, fmt.Errorf("uses of every %s: %w", kind, err)
	}
	out := map[string][]directory.Use{}
	for _, f := range names {
		for _, m := range f.mentions {
			if m.means(kind) {
				out[m.id] = append(out[m.id], f.use(m))
			}
		}
	}
	return out, nil
}

// tableUses finds the uses of a kind outside flows: as kind, id, name, module
// and where, of the thing $1.
var tableUses = map[directory.Kind]string{
	directory.KindFlow: `
		select 'login' as kind, id, email as name, '' as module, 'limited to it' as where from logins where $1 = any(flows)
		union all
		select 'token', id, name, '', 'limited to it' from tokens where $1 = any(flows)
		order by 1, 3`,
	directory.KindNumber: `
		select 'contact-method' as kind, c.id, c.name, '' as module, 'direct number' as where
		from number_claims n join contact_methods c on c.id = n.contact_method where n.number = $1`,
	directory.KindTrunk: `
		select 'number' as kind, n.number as id, n.number as name, '' as module, '' as where
		from number_trunks n where n.trunk = $1 order by n.number`,
	directory.KindUser: `
		select 'contact-method' as kind, id, name, '' as module, 'owner' as where from contact_methods where owner = $1
		union all
		select 'login', id, email, '', '' from logins where user_id = $1
		order by 1, 3`,
	directory.KindAudio: `
		select 'playlist' as kind, id, name, '' as module, '' as where
		from playlists p where exists (select from playlist_files f where f.playlist = p.id and f.audio = $1)
		union all
		select 'contact-method', id, name, '', 'whisper' from contact_methods where whisper = $1
		union all
		select 'setting', 'general', 'General', '', 'hold music'
		from settings where key = 'general' and value ->> 'hold_music' = $1
		order by 1, 3`,
	directory.KindPlaylist: `
		select 'setting' as kind, 'general' as id, 'General' as name, '' as module, 'hold music' as where
		from settings where key = 'general' and value ->> 'hold_music' = $1`,
	directory.KindSchedule: `
		select 'user' as kind, id, trim(first_name || ' ' || last_name) as name, '' as module, '' as where
		from users where schedule = $1 order by last_name, first_name`,
}

// usesOf lists flows first.
func (s *Store) usesOf(ctx context.Context, q querier, kind directory.Kind, id string) ([]directory.Use, error) {
	names, err := s.mentions.read(ctx, q)
	if err != nil {
		return nil, err
	}
	var uses []directory.Use
	for _, f := range names {
		for _, m := range f.mentions {
			if m.id == id && m.means(kind) {
				uses = append(uses, f.use(m))
			}
		}
	}
	sql, ok := tableUses[kind]
	if !ok {
		return uses, nil
	}
	more, err := all[useRow](ctx, q, sql, clean(id))
	for _, u := range more {
		uses = append(uses, directory.Use{Kind: u.Kind, ID: u.ID, Name: u.Name, Module: u.Module, Where: u.Where})
	}
	return uses, err
}

// useRow is a use as tableUses reads it.
type useRow struct {
	Kind                    directory.Kind
	ID, Name, Module, Where string
}
