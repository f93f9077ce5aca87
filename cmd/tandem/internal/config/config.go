// Package config is every setting of Tandem, read once at start.
//
// It never opens a socket, and nothing outside cmd ever sees it: roles hand
// plain values on to what they build.
//
// Why not one of the libraries that fill structs: none of them says, for a bad
// value, in which of the four places it stands. An operator who set a variable
// in a unit file and a key in tandem.toml needs exactly that.
package config

import (
	"log/slog"
	"net/netip"
	"time"
)

// Config is every setting. Each field's tags are its key in tandem.toml (and
// its flag), its environment variable, its default and its documentation; a
// field tagged secret never prints.
type Config struct {
	Data           string        `key:"data" env:"TANDEM_DATA" default:"./data" doc:"folder for everything that must survive: database, history, journal, keys"`
	SIP            Address       `key:"sip" env:"TANDEM_SIP" default:":5060" doc:"address and port for SIP over UDP and TCP; without an address: all of them"`
	Advertise      netip.Addr    `key:"advertise" env:"TANDEM_ADVERTISE" doc:"address that phones and carriers reach this node at, when it is not its own (NAT, container)"`
	RTP            PortRange     `key:"rtp" env:"TANDEM_RTP" default:"20000-29999" doc:"UDP ports for audio, two for every leg"`
	HTTP           Address       `key:"http" env:"TANDEM_HTTP" default:"127.0.0.1:8080" doc:"address and port of the panel, its API and /healthz"`
	HTTPS          bool          `key:"https" env:"TANDEM_HTTPS" default:"false" doc:"the panel is reached by TLS, through a proxy in front of it: cookies for TLS only, and browsers told to stay with it"`
	TemporalUI     Address       `key:"temporal-ui" env:"TANDEM_TEMPORAL_UI" default:"127.0.0.1:8233" doc:"address and port of Temporal UI (embedded), or where a separate one is reached"`
	DatabaseURL    string        `key:"database-url" env:"DATABASE_URL" secret:"true" doc:"PostgreSQL to use; empty: a private one in the data folder"`
	Temporal       string        `key:"temporal-address" env:"TEMPORAL_ADDRESS" doc:"host:port of the Temporal server to use; empty: an embedded one in the data folder"`
	Namespace      string        `key:"temporal-namespace" env:"TEMPORAL_NAMESPACE" default:"tandem" doc:"Temporal namespace that calls live in"`
	Node           string        `key:"node" env:"TANDEM_NODE" doc:"name of this media node, unique and stable; empty: the host's name"`
	Realm          string        `key:"realm" env:"TANDEM_REALM" default:"tandem" doc:"realm that phones sign in to (RFC 3261 §22)"`
	Key            Secret        `key:"key" env:"TANDEM_KEY" secret:"true" doc:"64 hexadecimal digits that seal stored passwords; empty: a key file in the data folder"`
	AdminEmail     string        `key:"admin-email" env:"TANDEM_ADMIN_EMAIL" default:"admin@tandem.local" doc:"sign-in name of the first administrator"`
	AdminPassword  string        `key:"admin-password" env:"TANDEM_ADMIN_PASSWORD" secret:"true" doc:"password of the first administrator; empty: one is made and printed once"`
	Sample         bool          `key:"sample" env:"TANDEM_SAMPLE" default:"true" doc:"load the sample phones, numbers and flows into an empty database"`
	SamplePassword string        `key:"sample-password" env:"TANDEM_SAMPLE_PASSWORD" secret:"true" doc:"password of the sample phones; empty: one is made for each"`
	SampleNetworks Networks      `key:"sample-networks" env:"TANDEM_SAMPLE_NETWORKS" doc:"networks, divided by commas, that may call the sample's numbers without a password, beside 127.0.0.2"`
	Drain          time.Duration `key:"drain" env:"TANDEM_DRAIN" default:"30s" doc:"how long running calls may go on after a stop was asked for"`
	LogLevel       slog.Level    `key:"log" env:"TANDEM_LOG" default:"info" doc:"least important log line to print: debug, info, warn or error"`
	LogFormat      string        `key:"log-format" env:"TANDEM_LOG_FORMAT" default:"text" doc:"text or json"`
}

// Address is an IP address and a port, where a missing address means all.
type Address struct{ netip.AddrPort }

// Dial is the address as somebody on this machine reaches it.
func (a Address) Dial() netip.AddrPort {
	if !a.Addr().IsUnspecified() {
		return a.AddrPort
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), a.Port())
}

// PortRange is a range of UDP ports, both ends included.
type PortRange struct{ First, Last uint16 }

// Networks are IP networks, written as "192.0.2.0/24,2001:db8::/32".
type Networks []netip.Prefix

// Secret is 32 bytes that are written as 64 hexadecimal digits.
type Secret [32]byte

// Set tells whether there is a secret at all.
func (s Secret) Set() bool { return s != Secret{} }
