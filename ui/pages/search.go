package pages

import (
	"strconv"
	"time"
)

// SearchView is what a search has found.
type SearchView struct {
	Frame
	Query  string
	Groups []HitGroup
}

// HitGroup is what was found of one kind.
type HitGroup struct {
	Kind, Title string
	Hits        []Hit
	More        string // address of a list of all, where there may be more
}

// Hit is one thing that was found.
type Hit struct {
	ID          string
	Title, Note string
	Link        string
	Icon        string // a path on a 16 × 16 grid
	Kind        string // of a module, which picks its icon
	At          time.Time
}

// found says how much was found.
func (v SearchView) found() string {
	n := 0
	for _, g := range v.Groups {
		n += len(g.Hits)
	}
	switch n {
	case 0:
		return "Nothing found"
	case 1:
		return "1 result"
	}
	return strconv.Itoa(n) + " results"
}
