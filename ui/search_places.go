package ui

import (
	"cmp"
	"slices"
	"strings"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// place is a page or a setting that a search finds by its name, and by what
// people who come from other systems call it.
type place struct {
	title string
	note  string // where it stands; empty: in the main menu
	link  string
	need  right
	words string // other names, parted by commas
}

// places are all pages that can be opened by themselves, and the settings on
// them. A test opens each as every role that is led there.
var places = []place{
	{"Dashboard", "", "/", seeCalls, "home, overview, start, today, statistics, figures, reports"},
	{"Flows", "", "/flows", seeFlows, "IVR, auto attendant, call flow, call routing, dialplan, inbound routes, studio, canvas, script, workflow, scenario"},
	{"Numbers", "", "/numbers", seePeople, "DID, DDI, phone numbers, telephone numbers, direct inward dialling, E.164, inbound numbers, lines"},
	{"Contact methods", "", "/contact-methods", seePeople, "delivery method, endpoints, devices, phones, handsets, SIP accounts, extensions, internal numbers, forwarding, softphone, registration, peers"},
	{"Users", "", "/users", seeUsers, "people, persons, directory, staff, employees, colleagues, members, phone book"},
	{"Trunks", "", "/trunks", seeUsers, "gateway, carrier, SIP provider, SIP trunk, ITSP, operator, PSTN, telco, lines, peers"},
	{"Schedules", "", "/schedules", seeFlows, "business hours, opening hours, office hours, calendar, holidays, time conditions, iCal, time groups"},
	{"Lists", "", "/lists", seeFlows, "blocklist, blacklist, spam, nuisance callers, blocked numbers, shared lists, deny"},
	{"Audio", "", "/audio", seeFlows, "music on hold, MOH, prompts, sounds, recordings, announcements, greetings, playlists, wav, mp3, voice files"},
	{"Calls", "", "/calls", seeCalls, "CDR, call detail records, call log, history, ledger, records, call report, missed calls"},
	{"Live", "", "/live", seeCalls, "running calls, active calls, current calls, wallboard, monitoring, conferences, channels"},
	{"Queues", "", "/queues", seeCalls, "ACD, agents, call centre, call center, waiting callers, hunt group, hotline, queue members"},
	{"Logins", "", "/logins", editPeople, "accounts, administrators, roles, permissions, access, rights, invitations, panel users"},
	{"Settings", "", "/settings", editPeople, "preferences, options, configuration, system settings, general"},
	{"Audit log", "", "/audit", seeAudit, "who changed, changes, activity, journal, trail, security log"},
	{"System", "", "/system", seeSystem, "status, health, nodes, processes, version, uptime, servers, cluster"},

	{"Your account", "", "/account", ownAccount, "profile, my account, me"},
	{"Change your password", "Your account", "/account#password-title", ownAccount, "password, passphrase, credentials"},
	{"Second factor", "Your account", "/account#factor-title", ownAccount, "2FA, MFA, TOTP, two-factor, authenticator, one-time code, recovery codes, OTP"},
	{"Sessions", "Your account", "/account#sessions-title", ownAccount, "signed in, browsers, sign out everywhere, logged in, devices"},
	{"Light and dark", "Your account", "/account#look-title", ownAccount, "theme, colours, colors, dark mode, night, appearance, look"},

	{"New flow", "Flows", "/flows/new", makeFlows, "template, add flow, create flow, make a flow, new IVR, wizard, first run"},
	{"Add a number", "Numbers", "/numbers/new", editPeople, "new number, new DID, create number"},
	{"Add many numbers", "Numbers", "/numbers/bulk", editPeople, "number range, block of numbers, DID range, bulk, import numbers"},
	{"Add a contact method", "Contact methods", "/contact-methods/new", editContacts, "new phone, new extension, new device, create"},
	{"Add a SIP account", "Contact methods", "/contact-methods/new/sip-account", editContacts, "new SIP account, register a phone, extension, softphone"},
	{"Add a user", "Users", "/users/new", editPeople, "new user, new person, create user"},
	{"Import users", "Users", "/users/import", editPeople, "CSV, spreadsheet, upload users, bulk"},
	{"Add a trunk", "Trunks", "/trunks/new", editPeople, "new trunk, new carrier, new gateway, new provider"},
	{"Add a schedule", "Schedules", "/schedules/new", editFlows, "new schedule, new business hours, new holidays"},
	{"Add a list", "Lists", "/lists/new", editFlows, "new list, new blocklist"},
	{"Upload or record audio", "Audio", "/audio#upload", editFlows, "upload, microphone, record a prompt, greeting, new announcement"},
	{"Add a playlist", "Audio", "/playlists/new", editFlows, "new playlist, music on hold, MOH"},
	{"Invite somebody", "Logins", "/logins/new", editPeople, "new login, invitation, new admin, add login, new account"},
	{"Missed calls", "Calls", "/calls?outcome=missed", seeCalls, "unanswered, lost, abandoned"},
	{"Failed calls", "Calls", "/calls?outcome=failed", seeCalls, "errors, broken calls, faults"},

	{"Feature codes", "Settings", "/settings/feature-codes", editPeople, "star codes, vertical service codes, *11, *22, transfer code, park, pick up, shortcuts"},
	{"Outgoing mail", "Settings", "/settings/mail", editPeople, "SMTP, e-mail server, mail server, sender, test mail"},
	{"Second factor for everybody", "Settings", "/settings/access", editPeople, "require 2FA, enforce MFA, TOTP policy, two-factor, security, sign-in"},
	{"API tokens", "Settings", "/tokens", editPeople, "API keys, access token, bearer, integration, secret"},
	{"API", "API tokens", "/api", signedIn, "OpenAPI, swagger, REST, developers, documentation, endpoints, idempotency key"},
	{"Name of the system", "Settings", "/settings#f-name", editPeople, "company name, title, organisation"},
	{"Time zone", "Settings", "/settings#f-zone", editPeople, "clock, local time, region, IANA"},
	{"Public address", "Settings", "/settings#f-public_address", editPeople, "external IP, server address, NAT, registrar, domain"},
	{"How people dial", "Settings", "/settings#f-dialling", editPeople, "dialling format, E.164, national, dial rules, number format"},
	{"Default country", "Settings", "/settings#f-country", editPeople, "country code, prefix, locale"},
	{"A call over a limit", "Settings", "/settings#f-over_limit", editPeople, "concurrent calls, busy, decline code, 480, 486, 603, capacity"},
	{"Hold music", "Settings", "/settings#f-hold_music", editPeople, "music on hold, MOH, waiting music"},
	{"Longest call", "Settings", "/settings#f-longest_call", editPeople, "maximum duration, call length, time limit"},
	{"Strict ring groups", "Settings", "/settings#f-strict_ring_groups", editPeople, "ring group limit, hunt group"},
	{"Private networks that may be reached", "Settings", "/settings#f-allowed_targets", editPeople, "allow-list, SSRF, intranet, firewall, webhook targets, private targets"},
	{"How long history is kept", "Settings", "/settings#f-history_days", editPeople, "retention, CDR retention, delete old calls, keep calls, GDPR"},
}

// matches tells how well a place answers words that are folded: 0 best, -1 not.
func (pl place) matches(words []string) int {
	title := directory.FoldText(pl.title)
	if strings.HasPrefix(title, strings.Join(words, " ")) {
		return 0
	}
	return fits(words, title, directory.FoldText(pl.words))
}

// fits tells how well a name and its synonyms answer words, each of which must
// begin one of theirs: 1 the name, 2 both together, -1 not.
func fits(words []string, name, synonyms string) int {
	missing := func(in string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return !begins(in, w) })
	}
	switch {
	case !missing(name):
		return 1
	case !missing(name + " " + synonyms):
		return 2
	}
	return -1
}

