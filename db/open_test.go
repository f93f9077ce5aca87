package db_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"tandem/db"
)

func TestADatabaseThatIsNotThereIsOneClearLine(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String() // free once it is closed
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	url := "postgres://tandem:a-secret@" + address + "/tandem"
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, openErr := db.Open(ctx, url, db.NewKey())
	_, badErr := db.Open(ctx, "postgres://tandem:a-secret@:x/", db.NewKey())
	for says, err := range map[string]error{
		"open": openErr, "bad address": badErr, "migrate": db.Migrate(ctx, url), "wait": db.WaitReady(ctx, url),
	} {
		if err == nil || strings.ContainsAny(err.Error(), "\n\t") || strings.Contains(err.Error(), "a-secret") {
			t.Errorf("%s: got %q, want one line without the password", says, err)
		}
	}
}
