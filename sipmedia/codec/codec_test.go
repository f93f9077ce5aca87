package codec_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"tandem/sipmedia/codec"
)

// golden reads what testdata/make.sh had ffmpeg or sox make.
func golden(t *testing.T, name string) []byte {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join("testdata", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func goldenSamples(t *testing.T, name string) []int16 {
	t.Helper()
	b := golden(t, name)
	out := make([]int16, len(b)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return out
}

var laws = map[string]*codec.Codec{"mulaw": codec.PCMU, "alaw": codec.PCMA}

func TestDecodingIsThatOfFFmpegAndSox(t *testing.T) {
	for law, c := range laws {
		for _, tool := range []string{"ffmpeg", "sox"} {
			want := goldenSamples(t, tool+"-"+law+"-decoded")
			for w := range 256 {
				var got [1]int16
				c.Decode(got[:], []byte{byte(w)})
				if got[0] != want[w] {
					t.Errorf("%s %#02x: %d, %s says %d", law, w, got[0], tool, want[w])
				}
			}
		}
	}
}

// The tools do not agree on samples beside a decision value: sox rounds to 13 or 14 bits first, FFmpeg takes the nearest
// code word where G.711 table 2a has its decision value off the middle (at a segment's edge, e.g. 4063 between 3999 and
// 4191). So few samples may differ, and none may come out further from itself than theirs does by more than that.
func TestEncodingIsAsCloseAsThatOfFFmpegAndSox(t *testing.T) {
	const rounding, bias, edge, allowed = 16, 132, 60, 1024
	for law, c := range laws {
		for _, tool := range []string{"ffmpeg", "sox"} {
			words, differ := golden(t, tool+"-"+law+"-encoded"), 0
			for i, theirs := range words {
				s := int16(i - 32768)
				var ours [1]byte
				c.Encode(ours[:], []int16{s})
				if ours[0] == theirs {
					continue
				}
				differ++
				var back [2]int16
				c.Decode(back[:], []byte{ours[0], theirs})
				if distance(s, back[0]) > distance(s, back[1])+max(rounding, (distance(s, 0)+bias)/edge) {
					t.Fatalf("%s of %d: %#02x (%d), %s says %#02x (%d)", law, s, ours[0], back[0], tool, theirs, back[1])
				}
			}
			if differ > allowed {
				t.Errorf("%s: %d of 65536 samples differ from %s", law, differ, tool)
			}
		}
	}
}

func distance(a, b int16) int { return max(int(a)-int(b), int(b)-int(a)) }

func TestCodeWordsSurviveDecodingAndEncoding(t *testing.T) {
	for _, c := range codec.Codecs {
		for w := range 256 {
			var s [1]int16
			var back [1]byte
			c.Decode(s[:], []byte{byte(w)})
			c.Encode(back[:], s[:])
			minusZero := c == codec.PCMU && w == 0x7f // µ-law has two zeros
			if back[0] != byte(w) && !minusZero {
				t.Errorf("%s %#02x came back as %#02x", c.Name, w, back[0])
			}
		}
	}
}

func TestCrossingIsDecodingAndEncoding(t *testing.T) {
	for _, from := range codec.Codecs {
		for _, to := range codec.Codecs {
			table, ok := codec.Crossing(from, to)
			if !ok || (table == nil) != (from == to) {
				t.Fatalf("%s to %s: table %v, %v", from.Name, to.Name, table != nil, ok)
			}
			for w := range 256 {
				if table == nil {
					break
				}
				var s, crossed [1]int16
				from.Decode(s[:], []byte{byte(w)})
				to.Decode(crossed[:], []byte{table[w]})
				// The coarser step at this level is at most a sixteenth, at least 16.
				if d := distance(s[0], crossed[0]); d > max(16, distance(s[0], 0)/16) {
					t.Errorf("%s %#02x (%d) became %d", from.Name, w, s[0], crossed[0])
				}
			}
		}
	}
	if _, ok := codec.Crossing(codec.PCMA, &codec.Codec{Name: "opus"}); ok {
		t.Error("crossed into a codec without code words")
	}
}

func TestCodecsAreFoundByNameAndType(t *testing.T) {
	if codec.ByName("pcma", 8000) != codec.PCMA || codec.ByName("PCMU", 8000) != codec.PCMU {
		t.Error("not found by name")
	}
	if codec.ByName("PCMA", 16000) != nil || codec.ByName("G729", 8000) != nil || codec.ByPayloadType(18) != nil {
		t.Error("found what is not there")
	}
	if codec.ByPayloadType(0) != codec.PCMU || codec.ByPayloadType(8) != codec.PCMA {
		t.Error("not found by payload type")
	}
}

func TestEncodingAndDecodingAllocateNothing(t *testing.T) {
	words, samples := make([]byte, 160), make([]int16, 160)
	r, err := codec.NewResampler(16000, 8000)
	if err != nil {
		t.Fatal(err)
	}
	wide := make([]int16, 320)
	if n := testing.AllocsPerRun(100, func() {
		codec.PCMA.Encode(words, samples)
		codec.PCMA.Decode(samples, words)
		r.Resample(samples, wide)
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// chord is the signal that testdata/make.sh resamples.
func chord(rate int) []int16 {
	out := make([]int16, rate/4)
	for i := range out {
		v := 0.0
		for _, f := range []float64{300, 1000, 2750} {
			v += 6000 * math.Sin(2*math.Pi*f*float64(i)/float64(rate))
		}
		out[i] = int16(math.Round(v))
	}
	return out
}

func TestResamplingIsThatOfSox(t *testing.T) {
	for _, tc := range []struct {
		name     string
		from, to int
	}{
		{"44100-8000", 44100, 8000}, {"48000-8000", 48000, 8000}, {"24000-8000", 24000, 8000}, {"16000-8000", 16000, 8000},
		{"8000-16000", 8000, 16000}, {"8000-48000", 8000, 48000}, {"44100-48000", 44100, 48000},
	} {
		want := goldenSamples(t, "sox-"+tc.name)
		got, err := codec.Convert(chord(tc.from), tc.from, tc.to)
		if err != nil {
			t.Fatal(err)
		}
		if d := len(got) - len(want); d < -1 || d > 1 {
			t.Errorf("%s: %d samples, want %d", tc.name, len(got), len(want))
		}
		var signal, noise float64
		edge := tc.to / 50 // filters disagree about what was before the beginning
		for i := edge; i < len(want)-edge; i++ {
			signal += float64(want[i]) * float64(want[i])
			noise += (float64(got[i]) - float64(want[i])) * (float64(got[i]) - float64(want[i]))
		}
		if snr := 10 * math.Log10(signal/noise); snr < 50 {
			t.Errorf("%s: %.1f dB from what sox makes, want 50 or better", tc.name, snr)
		}
	}
}

func TestResamplingLetsNothingFoldBack(t *testing.T) {
	for _, from := range []int{16000, 24000, 44100, 48000} {
		in := make([]int16, from/4)
		for i := range in {
			in[i] = int16(10000 * math.Sin(2*math.Pi*5000*float64(i)/float64(from)))
		}
		out, err := codec.Convert(in, from, 8000)
		if err != nil {
			t.Fatal(err)
		}
		loudest := 0
		for _, s := range out[200 : len(out)-200] {
			loudest = max(loudest, distance(s, 0))
		}
		if loudest > 10 { // 60 dB below
			t.Errorf("from %d: 5 kHz comes out at 8 kHz with amplitude %d", from, loudest)
		}
	}
}

func TestResamplingKeepsSpeechAsLoudAsItWas(t *testing.T) {
	for _, from := range []int{16000, 44100, 48000} {
		for _, freq := range []float64{50, 1000, 3300} {
			in := make([]int16, from/4)
			for i := range in {
				in[i] = int16(10000 * math.Sin(2*math.Pi*freq*float64(i)/float64(from)))
			}
			out, err := codec.Convert(in, from, 8000)
			if err != nil {
				t.Fatal(err)
			}
			power := 0.0
			for _, s := range out[400:1600] { // 150 ms: whole periods of each
				power += float64(s) * float64(s)
			}
			if db := 10 * math.Log10(power/1200/(10000*10000/2)); math.Abs(db) > 0.1 {
				t.Errorf("%d to 8000: %v Hz changed by %.2f dB", from, freq, db)
			}
		}
	}
}

func TestFramesStayFrames(t *testing.T) {
	for _, from := range []int{8000, 16000, 24000, 32000, 44100, 48000} {
		for _, to := range []int{8000, 16000, 48000} {
			r, err := codec.NewResampler(from, to)
			if err != nil {
				t.Fatal(err)
			}
			src, dst := codec.NewFrame(from), make([]int16, to)
			for range 10 {
				if n := r.Resample(dst, src.Samples); n != to/50 {
					t.Errorf("%d to %d: 20 ms became %d samples, want %d", from, to, n, to/50)
				}
			}
		}
	}
	if _, err := codec.NewResampler(8001, 8000); err == nil {
		t.Error("made a resampler for 8001 Hz")
	}
}

func TestQueueNeitherBlocksTheTickNorLosesOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := codec.NewQueue(8000, 3)
		f := codec.NewFrame(8000)
		for i := range 5 {
			f.Samples[0] = int16(i + 1)
			if err := q.WriteFrame(&f); err != nil {
				t.Fatal(err)
			}
		}
		if q.Dropped() != 2 {
			t.Errorf("%d dropped, want 2", q.Dropped())
		}
		q.Close()
		q.Close()
		if err := q.WriteFrame(&f); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("write after close: %v", err)
		}
		for i := range 3 {
			read := q.Next
			if i == 1 {
				read = func(_ context.Context, f *codec.Frame) error { return q.ReadFrame(f) }
			}
			if err := read(t.Context(), &f); err != nil || f.Samples[0] != int16(i+1) {
				t.Errorf("frame %d: %d, %v", i, f.Samples[0], err)
			}
		}
		if err := q.Next(t.Context(), &f); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
		if err := q.ReadFrame(&f); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	})
}

func TestQueueWaitsForTheOtherSide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := codec.NewQueue(8000, 1)
		f, wide := codec.NewFrame(8000), codec.NewFrame(16000)
		f.Samples[0] = 7
		if err := q.ReadFrame(&f); err != nil || f.Samples[0] != 0 {
			t.Errorf("empty queue: %d, %v, want silence", f.Samples[0], err)
		}
		done := make(chan error, 2)
		go func() { done <- q.Put(t.Context(), &f); done <- q.Put(t.Context(), &f) }()
		synctest.Wait()
		if len(done) != 1 {
			t.Errorf("%d puts done, want one waiting", len(done))
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		for range 2 {
			if err := q.Next(ctx, &f); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		cause := errors.New("enough")
		cancel(cause)
		if err := q.Next(ctx, &f); err != cause {
			t.Errorf("cancelled: %v", err)
		}
		for _, err := range []error{q.WriteFrame(&wide), q.ReadFrame(&wide), q.Put(ctx, &wide), q.Next(ctx, &wide)} {
			if err != codec.ErrFrame {
				t.Errorf("frame of another rate: %v", err)
			}
		}
	})
}
