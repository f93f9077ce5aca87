package db

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tandem/flow/directory"
)

// searchedCalls is how many of the newest calls that may be seen are searched
// by a part of their number or name; a whole number or id is found however old
// the call is.
const searchedCalls = "2000"

// asked names the arguments of every search: what was typed, its first word,
// patterns of its words and of its spellings as a number, those spellings whole,
// the flows and contact methods that alone may be seen (null: all), whose calls
// may be seen, and how much is wanted.
const asked = `
	with asked as (
		select $1::text as typed, $2::text as beginning, $3::text[] as words, $4::text[] as parts, $5::text[] as numbers,
		       $6::text[] as scope, $7::text[] as methods, $8::text as whose, $9::int as most
	)`

const enough = ` limit (select most from asked)`

// searches finds things of one kind each, the best first.
var searches = map[directory.Kind]string{
	directory.KindFlow: `
		select id, name, coalesce('version ' || published, 'draft') as note, id as flow from flows, asked
		where removed is null and folded(name) like all(words) and (scope is null or id = any(scope))
		order by strpos(folded(name), beginning) <> 1, lower(name), id`,
	directory.KindNumber: `
		select n.e164 as id, n.e164 as name, n.label as note, coalesce(m.flow, '') as flow, coalesce(f.name, '') as flow_name,
		       coalesce(m.contact_method, '') as contact_method
		from asked, numbers n left join number_claims m on m.number = n.e164 left join flows f on f.id = m.flow
		where (folded(n.label) like all(words) or n.e164 like any(parts)) and (scope is null or m.flow = any(scope))
		order by strpos(folded(n.label), beginning) <> 1, n.e164`,
	directory.KindInternalNumber: `
		select i.digits as id, i.digits as name, coalesce(c.name, '') as note, coalesce(i.flow, '') as flow, coalesce(f.name, '') as flow_name,
		       coalesce(i.module, '') as module, coalesce(i.contact_method, '') as contact_method
		from asked, internal_numbers i left join contact_methods c on c.id = i.contact_method left join flows f on f.id = i.flow
		where i.digits like any(parts) and (scope is null or i.flow = any(scope) or i.contact_method = any(methods))
		order by i.digits <> typed, strpos(i.digits, typed) <> 1, i.digits`,
	directory.KindContactMethod: `
		select c.id, c.name, trim(coalesce(u.first_name || ' ' || u.last_name, '')) as note, c.kind as module, c.id as contact_method
		from asked, contact_methods c left join users u on u.id = c.owner
		where (folded(concat_ws(' ', c.name, c.username, c.uri, u.first_name, u.last_name)) like all(words) or c.number like any(parts))
		  and (scope is null or c.id = any(methods))
		order by strpos(folded(c.name), beginning) <> 1, lower(c.name), c.id`,
	directory.KindUser: `
		select id, trim(first_name || ' ' || last_name) as name, concat_ws(', ', nullif(department, ''), nullif(job_title, '')) as note from users, asked
		where folded(concat_ws(' ', first_name, last_name, email, department, job_title)) like all(words)
		order by strpos(folded(trim(first_name || ' ' || last_name)), beginning) <> 1, lower(last_name), lower(first_name), id`,
	directory.KindTrunk:    named("trunks", "concat_ws(' ', name, username)"),
	directory.KindSchedule: named("schedules", "name"),
	directory.KindAudio:    named("audio_files", "concat_ws(' ', name, source)"),
	directory.KindPlaylist: named("playlists", "name"),
	directory.KindList:     named("lists", "name"),
	directory.KindToken:    named("tokens", "name"),
	directory.KindLogin: `
		select id, email as name, role as note from logins, asked where folded(email) like all(words) order by strpos(email, beginning) <> 1, email`,
	directory.KindCall: `
		select id, caller_number as name, caller_name as note, called as module, started as at from (
			(select r.id, r.caller_number, r.caller_name, r.called, r.started from asked, lateral (
				select c.* from calls c where ` + seenCalls + ` order by c.started desc, c.id desc limit ` + searchedCalls + `) r
			 where r.caller_number like any(parts) or strpos(r.id, typed) = 1 or parts = '{}' and folded(r.caller_name) like all(words)
			 order by r.started desc, r.id desc` + enough + `)
			union
			(select c.id, c.caller_number, c.caller_name, c.called, c.started from calls c, asked where c.caller_number = any(numbers) and ` + seenCalls + `
			 order by c.started desc, c.id desc` + enough + `)
			union
			(select c.id, c.caller_number, c.caller_name, c.called, c.started from calls c, asked where c.id = typed and ` + seenCalls + `)
		) c
		order by started desc, id desc`,
}

