package e2e

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"tandem/flow/call"
	"tandem/workflows/callclient"
)

// One installation serves these: they follow each other and look at the last
// call.
func TestCalls(t *testing.T) {
	in := start(t)
	t.Run("FromMenuToPhoneBothHearEachOther", in.sub(menuToPhone))
	t.Run("RingGroupFirstAnswerWins", in.sub(ringGroupOneWins))
	t.Run("InternalDiallingRingsAPhone", in.sub(internalDialling))
	t.Run("OverTCP", in.sub(overTCP))
	t.Run("BusyUnreachableAndUnassignedAreToldApart", in.sub(refusals))
	t.Run("AnOperatorWhoCancelsTheWorkflowEndsTheCall", in.sub(operatorCancels))
	t.Run("NobodyIsThereAndTheCallerHearsTheRegret", in.sub(nobodyThere))
}

// sub runs a test against this installation with its own *testing.T.
func (in *installation) sub(f func(*installation)) func(*testing.T) {
	return func(t *testing.T) {
		mine := *in
		mine.t = t
		f(&mine)
	}
}

func menuToPhone(in *installation) {
	b := in.answering("101", 600, "--for", "20s")
	a := in.calling("100", "+15550100", 440, "--keys", "1", "--for", "20s")
	a.hears(600)
	b.hears(440)
	a.hangUp()
	b.ended()
	a.neverHeard(440)
	b.neverHeard(600)

	e := in.lastCall()
	if got, want := exits(e), "phone-number:next voice-menu:key:1 ring-group:"; got != want {
		in.t.Errorf("path %q, want %q", got, want)
	}
	if e.Outcome != "talked" || e.Cause != call.CauseCallerHangup || e.AnsweredBy == "" || e.TalkMS == 0 || len(e.Legs) != 2 || len(e.Attempts) != 1 {
		in.t.Errorf("ledger entry %+v", e)
	}
	for _, l := range e.Legs {
		if l.Answered.IsZero() || l.Ended.IsZero() || l.Media.Received == 0 || l.Media.Sent == 0 {
			in.t.Errorf("leg %+v", l)
		}
	}
	in.tellsTheSameStory(e)
}

// tellsTheSameStory compares `tandem call` with the API. The SIP ladder comes
// in behind the call, so the page may take a moment to be whole.
func (in *installation) tellsTheSameStory(e call.LedgerEntry) {
	in.t.Helper()
	words := []string{"INVITE", "BYE", e.Cause.Text()}
	for _, p := range e.Path {
		words = append(words, p.Name, p.Reason.Text)
	}
	in.eventually("tandem call tells the same story", func() error {
		cmd := exec.Command(binary(in.t, "tandem"), "call", string(e.Call))
		cmd.Env = append(os.Environ(), "TANDEM_DATA="+in.Data)
		page, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, page)
		}
		for _, word := range words {
			if !strings.Contains(string(page), word) {
				return fmt.Errorf("nothing of %q in:\n%s", word, page)
			}
		}
		return nil
	})
}

func ringGroupOneWins(in *installation) {
	slow := in.answering("100", 500, "--ring", "15s", "--for", "20s")
	quick := in.answering("101", 600, "--for", "20s")
	a := in.calling("100", "+15550101", 440, "--for", "20s")
	a.hears(600)
	quick.hears(440)
	a.hangUp()
	quick.ended()
	slow.hangUp()
	a.neverHeard(500)
	e := in.lastCall()
	elsewhere := 0
	for _, at := range e.Attempts {
		if at.Cause == call.CauseAnsweredElsewhere {
			elsewhere++
		}
	}
	if e.Outcome != "talked" || elsewhere != 1 {
		in.t.Errorf("one phone should be told the call was answered elsewhere: %+v", e.Attempts)
	}
}

func internalDialling(in *installation) {
	b := in.answering("101", 600, "--for", "20s")
	a := in.calling("100", "101", 440, "--for", "20s")
	a.hears(600)
	b.hears(440)
	b.hangUp()
	if _, code := a.ended(); code != 0 {
		in.t.Errorf("exit code %d after a normal call", code)
	}
	e := in.lastCall()
	if e.Direction != "internal" || e.Cause != call.CauseCalleeHangup || e.Flow.ID != "" {
		in.t.Errorf("ledger entry %+v", e)
	}
}

func overTCP(in *installation) {
	b := in.answering("101", 600, "--for", "20s", "--transport", "tcp")
	a := in.calling("100", "101", 440, "--for", "20s", "--transport", "tcp")
	a.hears(600)
	b.hears(440)
	a.hangUp()
	b.ended()
	for _, l := range in.lastCall().Legs {
		if !strings.Contains(strings.ToLower(l.Remote), "tcp") {
			in.t.Errorf("leg %s went by %s, want TCP", l.ID, l.Remote)
		}
	}
}

// refusals pairs what is dialled with the exit code of the phone and the cause.
func refusals(in *installation) {
	for number, want := range map[string]struct {
		code  int
		cause call.Cause
	}{
		"+15550102": {2, call.CauseBusy},
		"+15550104": {3, call.CauseUnavailable},
		"7777":      {4, call.CauseNotFound},
		"+4670000":  {4, call.CauseForbidden},
	} {
		a := in.calling("100", number, 440)
		if _, code := a.ended(); code != want.code {
			in.t.Errorf("%s: exit code %d, want %d:\n%s", number, code, want.code, a.story())
		}
		if e := in.lastCall(); e.Called != number || e.Cause != want.cause {
			in.t.Errorf("%s: ledger says %s of %s, want %s", number, e.Cause, e.Called, want.cause)
		}
	}
}

func nobodyThere(in *installation) {
	a := in.calling("100", "+15550100", 440, "--keys", "1", "--for", "30s")
	a.await("answered")
	if last, code := a.ended(); code != 0 {
		in.t.Errorf("exit code %d, cause %s", code, last.Cause)
	}
	if got, want := exits(in.lastCall()), "phone-number:next voice-menu:key:1 ring-group:unavailable audio-playback:next hangup:"; got != want {
		in.t.Errorf("path %q, want %q", got, want)
	}
}

// operatorCancels does what the Cancel button of Temporal UI does.
func operatorCancels(in *installation) {
	b := in.answering("101", 600, "--for", "60s")
	a := in.calling("100", "101", 440, "--for", "60s")
	a.hears(600)
	b.hears(440)
	client, err := callclient.Dial(in.t.Context(), callclient.Options{Address: in.Temporal, Namespace: in.Namespace, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		in.t.Fatal(err)
	}
	defer client.Close()
	var live []callclient.Running
	in.eventually("the call is listed as running", func() error {
		if live, err = client.Running(in.t.Context(), 10); err == nil && len(live) != 1 {
			err = fmt.Errorf("%d calls run", len(live))
		}
		return err
	})
	if err := client.Hangup(in.t.Context(), live[0].Call); err != nil {
		in.t.Fatal(err)
	}
	a.ended()
	b.ended()
	if e := in.lastCall(); e.Call != live[0].Call || e.Cause != call.CauseOperator || len(e.Legs) != 2 {
		in.t.Errorf("ledger entry %+v", e)
	}
}
