package main

import (
	"context"
	"fmt"
	"log/slog"

	"tandem/cmd/tandem/internal/testline"
	"tandem/db"
	"tandem/sipmedia/rtpio"
)

// openTestCalls lets the panel place calls through drafts, as a phone does.
func openTestCalls(ctx context.Context, store *db.Store, log *slog.Logger) (*testline.Desk, error) {
	secret, err := store.SharedSecret(ctx, testline.Secret)
	if err != nil {
		return nil, fmt.Errorf("read the secret of test calls: %w", err)
	}
	return testline.Open(ctx, testline.Config{Store: store, Secret: secret, Log: log,
		RTP: rtpio.Config{MinPort: phoneMinPort, MaxPort: phoneMaxPort}}), nil
}
