package config

import (
	"encoding"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Setting is one field of Config as an operator meets it.
type Setting struct {
	Key     string // in tandem.toml, and behind two dashes the flag
	Env     string // environment variable
	Default string // as it would be written; empty: none
	Doc     string // one line
	Secret  bool   // never printed
	field   int
}

// Settings lists all settings in the order of Config's fields.
func Settings() []Setting {
	t := reflect.TypeFor[Config]()
	out := make([]Setting, t.NumField())
	for i := range out {
		tag := t.Field(i).Tag
		out[i] = Setting{
			Key: tag.Get("key"), Env: tag.Get("env"), Default: tag.Get("default"), Doc: tag.Get("doc"),
			Secret: tag.Get("secret") == "true", field: i,
		}
	}
	return out
}

// Text is the setting's value in c as it would be written in a file.
func (s Setting) Text(c Config) string {
	switch x := reflect.ValueOf(c).Field(s.field).Interface().(type) {
	case time.Duration:
		return x.String()
	case encoding.TextMarshaler:
		b, err := x.MarshalText()
		if err != nil {
			return ""
		}
		return string(b)
	}
	return fmt.Sprint(reflect.ValueOf(c).Field(s.field).Interface())
}

// set reads text into the setting's field of c. Its errors say what a good
// value looks like.
func (s Setting) set(c *Config, text string) error {
	switch p := reflect.ValueOf(c).Elem().Field(s.field).Addr().Interface().(type) {
	case *string:
		*p = text
	case *bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("write true or false")
		}
		*p = b
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return fmt.Errorf(`write a time span such as "30s" or "2m"`)
		}
		*p = d
	case *slog.Level:
		if p.UnmarshalText([]byte(text)) != nil {
			return fmt.Errorf("write debug, info, warn or error")
		}
	case *netip.Addr:
		a, err := netip.ParseAddr(text)
		if err != nil {
			return fmt.Errorf("write an IP address such as 192.0.2.10")
		}
		*p = a
	case encoding.TextUnmarshaler:
		return p.UnmarshalText([]byte(text))
	}
	return nil
}

// UnmarshalText reads "192.0.2.10:5060", "[2001:db8::1]:5060", "localhost:8080" or ":5060".
func (a *Address) UnmarshalText(text []byte) error {
	s := string(text)
	if port, ok := strings.CutPrefix(s, "localhost:"); ok {
		s = "127.0.0.1:" + port
	}
	if strings.HasPrefix(s, ":") {
		s = "0.0.0.0" + s
	}
	ap, err := netip.ParseAddrPort(s)
	if err != nil || ap.Port() == 0 {
		return fmt.Errorf(`write an IP address and a port such as "192.0.2.10:5060", or ":5060" for all addresses`)
	}
	a.AddrPort = ap
	return nil
}

// MinRTPPorts is the smallest range that carries one bridged call while the
// ports of the one before it are in quarantine.
const MinRTPPorts = 8

// UnmarshalText reads "20000-29999".
func (r *PortRange) UnmarshalText(text []byte) error {
	low, high, _ := strings.Cut(string(text), "-")
	first, err1 := strconv.ParseUint(strings.TrimSpace(low), 10, 16)
	last, err2 := strconv.ParseUint(strings.TrimSpace(high), 10, 16)
	if err1 != nil || err2 != nil || first < 1024 || last < first+MinRTPPorts-1 {
		return fmt.Errorf(`write two ports from 1024 to 65535 such as "20000-29999", at least %d apart`, MinRTPPorts)
	}
	r.First, r.Last = uint16(first), uint16(last)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (r PortRange) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%d-%d", r.First, r.Last), nil
}

// UnmarshalText reads "192.0.2.0/24,2001:db8::/32".
func (n *Networks) UnmarshalText(text []byte) error {
	for part := range strings.SplitSeq(string(text), ",") {
		p, err := netip.ParsePrefix(strings.TrimSpace(part))
		if err != nil {
			return fmt.Errorf(`write networks such as "192.0.2.0/24,198.51.100.7/32"`)
		}
		*n = append(*n, p.Masked())
	}
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (n Networks) MarshalText() ([]byte, error) {
	parts := make([]string, len(n))
	for i, p := range n {
		parts[i] = p.String()
	}
	return []byte(strings.Join(parts, ",")), nil
}

// UnmarshalText reads 64 hexadecimal digits.
func (s *Secret) UnmarshalText(text []byte) error {
	if n, err := hex.Decode(make([]byte, hex.DecodedLen(len(text))), text); err != nil || n != len(s) {
		return fmt.Errorf("write 64 hexadecimal digits; `openssl rand -hex 32` makes them")
	}
	_, err := hex.Decode(s[:], text)
	return err
}

// MarshalText writes what UnmarshalText reads, and nothing for no secret.
func (s Secret) MarshalText() ([]byte, error) {
	if !s.Set() {
		return nil, nil
	}
	return []byte(hex.EncodeToString(s[:])), nil
}
