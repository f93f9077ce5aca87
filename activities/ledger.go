package activities

import (
	"context"
	"fmt"

	"tandem/flow/call"
)

// Book is the part of the store that keeps ledger entries. Saving one again
// replaces it.
type Book interface {
	SaveLedger(ctx context.Context, entry call.LedgerEntry) error
}

// Ledger is the activity that writes the row of a call.
type Ledger struct{ Book Book }

// Save writes the ledger entry.
func (l *Ledger) Save(ctx context.Context, entry call.LedgerEntry) error {
	if err := l.Book.SaveLedger(ctx, entry); err != nil {
		return fmt.Errorf("write the ledger entry of %s: %w", entry.Call, err)
	}
	return nil
}
