package browsertest

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// Option changes how Chromium is started.
type Option = chromedp.ExecAllocatorOption

// NoMicrophone is a browser whose person refuses the microphone.
var NoMicrophone Option = chromedp.Flag("use-fake-ui-for-media-stream", "deny")

// Speaks is a browser whose microphone hears pulses of a tone: what is steady is
// taken for noise, and taken out.
func Speaks(t testing.TB, tone float64) Option {
	t.Helper()
	const rate, length, period, pulse = 48000, 4 * 48000, 24000, 18000 // samples
	wav := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00")
	binary.LittleEndian.PutUint32(wav[4:], 36+2*length)
	for _, v := range []uint16{1, 1, rate & 0xffff, rate >> 16, 2 * rate & 0xffff, 2 * rate >> 16, 2, 16} { // PCM, mono, 16 bits
		wav = binary.LittleEndian.AppendUint16(wav, v)
	}
	wav = binary.LittleEndian.AppendUint32(append(wav, "data"...), 2*length)
	for i := range length {
		x := 0.0
		if i%period < pulse {
			x = 0.4 * math.Sin(2*math.Pi*tone*float64(i)/rate)
		}
		wav = binary.LittleEndian.AppendUint16(wav, uint16(int16(x*math.MaxInt16)))
	}
	file := filepath.Join(t.TempDir(), "microphone.wav")
	if err := os.WriteFile(file, wav, 0o600); err != nil {
		t.Fatal(err)
	}
	return chromedp.Flag("use-file-for-fake-audio-capture", file)
}

// listenIn puts an analyser beside the loudspeaker of what a page will play.
const listenIn = `(() => { const connect = AudioNode.prototype.connect; AudioNode.prototype.connect = function (to, ...more) {
	if (to instanceof AudioDestinationNode) { globalThis.ear_ = this.context.createAnalyser(); ear_.fftSize = 8192; connect.call(this, ear_); }
	return connect.call(this, to, ...more) }; return true })()`

// ListenIn hears from now on what the page plays through Web Audio.
func (b *Tab) ListenIn() {
	b.t.Helper()
	Eval[bool](b, listenIn)
}

// Hears is an expression that holds while a tone is the loudest that the page
// plays, to 20 Hz.
func Hears(tone string) string {
	return `(() => { const bins = new Float32Array(ear_.frequencyBinCount); ear_.getFloatFrequencyData(bins); const top = Math.max(...bins);
	return top > -50 && Math.abs(bins.indexOf(top) * ear_.context.sampleRate / ear_.fftSize - ` + tone + `) < 20 })()`
}
