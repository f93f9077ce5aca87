package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// riff is a WAV file that says of itself what it likes.
func riff(channels uint16, rate uint32, bits uint16, dataSize uint32, data []byte) []byte {
	var b bytes.Buffer
	b.WriteString("RIFF\xff\xff\xff\x7fWAVEfmt ")
	block := channels * (bits / 8)
	for _, v := range []any{uint32(16), uint16(1), channels, rate, rate * uint32(block), block, bits} {
		_ = binary.Write(&b, binary.LittleEndian, v) // a bytes.Buffer takes everything
	}
	b.WriteString("data")
	_ = binary.Write(&b, binary.LittleEndian, dataSize)
	b.Write(data)
	return b.Bytes()
}

// bomb is hours of silence in a few kilobytes.
func bomb(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), name)
	all := append([]string{"-v", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "14400"}, args...)
	if said, err := exec.Command("ffmpeg", append(all, out)...).CombinedOutput(); err != nil {
		t.Fatalf("making %s: %v: %s", name, err, said)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// Whatever a file says of itself, it is read within bounds, or refused in words
// for who sent it: never a fault of ours, never an answer without an end.
func TestAHostileFileHurtsNobody(t *testing.T) {
	noise := make([]byte, 1<<20)
	random := rand.NewChaCha8([32]byte{7})
	_, _ = random.Read(noise) // never fails
	mp3, m4a, flac := made(t, "a.mp3", "2", "0.5"), made(t, "a.m4a", "2", "0.5"), made(t, "a.flac", "2", "0.5")
	page := []byte("<html><script>alert(1)</script></html>")
	for name, file := range map[string][]byte{
		"hours of FLAC":                        bomb(t, "a.flac", "-compression_level", "12"),
		"hours of Opus":                        bomb(t, "a.ogg", "-c:a", "libopus", "-b:a", "6k"),
		"65535 channels":                       riff(65535, 8000, 16, uint32(len(noise)), noise),
		"no channel":                           riff(0, 8000, 16, uint32(len(noise)), noise),
		"4 GHz":                                riff(1, 1<<32-1, 16, uint32(len(noise)), noise),
		"1 Hz":                                 riff(1, 1, 16, uint32(len(noise)), noise),
		"1 Hz, 1000 samples":                   riff(1, 1, 16, 2000, noise[:2000]),
		"no rate":                              riff(1, 0, 16, uint32(len(noise)), noise),
		"65535 bits":                           riff(1, 8000, 65535, uint32(len(noise)), noise),
		"a size beyond its end":                riff(1, 8000, 16, 1<<32-1, noise[:1000]),
		"noise behind the head of an MP3":      append([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f"), noise...),
		"noise behind the head of an M4A":      append([]byte("\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom"), noise...),
		"noise behind the head of a FLAC":      append([]byte("fLaC"), noise...),
		"noise behind the head of an OGG":      append([]byte("OggS\x00\x02"), noise...),
		"noise behind the head of a WebM":      append([]byte("\x1aE\xdf\xa3"), noise...),
		"half an MP3":                          mp3[:len(mp3)/2],
		"half an M4A":                          m4a[:len(m4a)/2],
		"half a FLAC":                          flac[:len(flac)/2],
		"a page behind an MP3":                 append(bytes.Clone(mp3), page...),
		"a page in the tags of an MP3":         append([]byte("ID3\x04\x00\x00\x00\x00\x00\x26"+string(page)), mp3...),
		"an M4A whose atoms nest":              bytes.Repeat([]byte("\x00\x00\xff\xffftyp\x00\x00\xff\xf0moov\x00\x00\xff\xe8trak"), 4000),
		"an M4A that names another file":       bytes.Replace(m4a, []byte("url \x00\x00\x00\x01"), []byte("url \x00\x00\x00\x00"), 1),
		"a playlist in the head of a Matroska": append([]byte("\x1aE\xdf\xa3\x80"), []byte("#EXTM3U\nfile:///etc/passwd\n")...),
	} {
		t.Run(name, func(t *testing.T) {
			if len(file) > MaxBytes {
				t.Fatalf("%d bytes: it would not even be looked at", len(file))
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			got, err := Decode(t.Context(), file)
			runtime.ReadMemStats(&after)
			refused := errors.Is(err, ErrBroken) || errors.Is(err, ErrTooLong) || errors.Is(err, ErrFormat)
			if err != nil && !refused {
				t.Errorf("gives %v, a fault of ours", err)
			}
			if err == nil && (got.Length > MaxLength || len(got.WAV) > maxPCM+44 || bytes.Contains(got.WAV, page)) {
				t.Errorf("%v of sound in %d bytes came of it", got.Length, len(got.WAV))
			}
			if took := time.Since(start); took > maxTime {
				t.Errorf("took %v", took)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 5*maxPCM {
				t.Errorf("took %d MB of memory", used>>20)
			}
			if err != nil && strings.Contains(err.Error(), "malloc") {
				t.Error("the decoder broke its own memory:", err)
			}
		})
	}
}

func TestAChildThatRunsTooLongIsKilled(t *testing.T) {
	dir := t.TempDir()
	slow := filepath.Join(dir, "ffmpeg")
	if err := os.WriteFile(slow, []byte("#!/bin/sh\nulimit -v > "+dir+"/memory\nulimit -t > "+dir+"/time\nwhile :; do :; done\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	c, err := newChild([]byte("x"), formats[0])
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	c.most = 300 * time.Millisecond
	if _, _, err := c.run(t.Context(), 1); err == nil {
		t.Error("it ended by itself")
	}
	for file, want := range map[string]string{"memory": maxMemory, "time": maxCPU} {
		if said, err := os.ReadFile(filepath.Join(dir, file)); err != nil || strings.TrimSpace(string(said)) != want {
			t.Errorf("its bound of %s is %q, want %s: %v", file, said, want, err)
		}
	}
}
