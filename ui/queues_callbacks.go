package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"tandem/flow/directory"
	"tandem/flow/queue"
	"tandem/ui/pages"
)

// withdrawn is the answer to a wish to call somebody back no more.
type withdrawn struct {
	Ticket    string `json:"ticket"`
	Withdrawn bool   `json:"withdrawn"` // false: it was over before
}

// withdraw takes back a promise to call somebody. Asked again, or too late, it
// does nothing: what was wanted is so. An agent sees none, and withdraws none.
func (p *Panel) withdraw(r *http.Request, _ none) (withdrawn, error) {
	out := withdrawn{Ticket: r.PathValue("ticket")}
	q, may, err := p.queueFor(r)
	switch {
	case err != nil:
		return out, err
	case may.own:
		return out, ErrNotFound
	}
	promise, waits, err := p.callback(r.Context(), q, out.Ticket)
	if err != nil || !waits {
		return out, err
	}
	err = p.cfg.Live.Withdraw(r.Context(), promise.Ticket)
	switch {
	case errors.Is(err, ErrNotFound):
		return out, nil
	case err != nil:
		return out, fmt.Errorf("withdrawing a callback of queue %s: %w", q.ID, err)
	}
	p.audit(r, "withdraw callback", "callback "+promise.Ticket, map[string]string{"queue": string(q.ID), "caller": promise.Caller.Number}, nil)
	out.Withdrawn = true
	return out, nil
}

// callback finds a promise among those of a queue: a ticket alone does not say
// whose it is.
func (p *Panel) callback(ctx context.Context, q directory.Queue, ticket string) (promise queue.Waiting, waits bool, err error) {
	asking, end := context.WithTimeout(ctx, queueWait)
	defer end()
	view, err := p.cfg.Live.Queue(asking, q.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		return promise, false, nil
	case err != nil:
		p.log.Warn("a queue cannot be asked", "queue", q.ID, "err", err)
		return promise, false, &Refusal{Status: http.StatusServiceUnavailable, Text: "The queue cannot be asked now. Try again in a moment."}
	}
	i := slices.IndexFunc(view.Waiting, func(w queue.Waiting) bool { return w.Callback && w.Ticket == ticket })
	if i < 0 {
		return promise, false, nil
	}
	return view.Waiting[i], true, nil
}

func withdrawnToast(r *http.Request, out withdrawn) (location, toast string) {
	location = queueLink(queue.ID(r.PathValue("id")))
	if !out.Withdrawn {
		return location, "There was nothing to withdraw: the callback was over already."
	}
	return location, "Withdrawn. They are not called back."
}

// callbackStates are how a promise stands.
var (
	callbackTurn   = pages.Badge{Tone: "quiet", Text: "callback"}
	callbackCalled = pages.Badge{Tone: "live", Text: "being called"}
	callbackLater  = pages.Badge{Tone: "warn", Text: "not reached"}
)

// callbackRow says how the promise to a caller stands.
func callbackRow(row *pages.QueueCaller, c queue.Waiting, now time.Time) {
	switch {
	case c.Called:
		row.State = callbackCalled
	case c.NotBefore.After(now):
		row.State, row.Next = callbackLater, c.NotBefore
	default:
		row.State, row.Doing = callbackTurn, "called at their turn"
	}
}

// withdrawAction is the address that withdraws a promise, and what is asked
// before.
func withdrawAction(q queue.ID, c queue.Waiting) (action, question string) {
	question = fmt.Sprintf("%s is not called back and loses the place in the queue. Nobody tells them, and it cannot be undone.", party(c.Caller).Number)
	if c.Called {
		question = "The call that rings there now ends. " + question
	}
	return "/api" + queueLink(q) + "/callbacks/" + url.PathEscape(c.Ticket), question
}
