package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// printReady prints the ready summary: one line of JSON, or a page for a person.
func printReady(w io.Writer, s summary, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(s)
	}
	_, err := io.WriteString(w, readyPage(s))
	return err
}

func readyPage(s summary) string {
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-13s %s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprint(&b, "\nTandem is ready.\n\n")
	row("Panel", "%s", s.HTTP)
	if s.Admin != nil && s.Admin.Password != "" {
		row("Sign in", "%s  password %s  (shown once: note it)", s.Admin.Email, s.Admin.Password)
	} else if s.Admin != nil {
		row("Sign in", "%s", s.Admin.Email)
	}
	row("Temporal UI", "%s/namespaces/%s/workflows", s.TemporalUI, s.Namespace)
	row("SIP", "%s udp and tcp, audio on UDP ports %s", s.SIP, s.RTP)
	row("Data", "%s", s.Data)
	if len(s.Accounts) > 0 {
		fmt.Fprint(&b, "\nSample phones\n")
	}
	for _, a := range s.Accounts {
		row(a.Username, "password %s, internal number %s", a.Password, a.InternalNumber)
	}
	if len(s.Numbers) > 0 {
		fmt.Fprint(&b, "\nNumbers to dial\n")
	}
	for _, n := range s.Numbers {
		row(n.Number, "%s", n.What)
	}
	if len(s.Accounts) > 1 && len(s.Numbers) > 0 {
		fmt.Fprintf(&b, "\nTry it in two terminals: the second phone answers, the first one calls.\n")
		fmt.Fprintf(&b, "  bin/tandem dial --as %s --answer --say tone:620\n", s.Accounts[1].Username)
		fmt.Fprintf(&b, "  bin/tandem dial %s --as %s --keys \",,1\" --say tone:440 --for 15s\n", s.Numbers[0].Number, s.Accounts[0].Username)
	}
	fmt.Fprintf(&b, "\nCtrl-C lets calls end and stops everything. Processes: %s\n", pidList(s.PIDs))
	return b.String()
}

func pidList(pids map[string]int) string {
	var all []string
	for role, pid := range pids {
		all = append(all, fmt.Sprintf("%s %d", role, pid))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
