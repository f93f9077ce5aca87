package db

import (
	"context"
	"encoding/json"
	"fmt"

	"tandem/flow"
	"tandem/flow/directory"
)

// Uses lists every use of a thing: by drafts and published flows and their
// tests, contact methods, users, logins, tokens, playlists and settings.
func (s *Store) Uses(ctx context.Context, kind directory.Kind, id string) ([]directory.Use, error) {
	uses, err := usesOf(ctx, s.pool, kind, id)
	if err != nil {
		return nil, fmt.Errorf("uses of %s %q: %w", kind, id, err)
	}
	return uses, nil
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
func usesOf(ctx context.Context, q querier, kind directory.Kind, id string) ([]directory.Use, error) {
	id = clean(id)
	uses, err := usesByFlows(ctx, q, kind, id)
	if sql, ok := tableUses[kind]; ok && err == nil {
		var more []directory.Use
		more, err = all[directory.Use](ctx, q, sql, id)
		uses = append(uses, more...)
	}
	return uses, err
}

// flowsNaming finds the drafts and published versions that hold an id as a
// value of some setting, or as a phone of a test. It is broad and fast; what
// the id means there is for the kind of module to say.
const flowsNaming = `
	select id, name, 0 as version, draft as content from flows
	where removed is null and draft @? $1::jsonpath
	union all
	select f.id, f.name, v.version, v.content from flows f join flow_versions v on v.flow = f.id and v.version = f.published
	where v.content @? $1::jsonpath
	order by 2, 1, 3`

func usesByFlows(ctx context.Context, q querier, kind directory.Kind, id string) ([]directory.Use, error) {
	type row struct {
		ID, Name string
		Version  int
		Content  []byte
	}
	named := jsonText(id)
	rows, err := all[row](ctx, q, flowsNaming, fmt.Sprintf(`$.modules[*].settings.** ? (@ == %s)`, named))
	if err == nil && kind == directory.KindContactMethod {
		var tested []row
		tested, err = all[row](ctx, q, flowsNaming, fmt.Sprintf(`$.tests[*].scenario.phones.%s`, named))
		rows = append(rows, tested...)
	}
	if err != nil {
		return nil, err
	}
	var out []directory.Use
	seen := map[directory.Use]bool{}
	for _, r := range rows {
		f, err := flow.Parse(r.Content)
		if err != nil {
			return nil, fmt.Errorf("flow %q: %w", r.ID, err)
		}
		where := "draft"
		if r.Version > 0 {
			where = fmt.Sprintf("version %d", r.Version)
		}
		for _, u := range usesInFlow(f, kind, id) {
			u.Kind, u.ID, u.Name, u.Where = directory.KindFlow, r.ID, r.Name, where+u.Where
			if !seen[u] {
				seen[u] = true
				out = append(out, u)
			}
		}
	}
	return out, nil
}

// usesInFlow lists the modules and tests of a flow that use a thing.
func usesInFlow(f flow.Flow, kind directory.Kind, id string) []directory.Use {
	var out []directory.Use
	for _, m := range f.Modules {
		for _, ref := range m.Settings.Refs() {
			if ref.ID == id && (ref.Kind == flow.RefKind(kind) || ref.Kind == flow.RefAudio && kind == directory.KindPlaylist) {
				out = append(out, directory.Use{Module: m.ID})
				break
			}
		}
	}
	for _, t := range f.Tests {
		if _, ok := t.Scenario.Phones[id]; ok && kind == directory.KindContactMethod {
			out = append(out, directory.Use{Where: fmt.Sprintf(", test %q", t.Name)})
		}
	}
	return out
}

// jsonText is a text as a literal of jsonpath.
func jsonText(s string) string {
	out, _ := json.Marshal(s) // never fails on a string
	return string(out)
}
