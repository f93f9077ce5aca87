package ui

import (
	"context"
	"encoding/json"
	"errors"
	"html"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func readHealth(t *testing.T, body string) health {
	t.Helper()
	var h health
	if err := json.Unmarshal([]byte(body), &h); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHealthIsReadyOnlyWhenEveryPartIs(t *testing.T) {
	answer, body := ask(samplePanel(t), "GET", "/healthz")
	h := readHealth(t, body)
	if answer.StatusCode != 200 || !h.Ready || len(h.Roles) != 5 {
		t.Fatalf("all ready: %d %s", answer.StatusCode, body)
	}
	for i, name := range needed {
		for what, spoil := range map[string]func(*Role){
			"silent":    func(r *Role) { r.Ready, r.Seen = false, sampleNow.Add(-12*time.Second) },
			"not ready": func(r *Role) { r.Ready, r.Detail = false, "starting" },
			"absent":    func(r *Role) { r.Role = "other" },
		} {
			store := sampleStore()
			spoil(&store.roles[i])
			answer, body := ask(newPanel(t, store, nil), "GET", "/healthz")
			if h := readHealth(t, body); answer.StatusCode != 503 || h.Ready || h.Roles[name].Ready || h.Roles[name].Detail == "" {
				t.Errorf("%s %s: %d %s", name, what, answer.StatusCode, body)
			}
		}
	}
}

func TestHealthAnswersWithoutDatabase(t *testing.T) {
	store := sampleStore()
	store.broken = errors.New("connection refused")
	answer, body := ask(newPanel(t, store, nil), "GET", "/healthz")
	if h := readHealth(t, body); answer.StatusCode != 503 || h.Roles["database"].Ready || !h.Roles["temporal"].Ready {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
}

func TestOneReadyProcessOfARoleIsEnough(t *testing.T) {
	store := sampleStore()
	store.roles = append(store.roles, Role{Role: "node", ID: "n2", Seen: sampleNow.Add(-time.Hour)})
	if answer, body := ask(newPanel(t, store, nil), "GET", "/healthz"); answer.StatusCode != 200 {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
}

func TestAProbeThatHangsCostsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, err := New(Config{Store: sampleStore(), Now: func() time.Time { return sampleNow }, Ready: map[string]func(context.Context) error{
			"temporal": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		answer, body := ask(h, "GET", "/healthz")
		if took := time.Since(start); took != probeWait {
			t.Errorf("took %v, want %v", took, probeWait)
		}
		if got := readHealth(t, body).Roles["temporal"].Detail; answer.StatusCode != 503 || got != "no answer within 1s" {
			t.Errorf("%d %q", answer.StatusCode, got)
		}
	})
}

func TestTheSystemPageNamesEveryProcessAndWhatIsMissing(t *testing.T) {
	store := sampleStore()
	store.roles[1].Ready, store.roles[1].Seen = false, sampleNow.Add(-12*time.Second)
	h := newPanel(t, store, nil)
	_, body := ask(h, "GET", "/system", signedInto(t, h))
	for _, want := range []string{"Waiting for worker (silent for 12 s).", "Silent", "41210", "pbx-1", "udp+tcp 192.0.2.10:5060", "PostgreSQL", "http://127.0.0.1:8233/namespaces/tandem/workflows"} {
		if !strings.Contains(html.UnescapeString(body), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestTheSystemAPITellsWhatANodeHolds(t *testing.T) {
	store := sampleStore()
	store.roles[0].Detail, store.roles[0].Figures = "", map[string]int{"calls": 3, "legs": 5, "ports": 0}
	h := newPanel(t, store, nil)
	me := signedInto(t, h)
	if answer, _ := ask(h, "GET", "/api/system"); answer.StatusCode != 401 {
		t.Errorf("a stranger gets %d, want 401", answer.StatusCode)
	}
	_, body := ask(h, "GET", "/api/system", me)
	var got struct {
		Ready     bool
		Processes []systemProcess
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if !got.Ready || len(got.Processes) != 3 || got.Processes[0].Role != "node" || got.Processes[0].Figures["legs"] != 5 {
		t.Errorf("got %s", body)
	}
	if _, page := ask(h, "GET", "/system", me); !strings.Contains(page, "calls 3, legs 5<") {
		t.Error("the system page does not say what the node holds")
	}
}
