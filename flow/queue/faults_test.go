package queue

import (
	"slices"
	"time"
)

// faults break one rule each, after every step of a schedule.
var faults = map[string]func(*hall){
	"a member is leased twice": func(h *hall) {
		if n := len(h.s.Leases); n > 0 && !h.broken {
			h.s.Leases[n-1].Held, h.broken = h.s.Leases[n-1].Held[:0], true
		}
	},
	"a caller is forgotten": func(h *hall) {
		if len(h.s.Line) > 2 {
			h.s.Line = h.s.Line[:2]
		}
	},
	"a caller jumps the queue": func(h *hall) {
		if n := len(h.s.Line); n > 1 {
			h.s.Line[0], h.s.Line[n-1] = h.s.Line[n-1], h.s.Line[0]
		}
	},
	"nobody rests or wraps up": func(h *hall) {
		for _, m := range h.s.Members {
			m.Away = time.Time{}
		}
	},
	"a pause is not seen": func(h *hall) {
		for _, m := range h.s.Members {
			m.Paused = false
		}
	},
	"a kept place is lost": func(h *hall) {
		h.s.Kept = nil
	},
	"a conversation is given up": func(h *hall) {
		h.s.Leases = nil
	},
	"members are never free again": func(h *hall) {
		for _, m := range h.s.Members {
			m.Away = h.now.Add(time.Hour)
		}
	},
	"a callback is forgotten": func(h *hall) {
		h.s.Line = slices.DeleteFunc(h.s.Line, func(t *ticket) bool { return t.Callback })
	},
	"a callback that is over stands in the line": func(h *hall) {
		for _, p := range h.promises {
			if p.ended && p.joined && h.s.ticket(p.ticket) == nil {
				h.s.Line = append(h.s.Line, &ticket{ID: p.ticket, Callback: true, Until: h.end, rank: rank{Place: 1000}})
				return
			}
		}
	},
	"a callback holds a member": func(h *hall) {
		for _, t := range h.s.Line {
			if free := h.s.free(h.now); t.Callback && len(free) > 0 {
				h.s.Leases = append(h.s.Leases, &lease{ID: t.ID, Ticket: t.ID, Held: []held{{Person: free[0].person()}}, Until: h.end})
			}
		}
	},
	"a callback is called while it is being called": eachCallback(func(t *ticket, _ time.Time) { t.NotBefore = t.Called }),
	"a callback that was put off is called at once": eachCallback(func(t *ticket, now time.Time) {
		if t.Called.IsZero() {
			t.NotBefore = time.Time{}
		}
	}),
	"a callback that was put off is never called": eachCallback(func(t *ticket, now time.Time) {
		if t.Called.IsZero() && t.rests(now) {
			t.NotBefore = now.Add(48 * time.Hour)
		}
	}),
	"all callbacks are called for one member":     eachCallback(func(t *ticket, _ time.Time) { t.Called = time.Time{} }),
	"who calls again has a callback all the same": eachCallback(func(t *ticket, _ time.Time) { t.Caller.Number = "" }),
	"the place of a callback is lost": func(h *hall) {
		for i := range h.s.Gone {
			h.s.Gone[i].rank = rank{}
		}
	},
	"a place is given away twice": func(h *hall) {
		for i, g := range h.s.Gone {
			if was := h.stood[g.Ticket]; was != nil {
				h.s.Gone[i].rank = was.rank
			}
		}
	},
}

// eachCallback breaks a rule at every callback in the line.
func eachCallback(do func(*ticket, time.Time)) func(*hall) {
	return func(h *hall) {
		for _, t := range h.s.Line {
			if t.Callback {
				do(t, h.now)
			}
		}
	}
}
