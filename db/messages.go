package db

import (
	"context"
	"fmt"
	"time"

	"tandem/flow/call"
)

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
