package ui

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
)

func TestATestCallIsToldAsSuch(t *testing.T) {
	e := sampleTalked()
	e.Direction, e.Flow = test, call.FlowRef{ID: "main", Name: "Main line", Draft: 7, Test: "x"}
	row, v := callRow(e, sampleNow), callView(e, sampleNow)
	if !row.Test || row.Flow != "Main line · draft 7" || !strings.Contains(v.Story[0], "This is a test call") {
		t.Errorf("the row is %+v, the story %q", row, v.Story)
	}
	if cells := callCells(e, extras{}); cells[2] != "test" || cells[7] != "draft 7" {
		t.Errorf("the file says %q", cells)
	}
	if got := refLink(e.Flow); got != "/flows/main" {
		t.Errorf("its draft is at %s", got)
	}
	if row := liveRow(call.Position{Call: e.Call, Direction: test, Flow: e.Flow, Module: "menu"}, sampleNow, true); !row.Test || row.Flow != "Main line · draft 7" {
		t.Errorf("while it runs: %+v", row)
	}
	if q := parseHistory(url.Values{"direction": {"test"}}, sampleNow, time.UTC); q.Direction != "test" || q.link() != "/calls?direction=test" {
		t.Errorf("the history is asked for %+v", q)
	}
}

func TestTestCallsAreNotCountedAsRunning(t *testing.T) {
	draft := call.FlowRef{ID: "main", Draft: 7}
	running := []call.Position{{Direction: "inbound"}, {Direction: test}, {Direction: callback, Flow: draft}, {Direction: callback}}
	if n := inEarnest(running); n != 2 {
		t.Errorf("%d calls run in earnest, want 2", n)
	}
}
