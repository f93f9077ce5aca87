package db

import (
	"context"
	"fmt"

	"tandem/flow/directory"
)

// One statement decides, so that two workers never both let a notice through.
// In what is updated, a row is the one that stood before: the notice that went
// last asks again and gets the answer that it had.
const admitNotice = `
	insert into notices as n (module, contact_method, notice, at) values ($1, $2, $3, now())
	on conflict (module, contact_method) do update set
		notice   = case when n.notice = $3 or n.at > now() - $4::interval then n.notice else $3 end,
		at       = case when n.notice = $3 or n.at > now() - $4::interval then n.at else now() end,
		told     = case when n.notice = $3 or n.at > now() - $4::interval then n.told else n.left_out end,
		left_out = case when n.notice = $3 then n.left_out
		                when n.at <= now() - $4::interval then 0
		                when n.last_out = $3 then n.left_out
		                else n.left_out + 1 end,
		last_out = case when n.notice = $3 or n.at <= now() - $4::interval then n.last_out else $3 end
	returning n.notice = $3 as goes, n.told as left_out,
		coalesce((select name from contact_methods where id = n.contact_method), '') as name`

// AdmitNotice lets a notice through unless another of the same module went to
// the same recipient a short while ago. Which one that was, and how many were
// left out since, is remembered.
func (s *Store) AdmitNotice(ctx context.Context, n directory.Notice) (directory.Admission, error) {
	a, err := one[directory.Admission](ctx, s.pool, admitNotice, n.Module, n.ContactMethod, n.ID, n.Every)
	if err != nil {
		return directory.Admission{}, fmt.Errorf("admit notice %s to %q: %w", n.ID, n.ContactMethod, err)
	}
	return a, nil
}

const mailAddress = `select uri from contact_methods where id = $1 and kind = 'email' and not disabled`

// MailAddress is the address of a contact method; ErrNotFound where it is none,
// or not in use.
func (s *Store) MailAddress(ctx context.Context, contactMethod string) (string, error) {
	address, err := scalar[string](ctx, s.pool, mailAddress, contactMethod)
	if err != nil {
		return "", fmt.Errorf("address of contact method %q: %w", contactMethod, err)
	}
	return address, nil
}
