package audio

import (
	"math"
	"slices"
	"strings"
	"time"
)

// MaxDBm0 is the level of a sine that just fits: G.711's overload point for A-law is +3.14 dBm0 (ITU-T G.711 §4).
const MaxDBm0 = 3.14

// Pattern is a tone with its cadence.
type Pattern struct {
	Freqs   []float64       // Hz, sounding together
	Level   float64         // dBm0 of each frequency
	Cadence []time.Duration // on, off, on, off, …; empty: on for ever
}

// tones are the signals callers know. ITU-T E.180 and its supplement list them by country.
var tones = map[string]struct{ ringback, busy Pattern }{
	"": { // most of Europe and the rest
		Pattern{[]float64{425}, -13, []time.Duration{time.Second, 4 * time.Second}},
		Pattern{[]float64{425}, -13, []time.Duration{500 * time.Millisecond, 500 * time.Millisecond}},
	},
	"US": {
		Pattern{[]float64{440, 480}, -19, []time.Duration{2 * time.Second, 4 * time.Second}},
		Pattern{[]float64{480, 620}, -24, []time.Duration{500 * time.Millisecond, 500 * time.Millisecond}},
	},
	"GB": {
		Pattern{[]float64{400, 450}, -19, []time.Duration{400 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond, 2 * time.Second}},
		Pattern{[]float64{400}, -16, []time.Duration{375 * time.Millisecond, 375 * time.Millisecond}},
	},
	"FR": {
		Pattern{[]float64{440}, -13, []time.Duration{1500 * time.Millisecond, 3500 * time.Millisecond}},
		Pattern{[]float64{440}, -13, []time.Duration{500 * time.Millisecond, 500 * time.Millisecond}},
	},
	"JP": {
		Pattern{[]float64{384, 416}, -16, []time.Duration{time.Second, 2 * time.Second}},
		Pattern{[]float64{400}, -13, []time.Duration{500 * time.Millisecond, 500 * time.Millisecond}},
	},
}

// sameTones are countries that sound like another.
var sameTones = map[string]string{"CA": "US", "IE": "GB"}

// Ringback is what a caller hears while a phone rings in a country (ISO 3166 alpha-2; unknown ones sound like Europe).
func Ringback(country string) Pattern { return tones[toneCountry(country)].ringback }

// Busy is what a caller hears when the called party is engaged.
func Busy(country string) Pattern { return tones[toneCountry(country)].busy }

// Beep is the short tone after which one speaks.
func Beep() Pattern {
	return Pattern{[]float64{1000}, -13, []time.Duration{300 * time.Millisecond}}
}

func toneCountry(country string) string {
	country = strings.ToUpper(country)
	if same, ok := sameTones[country]; ok {
		return same
	}
	if _, ok := tones[country]; ok {
		return country
	}
	return ""
}

// maxCycle bounds the clip that a pattern becomes.
const maxCycle = 30 * time.Second

// Clip makes the pattern sound at rate: one cycle of its cadence, ready to be looped, or one second when there is no
// cadence. Edges are rounded over 2 ms so that they do not click. Frequencies at or above half the rate are left out.
func (p Pattern) Clip(rate int) Clip {
	cadence := p.Cadence
	if len(cadence) == 0 {
		cadence = []time.Duration{time.Second}
	}
	var samples []int16
	for i, d := range cadence {
		n := int(min(max(d, 0), maxCycle) * time.Duration(rate) / time.Second)
		part := make([]int16, n)
		if i%2 == 0 {
			p.fill(part, rate, len(p.Cadence) > 0)
		}
		samples = append(samples, part...)
	}
	return Clip{Rate: rate, Samples: samples}
}

// Tone is a steady tone of d: freqs in Hz together, each at level dBm0.
func Tone(rate int, d time.Duration, level float64, freqs ...float64) Clip {
	return Pattern{Freqs: freqs, Level: level, Cadence: []time.Duration{d}}.Clip(rate)
}

func (p Pattern) fill(out []int16, rate int, edges bool) {
	amplitude := math.MaxInt16 * math.Pow(10, (p.Level-MaxDBm0)/20)
	freqs := slices.DeleteFunc(slices.Clone(p.Freqs), func(f float64) bool { return f <= 0 || f >= float64(rate)/2 })
	edge := 0
	if edges {
		edge = min(rate/500, len(out)/2)
	}
	for i := range out {
		v := 0.0
		for _, f := range freqs {
			v += amplitude * math.Sin(2*math.Pi*f*float64(i)/float64(rate))
		}
		if near := min(i, len(out)-1-i); near < edge {
			v *= 0.5 - 0.5*math.Cos(math.Pi*float64(near)/float64(edge))
		}
		out[i] = int16(min(max(math.Round(v), math.MinInt16), math.MaxInt16))
	}
}

// Silent is the level that Detect gives for nothing at all, in dBm0.
const Silent = -120

// Detect measures how strong each frequency is in a clip, in dBm0, by Goertzel's algorithm with a Hann window, over
// the whole clip: it tells apart tones that lie 4/duration Hz or more from each other.
func Detect(c Clip, freqs ...float64) []float64 {
	levels := make([]float64, len(freqs))
	for i, f := range freqs {
		levels[i] = goertzel(c, f)
	}
	return levels
}

func goertzel(c Clip, freq float64) float64 {
	n := len(c.Samples)
	if n < 2 || c.Rate == 0 {
		return Silent
	}
	w := 2 * math.Pi * freq / float64(c.Rate)
	coeff, s1, s2 := 2*math.Cos(w), 0.0, 0.0
	for i, v := range c.Samples {
		hann := 1 - math.Cos(2*math.Pi*float64(i)/float64(n)) // mean 1
		s1, s2 = float64(v)*hann+coeff*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - coeff*s1*s2
	amplitude := 2 * math.Sqrt(max(power, 0)) / float64(n)
	if amplitude == 0 {
		return Silent
	}
	return max(Silent, 20*math.Log10(amplitude/math.MaxInt16)+MaxDBm0)
}

// Level is the power of a whole clip in dBm0, whatever it consists of.
func Level(c Clip) float64 {
	sum := 0.0
	for _, v := range c.Samples {
		sum += float64(v) * float64(v)
	}
	if sum == 0 {
		return Silent
	}
	rms := math.Sqrt(sum / float64(len(c.Samples)))
	return max(Silent, 20*math.Log10(rms*math.Sqrt2/math.MaxInt16)+MaxDBm0)
}

// Chime is tones that follow each other, d each.
func Chime(rate int, d time.Duration, level float64, freqs ...float64) Clip {
	out := Clip{Rate: rate}
	for _, f := range freqs {
		out.Samples = append(out.Samples, Tone(rate, d, level, f).Samples...)
	}
	return out
}
