package main

import (
	"io"
	"log/slog"

	"tandem/cmd/tandem/internal/config"
)

// newLog is the log of one role, as it was configured.
func newLog(w io.Writer, cfg config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
