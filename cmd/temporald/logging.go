package main

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	serverlog "go.temporal.io/server/common/log"
	"go.temporal.io/server/common/log/tag"
)

// serverLog lets the Temporal server write to our slog, with its tags as attributes, less what it warns about a state that
// we chose.
type serverLog struct {
	to     *slog.Logger
	ending *atomic.Bool // while set, only errors are written: that connections close is then no news
}

// chosen are warnings about what serverConfig leaves out on purpose, known by how they begin.
var chosen = []string{"HTTP API port has not been set."}

func (l serverLog) Debug(msg string, tags ...tag.Tag) { l.write(slog.LevelDebug, msg, tags) }
func (l serverLog) Info(msg string, tags ...tag.Tag)  { l.write(slog.LevelInfo, msg, tags) }
func (l serverLog) Warn(msg string, tags ...tag.Tag)  { l.write(slog.LevelWarn, msg, tags) }
func (l serverLog) Error(msg string, tags ...tag.Tag) { l.write(slog.LevelError, msg, tags) }

// DPanic panics in development builds of the server only.
func (l serverLog) DPanic(msg string, tags ...tag.Tag) { l.write(slog.LevelError, msg, tags) }

func (l serverLog) Panic(msg string, tags ...tag.Tag) {
	l.write(slog.LevelError, msg, tags)
	panic(msg)
}

// Fatal ends the process, as the server relies on: it calls this where it cannot go on and returns no error.
func (l serverLog) Fatal(msg string, tags ...tag.Tag) {
	l.write(slog.LevelError, msg, tags)
	os.Exit(1)
}

// With is how the server makes a logger that repeats tags.
func (l serverLog) With(tags ...tag.Tag) serverlog.Logger {
	return serverLog{slog.New(l.to.Handler().WithAttrs(attributes(tags))), l.ending}
}

func (l serverLog) write(level slog.Level, msg string, tags []tag.Tag) {
	if level < slog.LevelError && (l.ending.Load() || beginsWith(msg, chosen)) {
		level = slog.LevelDebug
	}
	ctx := context.Background()
	if l.to.Enabled(ctx, level) { // most calls are Debug; their tags need not be formatted
		l.to.LogAttrs(ctx, level, msg, attributes(tags)...)
	}
}

func beginsWith(text string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(text, p) })
}

func attributes(tags []tag.Tag) []slog.Attr {
	attrs := make([]slog.Attr, len(tags))
	for i, t := range tags {
		attrs[i] = slog.Any(t.Key(), t.Value())
	}
	return attrs
}
