package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"tandem/sipmedia/codec"
)

// Limits of what ReadWAV takes.
const (
	MaxWAVBytes   = 64 << 20 // of a file; an upload may have less (product §13)
	MaxWAVSeconds = 3600
	maxChannels   = 2
	maxChunks     = 1000
)

// ErrWAV is wrapped by every error of ReadWAV.
var ErrWAV = errors.New("audio: not a usable WAV file")

// Format tags of the fmt chunk (RFC 2361).
const (
	tagPCM        = 1
	tagFloat      = 3
	tagALaw       = 6
	tagMuLaw      = 7
	tagExtensible = 0xfffe // the real one is the first field of the GUID
)

// encoding is one way in which a WAV file holds samples.
type encoding struct {
	tag, bits uint16
}

// decoders turn one sample of each encoding into 16 bits.
var decoders = map[encoding]func([]byte) int16{
	{tagPCM, 8}:    func(b []byte) int16 { return int16(int(b[0])-128) << 8 },
	{tagPCM, 16}:   func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b)) },
	{tagPCM, 24}:   func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b[1:])) },
	{tagPCM, 32}:   func(b []byte) int16 { return int16(binary.LittleEndian.Uint16(b[2:])) },
	{tagFloat, 32}: func(b []byte) int16 { return fromFloat(math.Float32frombits(binary.LittleEndian.Uint32(b))) },
	{tagALaw, 8}:   func(b []byte) int16 { return word(codec.PCMA, b) },
	{tagMuLaw, 8}:  func(b []byte) int16 { return word(codec.PCMU, b) },
}

func word(c *codec.Codec, b []byte) int16 {
	var s [1]int16
	c.Decode(s[:], b[:1])
	return s[0]
}

func fromFloat(f float32) int16 {
	if f != f {
		return 0
	}
	return int16(math.Round(float64(min(max(f, -1), 1)) * math.MaxInt16))
}

// format is a fmt chunk.
type format struct {
	encoding
	channels int
	rate     int
}

// ReadWAV reads a whole RIFF/WAVE file: PCM of 8, 16, 24 or 32 bits, 32-bit float, µ-law or A-law; one or two channels,
// mixed to mono; any of codec.Rates, resampled to rate, itself one of them. A file that is cut off gives what is there.
func ReadWAV(file []byte, rate int) (Clip, error) {
	if len(file) > MaxWAVBytes {
		return Clip{}, fmt.Errorf("%w: %d bytes, at most %d", ErrWAV, len(file), MaxWAVBytes)
	}
	f, data, err := chunks(file)
	if err != nil {
		return Clip{}, fmt.Errorf("%w: %w", ErrWAV, err)
	}
	samples, err := f.mono(data)
	if err != nil {
		return Clip{}, fmt.Errorf("%w: %w", ErrWAV, err)
	}
	samples, err = codec.Convert(samples, f.rate, rate)
	if err != nil {
		return Clip{}, fmt.Errorf("%w: %w", ErrWAV, err)
	}
	return Clip{Rate: rate, Samples: samples}, nil
}

// chunks finds the fmt and data chunks. Lengths are believed only as far as the file goes.
func chunks(file []byte) (f format, data []byte, err error) {
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return f, nil, errors.New("no RIFF/WAVE header")
	}
	known, rest := false, file[12:]
	for range maxChunks {
		if len(rest) < 8 {
			return f, nil, errors.New("no data chunk")
		}
		size := int(min(int64(binary.LittleEndian.Uint32(rest[4:])), int64(len(rest)-8)))
		name, body := string(rest[:4]), rest[8:8+size]
		switch {
		case name == "fmt ":
			if f, err = readFormat(body); err != nil {
				return f, nil, err
			}
			known = true
		case name == "data" && known:
			return f, body, nil
		case name == "data":
			return f, nil, errors.New("data before its format")
		}
		rest = rest[min(len(rest), 8+size+size&1):] // chunks begin at even places
	}
	return f, nil, errors.New("too many chunks")
}

func readFormat(b []byte) (format, error) {
	if len(b) < 16 {
		return format{}, errors.New("short fmt chunk")
	}
	f := format{
		encoding: encoding{binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[14:])},
		channels: int(binary.LittleEndian.Uint16(b[2:])),
		rate:     int(binary.LittleEndian.Uint32(b[4:])),
	}
	if f.tag == tagExtensible && len(b) >= 26 {
		f.tag = binary.LittleEndian.Uint16(b[24:])
	}
	switch {
	case decoders[f.encoding] == nil:
		return f, fmt.Errorf("encoding %d with %d bits", f.tag, f.bits)
	case f.channels < 1 || f.channels > maxChannels:
		return f, fmt.Errorf("%d channels", f.channels)
	case !slices.Contains(codec.Rates, f.rate):
		return f, fmt.Errorf("%d samples a second", f.rate)
	}
	return f, nil
}

// mono decodes all whole samples and mixes the channels.
func (f format) mono(data []byte) ([]int16, error) {
	width := int(f.bits) / 8
	n := len(data) / (width * f.channels)
	if n > MaxWAVSeconds*f.rate {
		return nil, fmt.Errorf("longer than %d seconds", MaxWAVSeconds)
	}
	decode := decoders[f.encoding]
	samples := make([]int16, n)
	for i := range samples {
		sum := 0
		for range f.channels {
			sum += int(decode(data))
			data = data[width:]
		}
		samples[i] = int16(sum / f.channels)
	}
	return samples, nil
}

// WAV writes the clip as a 16-bit PCM file.
func (c Clip) WAV() []byte {
	size := 2 * len(c.Samples)
	b := make([]byte, 0, 44+size)
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(36+size))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, tagPCM)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(c.Rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(2*c.Rate))
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(size))
	for _, s := range c.Samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}
