package db

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/flow/directory"
)

// Keys of the settings that the panel edits.
const (
	generalKey = "general"
	codesKey   = "feature-codes"
)

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

// defaultCodes are the feature codes in the order in which pages show them
// (product sheet 9).
var defaultCodes = []directory.FeatureCode{
	{ID: "attended-transfer", Code: "*11", On: true},
	{ID: "unattended-transfer", Code: "*22", On: true},
	{ID: "return", Code: "*0", On: true},
	{ID: "swap", Code: "*12", On: true},
	{ID: "record", Code: "*33", On: true},
	{ID: "record-pause", Code: "*34", On: true},
	{ID: "park", Code: "*66", On: true},
	{ID: "pick-up", Code: "*8", On: true},
	{ID: "queue-login", Code: "*55", On: true},
	{ID: "queue-pause", Code: "*56", On: true},
	{ID: "override", Code: "*77", On: true},
}

// FeatureCodes lists all feature codes; one that was never set has its default.
func (s *Store) FeatureCodes(ctx context.Context) ([]directory.FeatureCode, error) {
	var saved []directory.FeatureCode
	if err := s.Setting(ctx, codesKey, &saved); err != nil && !errors.Is(err, directory.ErrNotFound) {
		return nil, err
	}
	out := slices.Clone(defaultCodes)
	for i, c := range out {
		if at := slices.IndexFunc(saved, func(s directory.FeatureCode) bool { return s.ID == c.ID }); at >= 0 {
			out[i] = saved[at]
		}
	}
	return out, nil
}

var codeForm = regexp.MustCompile(`^[*#][0-9]{1,4}$`)

// SaveFeatureCodes stores feature codes: * or # and 1 to 4 digits, of which
// none begins another, since a caller would never get to the longer one.
func (s *Store) SaveFeatureCodes(ctx context.Context, codes []directory.FeatureCode) error {
	for i, c := range codes {
		if !codeForm.MatchString(c.Code) {
			return fmt.Errorf("save feature codes: %w: %q is not * or # and 1 to 4 digits", directory.ErrInvalid, c.Code)
		}
		if !slices.ContainsFunc(defaultCodes, func(d directory.FeatureCode) bool { return d.ID == c.ID }) {
			return fmt.Errorf("save feature codes: %w: there is no code for %q", directory.ErrInvalid, c.ID)
		}
		for _, other := range codes[:i] {
			if strings.HasPrefix(c.Code, other.Code) || strings.HasPrefix(other.Code, c.Code) {
				return fmt.Errorf("save feature codes: %w: of %s and %s one begins the other", directory.ErrInvalid, other.Code, c.Code)
			}
		}
	}
	return s.SaveSetting(ctx, codesKey, codes)
}
