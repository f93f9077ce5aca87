package ui

import (
	"net/url"
	"strings"
	"testing"

	"tandem/flow/call"
	"tandem/flow/directory"
)

// missedCall is a call to nobody's phone that a town has kept.
func (w *world) missedCall() call.ID {
	w.t.Helper()
	e := call.LedgerEntry{Call: "20261122-110000-bbbbbbb", Direction: "inbound", Caller: call.Party{Number: "+46701234567"}, Called: "+15550100", Outcome: "missed",
		Started: sampleNow.Add(-3600e9), Ended: sampleNow.Add(-3500e9), Attempts: []call.Attempt{{Module: "ring", ContactMethod: "account-101", Name: "Phone 101"}}}
	if err := w.store.SaveLedger(w.t.Context(), e); err != nil {
		w.t.Fatal(err)
	}
	return e.Call
}

func TestAMissedCallStandsAmongThoseToCallBackUntilItIsResolved(t *testing.T) {
	w := newWorld(t)
	id, c := w.missedCall(), w.as(directory.Supervisor)
	page, list := "/calls/"+string(id), "/calls?mark=open"
	has(t, c.want(c.get(list), 200), page, "Resolve")
	has(t, c.get(page), "Mark as resolved")
	a := c.want(c.form("/api"+page+"/resolved", put()), 303)
	if a.location() != "/" {
		t.Errorf("leads to %s, want where the form was sent from", a.location())
	}
	has(t, c.get(page), "resolved", "supervisor@example.org", "Open again")
	if got := c.want(c.get(list), 200); strings.Contains(got.body, page) {
		t.Error("a resolved call still waits")
	}
	has(t, c.get("/calls?mark=resolved"), page, ">resolved<")
	c.want(c.do("DELETE", "/api"+page+"/resolved", nil), 204)
	has(t, c.get(list), page)
	if w.audited("resolve") != 1 || w.audited("reopen") != 1 {
		t.Error("who resolved and reopened is not in the log")
	}
}

func TestOnlyACallInWhichNobodyTalkedIsResolved(t *testing.T) {
	w := newWorld(t)
	e := call.LedgerEntry{Call: "20261122-120000-ccccccc", Direction: "inbound", Outcome: "talked", TalkMS: 5000, Started: sampleNow}
	if err := w.store.SaveLedger(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	c := w.as(directory.Admin)
	has(t, c.want(c.do("PUT", "/api/calls/20261122-120000-ccccccc/resolved", nil), 409), "nobody talked")
	if strings.Contains(c.get("/calls/20261122-120000-ccccccc").body, "Mark as resolved") {
		t.Error("the page offers it")
	}
}

func TestNotesAreWrittenReadAndTakenBackByTheirAuthors(t *testing.T) {
	w := newWorld(t)
	id := w.missedCall()
	page := "/calls/" + string(id)
	author, reader, other := w.as(directory.Supervisor), w.as(directory.ReadOnly), w.as(directory.FlowEditor)
	if a := author.want(author.form("/api"+page+"/notes", url.Values{"text": {"  <b>calls</b> again on Monday "}}), 303); a.location() != page+"#notes" {
		t.Errorf("leads to %s", a.location())
	}
	author.want(author.json("POST", "/api"+page+"/notes", noteInput{Text: strings.Repeat("x", maxNote+1)}), 422)
	author.want(author.json("POST", "/api"+page+"/notes", noteInput{Text: " "}), 422)
	var notes []directory.CallNote
	reader.want(reader.get("/api"+page+"/notes"), 200).into(t, &notes)
	if len(notes) != 1 || notes[0].Text != "<b>calls</b> again on Monday" || notes[0].By != "supervisor@example.org" {
		t.Fatalf("notes are %+v", notes)
	}
	has(t, reader.get(page), "&lt;b&gt;calls&lt;/b&gt; again on Monday")
	if strings.Contains(reader.get(page).body, "Add note") {
		t.Error("who only reads is offered to write")
	}
	reader.want(reader.json("POST", "/api"+page+"/notes", noteInput{Text: "hello"}), 403)
	has(t, reader.get("/calls?mark=noted"), page, "1 note")
	other.want(other.do("DELETE", "/api/call-notes/"+notes[0].ID, nil), 403)
	var gone removed
	author.want(author.do("DELETE", "/api/call-notes/"+notes[0].ID, nil), 200).into(t, &gone)
	if strings.Contains(reader.get(page).body, "again on Monday") {
		t.Error("a removed note is shown")
	}
	author.want(author.do("POST", "/api/undo/"+gone.Undo, nil), 204)
	has(t, reader.get(page), "again on Monday")
}

func TestNotesOfACallBeyondALimitDoNotExist(t *testing.T) {
	w := newWorld(t)
	id := w.missedCall()
	owner := w.as(directory.Owner)
	var n directory.CallNote
	owner.want(owner.json("POST", "/api/calls/"+string(id)+"/notes", noteInput{Text: "secret"}), 201).into(t, &n)
	c := w.as(directory.Admin, func(l *directory.Login) { l.Flows = []string{"elsewhere"} })
	c.want(c.get("/api/calls/"+string(id)+"/notes"), 404)
	c.want(c.do("DELETE", "/api/call-notes/"+n.ID, nil), 404)
	c.want(c.do("PUT", "/api/calls/"+string(id)+"/resolved", nil), 404)
}

func TestTheHistoryAndItsFileTellHowLongCallersWaited(t *testing.T) {
	w := newWorld(t)
	e := sampleTalked()
	for i := range e.Legs {
		if e.Legs[i].Side == "b" {
			e.Legs[i].Answered = e.Started.Add(17_500_000_000)
		}
	}
	if err := w.store.SaveLedger(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	c := w.as(directory.Owner)
	c.want(c.json("POST", "/api/calls/"+string(e.Call)+"/notes", noteInput{Text: "kind"}), 201)
	has(t, c.get("/calls"), `<td class="r waited">0:18</td>`)
	has(t, c.get("/calls?format=csv"), "wait s", ",17.500,", ",1,\r\n")
}
