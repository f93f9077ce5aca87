package audio_test

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
)

// Every file in testdata is 250 ms of 1 kHz at half amplitude, made by sox or ffmpeg (testdata/make.sh).
func TestWAVOfEveryEncodingIsRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.wav")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, rate := range []int{8000, 16000, 48000} {
			clip, err := audio.ReadWAV(file, rate)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if d := clip.Duration() - 250*time.Millisecond; d < -time.Millisecond || d > time.Millisecond {
				t.Errorf("%s at %d: %v long", name, rate, clip.Duration())
			}
			levels := audio.Detect(clip, 1000, 2200)
			if want := audio.MaxDBm0 - 6.0; math.Abs(levels[0]-want) > 0.5 || levels[1] > -30 {
				t.Errorf("%s at %d: 1 kHz at %.1f dBm0, want %.1f; 2.2 kHz at %.1f", name, rate, levels[0], want, levels[1])
			}
		}
	}
}

func TestWAVIsWrittenAndReadTheSame(t *testing.T) {
	clip := audio.Tone(16000, 100*time.Millisecond, -10, 440)
	got, err := audio.ReadWAV(clip.WAV(), 16000)
	if err != nil || got.Rate != 16000 || !slices.Equal(got.Samples, clip.Samples) {
		t.Errorf("read %d samples at %d, %v", len(got.Samples), got.Rate, err)
	}
}

func TestUnusableWAVIsRefused(t *testing.T) {
	good := audio.Tone(8000, 20*time.Millisecond, -10, 440).WAV()
	change := func(at int, v uint16) []byte {
		b := slices.Clone(good)
		binary.LittleEndian.PutUint16(b[at:], v)
		return b
	}
	for name, file := range map[string][]byte{
		"empty":           nil,
		"text":            []byte("this is no sound at all, it is text"),
		"header only":     good[:36],
		"strange tag":     change(20, 85), // MP3 in WAV
		"no channels":     change(22, 0),
		"six channels":    change(22, 6),
		"strange rate":    change(24, 7999),
		"strange bits":    change(34, 12),
		"data first":      append(slices.Clone(good[:12]), good[36:]...),
		"short fmt":       append(slices.Clone(good[:12]), "fmt \x02\x00\x00\x00\x01\x00data\x00\x00\x00\x00"...),
		"a million parts": append(slices.Clone(good[:12]), make([]byte, 8<<20)...),
	} {
		if _, err := audio.ReadWAV(file, 8000); !errors.Is(err, audio.ErrWAV) {
			t.Errorf("%s: %v, want ErrWAV", name, err)
		}
	}
	if _, err := audio.ReadWAV(good, 8001); !errors.Is(err, audio.ErrWAV) {
		t.Errorf("to a strange rate: %v", err)
	}
	cut, err := audio.ReadWAV(good[:len(good)-101], 8000)
	if err != nil || len(cut.Samples) != 160-51 {
		t.Errorf("cut off: %d samples, %v", len(cut.Samples), err)
	}
}

