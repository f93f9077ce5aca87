package ui

import (
	"encoding/json"
	"html"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/db/sample"
	"tandem/flow/call"
	"tandem/flow/directory"
)

func TestOlderCallsAreReachedPageByPageEachOnce(t *testing.T) {
	store := sampleStore()
	h := newPanel(t, store, nil)
	me := signedInto(t, h)
	row := regexp.MustCompile(`<td class="when"><a href="/calls/([^"]+)">`)
	older := regexp.MustCompile(`<a class="button" href="([^"]+)" rel="next">`)
	seen := map[string]int{}
	for path, pages := "/calls", 0; path != "" && pages < 5; pages++ {
		_, body := ask(h, "GET", path, me)
		for _, m := range row.FindAllStringSubmatch(body, -1) {
			seen[m[1]]++
		}
		path = ""
		if m := older.FindStringSubmatch(body); m != nil {
			path = html.UnescapeString(m[1])
		}
	}
	if len(seen) != len(store.calls) {
		t.Errorf("%d calls were listed, want %d", len(seen), len(store.calls))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s is listed %d times", id, n)
		}
	}
}

func TestTheHistoryIsNarrowed(t *testing.T) {
	h := samplePanel(t)
	me := signedInto(t, h)
	for path, want := range map[string]struct{ has, lacks string }{
		"/calls?q=anna":             {"Anna Lindqvist", "WIRELESS"},
		"/calls?outcome=refused":    {"Refused", "Anna Lindqvist"},
		"/calls?direction=internal": {"Alice", "Anna Lindqvist"},
		"/calls?period=1h":          {"Anna Lindqvist", "مكتب"},
		"/calls?q=nobody-at-all":    {"No call matches", "Anna Lindqvist"},
		"/calls?outcome=nonsense":   {"Anna Lindqvist", "No call matches"},
	} {
		_, body := ask(h, "GET", path, me)
		if !strings.Contains(body, want.has) || strings.Contains(body, want.lacks) {
			t.Errorf("%s: has %q: %v, lacks %q: %v", path, want.has, strings.Contains(body, want.has), want.lacks, !strings.Contains(body, want.lacks))
		}
	}
}

func TestAnEmptyHistoryTellsHowToPlaceACall(t *testing.T) {
	w := newWorld(t)
	if _, err := sample.Load(t.Context(), w.store, sample.Options{}); err != nil {
		t.Fatal(err)
	}
	has(t, w.as(directory.Owner).get("/calls"), "bin/tandem dial +15550100 --as 100 --keys 1")
}

func TestRunningCallsStandOnTopAndTheHistorySurvivesTheirAbsence(t *testing.T) {
	live := &fakeLive{calls: []call.LedgerEntry{sampleRunning()}}
	h := newPanel(t, sampleStore(), live)
	me := signedInto(t, h)
	_, body := ask(h, "GET", "/calls", me)
	if at, past := strings.Index(body, "Praxis Dr. Öztürk"), strings.Index(body, "Anna Lindqvist"); at < 0 || at > past {
		t.Errorf("the running call stands at %d, the newest ended one at %d", at, past)
	}
	live.down = true
	answer, body := ask(h, "GET", "/calls", me)
	if answer.StatusCode != 200 || !strings.Contains(body, "Anna Lindqvist") || !strings.Contains(body, liveFault) {
		t.Errorf("without Temporal the history answers %d", answer.StatusCode)
	}
}