// seenCalls are the calls that may be seen.
const seenCalls = `(scope is null or c.flow_id = any(scope))
	and (whose = '' or c.id in (select l.call from legs l join contact_methods m on m.id = l.contact_method where m.owner = whose))`

// named finds things by what their names hold.
func named(table, names string) string {
	return `select id, name from ` + table + `, asked where folded(` + names + `) like all(words)
		order by strpos(folded(name), beginning) <> 1, lower(name), id`
}

// Search finds things of some kinds, in the order of the kinds, by one bounded
// query for each, all sent at once.
func (s *Store) Search(ctx context.Context, kinds []directory.Kind, q directory.Search) ([]directory.Found, error) {
	if len(q.Words) == 0 {
		return nil, nil
	}
	names, methods, err := s.named(ctx, kinds, q.Scope)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	var scope []string
	if len(q.Scope) > 0 {
		scope = q.Scope
	}
	found := map[directory.Kind][]directory.Found{directory.KindModule: modulesOf(names, q)}
	args := []any{clean(q.Text), clean(q.Words[0]), patterns(q.Words), patterns(q.Digits), wholeNumbers(q.Digits), scope, methods, q.User, q.Limit}
	work := new(pgx.Batch)
	for _, kind := range kinds {
		sql, ok := searches[kind]
		if !ok {
			continue
		}
		work.Queue(asked+sql+enough, args...).Query(func(rows pgx.Rows) error {
			all, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[directory.Found])
			found[kind] = all
			return err
		})
	}
	if err := s.pool.SendBatch(ctx, work).Close(); err != nil {
		return nil, fmt.Errorf("search: %w", plain(err))
	}
	var out []directory.Found
	for _, kind := range kinds {
		for _, f := range found[kind] {
			f.Kind, f.At = kind, f.At.UTC()
			out = append(out, f)
		}
	}
	return out, nil
}

// patterns are texts as LIKE finds them anywhere.
func patterns(texts []string) []string {
	out := make([]string, 0, len(texts))
	for _, t := range texts {
		out = append(out, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(clean(t))+"%")
	}
	return out
}

// wholeNumbers are spellings as a caller may present them.
func wholeNumbers(digits []string) []string {
	out := []string{}
	for _, d := range digits {
		out = append(out, d, "+"+d)
	}
	return out
}

// named reads, where it is needed, what drafts are made of, and the contact
// methods that flows of a scope name.
func (s *Store) named(ctx context.Context, kinds []directory.Kind, scope []string) (drafts []mentioning, methods []string, err error) {
	if !slices.Contains(kinds, directory.KindModule) && len(scope) == 0 {
		return nil, nil, nil
	}
	all, err := s.mentions.read(ctx, s.pool)
	for _, f := range all {
		if len(scope) > 0 && !slices.Contains(scope, f.ID) {
			continue
		}
		if f.Version == 0 {
			drafts = append(drafts, f)
		}
		for _, m := range f.mentions {
			if m.means(directory.KindContactMethod) {
				methods = append(methods, m.id)
			}
		}
	}
	if !slices.Contains(kinds, directory.KindModule) {
		drafts = nil
	}
	return drafts, listed(methods), err
}

// modulesOf finds modules of drafts: first those whose name begins with what
// was typed, then those whose name holds it, then those of the kinds asked for.
func modulesOf(drafts []mentioning, q directory.Search) []directory.Found {
	var out [3][]directory.Found
	for _, f := range drafts {
		for _, m := range f.modules {
			name, rank := directory.FoldText(m.name), 2
			switch {
			case !slices.ContainsFunc(q.Words, func(w string) bool { return !strings.Contains(name, w) }):
				rank = 1
				if strings.HasPrefix(name, q.Words[0]) {
					rank = 0
				}
			case !slices.Contains(q.ModuleKinds, m.kind):
				continue
			}
			if len(out[rank]) < q.Limit {
				out[rank] = append(out[rank], directory.Found{ID: m.id, Name: m.name, Module: m.kind, Flow: f.ID, FlowName: f.name})
			}
		}
	}
	all := slices.Concat(out[:]...)
	return all[:min(len(all), q.Limit)]
}
