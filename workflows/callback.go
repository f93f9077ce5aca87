package workflows

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"tandem/flow"
	"tandem/flow/call"
)

// Figures of asking for a number (product sheet 3.15).
const (
	numberPlaybacks = 3
	numberTime      = call.Duration(10 * time.Second) // from the end of the prompt to the first key
	numberPause     = call.Duration(3 * time.Second)  // after a key: the number is complete
	longestNumber   = 17                              // 00 and an E.164 number

	ownNumber call.Digits = "#" // alone: the number that the caller calls from
	noNumber  call.Digits = "*"
)

// callback promises a caller who has waited in a queue to call when it is their
// turn. From the # on the promise is given, whatever the caller does.
func callback(ctx workflow.Context, w *walk, m *flow.Callback) (flow.Exit, error) {
	set := m.WithDefaults()
	switch {
	case w.stood == nil:
		w.because("no-queue", "the caller has not waited in a queue on this call")
		return flow.ExitDeclined, nil
	case slices.Contains(w.promised, w.stood.ticket):
		w.because("accepted", "a call back is promised already")
		return flow.ExitAccepted, nil
	}
	w.answer()
	to, err := w.askNumber(ctx, set)
	if err != nil || to == nil {
		return flow.ExitDeclined, err
	}
	beside, _ := workflow.NewDisconnectedContext(ctx) // who hangs up now has been promised it
	p := w.promise(beside, set, *to)
	if err := w.startCallback(beside, p); err != nil {
		return "", err
	}
	because := func() {
		w.because("accepted", "a call back to "+cmp.Or(to.number, "the phone they call from")+" is promised", call.Fact{Name: "promise", Value: p.ID},
			call.Fact{Name: "number", Value: to.number}, call.Fact{Name: "contact_method", Value: to.method}, call.Fact{Name: "queue", Value: p.Rules.Name})
	}
	because()
	err = w.sayAccepted(ctx, to.number)
	because() // how the call ended meanwhile is not why the module was left
	if err != nil && w.asOver(ctx, err).cause != call.CauseInternal {
		return "", err
	}
	return flow.ExitAccepted, nil
}

// callee is where a caller wants to be called.
type callee struct {
	method string // contact method
	number string // empty: it has none
	ring   call.Duration
}

// askNumber asks for a number until one can be called; nil: the caller wants
// none, or keys none.
func (w *walk) askNumber(ctx workflow.Context, set flow.Callback) (*callee, error) {
	asking := onNode(ctx, w.in.Node, w.summary("ask for the number"))
	in := call.Gather{Leg: w.in.Leg, Prompt: cmp.Or(set.NumberPrompt, call.AudioCallbackPrompt), Invalid: call.AudioCallbackRefused,
		Entries: []call.Digits{ownNumber, noNumber}, Playbacks: numberPlaybacks, Timeout: numberTime, InterDigit: numberPause, BargeIn: true, Free: longestNumber}
	var refused []call.Fact
	for {
		var got call.Gathered
		if err := workflow.ExecuteActivity(asking, media.Gather, in).Get(ctx, &got); err != nil {
			return nil, err
		}
		switch {
		case got.Outcome == call.OutcomeCallerGone:
			return nil, w.gone()
		case got.Outcome != call.OutcomeKey && len(refused) == got.Playbacks:
			w.because("refused", "none of the numbers keyed can be called", refused...)
			return nil, nil
		case got.Outcome != call.OutcomeKey:
			w.because("no-input", fmt.Sprintf("no number that can be called was keyed in %d playbacks", got.Playbacks), refused...)
			return nil, nil
		case got.Digits == noNumber:
			w.because("declined", "the caller wants no call back", refused...)
			return nil, nil
		}
		to, why, err := w.whereTo(ctx, got.Digits)
		if err != nil || to != nil {
			return to, err
		}
		refused = append(refused, call.Fact{Name: "refused", Value: fmt.Sprintf("%s (%s)", got.Digits, why)})
		in.Wrong, in.Used = true, got.Playbacks
	}
}

// whereTo finds what was keyed among what this caller may dial, and says why it
// is not there.
func (w *walk) whereTo(ctx workflow.Context, keyed call.Digits) (*callee, string, error) {
	number := string(keyed)
	if keyed == ownNumber {
		number = w.in.Caller
		if own := w.in.ContactMethod(); own != "" {
			return &callee{method: own, number: number, ring: callbackRing}, "", nil
		}
	}
	if number == "" {
		return nil, "the caller's number is withheld", nil
	}
	ask := call.Incoming{Called: number, Account: w.in.Account, Trunk: w.in.Trunk, At: workflow.Now(ctx)}
	beside, _ := workflow.NewDisconnectedContext(ctx)
	var r flow.Route
	if err := workflow.ExecuteLocalActivity(lookup(beside, w.summary("look up the number")), directory.Route, ask).Get(beside, &r); err != nil {
		return nil, "", err
	}
	switch {
	case r.Refused != "":
		return nil, r.Refused.Text(), nil
	case r.Over != nil:
		return nil, call.CauseOverLimit.Text(), nil
	case r.Direct == nil:
		return nil, "nobody's phone", nil
	}
	return &callee{method: r.Direct.ContactMethod, number: cmp.Or(r.Number, number), ring: min(cmp.Or(r.Direct.Ring, callbackRing), longestRing)}, "", nil
}

// promise is what the caller was promised.
func (w *walk) promise(ctx workflow.Context, set flow.Callback, to callee) Promise {
	s := w.stood
	return Promise{
		ID: s.ticket, Queue: s.queue, Flow: s.flow, Module: s.module, Rules: s.rules, Priority: s.priority,
		Call: w.in.Call, Node: w.in.Node, Called: w.in.Called,
		Caller: call.Party{Number: to.number, Name: s.caller.Name}, ContactMethod: to.method, Ring: to.ring,
		Window: call.Duration(time.Duration(set.Window) * time.Minute), Tries: set.Tries, At: workflow.Now(ctx),
	}
}

// sayAccepted tells the caller that the promise is given, and the digits of the
// number that will be called.
func (w *walk) sayAccepted(ctx workflow.Context, number string) error {
	say := []string{call.AudioCallbackAccepted}
	for _, digit := range strings.TrimPrefix(number, "+") {
		say = append(say, call.AudioNumber(int(digit-'0')))
	}
	for _, audio := range say {
		if err := w.say(ctx, audio); err != nil {
			return err
		}
	}
	return nil
}
