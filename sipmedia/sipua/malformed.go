package sipua

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// malformed deals with a datagram that does not parse. A known source gets a
// 400 built from whatever headers can be found by plain text search, so that a
// carrier's engineer sees what is wrong; anybody else gets nothing.
func (ua *UA) malformed(p path, data []byte, err error) {
	ua.refuse("unparsable")
	ua.log.Debug("sip message does not parse", "remote", p.remote, "size", len(data), "error", clip(err.Error()))
	if p.udp == nil || !ua.isTrunk(p.remote.Addr()) && !ua.registrar.at(p.remote, "udp") {
		return
	}
	p.known = true
	if answer := skim(data, "400 Bad Request"); answer != nil {
		ua.send(p, answer, "")
	}
}

// clip bounds what of a hostile message can reach the log: parser errors quote it.
func clip(s string) string {
	const enough = 160
	s = clean(s)
	if len(s) > enough {
		return s[:enough] + "…"
	}
	return s
}

// skim makes an answer to a request that cannot be parsed, or nil if it is no
// request, an ACK, or lacks a header that every answer needs.
func skim(data []byte, status string) []byte {
	head, _, _ := bytes.Cut(data, []byte("\r\n\r\n"))
	lines := strings.Split(string(head), "\r\n")
	if strings.HasPrefix(lines[0], "SIP/") || strings.HasPrefix(lines[0], "ACK ") {
		return nil
	}
	var b strings.Builder
	b.WriteString("SIP/2.0 " + status + "\r\n")
	long := map[string]string{"v": "via", "f": "from", "t": "to", "i": "call-id"}
	found := map[string]bool{}
	for _, line := range lines[1:] {
		name, val, ok := strings.Cut(line, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		if full, short := long[name]; short {
			name = full
		}
		switch name {
		case "from", "to", "call-id", "cseq":
			if !ok || found[name] {
				continue
			}
		case "via":
		default:
			continue
		}
		found[name] = true
		b.WriteString(name + ":" + clean(val) + "\r\n")
	}
	if len(found) != 5 {
		return nil
	}
	b.WriteString("content-length: 0\r\n\r\n")
	return []byte(b.String())
}

func isSDP(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/sdp")
}

// sdpPart finds the session description in a multipart body (RFC 5621 §3.1).
func sdpPart(contentType string, body []byte) []byte {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") || params["boundary"] == "" {
		return nil
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	const most = 8
	for range most {
		part, err := parts.NextPart()
		if err != nil {
			return nil
		}
		if isSDP(part.Header.Get("Content-Type")) {
			sdp, err := io.ReadAll(part) // bounded by the message
			if err != nil {
				return nil
			}
			return sdp
		}
	}
	return nil
}