func TestTheAPIAnswersTheLedgerEntryExactly(t *testing.T) {
	h := samplePanel(t)
	me := signedInto(t, h)
	for _, want := range []call.LedgerEntry{sampleHistory()[0], sampleRunning()} {
		answer, body := ask(h, "GET", "/api/calls/"+string(want.Call), me)
		var got call.LedgerEntry
		dec := json.NewDecoder(strings.NewReader(body))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&got); err != nil || answer.StatusCode != 200 {
			t.Fatalf("%d: %v", answer.StatusCode, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	for _, path := range []string{"/api/calls/none", "/api/nothing", "/api/calls/" + strings.Repeat("9", 500)} {
		if answer, body := ask(h, "GET", path, me); answer.StatusCode != 404 || !json.Valid([]byte(body)) {
			t.Errorf("%s answers %d %s", path, answer.StatusCode, body)
		}
	}
}

func TestAnEndedCallIsNeverAskedOfItsWorkflow(t *testing.T) {
	h := newPanel(t, sampleStore(), &fakeLive{down: true})
	if answer, _ := ask(h, "GET", "/calls/"+string(sampleTalked().Call), signedInto(t, h)); answer.StatusCode != http.StatusOK {
		t.Errorf("answers %d although the store knows the call", answer.StatusCode)
	}
}

func TestACallsPageTellsItsWholeStory(t *testing.T) {
	h := samplePanel(t)
	id := sampleTalked().Call
	_, body := ask(h, "GET", "/calls/"+string(id), signedInto(t, h))
	for _, want := range []string{
		"Went through Main menu (key 1).", "Talked with Desk phone, Bob for 1 min 23 s, then the caller hung up.",
		"The caller keyed 1 while the prompt was playing.", "→ key 1", "Main menu", "+9.204", "PCMA", "27.4 ms", "344 ms",
		"Skipped: not reachable", "407 Proxy Authentication Required", "+100.912", "m=audio 16420 RTP/AVP 0 8 101",
		`href="http://127.0.0.1:8233/namespaces/tandem/workflows/call-` + string(id) + `"`, `href="/api/calls/` + string(id) + `"`, `href="/flows/main/3#m-ring"`,
	} {
		if !strings.Contains(html.UnescapeString(body), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, "hx-get") {
		t.Error("the page of an ended call refreshes itself")
	}
}

func TestEveryEndingHasASentence(t *testing.T) {
	t0 := sampleNow
	for _, c := range []struct {
		outcome string
		cause   call.Cause
		want    string
	}{
		{"talked", call.CauseCalleeHangup, "Talked with somebody for 5.00 s, then the called party hung up."},
		{"answered", call.CauseCallerHangup, "Answered by the flow; no person joined. The caller hung up."},
		{"missed", call.CauseNoAnswer, "Nobody answered within 20.0 s."},
		{"missed", call.CauseBusy, "Nobody answered within 20.0 s: busy."},
		{"refused", call.CauseNotFound, "Refused with 404: not assigned."},
		{"failed", call.CauseNoMedia, "Failed after 20.0 s: no audio arrived."},
		{"", call.CauseLoop, "The flow went in circles."},
	} {
		got := story(call.LedgerEntry{Outcome: c.outcome, Cause: c.cause, Started: t0, Ended: t0.Add(20 * time.Second), TalkMS: 5000}, t0)
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q, want %q", c.outcome, got, c.want)
		}
	}
}

// hostile is what a caller may send as a name.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, "\u202eevil\u202c\u2066", "a\x00b\x1b[31m\r\nc",
	strings.Repeat("long ", 2000), "\xff\xfe", "{{ template }}", "javascript:alert(1)",
}

func TestHostileNamesAreShownHarmless(t *testing.T) {
	for _, name := range hostile {
		store := sampleStore()
		e := sampleTalked()
		e.Caller = call.Party{Number: name, Name: name}
		e.Called, e.Trunk, e.Flow.Name, e.AnsweredBy, e.Node = name, name, name, name, name
		e.Legs[0].Party, e.Legs[0].Remote, e.Legs[1].SIPCallID, e.Legs[1].Media.Codec = e.Caller, name, name, name
		e.Attempts[0].Name, e.Attempts[0].Binding, e.Path[0].Name, e.Path[0].Reason.Text = name, name, name, name
		e.Path[1].Reason.Facts[0] = call.Fact{Name: name, Value: name}
		store.calls[0] = e
		store.messages[e.Call] = []call.SIPMessage{{At: e.Started, Leg: call.ALeg(e.Call), In: true, First: name, Text: name, Remote: name, Transport: name}}
		store.roles[0].Detail, store.roles[0].Host = name, name
		h := newPanel(t, store, nil)
		me := signedInto(t, h)
		for _, path := range []string{"/calls", "/calls/" + string(e.Call), "/system"} {
			answer, body := ask(h, "GET", path, me)
			if answer.StatusCode != 200 {
				t.Errorf("%s with %.30q answers %d", path, name, answer.StatusCode)
			}
			for _, never := range []string{"<script>alert", "<img", " onmouseover='", "\x00", "\x1b", "\xff", `href="javascript`} {
				if strings.Contains(body, never) {
					t.Errorf("%s with %.30q holds %q", path, name, never)
				}
			}
			if strings.ContainsAny(body, "\u202e\u2066") {
				t.Errorf("%s with %.30q lets the text run backwards", path, name)
			}
			if len(body) > 300_000 {
				t.Errorf("%s with %.30q has %d bytes", path, name, len(body))
			}
		}
	}
}

func FuzzShown(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := shown(s)
		if again := shown(got); again != got {
			t.Errorf("shown twice, %q becomes %q", got, again)
		}
		if n := len([]rune(got)); n > maxShown {
			t.Errorf("%d runes are shown, at most %d may be", n, maxShown)
		}
	})
}

