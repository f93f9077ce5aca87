package load

import (
	"math"
	"time"
)

// How a frame of 20 ms is heard.
const (
	silentBelow = -50.0 // dB below full scale: quieter is silence
	sameAbove   = 0.80  // likeness of two spectra (cosine): below it is other audio
	frameTime   = 20 * time.Millisecond
	memory      = 3000 // frames an ear keeps: a minute
	learn       = 600 * time.Millisecond
)

// bands are the frequencies an ear listens at, in Hz, a third of an octave or
// less apart over what a telephone carries.
var bands = [...]float64{
	200, 250, 300, 350, 400, 440, 480, 525, 600, 660, 740, 800, 880, 950, 1000, 1100,
	1200, 1320, 1400, 1500, 1600, 1760, 1900, 2000, 2200, 2400, 2600, 2900, 3200, 3500,
}

// frame is what is kept of one packet of audio.
type frame struct {
	at       time.Time
	silent   bool
	jump     bool // marker, other SSRC, or a break in the RTP clock
	spectrum [len(bands)]float32
}

// afterKey finds, in what was heard, when the old prompt stopped and when the
// next began, both counted from the key.
//
// What sounded in the 600 ms before the key is the old prompt. It has stopped
// where silence, a pause in the stream or another spectrum begins; the next
// prompt is the first sound of another spectrum, or any sound after the old
// one stopped that a marker, a new SSRC or a jump of the RTP clock announces.
// Two frames in a row must agree, so that one odd frame decides nothing. With
// prompts of steady tones, as prepare installs them, this is exact to a frame;
// with speech the spectrum wanders and the break in the stream decides.
func afterKey(frames []frame, key time.Time) (stopped, next time.Duration, ok bool) {
	var old [len(bands)]float32
	at := len(frames)
	for i, f := range frames {
		if f.at.After(key) {
			at = i
			break
		}
		if !f.silent && key.Sub(f.at) <= learn {
			for b := range old {
				old[b] += f.spectrum[b]
			}
		}
	}
	same := func(f frame) bool { return !f.silent && likeness(f.spectrum, old) >= sameAbove }
	end, broken := key, false
	i := at
	for ; i < len(frames); i++ {
		f := frames[i]
		paused := f.at.Sub(end) > 3*frameTime && i > at
		if paused || !same(f) && (i+1 == len(frames) || !same(frames[i+1])) {
			break
		}
		if f.jump && i > at && !same(f) {
			break
		}
		end = f.at
	}
	for ; i < len(frames); i++ {
		f := frames[i]
		broken = broken || f.jump || f.silent || f.at.Sub(end) > 3*frameTime
		confirmed := i+1 < len(frames) && !frames[i+1].silent
		if !f.silent && confirmed && (broken || !same(f) && !same(frames[i+1])) {
			if end.After(key) {
				stopped = end.Add(frameTime).Sub(key)
			}
			return stopped, f.at.Sub(key), true
		}
	}
	return 0, 0, false
}

// loudness is the level of a frame in dB below full scale.
func loudness(pcm []float64) float64 {
	var sum float64
	for _, v := range pcm {
		sum += v * v
	}
	return 10 * math.Log10(sum/float64(len(pcm))+1e-12)
}

// spectrumOf measures a frame at the bands (Goertzel), scaled to length 1.
func spectrumOf(pcm []float64) (out [len(bands)]float32) {
	var norm float64
	for b, hz := range bands {
		k := 2 * math.Cos(2*math.Pi*hz/8000)
		var s1, s2 float64
		for _, v := range pcm {
			s1, s2 = v+k*s1-s2, s1
		}
		power := math.Max(s1*s1+s2*s2-k*s1*s2, 0)
		out[b] = float32(power)
		norm += power * power
	}
	if norm > 0 {
		scale := float32(1 / math.Sqrt(norm))
		for b := range out {
			out[b] *= scale
		}
	}
	return out
}

// likeness of two spectra is 1 for the same mix of frequencies, 0 for none in common.
func likeness(a, b [len(bands)]float32) float64 {
	var dot, na, nb float64
	for i := range a {
		dot += float64(a[i]) * float64(b[i])
		na += float64(a[i]) * float64(a[i])
		nb += float64(b[i]) * float64(b[i])
	}
	if na == 0 || nb == 0 {
		return 0
	}
	return dot / math.Sqrt(na*nb)
}

// ulaw decodes G.711 µ-law to -1..1 (ITU-T G.711 table 2a).
var ulaw = func() (t [256]float64) {
	for i := range t {
		b := ^byte(i)
		v := (int(b&15)<<3 + 132) << (b >> 4 & 7)
		v -= 132
		if b&0x80 != 0 {
			v = -v
		}
		t[i] = float64(v) / 32768
	}
	return t
}()
