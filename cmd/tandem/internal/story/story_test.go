package story

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
)

var update = flag.Bool("update", false, "write the golden files")

var start = time.Date(2026, 11, 22, 16, 32, 1, 123_000_000, time.UTC)

func at(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }

// menuCall is a call through the menu that phone 101 answers while another is busy.
func menuCall() (call.LedgerEntry, []call.SIPMessage) {
	id := call.ID("20261122-163201-4f7k2mq")
	a, b1, b2 := call.ALeg(id), call.BLeg(id, 1), call.BLeg(id, 2)
	entry := call.LedgerEntry{
		Call: id, Direction: "internal", Caller: call.Party{Number: "100", Name: "Ada"}, Called: "+15550100",
		Flow: call.FlowRef{ID: "menu", Name: "Main menu", Version: 3}, Node: "n1", Started: at(0), Answered: at(31), Ended: at(14_500),
		AnsweredBy: "Grace", Outcome: "talked", Cause: call.CauseCalleeHangup, TalkMS: 9_870,
		Path: []call.PathEntry{
			{Module: "m1", Name: "Number", Kind: "phone-number", Entered: at(20), Left: at(20), Exit: "next", Reason: call.Reason{Code: "entered", Text: "+15550100 was dialled"}},
			{Module: "m2", Name: "Menu", Kind: "voice-menu", Entered: at(20), Left: at(3_020), Exit: "key:1",
				Reason: call.Reason{Code: "key", Text: "the caller keyed 1", Facts: []call.Fact{{Name: "playback", Value: "1"}}}},
			{Module: "m3", Name: "Team", Kind: "ring-group", Entered: at(3_021), Left: at(14_480), Reason: call.Reason{Code: "answered"}},
		},
		Attempts: []call.Attempt{
			{Leg: b1, ContactMethod: "x", Name: "Edsger", Binding: "sip:102@127.0.0.1:5082", Started: at(3_030), Ended: at(3_060), Status: 486, Cause: call.CauseBusy},
			{Leg: b2, ContactMethod: "101", Name: "Grace", Binding: "sip:101@127.0.0.1:5081", Started: at(3_030), Ringing: at(3_040), Answered: at(4_600), Ended: at(14_470), Status: 200},
			{ContactMethod: "y", Name: "Barbara", Started: at(3_030), Cause: call.CauseUnavailable, Skipped: true},
		},
		Legs: []call.Leg{
			{ID: a, Side: "a", Party: call.Party{Number: "100", Name: "Ada"}, Started: at(0), Answered: at(31), Ended: at(14_490), Cause: call.CauseCalleeHangup,
				Media: call.Media{Codec: "PCMU", Remote: "127.0.0.1:4000", Sent: 720, Received: 722, Lost: 8, JitterMS: 0.31, LongestGapMS: 41, RemoteLoss: 0.012, RTTMS: 1.25}},
			{ID: b1, Side: "b", Party: call.Party{Number: "102"}, Started: at(3_030), Ended: at(3_060), Cause: call.CauseBusy},
			{ID: b2, Side: "b", Party: call.Party{Number: "101", Name: "Grace"}, Started: at(3_030), Answered: at(4_600), Ended: at(14_470), Cause: call.CauseCalleeHangup,
				Media: call.Media{Codec: "PCMA", Sent: 490, Received: 493}},
		},
	}
	message := func(ms int, leg call.LegID, in bool, first string) call.SIPMessage {
		return call.SIPMessage{At: at(ms), Leg: leg, In: in, Remote: "127.0.0.1:5081", Transport: "udp", First: first}
	}
	return entry, []call.SIPMessage{
		message(0, a, true, "INVITE sip:+15550100@127.0.0.1 SIP/2.0"), message(1, a, false, "SIP/2.0 100 Trying"),
		message(31, a, false, "SIP/2.0 200 OK"), message(33, a, true, "ACK sip:tandem@127.0.0.1 SIP/2.0"),
		message(3_030, b2, false, "INVITE sip:101@127.0.0.1:5081 SIP/2.0"), message(4_600, b2, true, "SIP/2.0 200 OK"),
		message(14_470, b2, true, "BYE sip:tandem@127.0.0.1 SIP/2.0"), message(14_490, a, false, "BYE sip:100@127.0.0.1:5081 SIP/2.0"),
	}
}

func TestACallbackSaysWhomItCalls(t *testing.T) {
	e, messages := menuCall()
	e.Direction = "callback"
	if want := "Back to  100 \"Ada\", who had called +15550100 (callback, node n1)"; !strings.Contains(Page(e, messages), want) {
		t.Errorf("no %q in\n%s", want, Page(e, messages))
	}
}

func TestATestCallSaysWhichDraftItWalked(t *testing.T) {
	e, messages := menuCall()
	e.Direction, e.Flow.Version, e.Flow.Draft = "test", 0, 7
	page := Page(e, messages)
	for _, want := range []string{"(test, node n1)", "Flow     " + e.Flow.Name + ", draft 7\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}

func TestThePageOfACall(t *testing.T) {
	ended, messages := menuCall()
	live, _ := menuCall()
	live.Live, live.Ended, live.Outcome, live.Cause = true, time.Time{}, "", ""
	live.Path, live.Legs, live.Attempts = live.Path[:2], nil, nil
	live.Path[1].Left, live.Path[1].Exit = time.Time{}, ""
	refused := call.LedgerEntry{Call: "20261122-163201-0000000", Direction: "inbound", Called: "999", Trunk: "loopback", Node: "n1",
		Started: at(0), Ended: at(12), Outcome: "refused", Cause: call.CauseNotFound}
	for name, text := range map[string]string{
		"talked": Page(ended, messages), "live": Page(live, messages[:4]), "refused": Page(refused, nil),
	} {
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if text != string(want) {
			t.Errorf("%s:\n%s\nwant:\n%s", name, text, want)
		}
	}
}