func TestClipPlaysOnceOrForEver(t *testing.T) {
	clip := audio.Clip{Rate: 8000, Samples: make([]int16, 200)}
	for i := range clip.Samples {
		clip.Samples[i] = int16(i + 1)
	}
	f := codec.NewFrame(8000)
	once := clip.Source(false)
	for _, want := range [][2]int16{{1, 160}, {161, 0}} {
		if err := once.ReadFrame(&f); err != nil || f.Samples[0] != want[0] || f.Samples[159] != want[1] {
			t.Errorf("frame %d…%d, %v, want %v", f.Samples[0], f.Samples[159], err, want)
		}
	}
	if err := once.ReadFrame(&f); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	forever := clip.Source(true)
	for _, want := range [][2]int16{{1, 160}, {161, 120}, {121, 80}} {
		if err := forever.ReadFrame(&f); err != nil || f.Samples[0] != want[0] || f.Samples[159] != want[1] {
			t.Errorf("loop: frame %d…%d, %v, want %v", f.Samples[0], f.Samples[159], err, want)
		}
	}
	if err := (audio.Clip{Rate: 8000}).Source(true).ReadFrame(&f); err != io.EOF {
		t.Errorf("empty loop: %v", err)
	}
	wide := codec.NewFrame(16000)
	if err := clip.Source(false).ReadFrame(&wide); err != audio.ErrRate {
		t.Errorf("other rate: %v", err)
	}
	if n := testing.AllocsPerRun(100, func() { _ = forever.ReadFrame(&f) }); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

func TestCaptureKeepsUpToItsLimit(t *testing.T) {
	c := audio.NewCapture(8000, 50*time.Millisecond)
	f, wide := codec.NewFrame(8000), codec.NewFrame(16000)
	for range 2 {
		if err := c.WriteFrame(&f); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.WriteFrame(&f); err != io.ErrShortWrite {
		t.Errorf("above the limit: %v", err)
	}
	if err := c.WriteFrame(&wide); err != audio.ErrRate {
		t.Errorf("other rate: %v", err)
	}
	if n := len(c.Clip().Samples); n != 320 {
		t.Errorf("%d samples, want 320", n)
	}
}

func TestTonesHaveTheirFrequenciesLevelsAndCadence(t *testing.T) {
	for _, tc := range []struct {
		name    string
		pattern audio.Pattern
		cycle   time.Duration
		on      time.Duration
		freqs   []float64
		level   float64
	}{
		{"ringback", audio.Ringback("DE"), 5 * time.Second, time.Second, []float64{425}, -13},
		{"unknown country", audio.Ringback("XX"), 5 * time.Second, time.Second, []float64{425}, -13},
		{"US ringback", audio.Ringback("us"), 6 * time.Second, 2 * time.Second, []float64{440, 480}, -19},
		{"CA ringback", audio.Ringback("CA"), 6 * time.Second, 2 * time.Second, []float64{440, 480}, -19},
		{"GB ringback", audio.Ringback("GB"), 3 * time.Second, 400 * time.Millisecond, []float64{400, 450}, -19},
		{"busy", audio.Busy("FR"), time.Second, 500 * time.Millisecond, []float64{440}, -13},
		{"US busy", audio.Busy("US"), time.Second, 500 * time.Millisecond, []float64{480, 620}, -24},
		{"beep", audio.Beep(), 300 * time.Millisecond, 300 * time.Millisecond, []float64{1000}, -13},
	} {
		clip := tc.pattern.Clip(8000)
		if clip.Duration() != tc.cycle {
			t.Errorf("%s: cycle %v, want %v", tc.name, clip.Duration(), tc.cycle)
		}
		on := audio.Clip{Rate: 8000, Samples: clip.Samples[:int(tc.on*8000/time.Second)]}
		levels := audio.Detect(on, append(tc.freqs, 1800)...)
		for i, f := range tc.freqs {
			if math.Abs(levels[i]-tc.level) > 0.5 {
				t.Errorf("%s: %v Hz at %.1f dBm0, want %v", tc.name, f, levels[i], tc.level)
			}
		}
		if other := levels[len(levels)-1]; other > -50 {
			t.Errorf("%s: 1800 Hz at %.1f dBm0", tc.name, other)
		}
		off := audio.Clip{Rate: 8000, Samples: clip.Samples[len(on.Samples) : len(on.Samples)+min(800, len(clip.Samples)-len(on.Samples))]}
		if got := audio.Level(off); got != audio.Silent {
			t.Errorf("%s: pause at %.1f dBm0", tc.name, got)
		}
	}
}

func TestOddPatternsMakeNoTrouble(t *testing.T) {
	for _, p := range []audio.Pattern{
		{}, {Freqs: []float64{-5, 0, 4000, 1e9}}, {Freqs: []float64{400}, Level: 90, Cadence: []time.Duration{-1, 0, time.Nanosecond}},
		{Freqs: []float64{math.NaN()}}, {Freqs: []float64{100}, Level: -10, Cadence: []time.Duration{time.Hour}},
	} {
		if clip := p.Clip(8000); clip.Duration() > 31*time.Second {
			t.Errorf("%v: %v long", p, clip.Duration())
		}
	}
	if got := audio.Detect(audio.Clip{}, 400); got[0] != audio.Silent {
		t.Errorf("nothing at %.1f dBm0", got[0])
	}
}

func TestLevelIsInDBm0(t *testing.T) {
	clip := audio.Tone(8000, time.Second, -10, 1000)
	if got := audio.Level(clip); math.Abs(got+10) > 0.1 {
		t.Errorf("level %.2f dBm0, want -10", got)
	}
}

func FuzzWAV(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.wav")
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file[:min(len(file), 200)])
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		clip, err := audio.ReadWAV(file, 8000)
		if err != nil {
			if !errors.Is(err, audio.ErrWAV) {
				t.Errorf("error %v", err)
			}
			return
		}
		again, err := audio.ReadWAV(clip.WAV(), 8000)
		if err != nil || !slices.Equal(again.Samples, clip.Samples) {
			t.Errorf("written and read again: %d samples of %d, %v", len(again.Samples), len(clip.Samples), err)
		}
	})
}
