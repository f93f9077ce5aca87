package ui

import (
	"fmt"
	"net/http"

	"tandem/flow/directory"
	"tandem/flow/queue"
)

// memberWish is what somebody wants of one member.
type memberWish struct {
	Change directory.MemberChange `json:"change"`
}

// wishes are the changes of one member, and what to tell who asked.
var wishes = map[directory.MemberChange]string{
	directory.MemberLogIn:  "Logged in.",
	directory.MemberLogOut: "Logged out.",
	directory.MemberPause:  "Paused.",
	directory.MemberResume: "Takes calls again.",
}

func (p *Panel) changeMember(r *http.Request, in memberWish) (directory.Member, error) {
	q, may, err := p.queueFor(r)
	member := r.PathValue("member")
	switch {
	case err != nil:
		return directory.Member{}, err
	case !q.Holds(member), may.own && !may.has(member):
		return directory.Member{}, ErrNotFound
	case wishes[in.Change] == "":
		return directory.Member{}, refuse("change", "Give log-in, log-out, pause or resume.")
	case !q.Settings.MembersLogIn:
		return directory.Member{}, &Refusal{Status: http.StatusConflict, Text: "The members of this queue are always in: its settings say so."}
	}
	was, err := p.cfg.Store.Members(r.Context(), q.ID, []string{member})
	if err != nil {
		return directory.Member{}, fmt.Errorf("reading member %q of queue %s: %w", member, q.ID, err)
	}
	if in.Change == directory.MemberPause && !was[0].LoggedIn {
		return directory.Member{}, &Refusal{Status: http.StatusConflict, Text: "Who is logged out cannot pause."}
	}
	now, err := p.cfg.Store.ChangeMember(r.Context(), q.ID, member, in.Change, whoOf(r), p.cfg.Now())
	if err != nil {
		return now, fmt.Errorf("changing member %q of queue %s: %w", member, q.ID, err)
	}
	if now != was[0] {
		p.audit(r, string(in.Change), fmt.Sprintf("member %s of queue %s", member, q.ID), was[0], now)
	}
	if err := p.cfg.Live.MembersChanged(r.Context(), q.ID); err != nil {
		return now, fmt.Errorf("telling queue %s: %w", q.ID, err)
	}
	return now, nil
}

func memberToast(r *http.Request, now directory.Member) (location, toast string) {
	change := directory.MemberLogOut
	switch {
	case now.Paused:
		change = directory.MemberPause
	case now.LoggedIn:
		change = directory.MemberLogIn
	}
	return queueLink(queue.ID(r.PathValue("id"))), wishes[change]
}
