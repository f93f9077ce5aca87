package sound

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// made lets ffmpeg make a file: a tone of 440 Hz so long and so loud.
func made(t *testing.T, name string, seconds, volume string, more ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	args := append([]string{"-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=" + seconds, "-af", "volume=" + volume}, more...)
	if said, err := exec.Command("ffmpeg", append(args, out)...).CombinedOutput(); err != nil {
		t.Fatalf("making %s: %v: %s", name, err, said)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// film is moving pictures without a sound.
func film(t *testing.T) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "a.mkv")
	if said, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=duration=1", "-c:v", "mpeg4", out).CombinedOutput(); err != nil {
		t.Fatalf("making a film: %v: %s", err, said)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// power is the mean power of the samples in dB below a full square wave, and
// the highest peak as a part of full scale.
func power(t *testing.T, file []byte) (db, peak float64) {
	t.Helper()
	var sum float64
	samples := file[44:]
	for i := 0; i+1 < len(samples); i += 2 {
		v := float64(int16(binary.LittleEndian.Uint16(samples[i:]))) / 32768
		sum, peak = sum+v*v, max(peak, math.Abs(v))
	}
	return 10 * math.Log10(sum/float64(len(samples)/2)), peak
}

func TestEveryFormatBecomesTheSameSound(t *testing.T) {
	for name, file := range map[string]struct {
		format string
		bytes  []byte
	}{
		"mp3": {"MP3", made(t, "a.mp3", "2", "0.5")}, "m4a": {"M4A", made(t, "a.m4a", "2", "0.5")}, "wav": {"WAV", made(t, "a.wav", "2", "0.5")},
		"flac": {"FLAC", made(t, "a.flac", "2", "0.5")}, "vorbis": {"OGG", made(t, "a.ogg", "2", "0.5", "-c:a", "libvorbis")},
		"opus": {"OGG", made(t, "b.ogg", "2", "0.5", "-c:a", "libopus")}, "microphone": {"WebM", made(t, "a.webm", "2", "0.5")},
		"stereo, 48 kHz, 24 bits": {"WAV", made(t, "b.wav", "2", "0.5", "-ar", "48000", "-ac", "2", "-c:a", "pcm_s24le")},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Decode(t.Context(), file.bytes)
			if err != nil {
				t.Fatal(err)
			}
			if got.Format != file.format || got.Rate != speechRate || (got.Length-2*time.Second).Abs() > 120*time.Millisecond {
				t.Errorf("is %s of %v at %d Hz", got.Format, got.Length, got.Rate)
			}
			if db, _ := power(t, got.WAV); math.Abs(db-loudness) > 1.5 {
				t.Errorf("its power is %.1f dB, want about %.1f", db, loudness)
			}
		})
	}
}

func TestQuietAndLoudFilesComeOutEquallyLoud(t *testing.T) {
	for _, volume := range []string{"0.1", "0.3", "8"} {
		got, err := Decode(t.Context(), made(t, "a.wav", "3", volume))
		if err != nil {
			t.Fatal(err)
		}
		if db, peak := power(t, got.WAV); math.Abs(db-loudness) > 1.5 || peak > 0.72 {
			t.Errorf("at volume %s: %.1f dB, peak %.2f", volume, db, peak)
		}
	}
}

func TestSilenceIsNotRaised(t *testing.T) {
	got, err := Decode(t.Context(), made(t, "a.wav", "1", "0"))
	if err != nil {
		t.Fatal(err)
	}
	if _, peak := power(t, got.WAV); peak > 0.001 {
		t.Errorf("silence has a peak of %f", peak)
	}
}

func TestAnHourIsReadAndMoreIsNot(t *testing.T) {
	long := []string{"-ar", "8000", "-b:a", "8k"}
	got, err := Decode(t.Context(), made(t, "a.mp3", "3599", "0.5", long...))
	if err != nil || got.Rate != longRate || len(got.WAV) > 64<<20 {
		t.Errorf("an hour gives %v at %d Hz, %v", got.Length, got.Rate, err)
	}
	if _, err = Decode(t.Context(), made(t, "b.mp3", "3605", "0.5", long...)); !errors.Is(err, ErrTooLong) {
		t.Errorf("more than an hour gives %v, want %v", err, ErrTooLong)
	}
}

func TestWhatIsNoSoundIsRefusedByItsBytes(t *testing.T) {
	playlist := []byte("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n")
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"nothing": {nil, ErrFormat}, "a page": {[]byte("<html><script>"), ErrFormat}, "a playlist that names a file": {playlist, ErrFormat},
		"an archive": {[]byte("PK\x03\x04aaaaaaaaaaaaaaa"), ErrFormat}, "too much": {make([]byte, MaxBytes+1), ErrTooBig},
		"a WAV header alone": {[]byte("RIFF\x00\x00\x00\x00WAVE"), ErrBroken}, "a playlist behind a WAV header": {append([]byte("RIFF\xff\xff\xff\xffWAVE"), playlist...), ErrBroken},
		"a damaged M4A": {made(t, "a.m4a", "2", "1")[:500], ErrBroken}, "half an OGG page": {[]byte("OggS\x00\x02\x00\x00\x00\x00"), ErrBroken},
		"a picture in a film": {film(t), ErrBroken},
	} {
		if _, err := Decode(t.Context(), c.file); !errors.Is(err, c.want) {
			t.Errorf("%s gives %v, want %v", name, err, c.want)
		}
	}
}

func TestAReaderWhoLeavesEndsTheDecoding(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := Decode(ctx, made(t, "a.wav", "1", "1")); !errors.Is(err, context.Canceled) {
		t.Errorf("gives %v", err)
	}
}

func TestWithoutADecoderItSaysWhatToInstall(t *testing.T) {
	file := made(t, "a.wav", "1", "1")
	t.Setenv("PATH", t.TempDir())
	if _, err := Decode(t.Context(), file); !errors.Is(err, ErrNoDecoder) {
		t.Errorf("gives %v", err)
	}
}

func FuzzSniff(f *testing.F) {
	for _, seed := range []string{"RIFFaaaaWAVE", "fLaC", "OggS", "aaaaftypM4A ", "ID3", "\xff\xfb\x90\x00", "\x1aE\xdf\xa3"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if kind, ok := sniff(b); ok && kind.demuxer == "" {
			t.Error("a format without a demuxer")
		}
	})
}
