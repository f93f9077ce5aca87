package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/cmd/tandem/internal/config"
)

func TestADatabaseThatNeverAnswersIsOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := install(t.Context(), config.Config{DatabaseURL: "postgres://x@127.0.0.1:1/x"})
		if err == nil || !strings.Contains(err.Error(), "DATABASE_URL") || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want one line that names DATABASE_URL", err)
		}
		if took := time.Since(start); took < databaseWait || took > databaseWait+time.Second {
			t.Errorf("gave up after %v, want %v", took, databaseWait)
		}
	})
}