// begins tells whether a word of a text begins with some letters.
func begins(text, letters string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], letters)
		if at < 0 {
			return false
		}
		if at += from; at == 0 || strings.ContainsRune(" ,-(/", rune(text[at-1])) {
			return true
		}
		from = at + 1
	}
}

// placesFor are the pages and settings that a login may open and that words
// mean, the best first.
func placesFor(who *directory.Login, words []string, most int) []pages.Hit {
	type ranked struct {
		place
		rank int
	}
	var found []ranked
	for _, pl := range places {
		if rank := pl.matches(words); rank >= 0 && allowed(pl.need, who) {
			found = append(found, ranked{pl, rank})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	var out []pages.Hit
	for _, f := range found[:min(len(found), most)] {
		out = append(out, pages.Hit{Title: f.title, Note: f.note, Link: f.link, Icon: iconOf(f.link)})
	}
	return out
}

// kindsFor are the kinds of modules that words mean.
func kindsFor(words []string) []string {
	var out []string
	for id, kind := range flow.Catalog {
		if fits(words, directory.FoldText(kind.Title), directory.FoldText(strings.Join(kind.Synonyms, ","))) >= 0 {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// iconOf is the icon of the menu's entry that a page stands below.
func iconOf(link string) string {
	top, _, _ := strings.Cut(strings.Trim(link, "/"), "/")
	top, _, _ = strings.Cut(top, "#")
	top, _, _ = strings.Cut(top, "?")
	top = cmp.Or(map[string]string{"": "/", "playlists": "/audio", "tokens": "/settings", "api": "/settings", "account": "/users"}[top], "/"+top)
	for _, group := range menu {
		for _, e := range group.entries {
			if e.item.Link == top {
				return e.item.Icon
			}
		}
	}
	return ""
}
