package ui

import (
	"context"

	"tandem/flow/directory"
)

// TrashStore removes things so that it can be undone for a while.
type TrashStore interface {
	// Remove takes a thing away and answers an id for Restore, or
	// *directory.InUseError.
	Remove(ctx context.Context, kind directory.Kind, id, by string) (undo string, err error)
	// Restore brings back what was removed, or directory.ErrNotFound where that is
	// too long ago.
	Restore(ctx context.Context, undo, by string) (kind directory.Kind, id string, err error)
}

// AuditStore keeps who changed what. Entries are never altered.
type AuditStore interface {
	Audit(ctx context.Context, e directory.AuditEntry) error
}

// CoreStore is what the panel's own machinery keeps.
type CoreStore interface {
	TrashStore
	AuditStore
}

func (p *Panel) trash() TrashStore { return p.cfg.Store.(CoreStore) }

func (p *Panel) auditLog() AuditStore { return p.cfg.Store.(CoreStore) }
