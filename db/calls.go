package db

import (
	"context"
	"fmt"
	"time"

	"tandem/flow/call"
)

// CallFilter chooses calls for a list. Zero fields choose all.
type CallFilter struct {
	Text      string    // in caller number, caller name, called, flow or who answered; letters of either case
	Flow      string    // id
	Outcome   string    // talked, answered, missed, refused, failed
	Direction string    // inbound, internal
	From, To  time.Time // began at or after From and before To
	After     call.ID   // the last call of the page before
	Limit     int       // 1–200; 0 is the default 50
}

// CallPage is one page of a list of calls, newest first.
type CallPage struct {
	Calls []call.LedgerEntry // without path, legs and attempts
	Next  call.ID            // After of the next page; empty: this is the last
}

// Sizes of a page of calls.
const (
	defaultPage = 50
	longestPage = 200
)

// A page begins after a call, not at a count, so that calls coming in do not
// shift it, and the last page costs as little as the first.
const someCalls = callColumns + `
	where ($1 = '' or strpos(lower(concat_ws(' ', caller_number, caller_name, called, flow_name, answered_by)), lower($1)) > 0)
	  and ($2 = '' or flow_id = $2)
	  and ($3 = '' or outcome = $3)
	  and ($4 = '' or direction = $4)
	  and ($5::timestamptz is null or started >= $5)
	  and ($6::timestamptz is null or started < $6)
	  and ($7 = '' or (started, id) < (select started, id from calls where id = $7))
	order by started desc, id desc
	limit $8`

// Calls lists calls, newest first.
func (s *Store) Calls(ctx context.Context, f CallFilter) (CallPage, error) {
	limit := min(orDefault(max(f.Limit, 0), defaultPage), longestPage)
	rows, err := all[callRow](ctx, s.pool, someCalls,
		clean(f.Text), clean(f.Flow), clean(f.Outcome), clean(f.Direction), stamp(f.From), stamp(f.To), clean(string(f.After)), limit+1)
	if err != nil {
		return CallPage{}, fmt.Errorf("calls: %w", err)
	}
	page := CallPage{Calls: []call.LedgerEntry{}}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = rows[limit-1].ID
	}
	for _, r := range rows {
		page.Calls = append(page.Calls, r.entry())
	}
	return page, nil
}

const addMessages = `
	insert into sip_messages (call, at, leg, received, remote, transport, first, text)
	select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::boolean[], $5::text[], $6::text[], $7::text[], $8::text[])
	on conflict do nothing`

// SaveMessages appends to the ladders of calls. A batch saved twice is kept once.
func (s *Store) SaveMessages(ctx context.Context, all []call.SIPMessage) error {
	n := len(all)
	calls, legs, remotes := make([]string, n), make([]string, n), make([]string, n)
	transports, firsts, texts := make([]string, n), make([]string, n), make([]string, n)
	ats, ins := make([]time.Time, n), make([]bool, n)
	for i, m := range all {
		calls[i], ats[i], legs[i], ins[i] = string(m.Leg.Call()), m.At, string(m.Leg), m.In
		remotes[i], transports[i], firsts[i], texts[i] = clean(m.Remote), m.Transport, clean(m.First), clean(m.Text)
	}
	if _, err := exec(ctx, s.pool, addMessages, calls, ats, legs, ins, remotes, transports, firsts, texts); err != nil {
		return fmt.Errorf("save SIP messages: %w", err)
	}
	return nil
}

// A ladder longer than this is cut: a page of it helps nobody.
const maxMessages = 2000

const messagesOfCall = `
	select at, leg, received, remote, transport, first, text from sip_messages where call = $1 order by at, id limit $2`

// Messages is the ladder of a call in order of time, its first 2000 messages.
func (s *Store) Messages(ctx context.Context, id call.ID) ([]call.SIPMessage, error) {
	type row struct {
		At                             time.Time
		Leg                            call.LegID
		Received                       bool
		Remote, Transport, First, Text string
	}
	rows, err := all[row](ctx, s.pool, messagesOfCall, id, maxMessages)
	if err != nil {
		return nil, fmt.Errorf("SIP messages of call %s: %w", id, err)
	}
	out := make([]call.SIPMessage, 0, len(rows))
	for _, r := range rows {
		out = append(out, call.SIPMessage{At: r.At.UTC(), Leg: r.Leg, In: r.Received, Remote: r.Remote,
			Transport: r.Transport, First: r.First, Text: r.Text})
	}
	return out, nil
}
