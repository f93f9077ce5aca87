package db_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"tandem/db/dbtest"
	"tandem/flow/call"
	"tandem/flow/directory"
)

// noon is a time as the database keeps it.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 123456000, time.UTC)

// talk is a ledger entry with every field set.
func talk(id call.ID) call.LedgerEntry {
	at := func(s int) time.Time { return noon.Add(time.Duration(s) * time.Second) }
	return call.LedgerEntry{
		Call: id, Direction: "inbound", Caller: call.Party{Number: "+4687654321", Name: "Ünïcode 'quoted'"}, Called: "+4687000001", Trunk: "north",
		Flow: call.FlowRef{ID: "main", Name: "Flow main", Version: 3}, Node: "n1", Started: at(0), Answered: at(1), Ended: at(60),
		AnsweredBy: "desk", Outcome: "talked", Cause: call.CauseCallerHangup, TalkMS: 45_250,
		Path: []call.PathEntry{
			{Module: "in", Name: "In", Kind: "phone-number", Entered: at(0), Left: at(0), Exit: "next", Reason: call.Reason{Code: "number", Text: "the number was called"}},
			{Module: "menu", Name: "Menu", Kind: "voice-menu", Entered: at(1), Left: at(5), Exit: "key:1",
				Reason: call.Reason{Code: "key", Text: "key 1", Facts: []call.Fact{{Name: "playbacks", Value: "1"}, {Name: "digits", Value: "1"}}}},
			{Module: "ring", Flow: call.FlowRef{ID: "away", Name: "Flow away", Version: 2}, Name: "Ring", Kind: "ring-group", Entered: at(5)},
		},
		Legs: []call.Leg{
			{ID: call.ALeg(id), Side: "a", Node: "n1", State: call.LegEnded, Party: call.Party{Number: "+4687654321"}, Trunk: "north", Remote: "192.0.2.1:5060;udp",
				SIPCallID: "x@192.0.2.1", Started: at(0), Answered: at(1), Ended: at(60), Status: 200, Cause: call.CauseCallerHangup,
				Media: call.Media{Codec: "PCMA", Remote: "192.0.2.1:9000", Sent: 1 << 40, Received: 2999, Lost: -3, JitterMS: 0.125, LongestGapMS: 40.5, RemoteLoss: 0.01, RTTMS: 3.25}},
			{ID: call.BLeg(id, 1), Side: "b", State: call.LegEnded, ContactMethod: "desk", SIPCallID: "y@n1", Started: at(5), Ringing: at(6), Answered: at(15), Ended: at(60), Status: 200, Cause: call.CauseNormal},
		},
		Attempts: []call.Attempt{
			{Leg: call.BLeg(id, 1), Module: "ring", ContactMethod: "desk", Name: "Desk", Binding: "sip:desk@192.0.2.5", Started: at(5), Ringing: at(6), Answered: at(15), Ended: at(60), Status: 200, Cause: call.CauseNormal},
			{Module: "ring", ContactMethod: "off", Name: "Off", Started: at(5), Cause: call.CauseUnavailable, Skipped: true},
		},
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestALedgerEntryComesBackAsItWasSaved(t *testing.T) {
	s := dbtest.Store(t)
	want := talk("20261122-120000-aaaaaaa")
	for range 2 { // a repeat changes nothing
		if err := s.SaveLedger(t.Context(), want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Ledger(t.Context(), want.Call)
	if err != nil || asJSON(t, got) != asJSON(t, want) {
		t.Errorf("got %s, %v", asJSON(t, got), err)
	}
}

func TestALaterSaveReplacesTheEarlier(t *testing.T) {
	s := dbtest.Store(t)
	want := talk("20261122-120000-aaaaaaa")
	live := want
	live.Live, live.Ended, live.Outcome = true, time.Time{}, ""
	live.Attempts = append(live.Attempts, live.Attempts...)
	for _, e := range []call.LedgerEntry{live, want} {
		if err := s.SaveLedger(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	// The live entry again, held up on its way, is too late.
	if err := s.SaveLedger(t.Context(), live); err != nil {
		t.Fatal(err)
	}
	got, err := s.Ledger(t.Context(), want.Call)
	if err != nil || asJSON(t, got) != asJSON(t, want) {
		t.Errorf("got %s, %v", asJSON(t, got), err)
	}
}

func TestALedgerEntryTakesWhatAPeerMaySend(t *testing.T) {
	s := dbtest.Store(t)
	e := talk("20261122-120000-aaaaaaa")
	e.Caller.Name, e.Called = "zero\x00byte", "broken\xff"
	e.Path[1].Reason.Facts[0].Value = "\x00"
	e.Legs[0].SIPCallID = "\xc3\x28"
	if err := s.SaveLedger(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	got, err := s.Ledger(t.Context(), e.Call)
	if err != nil || got.Caller.Name != "zero\uFFFDbyte" || got.Called != "broken\uFFFD" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAnEmptyLedgerEntryHasEmptyLists(t *testing.T) {
	s := dbtest.Store(t)
	e := call.LedgerEntry{Call: "20261122-120000-bbbbbbb", Started: noon}
	if err := s.SaveLedger(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	got, err := s.Ledger(t.Context(), e.Call)
	if err != nil || got.Path == nil || got.Legs == nil || got.Attempts == nil || !got.Answered.IsZero() {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := s.Ledger(t.Context(), "20261122-120000-ccccccc"); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestCallsAreFoundByEveryFilter(t *testing.T) {
	s := dbtest.Store(t)
	for i := range 7 {
		e := talk(call.ID(fmt.Sprintf("20261122-12000%d-aaaaaaa", i)))
		e.Started = noon.Add(time.Duration(i/2) * time.Second) // some at the same time
		e.Caller.Number = fmt.Sprintf("+46870010%02d", i)
		if i == 3 {
			e.Direction = "internal"
			e.Outcome, e.Flow.ID, e.Live, e.Caller.Name, e.Called = "missed", "other", true, "100% Sure", "+1999"
		}
		if err := s.SaveLedger(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		says   string
		filter directory.CallFilter
		want   int
	}{
		{"all", directory.CallFilter{}, 7},
		{"caller number", directory.CallFilter{Text: "+4687001003"}, 1},
		{"part of the name, other case", directory.CallFilter{Text: "sure"}, 1},
		{"a per cent sign is no wildcard", directory.CallFilter{Text: "100%"}, 1},
		{"called", directory.CallFilter{Text: "1999"}, 1},
		{"flow", directory.CallFilter{Flow: "other"}, 1},
		{"outcome", directory.CallFilter{Outcome: "talked"}, 6},
		{"direction", directory.CallFilter{Direction: "internal"}, 1},
		{"from", directory.CallFilter{From: noon.Add(2 * time.Second)}, 3},
		{"to", directory.CallFilter{To: noon.Add(time.Second)}, 2},
		{"both", directory.CallFilter{From: noon.Add(time.Second), To: noon.Add(2 * time.Second)}, 2},
		{"nothing", directory.CallFilter{Text: "nobody"}, 0},
	} {
		if got, err := s.Calls(t.Context(), c.filter); err != nil || len(got.Calls) != c.want || got.Next != "" {
			t.Errorf("%s: got %d calls, next %q, %v; want %d", c.says, len(got.Calls), got.Next, err, c.want)
		}
	}
	var seen []call.ID
	for after := call.ID(""); ; {
		page, err := s.Calls(t.Context(), directory.CallFilter{After: after, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Calls {
			seen = append(seen, e.Call)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	want := "[20261122-120006-aaaaaaa 20261122-120005-aaaaaaa 20261122-120004-aaaaaaa 20261122-120003-aaaaaaa " +
		"20261122-120002-aaaaaaa 20261122-120001-aaaaaaa 20261122-120000-aaaaaaa]"
	if fmt.Sprint(seen) != want {
		t.Errorf("pages hold %v, want %s", seen, want)
	}
}

func TestMessagesComeBackInOrderAndOnce(t *testing.T) {
	s := dbtest.Store(t)
	id := call.ID("20261122-120000-aaaaaaa")
	batch := []call.SIPMessage{
		{At: noon.Add(time.Second), Leg: call.ALeg(id), Remote: "192.0.2.1:5060", Transport: "udp", First: "SIP/2.0 100 Trying", Text: "SIP/2.0 100 Trying\r\n\r\n"},
		{At: noon, Leg: call.ALeg(id), In: true, Remote: "192.0.2.1:5060", Transport: "udp", First: "INVITE sip:x SIP/2.0", Text: "INVITE sip:x SIP/2.0\r\nX: \x00\xff\r\n\r\n"},
		{At: noon, Leg: call.ALeg("20261122-120000-zzzzzzz"), First: "other call", Text: "other call"},
	}
	for range 2 {
		if err := s.SaveMessages(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Messages(t.Context(), id)
	if err != nil || len(got) != 2 || !got[0].In || got[1] != batch[0] || got[0].Leg != call.ALeg(id) {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := s.SaveMessages(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
