package ui

import (
	"net/http"
	"testing"
	"time"

	"tandem/flow/call"
)

func newPanel(t *testing.T, store Store, live Live) http.Handler {
	t.Helper()
	h, err := New(Config{Store: store, Live: live, TemporalUI: "http://127.0.0.1:8233", Version: "0.1.0+3e9a41c", Now: func() time.Time { return sampleNow }})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func samplePanel(t *testing.T) http.Handler {
	t.Helper()
	return newPanel(t, sampleStore(), &fakeLive{calls: []call.LedgerEntry{sampleRunning()}})
}
