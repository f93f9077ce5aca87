package ui

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/flow/queue"
	"tandem/ui/pages"
)

func (p *Panel) queuesPage(w http.ResponseWriter, r *http.Request) error {
	v := pages.QueuesView{Frame: p.frame(r, "Queues", "queues"), Stream: movesPath}
	v.Extra = p.extra("watch.css", "watch.js")
	all, err := p.apiQueues(r)
	if err != nil {
		return err
	}
	q, now := parseList(r, "name", "flow", "waiting", "longest", "free"), p.cfg.Now()
	all = arrange(q, all, func(q queueLine) string { return q.Name + " " + q.FlowName }, queueOrders)
	if q.CSV {
		return csvFile(w, r, "queues", []string{"queue", "flow", "waiting", "longest wait s", "free", "members"}, queueCells(all, now))
	}
	v.List, v.Narrowed, v.Poll = q.view(len(all)), q.narrowed(), r.URL.RequestURI()
	for _, q := range pageOf(q, all) {
		v.Rows = append(v.Rows, pages.QueueRow{Link: queueLink(q.ID), Name: shown(q.Name), Flow: shown(q.FlowName), FlowLink: flowToOpen(r, q.Flow),
			Waiting: q.Waiting, Since: q.Longest, Wait: clock(until(q.Longest, time.Time{}, now)), Free: q.Free, Members: q.Members})
	}
	return p.render(w, r, http.StatusOK, pages.Queues(v))
}

// queueOrders are the columns that queues are sorted by.
var queueOrders = map[string]order[queueLine]{
	"name":    byText(func(q queueLine) string { return q.Name }),
	"flow":    byText(func(q queueLine) string { return q.FlowName }),
	"waiting": func(a, b queueLine) int { return a.Waiting - b.Waiting },
	"free":    func(a, b queueLine) int { return a.Free - b.Free },
	"longest": func(a, b queueLine) int { return cmp.Compare(waitedFor(a), waitedFor(b)) },
}

// waitedFor orders queues by their longest wait: the earlier somebody came, the
// longer; where nobody waits, it is the shortest.
func waitedFor(q queueLine) int64 {
	if q.Longest.IsZero() {
		return math.MinInt64
	}
	return -q.Longest.UnixNano()
}

func queueCells(all []queueLine, now time.Time) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, q := range all {
			wait := ""
			if !q.Longest.IsZero() {
				wait = strconv.Itoa(int(now.Sub(q.Longest).Seconds()))
			}
			if !yield([]string{q.Name, q.FlowName, strconv.Itoa(q.Waiting), wait, strconv.Itoa(q.Free), strconv.Itoa(q.Members)}) {
				return
			}
		}
	}
}

// flowToOpen is the address of a flow for who may open flows.
func flowToOpen(r *http.Request, id string) string {
	if !allowed(seeFlows, loginOf(r)) {
		return ""
	}
	return "/flows/" + url.PathEscape(id)
}

func (p *Panel) queuePage(w http.ResponseWriter, r *http.Request) error {
	q, may, err := p.queueFor(r)
	if err != nil {
		return err
	}
	s, err := p.queueState(r.Context(), q, may)
	if err != nil {
		return err
	}
	v := pages.QueueView{Frame: p.frame(r, shown(q.Name), "queues"), Stream: "/api" + queueLink(q.ID) + "/stream", Name: shown(q.Name),
		Flow: shown(q.FlowName), FlowLink: flowToOpen(r, q.Flow), Strategy: strings.ReplaceAll(q.Settings.Strategy, "-", " "),
		Note: membersNote(q), Answered: s.Answered, Abandoned: s.Abandoned, Waiting: s.Waiting, Callbacks: s.Callbacks, Free: s.Free}
	v.Extra = p.extra("watch.css", "watch.js")
	if v.FlowLink != "" {
		v.Canvas = v.FlowLink + "/live"
	}
	if s.Stale {
		v.Fault = "The queue cannot be asked now. Who waits is what the calls say; the queue itself goes on."
	}
	now := p.cfg.Now()
	control := allowed(overrideCalls, loginOf(r))
	for i, c := range s.Callers {
		row := callerRow(i+1, c, now)
		if control && c.Callback && !may.own {
			row.Action, row.Question = withdrawAction(q.ID, c)
			v.Control = true
		}
		v.Callers = append(v.Callers, row)
	}
	for _, m := range s.Team {
		row := memberRow(m, now)
		if control && q.Settings.MembersLogIn && (!may.own || may.has(m.ContactMethod)) {
			row.Action = "/api" + queueLink(q.ID) + "/members/" + url.PathEscape(m.ContactMethod)
			row.Wishes = wishesFor(m.Person)
		}
		if may.own && !may.has(m.ContactMethod) {
			row.Link = ""
		}
		v.Team = append(v.Team, row)
	}
	return p.render(w, r, http.StatusOK, pages.Queue(v))
}

