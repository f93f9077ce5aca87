package sipmedia

import (
	"errors"
	"io"
	"slices"
	"testing"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
)

// scale is a sound whose n-th file is so many samples of the value n; 0 samples
// are a missing file.
func scale(list Playlist, lengths ...int) *sound {
	list.Files = make([]string, len(lengths))
	s := newSound(list)
	for i, length := range lengths {
		clip := &audio.Clip{Rate: mediaRate, Samples: slices.Repeat([]int16{int16(i + 1)}, length)}
		if length == 0 {
			clip = &missing
		}
		s.clips[i].Store(clip)
	}
	return s
}

// heard is what a source plays, in runs of one value and its length; at most so
// many frames of 160 samples.
func heard(t *testing.T, src codec.Source, frames int) (runs [][2]int) {
	t.Helper()
	f := codec.NewFrame(mediaRate)
	for range frames {
		err := src.ReadFrame(&f)
		if errors.Is(err, io.EOF) {
			return runs
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range f.Samples {
			if n := len(runs); n > 0 && runs[n-1][0] == int(v) {
				runs[n-1][1]++
			} else {
				runs = append(runs, [2]int{int(v), 1})
			}
		}
	}
	return append(runs, [2]int{-1, 0}) // and so on
}

func TestFilesFollowOneAnotherWithoutAGap(t *testing.T) {
	for _, c := range []struct {
		claim   string
		lengths []int
		times   int
		want    [][2]int
	}{
		{"a file alone", []int{200}, 1, [][2]int{{1, 200}, {0, 120}}},
		{"a file of whole frames", []int{160}, 1, [][2]int{{1, 160}}},
		{"several times", []int{100}, 3, [][2]int{{1, 300}, {0, 20}}},
		{"in order", []int{100, 50, 10}, 1, [][2]int{{1, 100}, {2, 50}, {3, 10}}},
		{"and again", []int{100, 60}, 2, [][2]int{{1, 100}, {2, 60}, {1, 100}, {2, 60}}},
		{"until it is stopped", []int{160, 160}, 0, [][2]int{{1, 160}, {2, 160}, {1, 160}, {2, 160}, {-1, 0}}},
		{"missing files are left out", []int{0, 100, 0, 0, 60, 0}, 1, [][2]int{{2, 100}, {5, 60}}},
		{"nothing but missing files is over, also without end", []int{0, 0}, 0, nil},
		{"no file at all is over", nil, 0, nil},
	} {
		if got := heard(t, scale(Playlist{}, c.lengths...).times(c.times), 4); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.claim, got, c.want)
		}
	}
}

func TestAFileOnItsWayIsAwaitedInSilence(t *testing.T) {
	s := scale(Playlist{}, 80, 80)
	second := s.clips[1].Swap(nil)
	f := codec.NewFrame(mediaRate)
	src := s.times(1)
	for i, want := range [][2]int16{{1, 0}, {0, 0}} {
		if err := src.ReadFrame(&f); err != nil || f.Samples[0] != want[0] || f.Samples[159] != want[1] {
			t.Fatalf("frame %d: %v, %d … %d, want %v", i, err, f.Samples[0], f.Samples[159], want)
		}
	}
	s.clips[1].Store(second)
	if got, want := heard(t, src, 4), [][2]int{{2, 80}, {0, 80}}; !slices.Equal(got, want) {
		t.Errorf("then %v, want %v", got, want)
	}
}

func TestShuffledListsPlayEachFileOnceARound(t *testing.T) {
	const files, rounds = 7, 200
	lengths := slices.Repeat([]int{160}, files)
	src := scale(Playlist{Shuffle: true}, lengths...).times(rounds)
	f := codec.NewFrame(mediaRate)
	orders := map[string]bool{}
	last := int16(0)
	for round := range rounds {
		var order []byte
		for range files {
			if err := src.ReadFrame(&f); err != nil {
				t.Fatal(err)
			}
			if f.Samples[0] == last {
				t.Errorf("round %d: file %d twice in a row", round, last)
			}
			last = f.Samples[0]
			order = append(order, byte(last))
		}
		orders[string(order)] = true
		if slices.Sort(order); string(order) != "\x01\x02\x03\x04\x05\x06\x07" {
			t.Fatalf("round %d plays %v", round, order)
		}
	}
	if len(orders) < rounds/2 {
		t.Errorf("%d orders in %d rounds", len(orders), rounds)
	}
	if err := src.ReadFrame(&f); !errors.Is(err, io.EOF) {
		t.Errorf("after the last round: %v", err)
	}
}

func TestPlayingAListAllocatesNothing(t *testing.T) {
	src := scale(Playlist{Shuffle: true}, 100, 0, 50, 170).times(0)
	f := codec.NewFrame(mediaRate)
	if n := testing.AllocsPerRun(5000, func() {
		if err := src.ReadFrame(&f); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func TestASoundHasOneRate(t *testing.T) {
	f := codec.NewFrame(16000)
	if err := scale(Playlist{}, 100).times(1).ReadFrame(&f); !errors.Is(err, audio.ErrRate) {
		t.Errorf("asked for another: %v", err)
	}
}

// BenchmarkSound is the tick path of who listens to music.
func BenchmarkSound(b *testing.B) {
	src := scale(Playlist{Shuffle: true}, 8000, 16000, 24000).times(0)
	f := codec.NewFrame(mediaRate)
	b.ReportAllocs()
	for b.Loop() {
		if err := src.ReadFrame(&f); err != nil {
			b.Fatal(err)
		}
	}
}