func TestTheLadderPointsEachMessageFromItsSenderToItsReceiver(t *testing.T) {
	e := sampleTalked()
	l := ladderOf(e, sampleMessages(e))
	if len(l.Columns) != 3 || l.Columns[0].Name != "Anna Lindqvist" || !l.Columns[1].Us || l.Columns[2].Name != "Bob" {
		t.Fatalf("columns are %+v", l.Columns)
	}
	for i, want := range map[int]struct{ first, leg, towards, from, to string }{
		0:  {"INVITE", "leg-1", "right", "Anna Lindqvist", "Tandem"},
		1:  {"100 Trying", "leg-1", "left", "Tandem", "Anna Lindqvist"},
		4:  {"INVITE", "leg-3", "right", "Tandem", "Bob"},
		9:  {"180 Ringing", "leg-3", "left", "Bob", "Tandem"},
		12: {"BYE", "leg-1", "right", "Anna Lindqvist", "Tandem"},
	} {
		m := l.Messages[i]
		if m.First != want.first || m.Leg != want.leg || m.Towards != want.towards || m.From != want.from || m.To != want.to {
			t.Errorf("message %d is %s %s %s from %s to %s, want %+v", i, m.First, m.Leg, m.Towards, m.From, m.To, want)
		}
	}
	if l.Messages[0].Note != "SDP" || l.Messages[3].Note != "" {
		t.Errorf("notes are %q and %q, want SDP and none", l.Messages[0].Note, l.Messages[3].Note)
	}
}

func TestACallerWhoWasRungStandsWhereCallersStandInTheLadder(t *testing.T) {
	e := sampleTalked()
	first, caller := call.BLeg(e.Call, 1), call.BLeg(e.Call, 2)
	invite := func(leg call.LegID) call.SIPMessage {
		return call.SIPMessage{At: e.Started, Leg: leg, First: "INVITE sip:x SIP/2.0"}
	}
	all := []call.SIPMessage{invite(first), invite(caller)}
	e.Legs = []call.Leg{{ID: caller, Side: "a", Party: call.Party{Name: "Ada"}}, {ID: first, Side: "b", Party: call.Party{Name: "Ada's mobile"}}}
	if l := ladderOf(e, all); l.Columns[0].Name != "Ada" || l.Messages[0].Leg != "leg-3" || l.Messages[1].Leg != "leg-1" {
		t.Errorf("columns %+v, messages %+v", l.Columns, l.Messages)
	}
	e.Legs = nil // nobody has answered yet
	if l := ladderOf(e, all); l.Columns[0].Name != party(e.Caller).Number || l.Messages[0].Leg != "leg-1" {
		t.Errorf("columns %+v, messages %+v", l.Columns, l.Messages)
	}
}

func TestALadderOfManyLegsAndMessagesStaysBounded(t *testing.T) {
	e := sampleTalked()
	var all []call.SIPMessage
	for i := range 3 * maxMessages {
		all = append(all, call.SIPMessage{At: e.Started.Add(time.Duration(i) * time.Millisecond), Leg: call.BLeg(e.Call, 1+i%30), First: "INVITE sip:x SIP/2.0", Text: strings.Repeat("x", 2*maxMessage)})
	}
	l := ladderOf(e, all)
	if len(l.Messages) != maxMessages || len(l.Columns) != maxColumns || l.Cut == "" || len(l.Messages[0].Text) > maxMessage+50 {
		t.Errorf("%d messages, %d columns, note %q, first has %d bytes", len(l.Messages), len(l.Columns), l.Cut, len(l.Messages[0].Text))
	}
}

func TestTimesReadAsPeopleSayThem(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		31 * time.Millisecond:    {"0.03 s", "0:00"},
		9999 * time.Millisecond:  {"10.0 s", "0:10"},
		42 * time.Second:         {"42.0 s", "0:42"},
		59960 * time.Millisecond: {"1 min 00 s", "1:00"},
		3725 * time.Second:       {"1 h 02 min", "1:02:05"},
		-1:                       {"–", "–"},
	} {
		if got := [2]string{span(d), clock(d)}; got != want {
			t.Errorf("%v reads %q, want %q", d, got, want)
		}
	}
}

func TestTheTimeLineFitsItsAxis(t *testing.T) {
	for _, length := range []time.Duration{time.Millisecond, 900 * time.Millisecond, 8 * time.Second, 7 * time.Minute, 24 * time.Hour} {
		s := scale{sampleNow, length}
		if n := len(s.ticks()); n < 1 || n > 6 {
			t.Errorf("%v has %d marks", length, n)
		}
		if bar := s.bar(sampleNow.Add(-time.Hour), sampleNow.Add(100*time.Hour), "good", ""); bar.X != "0.00%" || bar.Width != "100.00%" {
			t.Errorf("%v: a bar beyond both ends is %s %s", length, bar.X, bar.Width)
		}
	}
}
