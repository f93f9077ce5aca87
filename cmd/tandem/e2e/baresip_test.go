package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// baresip is one baresip with one account.
type baresip struct {
	program
	control string
}

// baresipConfig wants: SIP address, file to say, folder, first and last RTP
// port, control address. aubridge paces the player; sndfile records.
const baresipConfig = `poll_method epoll
sip_listen %s
net_interface 127.0.0.1
audio_source aufile,%s
audio_player aubridge,nil
audio_alert aubridge,nil
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
snd_path %s
rtp_ports %d-%d
ctrl_tcp_listen %s
module g711.so
module sndfile.so
module aufile.so
module aubridge.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
`

// newBaresip starts a registered baresip. It answers what reaches it.
func newBaresip(in *installation, account, transport string, hz int, _ bool) talker {
	in.t.Helper()
	dir := in.t.TempDir()
	b := &baresip{control: "127.0.0.1:" + freePort(in.t)}
	b.in, b.name, b.tones = in, "baresip "+account, []string{filepath.Join(dir, "dump-*-dec.wav")}
	program := peer(in.t, "baresip", "baresip-core")
	rtp, err := strconv.Atoi(mediaPort(in.t))
	if err != nil {
		in.t.Fatal(err)
	}
	config := fmt.Sprintf(baresipConfig, "127.0.0.1:"+freePort(in.t), tone(in.t, dir, hz), dir, rtp, rtp+8, b.control)
	config += "module_path " + baresipModules(in) + "\n"
	who := fmt.Sprintf("<sip:%s@%s;transport=%s>;auth_pass=%s;answermode=auto;regint=300\n", account, in.SIP, transport, samplePassword)
	for name, text := range map[string]string{"config": config, "accounts": who} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			in.t.Fatal(err)
		}
	}
	b.run(exec.Command(program, "-f", dir))
	b.await(" 200 OK (")
	return b
}

// baresipModules is where the package puts them, by release and architecture.
func baresipModules(in *installation) string {
	in.t.Helper()
	for _, pattern := range []string{"/usr/lib/baresip/modules", "/usr/lib/*/baresip/modules"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 { // the patterns are ours
			return found[0]
		}
	}
	in.t.Fatal("baresip's modules are missing: install the Debian package baresip-core (scripts/need.sh test)")
	return ""
}

func (b *baresip) dial(number, key string) {
	b.in.t.Helper()
	b.command("dial", "sip:"+number+"@"+b.in.SIP)
	b.await("Call established")
	b.spokenTo()
	b.command("sndcode", key)
}

func (b *baresip) hangUp() {
	b.in.t.Helper()
	b.command("hangup", "")
	b.over()
}

func (b *baresip) over() {
	b.in.t.Helper()
	b.await("terminated (duration")
}

// command gives one command as a netstring of JSON.
func (b *baresip) command(name, params string) {
	b.in.t.Helper()
	text, err := json.Marshal(map[string]string{"command": name, "params": params})
	if err != nil {
		b.in.t.Fatal(err)
	}
	c, err := net.DialTimeout("tcp", b.control, waitBound)
	if err != nil {
		b.in.t.Fatalf("%s: %v", b.name, err)
	}
	defer func() { _ = c.Close() }()
	if _, err := fmt.Fprintf(c, "%d:%s,", len(text), text); err != nil {
		b.in.t.Fatalf("%s: %v", b.name, err)
	}
	if _, err := c.Read(make([]byte, 1)); err != nil { // the answer: it has been done
		b.in.t.Fatalf("%s: answer to %s: %v", b.name, name, err)
	}
}
