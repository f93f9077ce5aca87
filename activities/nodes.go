package activities

import (
	"context"
	"fmt"

	"tandem/flow/directory"
)

// NodeInput asks for a node on which a call of our own begins.
type NodeInput struct {
	Wanted string `json:"wanted"`
	Shy    string `json:"shy,omitempty"` // has just not taken one: only if there is no other
}

// Node finds a node that is there; none is empty.
func (d *Directory) Node(ctx context.Context, in NodeInput) (string, error) {
	all, err := d.Lookup.Roles(ctx)
	if err != nil {
		return "", fmt.Errorf("look for a node: %w", err)
	}
	found, best := "", 0
	for _, p := range all {
		if rank := in.rank(p); rank > best {
			found, best = p.ID, rank
		}
	}
	return found, nil
}

// rank tells which of two nodes is the better one; 0 is none.
func (in NodeInput) rank(p directory.Process) int {
	switch {
	case p.Role != "node" || !p.Ready:
		return 0
	case p.ID == in.Shy:
		return 1
	case p.ID == in.Wanted:
		return 3
	}
	return 2
}
