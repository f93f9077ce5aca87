package ui

import (
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// sipAccountForm is an account with which phones register here.
var sipAccountForm = contactForm{
	kind: directory.SIPAccount, title: "SIP account", rung: true,
	text:    "A phone or softphone that registers here with a user name and password.",
	address: func(m directory.ContactMethod) string { return m.Username },
	sections: func(m directory.ContactMethod) []pages.Section {
		sign := []pages.Field{{Name: "username", Label: "User name", Value: m.Username, Max: "64", Required: m.ID != "", Placeholder: "made up if you leave it empty",
			Hint: "With it a phone signs in."}}
		if m.ID == "" {
			sign = append(sign, pages.Field{Name: "password", Label: "Password", Type: "password", Max: "128", Autocomplete: "new-password",
				Hint: "Leave it empty: a strong one is made and shown once."})
		}
		return []pages.Section{{Title: "Sign-in", Fields: sign}, {Title: "Registration", Fields: []pages.Field{
			{Name: "max_bindings", Label: "Phones at once", Type: "number", Value: strconv.Itoa(max(1, orFive(m.MaxBindings))), Min: "1", Max: "10", Hint: "All that are registered ring; the first to answer wins."},
			{Name: "binding_lifetime", Label: "Registers again every", Type: "number", Value: seconds(m.BindingLifetime, 300), Min: "60", Max: "3600", Unit: "s"},
			{Name: "call_waiting", Label: "Call waiting", Type: "check", Checked: m.CallWaiting, Hint: "Rings although it is in a call. Otherwise it is busy then."},
			{Name: "networks", Label: "Allowed networks", Type: "area", Rows: 3, Value: networkLines(m.Networks), Placeholder: "from anywhere",
				Hint: "One address or network on each line, such as 192.0.2.0/24. Empty: from anywhere."},
		}}}
	},
	read: func(in contactInput, m *directory.ContactMethod, bad *notes) {
		m.CallWaiting = in.CallWaiting
		m.Username, m.MaxBindings, m.BindingLifetime, m.Networks = in.Username, in.MaxBindings, in.BindingLifetime, in.Networks.networks("networks", bad)
		bad.unless(userName.MatchString(in.Username), "username", "Letters, digits and . _ - only, at most 64.")
		bad.unless(in.MaxBindings >= 0 && in.MaxBindings <= 10, "max_bindings", "1 to 10.")
		bad.unless(in.BindingLifetime == 0 || within(in.BindingLifetime, 60, 3600), "binding_lifetime", "60 to 3600 seconds.")
		strong(bad, in.Username, in.Password)
	},
	side: func(p *Panel, r *http.Request, m directory.ContactMethod) ([]templ.Component, error) {
		facts, err := p.registration(r, m)
		if err != nil {
			return nil, err
		}
		bindings, err := p.people().Bindings(r.Context(), m.ID)
		if err != nil {
			return nil, err
		}
		v := pages.BindingsView{Path: contactLink(m.ID), Max: orFive(m.MaxBindings)}
		for _, b := range bindings {
			v.Bindings = append(v.Bindings, pages.Binding{Contact: shown(b.Contact), From: b.Received, Transport: strings.ToUpper(b.Transport),
				Phone: shown(b.UserAgent), Expires: b.Expires, Node: shown(b.Node)})
		}
		settings := pages.PhoneSettings{Facts: facts}
		if allowed(editContacts, loginOf(r)) {
			settings.Renew = "/api" + contactLink(m.ID) + "/password"
		}
		return []templ.Component{pages.Bindings(v), pages.Registration(settings)}, nil
	},
}

var userName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

func orFive(n int) int {
	if n == 0 {
		return 5
	}
	return n
}

// registration is what a phone must be told to register: the address of a node
// that is seen, or the one in the settings.
func (p *Panel) registration(r *http.Request, m directory.ContactMethod) ([]pages.Fact, error) {
	roles, err := p.cfg.Store.Roles(r.Context())
	if err != nil {
		return nil, err
	}
	host, port := hostOf(r), "5060"
	for _, role := range roles {
		if role.Role == "node" && role.Ready {
			if h, n, err := net.SplitHostPort(role.Addr); err == nil {
				if port = n; reachable(h) {
					host = h
				}
			}
			break
		}
	}
	var general directory.General
	if err := p.cfg.Store.Setting(r.Context(), "general", &general); err == nil && general.PublicAddress != "" {
		host = general.PublicAddress
	}
	return []pages.Fact{{Name: "Server", Value: host, Code: true}, {Name: "Port", Value: port, Code: true}, {Name: "Transport", Value: "UDP or TCP"},
		{Name: "User name", Value: m.Username, Code: true}}, nil
}

func hostOf(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.Host); err == nil {
		return host
	}
	return r.Host
}

// reachable tells an address that says where a node is, rather than "all".
func reachable(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err != nil || !addr.IsUnspecified()
}
