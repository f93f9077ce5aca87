package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// child runs ffmpeg on one file, in a folder that goes with it.
type child struct {
	program string
	dir     string
	format  format
	most    time.Duration // of one run
}

// Bounds of one run. An hour of MP3 takes 6 s of one core and 80 MB.
const (
	maxTime   = 2 * time.Minute
	maxCPU    = "90"      // seconds
	maxMemory = "1048576" // KiB of address space
	maxErrors = 64 << 10  // bytes of what it says
	maxPCM    = 64<<20 - 44
)

// slack is how much longer than allowed a file is read, to see that it is.
const slack = 2 * time.Second

// codecs are the only decoders that a file may ask for.
const codecs = "mp3,mp3float,aac,aac_fixed,alac,flac,vorbis,opus,libopus,pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ima_wav,adpcm_ms"

// One run at a time for each processor that calls can spare: a second upload
// waits for the first.
var turn = make(chan struct{}, 1)

func newChild(file []byte, f format) (*child, error) {
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil, ErrNoDecoder
	}
	dir, err := os.MkdirTemp("", "tandem-sound-")
	if err != nil {
		return nil, reading("storing", err)
	}
	c := &child{program, dir, f, maxTime}
	// M4A keeps its index at the end, so a pipe will not do.
	if err := os.WriteFile(filepath.Join(dir, "in"), file, 0o600); err != nil {
		c.close()
		return nil, reading("storing", err)
	}
	return c, nil
}

// close removes the folder. What is left over harms nobody.
func (c *child) close() { _ = os.RemoveAll(c.dir) }

// What ffmpeg says of a file that it has measured.
var (
	integrated = regexp.MustCompile(`(?m)^\s+I:\s+(-?[0-9.]+|-?inf|nan) LUFS`)
	reached    = regexp.MustCompile(`time=(\d+):(\d\d):(\d\d\.\d+)`)
)

// stream is what ffmpeg says of the sound that it has found.
var stream = regexp.MustCompile(`(?m)^\s+Stream #0:\d+.*: Audio: .*, (\d+) Hz, `)

// Rates that a sound may have. What lies beyond is no recording, and ffmpeg's
// own filters have been seen to break at a rate of 1 Hz.
const (
	slowestRate = 1000
	fastestRate = 768000
)

// probe looks at the sound without decoding it.
func (c *child) probe(ctx context.Context) error {
	_, said, err := c.run(ctx, 1, "-v", "info", "-c", "copy", "-t", "1", "-f", "null", "-")
	if err != nil {
		return err
	}
	found := stream.FindStringSubmatch(said)
	if found == nil {
		return ErrBroken
	}
	if rate, err := strconv.Atoi(found[1]); err != nil || rate < slowestRate || rate > fastestRate {
		return fmt.Errorf("%w (%s Hz)", ErrBroken, found[1])
	}
	return nil
}

// measure tells how loud (EBU R 128) and how long the sound is.
func (c *child) measure(ctx context.Context) (loud float64, length time.Duration, err error) {
	_, said, err := c.run(ctx, 1, "-v", "info", "-stats", "-af", mono+",ebur128=framelog=verbose", "-f", "null", "-")
	if err != nil {
		return 0, 0, err
	}
	i, t := integrated.FindStringSubmatch(said), reached.FindAllStringSubmatch(said, -1)
	if i == nil || t == nil {
		return 0, 0, ErrBroken
	}
	if loud, err = strconv.ParseFloat(i[1], 64); err != nil {
		loud = math.Inf(-1)
	}
	last := t[len(t)-1]
	length, err = time.ParseDuration(last[1] + "h" + last[2] + "m" + last[3] + "s")
	return loud, length, err
}

// mono mixes all channels into one, in floating point so that both runs weigh
// them alike and nothing clips on the way.
const mono = "aformat=sample_fmts=flt:channel_layouts=mono"

// level decodes the sound with that gain, its peaks held below -3 dBFS: the
// companding of G.711 distorts what comes closer to its end.
func (c *child) level(ctx context.Context, gain float64, rate int) ([]byte, error) {
	filters := fmt.Sprintf("%s,aresample=%d,volume=%.2fdB,alimiter=limit=0.7079:level=0:attack=5:release=50", mono, rate, gain)
	pcm, _, err := c.run(ctx, maxPCM, "-v", "error", "-af", filters, "-ar", strconv.Itoa(rate), "-ac", "1", "-f", "s16le", "-")
	return pcm, err
}

// run runs ffmpeg on the file and gives at most limit bytes of its output, and
// what it said.
func (c *child) run(ctx context.Context, limit int, output ...string) (out []byte, said string, err error) {
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return nil, "", context.Cause(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, c.most)
	defer cancel()
	// sh sets the bounds of itself and becomes ffmpeg.
	args := []string{"-c", `ulimit -v "$1" && ulimit -t "$2" && ulimit -c 0 && shift 2 && exec "$@"`, "sh", maxMemory, maxCPU,
		c.program, "-hide_banner", "-nostdin", "-threads", "1", "-filter_threads", "1", "-protocol_whitelist", "file,pipe", "-codec_whitelist", codecs,
		"-f", c.format.demuxer, "-i", "file:in", "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1",
		"-t", strconv.FormatFloat((MaxLength + slack).Seconds(), 'f', 0, 64)}
	cmd := exec.CommandContext(ctx, "/bin/sh", append(args, output...)...)
	cmd.Dir, cmd.Env = c.dir, []string{"LC_ALL=C"}
	stderr := &tail{most: maxErrors}
	stdout := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = &bounded{stdout, limit}, stderr
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, "", reading("decoding", context.Cause(ctx))
	case errors.As(err, &exit):
		return nil, "", fmt.Errorf("%w (%s)", ErrBroken, lastLine(stderr.String()))
	case err != nil:
		return nil, "", reading("decoding", err)
	}
	return stdout.Bytes(), stderr.String(), nil
}

// bounded takes no more than it may.
type bounded struct {
	to   io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, ErrTooLong
	}
	return b.to.Write(p)
}

// tail keeps the end of what is written to it.
type tail struct {
	bytes.Buffer
	most int
}

func (t *tail) Write(p []byte) (int, error) {
	t.Buffer.Write(p)
	t.Next(max(0, t.Len()-t.most))
	return len(p), nil
}

func lastLine(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return lines[len(lines)-1]
}
