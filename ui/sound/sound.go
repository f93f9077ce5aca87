// Package sound turns a sound file that somebody uploaded into what a node
// plays: one channel, evenly loud, as a WAV file.
//
// It never believes a file's name, and never reads the file itself: what
// decodes it is another process, with bounds on its memory, time and output.
//
// Why ffmpeg for every format: M4A and what a browser's microphone makes have
// no kept decoder in Go, so ffmpeg is needed anyway; with it for all, one
// decoder has one set of bounds, a hostile file can hurt no more than a child
// that is killed, and loudness (EBU R 128) is measured by a filter that
// broadcasters trust. The Go decoders of MP3, FLAC and Vorbis were turned
// down for that. A kept pure Go decoder of AAC and Opus would change our mind.
package sound

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// Sound is a decoded file.
type Sound struct {
	WAV    []byte // 16-bit PCM, one channel
	Rate   int
	Length time.Duration
	Format string // of the file, such as "MP3"
}

// Limits of a file (product sheet 9).
const (
	MaxBytes  = 14 << 20
	MaxLength = time.Hour
)

// Errors of Decode, in words for who uploaded the file.
var (
	ErrTooBig    = errors.New("the file is larger than 14 MB")
	ErrTooLong   = errors.New("the sound is longer than 60 minutes")
	ErrFormat    = errors.New("this is no sound file that can be read here: send MP3, M4A, WAV, FLAC or OGG")
	ErrBroken    = errors.New("the file is damaged, or holds no sound")
	ErrNoDecoder = errors.New("ffmpeg is not installed on this machine, and sound files are read by it: install the package ffmpeg, then upload again")
)

// Rates of what is made. Speech gains from 16 kHz where a phone can show it;
// what is longer than half an hour would not fit into the library then.
const (
	speechRate = 16000
	longRate   = 8000
	longLength = 30 * time.Minute
)

// Loudness of what is made, in LUFS: as loud as people talk on a line, so that
// no prompt startles. The quietest file is raised by maxGain, not its hiss.
const (
	loudness = -20.0
	maxGain  = 24.0
	silence  = -60.0 // quieter than this there is nothing to raise
)

// Decode reads a sound file and levels it.
func Decode(ctx context.Context, file []byte) (Sound, error) {
	if len(file) > MaxBytes {
		return Sound{}, ErrTooBig
	}
	f, ok := sniff(file)
	if !ok {
		return Sound{}, ErrFormat
	}
	c, err := newChild(file, f)
	if err != nil {
		return Sound{}, err
	}
	defer c.close()
	if err := c.probe(ctx); err != nil {
		return Sound{}, err
	}
	loud, length, err := c.measure(ctx)
	if err != nil {
		return Sound{}, err
	}
	if length > MaxLength {
		return Sound{}, ErrTooLong
	}
	rate := speechRate
	if length > longLength {
		rate = longRate
	}
	pcm, err := c.level(ctx, gain(loud), rate)
	if err != nil {
		return Sound{}, err
	}
	if len(pcm) < 2 {
		return Sound{}, ErrBroken
	}
	return Sound{WAV: wav(pcm, rate), Rate: rate, Format: f.name,
		Length: time.Duration(len(pcm)/2) * time.Second / time.Duration(rate)}, nil
}

// gain is by how many dB a file of that loudness is raised or lowered.
func gain(loud float64) float64 {
	if math.IsNaN(loud) || loud < silence {
		return 0
	}
	return min(loudness-loud, maxGain)
}

// format is a kind of file, told by its first bytes.
type format struct {
	name    string
	demuxer string // the only one that ffmpeg may use for it
	begins  func([]byte) bool
}

// formats are the files that are taken. WebM is what the microphone of some
// browsers makes.
var formats = []format{
	{"WAV", "wav", func(b []byte) bool { return at(b, 0, "RIFF") && at(b, 8, "WAVE") }},
	{"FLAC", "flac", func(b []byte) bool { return at(b, 0, "fLaC") }},
	{"OGG", "ogg", func(b []byte) bool { return at(b, 0, "OggS") }},
	{"M4A", "mov", func(b []byte) bool { return at(b, 4, "ftyp") }},
	{"WebM", "matroska", func(b []byte) bool { return at(b, 0, "\x1aE\xdf\xa3") }},
	{"MP3", "mp3", func(b []byte) bool { return at(b, 0, "ID3") || mpegFrame(b) }},
}

func sniff(file []byte) (format, bool) {
	for _, f := range formats {
		if f.begins(file) {
			return f, true
		}
	}
	return format{}, false
}

func at(b []byte, from int, text string) bool {
	return len(b) >= from+len(text) && string(b[from:from+len(text)]) == text
}

// mpegFrame tells the header of an MPEG audio frame of layer III: 11 bits of
// sync, a version, a layer, a bit rate and a sampling rate that exist.
func mpegFrame(b []byte) bool {
	return len(b) >= 4 && b[0] == 0xff && b[1]&0xe0 == 0xe0 && b[1]>>3&3 != 1 && b[1]>>1&3 == 1 && b[2]>>4 != 15 && b[2]>>2&3 != 3
}

// wav is a WAV file of 16-bit samples of one channel.
func wav(pcm []byte, rate int) []byte {
	var b bytes.Buffer
	b.Grow(44 + len(pcm))
	b.WriteString("RIFF")
	fields := []any{uint32(36 + len(pcm)), [8]byte([]byte("WAVEfmt ")), uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate),
		uint16(2), uint16(16), [4]byte([]byte("data")), uint32(len(pcm))}
	for _, f := range fields {
		_ = binary.Write(&b, binary.LittleEndian, f) // a bytes.Buffer takes everything
	}
	b.Write(pcm)
	return b.Bytes()
}

// reading says what was being done when a child failed.
func reading(what string, err error) error { return fmt.Errorf("%s the sound: %w", what, err) }
