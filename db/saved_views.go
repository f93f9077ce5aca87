package db

import (
	"context"
	"fmt"

	"tandem/flow/directory"
)

const viewsOfLogin = `select name, query from saved_views where login = $1 and page = $2 order by lower(name)`

// SavedViews lists the views that a login keeps of a page.
func (s *Store) SavedViews(ctx context.Context, login, page string) ([]directory.SavedView, error) {
	out, err := all[directory.SavedView](ctx, s.pool, viewsOfLogin, login, page)
	if err != nil {
		return nil, fmt.Errorf("saved views: %w", err)
	}
	return out, nil
}

const keepView = `
	insert into saved_views (login, page, name, query) values ($1, $2, $3, $4)
	on conflict (login, page, name) do update set query = excluded.query, added = now()`

// SaveView keeps a view of a page. A view of the same name is replaced.
func (s *Store) SaveView(ctx context.Context, login, page string, v directory.SavedView) error {
	if _, err := exec(ctx, s.pool, keepView, login, page, clean(v.Name), clean(v.Query)); err != nil {
		return fmt.Errorf("save view %q: %w", v.Name, err)
	}
	return nil
}

const dropView = `delete from saved_views where login = $1 and page = $2 and name = $3`

// RemoveView forgets a view, or fails with ErrNotFound.
func (s *Store) RemoveView(ctx context.Context, login, page, name string) error {
	n, err := exec(ctx, s.pool, dropView, login, page, name)
	if err == nil && n == 0 {
		err = directory.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("remove view %q: %w", name, err)
	}
	return nil
}