func membersNote(q directory.Queue) string {
	if q.Settings.MembersLogIn {
		return "Members log in and out, pause and go on: by feature code from any of their phones, here, or by the API."
	}
	return "The members of this queue are always in. Its settings on the canvas say so."
}

// How a caller on the line stands.
var (
	callerWaits = pages.Badge{Tone: "quiet", Text: "waits"}
	callerRings = pages.Badge{Tone: "calm", Text: "rings"}
)

func callerRow(place int, c queue.Waiting, now time.Time) pages.QueueCaller {
	row := pages.QueueCaller{Place: place, Caller: party(c.Caller), Since: c.Since, Wait: clock(until(c.Since, time.Time{}, now)), Priority: c.Priority}
	if c.Call != "" {
		row.Link = callLink(c.Call)
	}
	var names []string
	for _, name := range c.Offered {
		names = append(names, shown(name))
	}
	row.State = callerWaits
	if len(names) > 0 {
		row.State, row.Doing = callerRings, strings.Join(names, ", ")
	}
	if c.Callback {
		callbackRow(&row, c, now)
	}
	return row
}

// memberWords say what a member does.
var memberWords = map[queue.MemberState]pages.Badge{
	queue.MemberFree:        {Tone: "good", Text: "free"},
	queue.MemberOffered:     {Tone: "calm", Text: "rings"},
	queue.MemberTalking:     {Tone: "calm", Text: "talks"},
	queue.MemberResting:     {Tone: "quiet", Text: "rests"},
	queue.MemberWrappingUp:  {Tone: "quiet", Text: "wraps up"},
	queue.MemberPaused:      {Tone: "warn", Text: "paused"},
	queue.MemberLoggedOut:   {Tone: "quiet", Text: "logged out"},
	queue.MemberOffSchedule: {Tone: "quiet", Text: "off schedule"},
	memberBusy:              {Tone: "calm", Text: "in a call"},
	memberUnreachable:       {Tone: "bad", Text: "not reachable"},
}

func memberRow(m memberState, now time.Time) pages.QueueMember {
	row := pages.QueueMember{Name: shown(m.Name), State: memberWords[m.State], Level: m.Level, Calls: m.Calls, Since: m.Since, By: shown(m.By)}
	if m.Until.After(now) && slices.Contains([]queue.MemberState{queue.MemberResting, queue.MemberWrappingUp}, m.State) {
		row.Detail = fmt.Sprintf("%s more", clock(m.Until.Sub(now)))
	}
	if m.With != "" {
		row.Link, row.Detail = callLink(m.With), "the call"
	}
	if !strings.Contains(m.By, "@") {
		row.ByCall = callLink(call.ID(m.By))
	}
	return row
}

// wishesFor are the changes that make sense for a member.
func wishesFor(p queue.Person) []pages.Option {
	switch {
	case p.Out:
		return []pages.Option{{Value: string(directory.MemberLogIn), Label: "Log in"}}
	case p.Paused:
		return []pages.Option{{Value: string(directory.MemberResume), Label: "Go on"}, {Value: string(directory.MemberLogOut), Label: "Log out"}}
	}
	return []pages.Option{{Value: string(directory.MemberPause), Label: "Pause"}, {Value: string(directory.MemberLogOut), Label: "Log out"}}
}
