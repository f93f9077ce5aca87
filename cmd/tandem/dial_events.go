package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// dialEvents prints what happens to a phone: a line for a person, or one JSON
// object a line with the same words.
type dialEvents struct {
	mu   sync.Mutex
	out  io.Writer
	json bool
	now  func() time.Time
}

// field is one fact of an event, in the order it prints.
type field struct {
	name  string
	value any
}

// emit prints one event. A terminal that is gone stops nothing.
func (d *dialEvents) emit(event string, fields ...field) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.now()
	if d.json {
		row := map[string]any{"event": event, "at": at.UTC().Format(time.RFC3339Nano)}
		for _, f := range fields {
			row[f.name] = f.value
		}
		_ = json.NewEncoder(d.out).Encode(row)
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %-10s", at.Format("15:04:05.000"), event)
	for _, f := range fields {
		fmt.Fprintf(&b, "  %s %v", strings.ReplaceAll(f.name, "_", " "), f.value)
	}
	_, _ = fmt.Fprintln(d.out, strings.TrimRight(b.String(), " "))
}
