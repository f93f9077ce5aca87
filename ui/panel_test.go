package ui

import (
	"context"
	"net/http"
	"testing"
	"time"

	"tandem/flow/call"
)

func newPanel(t *testing.T, store Store, live Live) http.Handler {
	t.Helper()
	h, err := New(Config{Store: store, Live: live, TemporalUI: "http://127.0.0.1:8233", Version: "0.1.0+3e9a41c",
		Ready: map[string]func(context.Context) error{
			"temporal": func(context.Context) error { return nil },
			"database": func(ctx context.Context) error { _, err := store.Roles(ctx); return err },
		}, Now: func() time.Time { return sampleNow }})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func samplePanel(t *testing.T) http.Handler {
	t.Helper()
	return newPanel(t, sampleStore(), &fakeLive{calls: []call.LedgerEntry{sampleRunning()}})
}
