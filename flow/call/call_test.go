package call

import (
	"encoding/json"
	"testing"
	"time"
)

func TestACallIDSortsByTime(t *testing.T) {
	at := time.Date(2026, 11, 22, 16, 32, 1, 0, time.UTC)
	early, late := NewID(at, [7]byte{255, 255, 255}), NewID(at.Add(time.Second), [7]byte{})
	if early >= late {
		t.Errorf("%s does not sort before %s", early, late)
	}
	if leg := BLeg(early, 2); leg.Call() != early || ALeg(early).Call() != early {
		t.Errorf("leg %s belongs to %s, want %s", leg, leg.Call(), early)
	}
}

func TestDigitsNeverPrintInLogs(t *testing.T) {
	if got := Digits("1234").LogValue().String(); got != "[4 digits]" {
		t.Errorf("digits print as %q", got)
	}
}

func TestDurationsReadAsText(t *testing.T) {
	text, err := json.Marshal(Seconds(90))
	if err != nil || string(text) != `"1m30s"` {
		t.Fatalf("90 s prints as %s, %v", text, err)
	}
	var back Duration
	if err := json.Unmarshal(text, &back); err != nil || back != Seconds(90) {
		t.Errorf("reads back as %v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`"soon"`), &back); err == nil {
		t.Error(`"soon" was read as a duration`)
	}
}

func TestALegOnlyMovesForward(t *testing.T) {
	if !LegTrying.CanMove(LegAnswered) || LegAnswered.CanMove(LegRinging) || LegEnded.CanMove(LegTrying) {
		t.Error("the table of leg moves lets a leg go back")
	}
}

func TestEveryStatusHasACauseAndEveryCauseAStatus(t *testing.T) {
	for status := 300; status < 700; status++ {
		if c := CauseOf(status); Causes[c].Text == "" {
			t.Errorf("status %d maps to %q, which is not in the table", status, c)
		}
	}
	for c, f := range Causes {
		if f.Status < 400 || f.Status > 699 || f.Text == "" || f.Q850 < 1 || f.Q850 > 127 {
			t.Errorf("cause %s: %+v", c, f)
		}
	}
	for _, c := range []Cause{CauseInternal, CauseNodeLost, CauseCongestion} {
		if c.Status() != 503 {
			t.Errorf("%s refuses with %d; a carrier fails over on 503", c, c.Status())
		}
	}
	if CauseOf(486) != CauseBusy || CauseOf(603) != CauseDeclined || CauseOf(503) != CauseCongestion {
		t.Error("busy, declined or congestion is mapped to something else")
	}
}

func TestBilledRoundsUp(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for ms, want := range map[int]int{0: 0, 1: 1, 1000: 1, 1001: 2} {
		leg := Leg{Answered: at, Ended: at.Add(time.Duration(ms) * time.Millisecond)}
		if got := leg.Billed(); got != want {
			t.Errorf("%d ms are billed %d s, want %d", ms, got, want)
		}
	}
	if (Leg{Ended: at}).Billed() != 0 {
		t.Error("an unanswered leg is billed")
	}
}

func TestAnOpIDSplitsIntoItsParts(t *testing.T) {
	op := NewOpID("call-1/2", "7")
	if w, a := op.Split(); w != "call-1/2" || a != "7" {
		t.Errorf("%s splits into %s and %s", op, w, a)
	}
}

func TestWhoAnswersWithoutConfirmingDidNotTakeTheCall(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		a    Attempt
		took bool
	}{
		{Attempt{Answered: at}, true},
		{Attempt{}, false},
		{Attempt{Answered: at, Cause: CauseNoAnswer}, false},
		{Attempt{Answered: at, Cause: CauseAnsweredElsewhere}, false},
	} {
		if got := c.a.Took(); got != c.took {
			t.Errorf("%+v: %v", c.a, got)
		}
	}
}
