package outgoing

import (
	"context"
	"errors"
	"net/netip"
	"testing"
)

// loopback lets tests reach this machine.
func loopback(context.Context) ([]netip.Prefix, error) {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, nil
}

func nowhere(context.Context) ([]netip.Prefix, error) { return nil, nil }

func TestAddressesOfOurOwnNetworksAreRefused(t *testing.T) {
	for _, address := range []string{
		"127.0.0.1:80", "127.9.9.9:80", "0.0.0.0:80", "10.1.2.3:80", "172.16.0.1:80", "172.31.255.255:80", "192.168.1.1:80", "169.254.169.254:80",
		"100.64.0.1:80", "224.0.0.1:80", "255.255.255.255:80", "240.0.0.1:80", "192.0.2.1:80", "198.18.0.1:80",
		"[::]:80", "[::1]:80", "[::ffff:127.0.0.1]:80", "[::ffff:10.0.0.1]:80", "[::127.0.0.1]:80", "[fe80::1%eth0]:80", "[fec0::1]:80",
		"[fd00::1]:80", "[ff02::1]:80", "[64:ff9b::7f00:1]:80", "[2002:7f00:1::]:80", "[2001::1]:80", "[2001:db8::1]:80",
	} {
		if err := permit(address, nil); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestPublicAddressesAreReached(t *testing.T) {
	for _, address := range []string{"8.8.8.8:443", "172.32.0.1:80", "100.128.0.1:80", "[2606:4700::1111]:443", "[::ffff:8.8.8.8]:443"} {
		if err := permit(address, nil); err != nil {
			t.Error(err)
		}
	}
}

func TestAnAllowedNetworkIsReachedAndNoOther(t *testing.T) {
	allowed := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}
	for address, want := range map[string]bool{"10.1.2.3:25": true, "[::ffff:10.1.2.3]:25": true, "10.2.0.1:25": false, "[fd00:1::9]:25": true, "[fd00:2::9]:25": false} {
		if err := permit(address, allowed); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestANameIsJudgedByTheAddressThatItLeadsTo(t *testing.T) {
	_, err := Guard{Allowed: nowhere}.Dial(t.Context(), "tcp", "localhost:1")
	if !errors.Is(err, ErrForbidden) {
		t.Errorf("localhost: %v", err)
	}
}

func TestNothingLeavesWhileNobodyKnowsWhatIsAllowed(t *testing.T) {
	away := errors.New("the database is away")
	_, err := Guard{Allowed: func(context.Context) ([]netip.Prefix, error) { return nil, away }}.Dial(t.Context(), "tcp", "8.8.8.8:53")
	if !errors.Is(err, away) {
		t.Errorf("got %v", err)
	}
}
