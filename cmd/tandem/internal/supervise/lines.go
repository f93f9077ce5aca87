package supervise

import "bytes"

// maxLine cuts what has no line end: a child must not fill our memory.
const maxLine = 64 << 10

// lineWriter hands on whole lines. Nobody but one copying goroutine writes to it.
type lineWriter struct {
	line func(string)
	rest []byte
}

// Write takes any piece of the stream.
func (w *lineWriter) Write(p []byte) (int, error) {
	n := len(p)
	for {
		head, tail, found := bytes.Cut(p, []byte("\n"))
		w.rest = append(w.rest, head...)
		if !found && len(w.rest) < maxLine {
			return n, nil
		}
		w.line(string(bytes.TrimRight(w.rest, "\r")))
		w.rest, p = w.rest[:0], tail
	}
}
