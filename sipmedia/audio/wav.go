package audio

import "errors"

// Limits of what ReadWAV takes (product §13: 60 min and 14 MB an upload).
const (
	MaxWAVBytes   = 14 << 20
	MaxWAVSeconds = 3600
)

// ErrWAV is wrapped by every error of ReadWAV.
var ErrWAV = errors.New("audio: not a usable WAV file")

// ReadWAV reads a whole RIFF/WAVE file: PCM of 8, 16, 24 or 32 bits, 32-bit float, µ-law or A-law; one or two channels,
// mixed to mono; 8000-48000 samples a second, resampled to rate (8000, 16000 or 48000).
func ReadWAV(file []byte, rate int) (Clip, error) { return Clip{}, ErrWAV }

// WAV writes the clip as a 16-bit PCM file.
func (c Clip) WAV() []byte { return nil }
