package ui

import (
	"context"
	"time"

	"tandem/flow/directory"
)

// DashboardStore sums up the day.
type DashboardStore interface {
	// Dashboard sums up the calls since an instant, by the hours of a zone; with a
	// scope only calls of those flows.
	Dashboard(ctx context.Context, since time.Time, zone *time.Location, scope []string) (directory.Figures, error)
	// AverageWait is how long callers waited until somebody answered.
	AverageWait(ctx context.Context, since time.Time, scope []string) (time.Duration, error)
	FlowList(ctx context.Context) ([]directory.FlowLine, error)
	Numbers(ctx context.Context) ([]directory.Number, error)
	// Registered tells which contact methods have a binding now.
	Registered(ctx context.Context) (map[string]bool, error)
	General(ctx context.Context) (directory.General, error)
}
