package sipmedia

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/sipua"
)

// climb closes a ladder and returns all that it delivered.
func climb(t *testing.T, script func(*ladder)) ([]call.SIPMessage, LadderStats) {
	t.Helper()
	var got []call.SIPMessage
	l := newLadder(func(m []call.SIPMessage) { got = append(got, m...) })
	script(l)
	stats := l.stats()
	l.close()
	l.close()
	return got, stats
}

func message(callID, first string) sipua.Message {
	return sipua.Message{At: time.Unix(1, 0), CallID: callID, First: first, Text: first + "\r\n\r\n"}
}

func TestLadderKeepsWhatCameBeforeTheCallWasKnown(t *testing.T) {
	got, _ := climb(t, func(l *ladder) {
		l.trace(message("x", "INVITE sip:1@example.org SIP/2.0"))
		l.trace(message("x", "SIP/2.0 100 Trying"))
		l.know("x", "c.a")
		l.trace(message("x", "SIP/2.0 200 OK"))
	})
	if len(got) != 3 || got[0].Leg != "c.a" || !strings.HasPrefix(got[0].First, "INVITE") || got[2].First != "SIP/2.0 200 OK" {
		t.Errorf("delivered %+v", got)
	}
}

func TestLadderIgnoresWhatIsNoCall(t *testing.T) {
	got, stats := climb(t, func(l *ladder) {
		l.trace(message("r", "REGISTER sip:example.org SIP/2.0"))
		l.trace(message("x", "INVITE sip:1@example.org SIP/2.0"))
		l.know("x", "c.a")
		l.forget("x")
		l.trace(message("x", "BYE sip:1@example.org SIP/2.0"))
	})
	if len(got) != 1 || stats.Dialogs != 0 {
		t.Errorf("delivered %+v, knows %d", got, stats.Dialogs)
	}
}

func TestLadderIsBounded(t *testing.T) {
	got, stats := climb(t, func(l *ladder) {
		l.know("x", "c.a")
		for range maxLadder + 7 {
			m := message("x", "INFO sip:1@example.org SIP/2.0")
			m.Text = strings.Repeat("x", maxLadderText+1)
			l.trace(m)
		}
		for i := range 3 * maxStrangers {
			for range 2 * maxStrange {
				l.trace(message(fmt.Sprint("stranger", i), "INVITE sip:1@example.org SIP/2.0"))
			}
		}
		if len(l.strangers) > maxStrangers || len(l.order) > maxStrangers {
			t.Errorf("%d strangers kept", len(l.strangers))
		}
		for id, kept := range l.strangers {
			if len(kept) > maxStrange {
				t.Errorf("%d messages of %s kept", len(kept), id)
			}
		}
	})
	if len(got) != maxLadder || stats.Dropped != 7 || len(got[0].Text) != maxLadderText {
		t.Errorf("delivered %d, dropped %d", len(got), stats.Dropped)
	}
}
