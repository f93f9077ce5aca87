package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"tandem/flow/directory"
)

// generalKey is the key of the settings of the whole installation.
const generalKey = "general"

// defaultGeneral is what holds where nothing was set (product sheet 9).
func defaultGeneral() directory.General {
	return directory.General{Name: "Tandem", Zone: "UTC", OverLimitDecline: 480, Dialling: "e164", LongestCall: 240, HistoryDays: 400}
}

// General reads the settings of the whole installation.
func (s *Store) General(ctx context.Context) (directory.General, error) {
	return readGeneral(ctx, s.pool)
}

func readGeneral(ctx context.Context, q querier) (directory.General, error) {
	g := defaultGeneral()
	if err := readSetting(ctx, q, generalKey, &g); err != nil && !errors.Is(err, directory.ErrNotFound) {
		return directory.General{}, err
	}
	return g, nil
}

// overLimitCodes are the answers that a caller over a limit can get.
var overLimitCodes = []int{403, 480, 486, 600, 603}

// SaveGeneral stores the settings of the whole installation; one out of its
// range is refused with ErrInvalid.
func (s *Store) SaveGeneral(ctx context.Context, g directory.General) error {
	_, zone := time.LoadLocation(g.Zone)
	for _, rule := range []struct {
		broken bool
		says   string
	}{
		{utf8.RuneCountInString(g.Name) < 1 || utf8.RuneCountInString(g.Name) > 60, "the name has 1 to 60 characters"},
		{g.Zone == "" || zone != nil, fmt.Sprintf("there is no time zone %q", g.Zone)},
		{!slices.Contains(overLimitCodes, g.OverLimitDecline), "over a limit callers get 403, 480, 486, 600 or 603"},
		{g.Country != "" && len(g.Country) != 2, "a country has two letters"},
		{g.Dialling != "e164" && g.Dialling != "national", "dialling is e164 or national"},
		{g.LongestCall < 10 || g.LongestCall > 1440, "the longest call takes 10 to 1440 minutes"},
		{g.HistoryDays < 1 || g.HistoryDays > 3650, "history is kept for 1 to 3650 days"},
	} {
		if rule.broken {
			return fmt.Errorf("save general settings: %w: %s", directory.ErrInvalid, rule.says)
		}
	}
	return s.SaveSetting(ctx, generalKey, g)
}
