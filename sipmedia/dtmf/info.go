package dtmf

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Content types of SIP INFO bodies that carry a key. Neither has an RFC; dtmf-relay is Cisco's, dtmf is older.
const (
	RelayType = "application/dtmf-relay"
	PlainType = "application/dtmf"
)

// Limits of an INFO body.
const (
	maxInfo         = 256              // bytes; real ones have about 25
	maxInfoDuration = 60 * time.Second // longer ones are cut
	defaultDuration = 250 * time.Millisecond
)

// ErrInfo says that a SIP INFO carries no key.
var ErrInfo = errors.New("dtmf: not a key in SIP INFO")

// Info is one key as SIP INFO carries it.
type Info struct {
	Key      Key
	Duration time.Duration // whole milliseconds, up to 60 s; 250 ms if not said
}

// ParseInfo reads the body of an INFO request, the type without case or parameters. Peers disagree about spaces, line
// ends, case, and * and # as 10 and 11; all are understood. An unreadable duration counts as not said. The error is ErrInfo.
func ParseInfo(contentType string, body []byte) (Info, error) {
	if len(body) > maxInfo {
		return Info{}, ErrInfo
	}
	kind, _, _ := strings.Cut(contentType, ";")
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case RelayType:
		return parseRelay(body)
	case PlainType:
		return signal(bytes.TrimSpace(body), Info{Duration: defaultDuration})
	}
	return Info{}, ErrInfo
}

// Relay is the body in application/dtmf-relay.
func (i Info) Relay() string {
	return fmt.Sprintf("Signal=%s\r\nDuration=%d\r\n", i.Key, i.Duration.Milliseconds())
}

// Plain is the body in application/dtmf, which has no room for a duration.
func (i Info) Plain() string { return i.Key.String() }

func parseRelay(body []byte) (Info, error) {
	info, value := Info{Duration: defaultDuration}, []byte(nil)
	for line := range bytes.FieldsFuncSeq(body, func(r rune) bool { return r == '\r' || r == '\n' }) {
		name, v, _ := bytes.Cut(line, []byte("="))
		switch v = bytes.TrimSpace(v); strings.ToLower(string(bytes.TrimSpace(name))) {
		case "signal":
			value = v
		case "duration":
			if ms, err := strconv.ParseUint(string(v), 10, 31); err == nil {
				info.Duration = min(time.Duration(ms)*time.Millisecond, maxInfoDuration)
			}
		}
	}
	return signal(value, info)
}

// signal reads the key itself: a symbol, or an event code of two digits.
func signal(value []byte, info Info) (Info, error) {
	switch len(value) {
	case 1:
		k, err := ParseKey(value[0])
		if err != nil {
			return Info{}, ErrInfo
		}
		info.Key = k
		return info, nil
	case 2:
		code, err := strconv.ParseUint(string(value), 10, 8)
		k, ok := KeyOf(uint8(code))
		if err != nil || !ok || value[0] != '1' {
			return Info{}, ErrInfo
		}
		info.Key = k
		return info, nil
	}
	return Info{}, ErrInfo
}
