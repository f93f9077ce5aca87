package codec

import (
	"fmt"
	"math"
	"slices"
)

// Rates are the sampling rates that a Resampler knows, in samples a second.
var Rates = []int{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000}

// Figures of the low-pass filter: flat up to 85 % of the lower rate's half, more than 70 dB down from just above that half on.
const (
	zeroCrossings = 32   // zero crossings of the sinc on each side
	cutoff        = 0.93 // where it is 6 dB down, as a part of the lower rate's half
	kaiserBeta    = 7.5
)

// Resampler changes the sampling rate of one continuous signal with a polyphase FIR filter. It delays by Delay and never
// allocates once made. It is not safe for concurrent use.
type Resampler struct {
	up, down int // rate ratio in lowest terms
	taps     int
	phases   []float32 // up filters of taps each
	history  []float32 // the last taps inputs, twice, so that a window is always one piece
	at       int       // next place in history
	phase    int       // position of the next output between inputs, in 1/up
}

// NewResampler makes a resampler between two of Rates.
func NewResampler(from, to int) (*Resampler, error) {
	if !slices.Contains(Rates, from) || !slices.Contains(Rates, to) {
		return nil, fmt.Errorf("codec: no resampling from %d to %d Hz", from, to)
	}
	g := gcd(from, to)
	r := &Resampler{up: to / g, down: from / g}
	// All widths in inputs: when the rate falls the filter is as much longer as it must be lower.
	ratio := max(1, float64(from)/float64(to))
	// Half of them is the delay: a multiple of down, so that it is a whole number of outputs.
	r.taps = 2 * r.down * int(math.Ceil(zeroCrossings*ratio/float64(r.down)))
	r.phases = make([]float32, r.up*r.taps)
	r.history = make([]float32, 2*r.taps)
	for p := range r.up {
		filter := r.phases[p*r.taps : (p+1)*r.taps]
		sum := 0.0
		for i := range filter {
			x := float64(i-r.taps/2) + float64(r.up-p)/float64(r.up)
			v := sinc(x*cutoff/ratio) * kaiser(x/float64(r.taps/2))
			filter[i] = float32(v)
			sum += v
		}
		for i := range filter {
			filter[i] /= float32(sum) // every phase passes direct current alike
		}
	}
	return r, nil
}

// Delay is how many output samples the signal is late, rounded.
func (r *Resampler) Delay() int {
	return int(math.Round(float64(r.taps/2) * float64(r.up) / float64(r.down)))
}

// Resample takes all of src and writes the output that this makes possible to dst, which must have room for
// len(src)·to/from samples, rounded up; what does not fit is lost. It returns how many it wrote: 20 ms give 20 ms.
func (r *Resampler) Resample(dst, src []int16) int {
	n := 0
	for _, s := range src {
		r.history[r.at], r.history[r.at+r.taps] = float32(s), float32(s)
		r.at++
		if r.at == r.taps {
			r.at = 0
		}
		for r.phase < r.up {
			if n < len(dst) {
				dst[n] = r.output()
				n++
			}
			r.phase += r.down
		}
		r.phase -= r.up
	}
	return n
}

func (r *Resampler) output() int16 {
	filter := r.phases[r.phase*r.taps : (r.phase+1)*r.taps]
	window := r.history[r.at : r.at+r.taps]
	var sum float32
	for i, f := range filter {
		sum += f * window[i]
	}
	return int16(min(max(math.Round(float64(sum)), math.MinInt16), math.MaxInt16))
}

// Convert changes the rate of a whole signal, without delay: the n-th second stays the n-th second.
func Convert(samples []int16, from, to int) ([]int16, error) {
	if from == to {
		return slices.Clone(samples), nil
	}
	r, err := NewResampler(from, to)
	if err != nil {
		return nil, err
	}
	length := int((int64(len(samples))*int64(to) + int64(from) - 1) / int64(from))
	out := make([]int16, length+r.Delay()+r.up)
	n := r.Resample(out, samples)
	n += r.Resample(out[n:], make([]int16, r.taps))
	return out[min(r.Delay(), n):min(r.Delay()+length, n)], nil
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the Kaiser window for x in [-1, 1].
func kaiser(x float64) float64 {
	if x < -1 || x > 1 {
		return 0
	}
	return bessel(kaiserBeta*math.Sqrt(1-x*x)) / bessel(kaiserBeta)
}

// bessel is the modified Bessel function of the first kind and order zero, by its series.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > 1e-12*sum; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
