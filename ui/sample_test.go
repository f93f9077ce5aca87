package ui

import (
	"fmt"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/ui/forms"
)

// sampleNow is when all samples are looked at.
var sampleNow = time.Date(2026, 11, 22, 15, 4, 5, 0, time.UTC)

const sampleFlow = `{"id":"main","name":"Main line","modules":[
 {"id":"in","kind":"phone-number","name":"Main number","settings":{"number":"+15550100"}},
 {"id":"short","kind":"internal-number","name":"Short number","settings":{"internal_number":"900"}},
 {"id":"menu","kind":"voice-menu","name":"Main menu","note":"Keep this short: callers hang up after two sentences.","settings":{"audio":"welcome","entries":["1","2"]}},
 {"id":"ring","kind":"ring-group","name":"Ring the office","settings":{"destinations":[{"contact_method":"cm-101"},{"contact_method":"cm-102","start":20,"length":25}]}},
 {"id":"note","kind":"audio-playback","name":"Message","settings":{"audio":"closed","skip_key":"#"}},
 {"id":"bye","kind":"hangup","name":"Goodbye","settings":{"cause":"normal"}}],
 "cables":[{"from":"in","exit":"next","to":"menu"},{"from":"short","exit":"next","to":"menu"},
 {"from":"menu","exit":"key:1","to":"ring"},{"from":"menu","exit":"key:2","to":"note"},{"from":"menu","exit":"no-input","to":"bye"},
 {"from":"ring","exit":"no-answer","to":"note"},{"from":"note","exit":"next","to":"bye"}]}`

func sampleStore() *fakeStore {
	s := newFakeStore()
	graph, err := flow.Parse([]byte(sampleFlow))
	if err != nil {
		panic(err)
	}
	sample := VersionSummary{Version: 1, Author: "tandem", Note: "Sample", At: sampleNow.Add(-75 * time.Hour)}
	s.flows = []FlowSummary{{ID: "main", Name: "Main line", Published: 3}, {ID: "group", Name: "Everybody", Published: 1}, {ID: "idea", Name: "Night shift"}}
	s.versions = map[string][]VersionSummary{"group": {sample}, "main": {
		{Version: 3, Author: "owner@example.org", Note: "Ring the office before the message", At: sampleNow.Add(-26 * time.Hour)},
		{Version: 2, Author: "owner@example.org", Note: "Shorter welcome", At: sampleNow.Add(-51 * time.Hour)}, sample}}
	group := flow.Flow{ID: "group", Name: "Everybody", Modules: []flow.Module{
		{ID: "in", Kind: "phone-number", Name: "Number", Settings: &flow.PhoneNumber{Number: "+15550101"}}}}
	s.graphs = []flow.Revision{{ID: "main", Version: 3, Flow: graph}, {ID: "group", Version: 1, Flow: group}}
	s.names = forms.Names{ContactMethods: map[string]string{"cm-100": "Desk phone, Alice", "cm-101": "Desk phone, Bob", "cm-102": "Mobile, Carol"},
		Audio: map[string]string{"welcome": "Welcome, press 1 or 2", "closed": "We call you back"}}
	for i, name := range []string{"node", "worker", "web"} {
		s.roles = append(s.roles, Role{Role: name, ID: []string{"n1", "w1", "web1"}[i], PID: 41210 + 7*i, Host: "pbx-1",
			Addr: []string{"udp+tcp 192.0.2.10:5060", "", "127.0.0.1:8080"}[i], Version: "0.1.0+3e9a41c", Ready: true,
			Detail: []string{"3 calls, 5 legs", "1 task queue", ""}[i], Since: sampleNow.Add(-5 * time.Hour), Seen: sampleNow.Add(-time.Second)})
	}
	s.calls = sampleHistory()
	s.messages[s.calls[0].Call] = sampleMessages(s.calls[0])
	return s
}

