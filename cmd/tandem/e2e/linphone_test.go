package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// linphone is one linphonec with one account.
type linphone struct {
	program
	keyboard io.WriteCloser
}

// linphoneConfig wants: UDP and TCP port (-1: none), first and last RTP port,
// account, password, registrar, identity.
const linphoneConfig = `[sip]
sip_port=%s
sip_tcp_port=%s
sip_tls_port=0
bind_address=127.0.0.1
use_ipv6=0
register_only_when_network_is_up=0
default_proxy=0

[rtp]
audio_rtp_port=%s-%s

[sound]
echocancellation=0

[auth_info_0]
username=%s
passwd=%s
realm=tandem

[proxy_0]
reg_proxy=<sip:%s;transport=%s>
reg_identity=sip:%s@%s
reg_expires=300
reg_sendregister=1
publish=0
`

// newLinphone starts a registered linphonec. It answers what reaches it.
func newLinphone(in *installation, account, transport string, hz int, _ bool) talker {
	in.t.Helper()
	dir := in.t.TempDir()
	heard := filepath.Join(dir, "heard.wav")
	l := &linphone{}
	l.in, l.name, l.tones = in, "linphonec "+account, []string{heard}
	program := peer(in.t, "linphonec", "linphone-cli")
	udp, tcp := freePort(in.t), "-1"
	if transport == "tcp" {
		udp, tcp = "-1", udp
	}
	rtp := mediaPort(in.t)
	rc := filepath.Join(dir, "rc")
	text := fmt.Sprintf(linphoneConfig, udp, tcp, rtp, rtp[:len(rtp)-1]+"8", account, samplePassword, in.SIP, transport, account, in.SIP)
	if err := os.WriteFile(rc, []byte(text), 0o600); err != nil {
		in.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, ".local/share/linphone"), 0o700); err != nil { // else it finds no place for its database
		in.t.Fatal(err)
	}
	cmd := exec.Command(program, "-c", rc, "-a")
	cmd.Env = append(os.Environ(), "HOME="+dir)
	var err error
	if l.keyboard, err = cmd.StdinPipe(); err != nil {
		in.t.Fatal(err)
	}
	l.run(cmd)
	l.types("soundcard use files")
	l.types("play " + tone(in.t, dir, hz))
	l.types("record " + heard)
	in.eventually(l.name+" is registered", func() error {
		l.types("status register")
		if !strings.Contains(l.words.String(), "registered, identity=") {
			return fmt.Errorf("it is not")
		}
		return nil
	})
	return l
}

func (l *linphone) dial(number, key string) {
	l.in.t.Helper()
	l.types("call sip:" + number + "@" + l.in.SIP)
	l.await("Media streams established")
	l.spokenTo()
	l.types(key)
}

func (l *linphone) hangUp() {
	l.in.t.Helper()
	l.types("terminate")
	l.over()
}

func (l *linphone) over() {
	l.in.t.Helper()
	l.in.eventually(l.name+"'s call is over", func() error {
		if text := l.words.String(); !strings.Contains(text, " ended (") {
			return fmt.Errorf("it is not")
		}
		return nil
	})
}

// types gives one line.
func (l *linphone) types(line string) {
	l.in.t.Helper()
	if _, err := io.WriteString(l.keyboard, line+"\n"); err != nil {
		l.in.t.Fatalf("%s: %v", l.name, err)
	}
}
