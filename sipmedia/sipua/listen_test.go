package sipua

import (
	"net"
	"net/netip"
	"testing"
)

func TestOnePortServesBothTransportsThoughOthersHoldMany(t *testing.T) {
	free := netip.MustParseAddrPort("127.0.0.8:0")
	for range 1000 {
		ln, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(free))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ln.Close() })
	}
	for range 200 {
		ua := &UA{}
		err := ua.bind([]Listen{{Network: "udp", Addr: free}, {Network: "tcp", Addr: free}})
		if err != nil {
			t.Fatal(err)
		}
		if udp, tcp := at(ua, "udp"), at(ua, "tcp"); udp != tcp || udp.Port() == 0 {
			t.Errorf("UDP listens at %s, TCP at %s", udp, tcp)
		}
		ua.udp[0].conn.Close()
		ua.tcp[0].ln.Close()
	}
}