// sampleTalked is a call through menu and ring group to a conversation.
func sampleTalked() call.LedgerEntry {
	t0 := sampleNow.Add(-12*time.Minute - 341*time.Millisecond)
	at := func(ms int) time.Time { return t0.Add(time.Duration(ms) * time.Millisecond) }
	id := call.NewID(t0, [7]byte{4, 15, 7, 20, 2, 19, 22})
	return call.LedgerEntry{
		Call: id, Direction: "inbound", Caller: call.Party{Number: "+46701234567", Name: "Anna Lindqvist"}, Called: "+15550100", Trunk: "loopback",
		Flow: call.FlowRef{ID: "main", Name: "Main line", Version: 3}, Node: "n1", Started: t0, Answered: at(31), Ended: at(100_912),
		AnsweredBy: "cm-101", Outcome: "talked", Cause: call.CauseCallerHangup, TalkMS: 83_460,
		Path: []call.PathEntry{
			{Module: "in", Name: "Main number", Kind: "phone-number", Entered: at(6), Left: at(9), Exit: "next",
				Reason: call.Reason{Code: "number", Text: "+15550100 is claimed by this module.", Facts: []call.Fact{{Name: "number", Value: "+15550100"}, {Name: "trunk", Value: "loopback"}}}},
			{Module: "menu", Name: "Main menu", Kind: "voice-menu", Entered: at(9), Left: at(9_204), Exit: "key:1",
				Reason: call.Reason{Code: "key", Text: "The caller keyed 1 while the prompt was playing.", Facts: []call.Fact{{Name: "keys", Value: "1"}, {Name: "playbacks", Value: "2"}, {Name: "way", Value: "RFC 4733"}}}},
			{Module: "ring", Name: "Ring the office", Kind: "ring-group", Entered: at(9_204), Left: at(100_912), Exit: "",
				Reason: call.Reason{Code: "answered", Text: "Desk phone, Bob answered after 8.2 s; Mobile, Carol was not rung yet.", Facts: []call.Fact{{Name: "answered by", Value: "Desk phone, Bob"}, {Name: "rang", Value: "1 of 2"}}}},
		},
		Legs: []call.Leg{
			{ID: call.ALeg(id), Side: "a", Node: "n1", State: call.LegEnded, Party: call.Party{Number: "+46701234567", Name: "Anna Lindqvist"}, Trunk: "loopback",
				Remote: "udp 127.0.0.2:5060", SIPCallID: "3b1f9a2c-77d0@carrier.example", Started: t0, Answered: at(31), Ended: at(100_912), Status: 200, Cause: call.CauseCallerHangup,
				Media: call.Media{Codec: "PCMA", Remote: "127.0.0.2:31002", Sent: 5031, Received: 5038, Lost: 4, JitterMS: 1.8, LongestGapMS: 61, RTTMS: 24, RemoteLoss: 0.001}},
			{ID: call.BLeg(id, 1), Side: "b", Node: "n1", State: call.LegEnded, Party: call.Party{Number: "101", Name: "Bob"}, ContactMethod: "cm-101",
				Remote: "tcp 192.0.2.77:5062", SIPCallID: "t-5d2e90aa@pbx-1", Started: at(9_241), Ringing: at(9_402), Answered: at(17_452), Ended: at(100_934), Status: 200, Cause: call.CauseAnsweredElsewhere,
				Media: call.Media{Codec: "PCMU", Remote: "192.0.2.77:16420", Sent: 4170, Received: 4021, Lost: 96, JitterMS: 27.4, LongestGapMS: 344, RTTMS: 38, RemoteLoss: 0.004}},
		},
		Attempts: []call.Attempt{
			{Leg: call.BLeg(id, 1), Module: "ring", ContactMethod: "cm-101", Name: "Desk phone, Bob", Binding: "sip:101@192.0.2.77:5062;transport=tcp",
				Started: at(9_241), Ringing: at(9_402), Answered: at(17_452), Ended: at(100_934), Status: 200},
			{Module: "ring", ContactMethod: "cm-102", Name: "Mobile, Carol", Started: at(9_241), Cause: call.CauseUnavailable, Skipped: true},
		},
	}
}

func sampleHistory() []call.LedgerEntry {
	talked := sampleTalked()
	talked.Legs[1].Cause = call.CauseCallerHangup
	out := []call.LedgerEntry{talked}
	kinds := []struct {
		outcome, number, name, called, by, flow string
		cause                                   call.Cause
		talk, length                            int
	}{
		{"missed", "+442079460958", "", "+15550101", "", "Everybody", call.CauseNoAnswer, 0, 24},
		{"talked", "100", "Alice", "101", "Desk phone, Bob", "", call.CauseCalleeHangup, 512, 519},
		{"answered", "+15551230987", "WIRELESS CALLER", "+15550100", "Main menu", "Main line", call.CauseCallerHangup, 0, 9},
		{"refused", "+33612345678", "Jean-Baptiste Emmanuel Zorg et Fils, Société Anonyme", "+15550199", "", "", call.CauseNotFound, 0, 0},
		{"talked", "", "", "+15550100", "Mobile, Carol", "Main line", call.CauseCallerHangup, 3725, 3741},
		{"failed", "+819012345678", "山田太郎", "+15550100", "", "Main line", call.CauseNoMedia, 0, 30},
		{"missed", "101", "Bob", "100", "", "", call.CauseBusy, 0, 1},
		{"talked", "+966501234567", "مكتب الرياض", "+15550101", "Desk phone, Alice", "Everybody", call.CauseCalleeHangup, 187, 201},
	}
	for i := range 60 {
		k := kinds[i%len(kinds)]
		t0 := sampleNow.Add(-time.Duration(19+17*i) * time.Minute).Add(time.Duration(i*7919%60000) * time.Millisecond)
		e := call.LedgerEntry{Call: call.NewID(t0, [7]byte{byte(i), 3, 9, byte(i * 7), 21, 30, 11}), Direction: "inbound", Caller: call.Party{Number: k.number, Name: k.name},
			Called: k.called, Node: "n1", Started: t0, Ended: t0.Add(time.Duration(k.length)*time.Second + 412*time.Millisecond), AnsweredBy: k.by, Outcome: k.outcome, Cause: k.cause, TalkMS: int64(k.talk) * 1000}
		if len(k.called) <= 4 {
			e.Direction = "internal"
		}
		if k.flow != "" {
			e.Flow = call.FlowRef{ID: "main", Name: k.flow, Version: 3}
		}
		out = append(out, e)
	}
	return out
}

