package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMajorVersionIsRead(t *testing.T) {
	for line, want := range map[string]int{
		"postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n": 15,
		"postgres (PostgreSQL) 18beta1\n":                        18,
		"postgres (PostgreSQL) \n":                               0,
		"something else 15.1":                                    0,
		"":                                                       0,
	} {
		if got := majorVersion(line); got != want {
			t.Errorf("%q: got %d, want %d", line, got, want)
		}
	}
}

func TestAWrapperIsNoProgram(t *testing.T) {
	dir := t.TempDir()
	for _, name := range needed {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho 'postgres (PostgreSQL) 15.1'\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got := candidate(t.Context(), account{}, dir); len(got) != 0 {
		t.Errorf("took scripts for programs: %+v", got)
	}
}

func TestTheComplaintIsTheLineThatMatters(t *testing.T) {
	out := "2026-11-22 [7] LOG:  starting\n2026-11-22 [7] FATAL:  could not bind\n2026-11-22 [8] FATAL:  the database system is starting up\n2026-11-22 [7] LOG:  shut down\n"
	if got := complaint(out); got != "could not bind" {
		t.Errorf("got %q", got)
	}
}

func TestDataOfAnotherVersionIsNamed(t *testing.T) {
	err := missing([]programs{{"/x", 15}}, 13)
	if text := err.Error(); !strings.Contains(text, "PostgreSQL 13") || !strings.Contains(text, "has 15") {
		t.Errorf("got %q", text)
	}
}
