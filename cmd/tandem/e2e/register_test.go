package e2e

import (
	"crypto/md5"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"
)

// registerAt binds an account to a UDP port of 127.0.0.1 for an hour, as an old
// phone does that knows MD5 only, and leaves the port to whoever answers there.
// SIPp cannot do it: it reads the first challenge only, which is SHA-256 (RFC
// 8760 §2.4: the most wanted comes first).
func (in *installation) registerAt(port, user, password string) {
	in.t.Helper()
	local, err := net.ResolveUDPAddr("udp", "127.0.0.1:"+port)
	if err != nil {
		in.t.Fatal(err)
	}
	server, err := net.ResolveUDPAddr("udp", in.SIP)
	if err != nil {
		in.t.Fatal(err)
	}
	c, err := net.DialUDP("udp", local, server)
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	ask := func(n int, authorization string) string {
		uri := "sip:" + in.SIP
		fmt.Fprintf(c, "REGISTER %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s%d;rport\r\nMax-Forwards: 70\r\n"+
			"From: <sip:%s@%s>;tag=r%s\r\nTo: <sip:%s@%s>\r\nCall-ID: register-%s\r\nCSeq: %d REGISTER\r\n"+
			"Contact: <sip:%s@%s>\r\nExpires: 3600\r\n%sContent-Length: 0\r\n\r\n",
			uri, local, port, n, user, in.SIP, port, user, in.SIP, port, n, user, local, authorization)
		if err := c.SetReadDeadline(time.Now().Add(waitBound)); err != nil {
			in.t.Fatal(err)
		}
		answer := make([]byte, 4096)
		size, err := c.Read(answer)
		if err != nil {
			in.t.Fatalf("REGISTER of %s: %v", user, err)
		}
		return string(answer[:size])
	}
	challenge := md5Challenge.FindStringSubmatch(ask(1, ""))
	if challenge == nil {
		in.t.Fatal("no MD5 challenge")
	}
	realm, nonce := value(challenge[0], "realm"), value(challenge[0], "nonce")
	response := hash(hash(user+":"+realm+":"+password) + ":" + nonce + ":00000001:c0ffee:auth:" + hash("REGISTER:sip:"+in.SIP))
	answer := ask(2, fmt.Sprintf("Authorization: Digest username=%q, realm=%q, nonce=%q, uri=\"sip:%s\", response=%q, algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c0ffee\"\r\n",
		user, realm, nonce, in.SIP, response))
	if !strings.HasPrefix(answer, "SIP/2.0 200 ") {
		in.t.Fatalf("REGISTER of %s: %s", user, answer)
	}
}

var md5Challenge = regexp.MustCompile(`(?m)^WWW-Authenticate: Digest [^\r]*algorithm="?MD5"?[,\r][^\n]*`)

func value(challenge, name string) string {
	if m := regexp.MustCompile(name + `="([^"]*)"`).FindStringSubmatch(challenge); m != nil {
		return m[1]
	}
	return ""
}

func hash(text string) string { return fmt.Sprintf("%x", md5.Sum([]byte(text))) }