// sampleRunning is a call that rings two phones right now.
func sampleRunning() call.LedgerEntry {
	e := sampleTalked()
	t0 := sampleNow.Add(-14 * time.Second)
	at := func(ms int) time.Time { return t0.Add(time.Duration(ms) * time.Millisecond) }
	e.Call, e.Live, e.Started, e.Answered, e.Ended = call.NewID(t0, [7]byte{9, 9, 1}), true, t0, at(40), time.Time{}
	e.Outcome, e.Cause, e.TalkMS, e.AnsweredBy, e.Legs, e.Attempts = "", "", 0, "", nil, nil
	e.Caller = call.Party{Number: "+4930901820", Name: "Praxis Dr. Öztürk"}
	e.Path[0].Entered, e.Path[0].Left = at(5), at(8)
	e.Path[1].Entered, e.Path[1].Left = at(8), at(6100)
	e.Path[2].Entered, e.Path[2].Left = at(6100), time.Time{}
	e.Path[2].Reason = call.Reason{Code: "ringing", Text: "Ringing Desk phone, Bob and Mobile, Carol."}
	return e
}

// sampleMessages is the SIP traffic of sampleTalked.
func sampleMessages(e call.LedgerEntry) []call.SIPMessage {
	a, b := e.Legs[0], e.Legs[1]
	var out []call.SIPMessage
	add := func(leg call.Leg, ms int, in bool, first, body string) {
		transport, remote, _ := strings.Cut(leg.Remote, " ")
		text := first + "\r\nVia: SIP/2.0/" + strings.ToUpper(transport) + " " + remote + ";branch=z9hG4bK-524287-1---b3f0;rport\r\n" +
			"From: \"" + leg.Party.Name + "\" <sip:" + leg.Party.Number + "@example.org>;tag=9fxced76sl\r\nTo: <sip:" + e.Called + "@192.0.2.10>\r\n" +
			"Call-ID: " + leg.SIPCallID + "\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nAuthorization: removed\r\n"
		if body != "" {
			text += "Content-Type: application/sdp\r\n" + fmt.Sprintf("Content-Length: %d\r\n", len(body))
		}
		out = append(out, call.SIPMessage{At: e.Started.Add(time.Duration(ms) * time.Millisecond), Leg: leg.ID, In: in, Remote: remote, Transport: transport, First: first, Text: text + "\r\n" + body})
	}
	const sdp = "v=0\r\no=- 20518 0 IN IP4 192.0.2.77\r\ns=-\r\nc=IN IP4 192.0.2.77\r\nt=0 0\r\nm=audio 16420 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n"
	add(a, 0, true, "INVITE sip:+15550100@192.0.2.10 SIP/2.0", sdp)
	add(a, 2, false, "SIP/2.0 100 Trying", "")
	add(a, 31, false, "SIP/2.0 200 OK", sdp)
	add(a, 36, true, "ACK sip:192.0.2.10 SIP/2.0", "")
	add(b, 9241, false, "INVITE sip:101@192.0.2.77:5062;transport=tcp SIP/2.0", sdp)
	add(b, 9263, true, "SIP/2.0 407 Proxy Authentication Required", "")
	add(b, 9264, false, "ACK sip:101@192.0.2.77:5062 SIP/2.0", "")
	add(b, 9266, false, "INVITE sip:101@192.0.2.77:5062;transport=tcp SIP/2.0", sdp)
	add(b, 9270, true, "SIP/2.0 100 Trying", "")
	add(b, 9402, true, "SIP/2.0 180 Ringing", "")
	add(b, 17452, true, "SIP/2.0 200 OK", sdp)
	add(b, 17454, false, "ACK sip:101@192.0.2.77:5062 SIP/2.0", "")
	add(a, 100912, true, "BYE sip:192.0.2.10 SIP/2.0", "")
	add(a, 100913, false, "SIP/2.0 200 OK", "")
	add(b, 100914, false, "BYE sip:101@192.0.2.77:5062 SIP/2.0", "")
	add(b, 100934, true, "SIP/2.0 200 OK", "")
	return out
}
