package flow

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// CallerRouter sends callers on by their number. It does not answer.
type CallerRouter struct {
	Match   string        `json:"match,omitempty"`   // one of CallerMatches; empty is prefix
	Default string        `json:"default,omitempty"` // allow or disallow, where no rule matches; empty is allow
	Rules   []CallerRule  `json:"rules,omitempty"`   // 0–1000
	Routes  []CallerRoute `json:"routes,omitempty"`  // 0–20
}

// CallerRule is where callers with a number, or a beginning of it, go.
type CallerRule struct {
	Digits string `json:"digits"` // a plus and separators are ignored
	Go     string `json:"go"`     // allow, disallow, or the slug of a route
}

// CallerRoute is an exit of its own.
type CallerRoute struct {
	Slug string `json:"slug"` // of its exit's id; never changes
	Name string `json:"name"`
}

// CallerMatches are how rules are compared with a caller's number.
var CallerMatches = []string{"prefix", "number"}

// Limits of a caller router (product sheet 3.10).
const (
	MaxCallerRules  = 1000
	MaxCallerRoutes = 20
	maxCallerDigits = 20
	maxSlug         = 40
)

// Exits of a caller router; routes have others of their own.
const (
	ExitAllow    Exit = "allow"
	ExitDisallow Exit = "disallow"
)

// RouteExit is the exit of a caller router's route.
func RouteExit(slug string) Exit { return Exit("route:" + slug) }

// Exits: allow, disallow, and one for each route.
func (c *CallerRouter) Exits() []ExitSpec {
	out := []ExitSpec{
		{ID: ExitAllow, Label: "allow", Main: true, Tone: "good"},
		{ID: ExitDisallow, Label: "disallow", Main: true, Tone: "bad"},
	}
	for _, r := range c.Routes {
		out = append(out, ExitSpec{ID: RouteExit(r.Slug), Label: r.Name, Main: true})
	}
	return out
}

// Otherwise is the exit of callers whom no rule matches.
func (c *CallerRouter) Otherwise() Exit {
	if c.Default == string(ExitDisallow) {
		return ExitDisallow
	}
	return ExitAllow
}

// Decide finds the rule for a caller's number: of prefixes the longest, of
// equal ones the first. rule is its place, or -1 where none matches, as always
// for a caller who withholds the number.
func (c *CallerRouter) Decide(caller string) (exit Exit, rule int) {
	number, longest := plainDigits(caller), 0
	rule = -1
	for i, r := range c.Rules {
		digits := plainDigits(r.Digits)
		matches := strings.HasPrefix(number, digits)
		if c.Match == "number" {
			matches = number == digits
		}
		if matches && len(digits) > longest {
			rule, longest = i, len(digits)
		}
	}
	if rule < 0 {
		return c.Otherwise(), -1
	}
	return c.Rules[rule].exit(), rule
}

func (r CallerRule) exit() Exit {
	if r.Go == string(ExitAllow) || r.Go == string(ExitDisallow) {
		return Exit(r.Go)
	}
	return RouteExit(r.Go)
}

// plainDigits drops what people write between digits and before them.
func plainDigits(number string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("+ -./()\u00a0", r) {
			return -1
		}
		return r
	}, number)
}

// Validate checks rules and routes.
func (c *CallerRouter) Validate() []Problem {
	out := inRange("match", c.Match == "" || slices.Contains(CallerMatches, c.Match), "prefix or number")
	out = append(out, inRange("default", slices.Contains([]string{"", "allow", "disallow"}, c.Default), "allow or disallow")...)
	out = append(out, inRange("rules", len(c.Rules) <= MaxCallerRules, fmt.Sprintf("at most %d rules", MaxCallerRules))...)
	out = append(out, inRange("routes", len(c.Routes) <= MaxCallerRoutes, fmt.Sprintf("at most %d routes", MaxCallerRoutes))...)
	ways := map[string]bool{string(ExitAllow): true, string(ExitDisallow): true}
	for i, r := range c.Routes[:min(len(c.Routes), MaxCallerRoutes)] {
		field := fmt.Sprintf("routes.%d.", i)
		out = append(out, inRange(field+"slug", isSlug(r.Slug) && !ways[r.Slug], "1 to 40 of a-z, 0-9 and dashes, each once, not allow or disallow")...)
		out = append(out, inRange(field+"name", between(utf8.RuneCountInString(r.Name), 1, MaxName), "a name of 1 to 60 characters")...)
		ways[r.Slug] = true
	}
	for i, r := range c.Rules[:min(len(c.Rules), MaxCallerRules)] {
		field := fmt.Sprintf("rules.%d.", i)
		digits := plainDigits(r.Digits)
		out = append(out, inRange(field+"digits", allDigits(digits) && len(digits) <= maxCallerDigits, "1 to 20 digits, with or without a plus")...)
		out = append(out, inRange(field+"go", ways[r.Go], "allow, disallow or one of the routes")...)
	}
	return out
}

func isSlug(s string) bool {
	return s != "" && len(s) <= maxSlug && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Refs: a caller router names nothing.
func (*CallerRouter) Refs() []Ref { return nil }
