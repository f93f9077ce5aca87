package ui

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem/ui/pages"
)

const (
	beatLimit = 4 * time.Second // a role that was silent longer is called silent
	probeWait = time.Second
	forgotten = 10 * time.Minute // a silent process is left off the page then
)

// needed are the roles without which no call runs or nobody sees it. Config's
// probes stand beside them.
var needed = []string{"node", "worker", "web"}

// state is whether one part is ready, and why not.
type state struct {
	Ready  bool   `json:"ready"`
	Detail string `json:"detail,omitempty"`
}

// health is the body of /healthz.
type health struct {
	Ready bool             `json:"ready"`
	Roles map[string]state `json:"roles"`
	rows  []Role
}

// healthz tells a load balancer, a script or `tandem up` whether calls can be
// taken. It needs no sign-in and names no address.
func (p *Panel) healthz(w http.ResponseWriter, r *http.Request) error {
	h := p.health(r.Context())
	status := http.StatusOK
	if !h.Ready {
		status = http.StatusServiceUnavailable
	}
	return writeJSON(w, r, status, h)
}

// health asks all parts at once, so the answer takes as long as the slowest
// of them, at most probeWait.
func (p *Panel) health(ctx context.Context) health {
	ctx, end := context.WithTimeout(ctx, probeWait)
	defer end()
	h := health{Ready: true, Roles: map[string]state{}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for name, probe := range p.cfg.Ready {
		wg.Go(func() {
			s := state{Ready: true}
			if err := probe(ctx); err != nil {
				s = state{Detail: probeText(err)}
			}
			mu.Lock()
			defer mu.Unlock()
			h.Roles[name] = s
		})
	}
	rows, err := p.cfg.Store.Roles(ctx)
	wg.Wait()
	if err != nil {
		p.log.Warn("roles cannot be read", "err", err)
	}
	h.rows = rows
	for _, name := range needed {
		h.Roles[name] = roleState(rows, name, p.cfg.Now(), err)
	}
	if _, probed := h.Roles["database"]; !probed {
		h.Roles["database"] = state{Ready: err == nil}
	}
	for _, s := range h.Roles {
		h.Ready = h.Ready && s.Ready
	}
	return h
}

func probeText(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer within " + probeWait.String()
	}
	return cut(err.Error(), maxShown)
}

// roleState is ready when one process of the role is.
func roleState(rows []Role, name string, now time.Time, err error) state {
	if err != nil {
		return state{Detail: "unknown: the database does not answer"}
	}
	last := state{Detail: "never seen"}
	var newest time.Time
	for _, r := range rows {
		if r.Role != name {
			continue
		}
		if r.Ready {
			return state{Ready: true, Detail: r.Detail}
		}
		if r.Seen.Before(newest) {
			continue
		}
		newest = r.Seen
		last = state{Detail: r.Detail}
		if now.Sub(r.Seen) > beatLimit {
			last.Detail = "silent for " + ago(now.Sub(r.Seen))
		}
	}
	return last
}

func ago(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(max(0, d).Seconds()))
	}
	return span(d)
}

func (p *Panel) system(w http.ResponseWriter, r *http.Request) error {
	now := p.cfg.Now()
	h := p.health(r.Context())
	v := pages.SystemView{Frame: p.frame(r, "System", "system"), Checked: now,
		State: pages.Badge{Tone: "good", Text: "Ready"}, Story: "Every part is ready. Calls are taken."}
	if !h.Ready {
		v.State, v.Story = pages.Badge{Tone: "bad", Text: "Not ready"}, notReady(h)
	}
	for _, role := range h.rows {
		if now.Sub(role.Seen) < forgotten {
			v.Roles = append(v.Roles, roleView(role, now))
		}
	}
	slices.SortStableFunc(v.Roles, func(a, b pages.Role) int { return strings.Compare(a.Name+a.ID, b.Name+b.ID) })
	for _, name := range slices.Sorted(maps.Keys(h.Roles)) {
		if s := h.Roles[name]; !slices.Contains(needed, name) {
			v.Probes = append(v.Probes, probeView(name, s))
		}
	}
	if list := p.temporalList(); list != "" {
		v.Links = append(v.Links, pages.Fact{Name: "Temporal UI", Value: "every call as a workflow", Link: list})
	}
	v.Links = append(v.Links, pages.Fact{Name: "Health", Value: "the same as JSON, for monitoring", Link: "/healthz"})
	return p.render(w, r, http.StatusOK, pages.System(v))
}

func notReady(h health) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(h.Roles)) {
		if s := h.Roles[name]; !s.Ready {
			text := name
			if s.Detail != "" {
				text += " (" + shown(s.Detail) + ")"
			}
			parts = append(parts, text)
		}
	}
	return "Waiting for " + strings.Join(parts, ", ") + "."
}

func roleView(r Role, now time.Time) pages.Role {
	v := pages.Role{Name: shown(r.Role), ID: shown(r.ID), PID: fmt.Sprint(r.PID), Host: shown(r.Host), Addr: shown(r.Addr),
		Version: shown(r.Version), Detail: shown(roleDetail(r)), Started: r.Since, Beat: ago(now.Sub(r.Seen)) + " ago",
		State: pages.Badge{Tone: "good", Text: "Ready"}}
	switch {
	case !r.Ready && now.Sub(r.Seen) > beatLimit:
		v.State = pages.Badge{Tone: "bad", Text: "Silent"}
	case !r.Ready:
		v.State = pages.Badge{Tone: "warn", Text: "Not ready"}
	}
	return v
}

// roleDetail is what a role says, and else what it holds: "2 calls, 4 legs".
func roleDetail(r Role) string {
	if r.Detail != "" {
		return r.Detail
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(r.Figures)) {
		if n := r.Figures[name]; n != 0 {
			parts = append(parts, fmt.Sprintf("%s %d", name, n))
		}
	}
	return strings.Join(parts, ", ")
}

// probeNames are the words for Config's probes.
var probeNames = map[string]string{"database": "PostgreSQL", "temporal": "Temporal"}

func probeView(name string, s state) pages.Probe {
	v := pages.Probe{Name: shown(name), State: pages.Badge{Tone: "good", Text: "Ready"}, Detail: shown(s.Detail)}
	if words, ok := probeNames[name]; ok {
		v.Name = words
	}
	if !s.Ready {
		v.State = pages.Badge{Tone: "bad", Text: "Not ready"}
	}
	return v
}
