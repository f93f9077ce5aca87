package ui

import (
	"tandem/flow/directory"
	"tandem/ui/pages"
)

// entry is one line of the main menu.
type entry struct {
	item pages.MenuItem
	need right
}

// menu is the main menu, in groups. A hidden entry is no protection: its route
// checks the same right.
var menu = []struct {
	title   string
	entries []entry
}{
	{"", []entry{
		{pages.MenuItem{Area: "dashboard", Label: "Dashboard", Link: "/", Icon: "M2.500 2.500h4.500v5h-4.500zM9 2.500h4.500v3H9zM9 7.500h4.500v6H9zM2.500 9.500h4.500v4h-4.500z"}, signedIn},
	}},
	{"Build", []entry{
		{pages.MenuItem{Area: "flows", Label: "Flows", Link: "/flows", Icon: "M2.500 3h4v4h-4zM9.500 9h4v4h-4zM6.500 5h3a2 2 0 0 1 2 2v2"}, seeFlows},
		{pages.MenuItem{Area: "numbers", Label: "Numbers", Link: "/numbers", Icon: "M6.500 2.500 5 13.500M11 2.500 9.500 13.500M3 6h10.500M2.500 10H13"}, seePeople},
		{pages.MenuItem{Area: "contact-methods", Label: "Contact methods", Link: "/contact-methods", Icon: "M5 1.500h6a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM7 12h2"}, seePeople},
		{pages.MenuItem{Area: "users", Label: "Users", Link: "/users", Icon: "M8 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM3 13.500c0-2.600 2.200-4 5-4s5 1.400 5 4"}, seeUsers},
		{pages.MenuItem{Area: "trunks", Label: "Trunks", Link: "/trunks", Icon: "M2 5.500h9.500M9 3l2.500 2.500L9 8M14 10.500H4.500M7 8 4.500 10.500 7 13"}, seeUsers},
		{pages.MenuItem{Area: "schedules", Label: "Schedules", Link: "/schedules", Icon: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.500V8l2.500 1.500"}, seeFlows},
		{pages.MenuItem{Area: "lists", Label: "Lists", Link: "/lists", Icon: "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM4.200 4.200l7.600 7.600"}, seeFlows},
		{pages.MenuItem{Area: "audio", Label: "Audio", Link: "/audio", Icon: "M2.500 6.200v3.600h2.300L8 12.500v-9L4.800 6.200zM10.500 6a2.800 2.800 0 0 1 0 4M12.300 4.200a5.400 5.400 0 0 1 0 7.600"}, seeFlows},
	}},
	{"Watch", []entry{
		{pages.MenuItem{Area: "calls", Label: "Calls", Link: "/calls", Icon: "M2.500 4h11M2.500 8h11M2.500 12h7"}, seeCalls},
		{pages.MenuItem{Area: "live", Label: "Live", Link: "/live", Icon: "M1.500 8.500h3L6.500 3l3 10 2-4.500h3"}, seeCalls},
		{pages.MenuItem{Area: "queues", Label: "Queues", Link: "/queues", Icon: "M3.500 4.500a1.500 1.500 0 1 0 0-.010zM8 4.500a1.500 1.500 0 1 0 0-.010zM12.500 4.500a1.500 1.500 0 1 0 0-.010zM2 8.500h12M2 12h8"}, seeCalls},
	}},
	{"Manage", []entry{
		{pages.MenuItem{Area: "logins", Label: "Logins", Link: "/logins", Icon: "M10.500 9.500a4 4 0 1 0-3.600-2.300L2 12v2h2.500l.5-1.500H6.500l.4-1.700.9-.9a4 4 0 0 0 2.700-.4zM11 5.200h.01"}, editPeople},
		{pages.MenuItem{Area: "settings", Label: "Settings", Link: "/settings", Icon: "M2 4.500h6M11 4.500h3M2 11.500h3M8 11.500h6M9.500 6.200a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400zM6.500 13.200a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400z"}, editPeople},
		{pages.MenuItem{Area: "audit", Label: "Audit log", Link: "/audit", Icon: "M4 1.500h6l2.500 2.500v10.500H4zM10 1.500V4h2.500M6 7.500h4.500M6 10.500h4.500"}, seeAudit},
		{pages.MenuItem{Area: "system", Label: "System", Link: "/system", Icon: "M2.500 3h11v4h-11zM2.500 9h11v4h-11zM5 5h.01M5 11h.01"}, seeSystem},
	}},
}

// menuOf is the part of the menu that a login may open.
func menuOf(who *directory.Login) []pages.Menu {
	var out []pages.Menu
	for _, group := range menu {
		g := pages.Menu{Title: group.title}
		for _, e := range group.entries {
			if allowed(e.need, who) {
				g.Items = append(g.Items, e.item)
			}
		}
		if len(g.Items) > 0 {
			out = append(out, g)
		}
	}
	return out
}
