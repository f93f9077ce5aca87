package main

import (
	"context"
	"errors"
	"fmt"

	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui"
	"tandem/ui/forms"
	"tandem/workflows/callclient"
)

// panelStore shows the panel the database. What both call the same passes
// through.
type panelStore struct{ *db.Store }

// SignIn implements ui.Store.
func (s panelStore) SignIn(ctx context.Context, email, password string) (directory.Login, error) {
	l, err := s.Store.SignIn(ctx, email, password)
	switch {
	case errors.Is(err, directory.ErrDenied):
		err = fmt.Errorf("%w: %w", ui.ErrWrongPassword, err)
	case errors.Is(err, directory.ErrLocked):
		err = fmt.Errorf("%w: %w", ui.ErrLocked, err)
	}
	return l, err
}

// Session implements ui.Store.
func (s panelStore) Session(ctx context.Context, token string) (ui.Session, error) {
	row, err := s.Store.Session(ctx, token)
	return ui.Session{Login: row.Login, Expires: row.Expires}, panelError(err)
}

// Ledger implements ui.Store.
func (s panelStore) Ledger(ctx context.Context, id call.ID) (call.LedgerEntry, error) {
	entry, err := s.Store.Ledger(ctx, id)
	return entry, panelError(err)
}

// Roles implements ui.Store.
func (s panelStore) Roles(ctx context.Context) ([]ui.Role, error) {
	rows, err := s.Store.Roles(ctx)
	out := make([]ui.Role, len(rows))
	for i, r := range rows {
		out[i] = ui.Role(r)
	}
	return out, err
}

// Flows implements ui.Store.
func (s panelStore) Flows(ctx context.Context) ([]ui.FlowSummary, error) {
	rows, err := s.FlowList(ctx)
	out := make([]ui.FlowSummary, len(rows))
	for i, r := range rows {
		out[i] = ui.FlowSummary{ID: r.ID, Name: r.Name, Published: r.Version}
	}
	return out, err
}

// Versions implements ui.Store.
func (s panelStore) Versions(ctx context.Context, id string) ([]ui.VersionSummary, error) {
	rows, err := s.Store.Versions(ctx, id)
	out := make([]ui.VersionSummary, len(rows))
	for i, r := range rows {
		out[i] = ui.VersionSummary{Version: r.Version, Author: r.Author, Note: r.Note, At: r.At}
	}
	return out, panelError(err)
}

// Version implements ui.Store.
func (s panelStore) Version(ctx context.Context, id string, version int) (flow.Revision, error) {
	r, err := s.Store.Version(ctx, id, version)
	return r, panelError(err)
}

// RemoveView implements ui.Store.
func (s panelStore) RemoveView(ctx context.Context, login, page, name string) error {
	return panelError(s.Store.RemoveView(ctx, login, page, name))
}

// Names implements ui.Store.
func (s panelStore) Names(ctx context.Context) (forms.Names, error) {
	out := forms.Names{ContactMethods: map[string]string{}, Audio: map[string]string{}}
	methods, err := s.ContactMethods(ctx)
	if err != nil {
		return out, err
	}
	for _, m := range methods {
		out.ContactMethods[m.ID] = m.Name
	}
	files, err := s.AudioFiles(ctx)
	for _, f := range files {
		out.Audio[f.ID] = f.Name
	}
	return out, err
}

// panelError says "not found" in the panel's words.
func panelError(err error) error {
	if errors.Is(err, directory.ErrNotFound) || errors.Is(err, callclient.ErrNotFound) {
		return fmt.Errorf("%w: %w", ui.ErrNotFound, err)
	}
	return err
}
