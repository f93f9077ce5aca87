package db_test

import (
	"slices"
	"testing"
	"time"

	"tandem/db"
	"tandem/db/dbtest"
	"tandem/flow/directory"
)

// The size of an office for which every page has to answer in 30 ms.
const (
	officeCalls = 10_000
	officeFlows = 200
)

func BenchmarkPages(b *testing.B) {
	s := dbtest.Store(b)
	dbtest.Fill(b, s, officeCalls, officeFlows)
	middle, err := s.Calls(b.Context(), directory.CallFilter{Limit: 200})
	if err != nil || middle.Total != officeCalls || middle.Next == "" {
		b.Fatal(middle.Total, err)
	}
	calls := func(f directory.CallFilter) func(*db.Store) error {
		return func(s *db.Store) error {
			_, err := s.Calls(b.Context(), f)
			return err
		}
	}
	uses := func(kind directory.Kind, id string) func(*db.Store) error {
		return func(s *db.Store) error {
			_, err := s.Uses(b.Context(), kind, id)
			return err
		}
	}
	for _, c := range []struct {
		says string
		load func(*db.Store) error
	}{
		{"Calls", calls(directory.CallFilter{})},
		{"CallsNext", calls(directory.CallFilter{After: middle.Next})},
		{"CallsBefore", calls(directory.CallFilter{Before: middle.Next})},
		{"CallsByTalk", calls(directory.CallFilter{Sort: directory.ByTalk})},
		{"CallsByCaller", calls(directory.CallFilter{Sort: directory.ByCaller, Ascending: true})},
		{"CallsText", calls(directory.CallFilter{Text: "nobody at all"})},
		{"CallsFlow", calls(directory.CallFilter{Flow: "office-7"})},
		{"CallsScope", calls(directory.CallFilter{Scope: []string{"office-7", "office-9"}})},
		{"CallsContactMethod", calls(directory.CallFilter{ContactMethod: "desk-7"})},
		{"FlowList", func(s *db.Store) error { _, err := s.FlowList(b.Context()); return err }},
		{"Dashboard", func(s *db.Store) error {
			_, err := s.Dashboard(b.Context(), time.Now().Add(-24*time.Hour), time.UTC, nil)
			return err
		}},
		{"DashboardMonth", func(s *db.Store) error {
			_, err := s.Dashboard(b.Context(), time.Now().Add(-30*24*time.Hour), time.UTC, nil)
			return err
		}},
		{"NumbersUse", func(s *db.Store) error {
			_, err := s.NumbersUse(b.Context(), time.Now().Add(-30*24*time.Hour))
			return err
		}},
		{"Numbers", func(s *db.Store) error { _, err := s.Numbers(b.Context()); return err }},
		{"ContactMethods", func(s *db.Store) error { _, err := s.ContactMethods(b.Context()); return err }},
		{"UsesOfPhone", uses(directory.KindContactMethod, "desk-7")},
		{"UsesOfAudio", uses(directory.KindAudio, "welcome")}, // by every flow
		{"Known", func(s *db.Store) error { _, err := s.Known(b.Context(), "office-7"); return err }},
	} {
		b.Run(c.says, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if err := c.load(s); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}
