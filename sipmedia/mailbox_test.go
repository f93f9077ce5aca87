package sipmedia

import (
	"sync"
	"testing"
)

func TestMailboxKeepsOrderAndLosesNothing(t *testing.T) {
	var m mailbox
	var got []int
	const n = 1000
	for i := range n {
		m.post(func() { got = append(got, i) })
	}
	m.close()
	m.wait()
	if len(got) != n {
		t.Fatalf("%d of %d ran", len(got), n)
	}
	for i, v := range got {
		if v != i {
			t.Fatalf("place %d holds %d", i, v)
		}
	}
}

func TestMailboxRunsOneAtATime(t *testing.T) {
	var m mailbox
	var posters sync.WaitGroup
	count := 0 // the race detector watches it
	for range 8 {
		posters.Go(func() {
			for range 500 {
				m.post(func() { count++ })
			}
		})
	}
	posters.Wait()
	m.close()
	m.wait()
	if count != 8*500 {
		t.Errorf("%d ran, want %d", count, 8*500)
	}
}

func TestAClosedMailboxSaysSo(t *testing.T) {
	var m mailbox
	m.close()
	if m.post(func() { t.Error("ran") }) {
		t.Error("took it")
	}
	m.wait()
}
