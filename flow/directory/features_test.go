package directory

import (
	"slices"
	"testing"
)

func TestTheDefaultFeatureCodesAreFine(t *testing.T) {
	for _, wrong := range CheckFeatureCodes(DefaultFeatureCodes()) {
		t.Error(wrong)
	}
}

func TestNoFeatureCodeBeginsAnother(t *testing.T) {
	codes := DefaultFeatureCodes()
	codes[0].Code = "*1"
	wrong := CheckFeatureCodes(codes)
	if len(wrong) != 1 || wrong[0].At != 0 || wrong[0].Text != "begins *12 (Swap the two parties)" {
		t.Fatalf("found %v", wrong)
	}
	codes[0].On = false // nobody listens for it
	if wrong := CheckFeatureCodes(codes); len(wrong) != 0 {
		t.Errorf("a code that is off is in the way: %v", wrong)
	}
}

func TestABadFeatureCodeIsNamedAtItsPlace(t *testing.T) {
	for name, bad := range map[string]FeatureCode{
		"digits": {ID: "park", Code: "66"}, "long": {ID: "park", Code: "*12345"}, "empty": {ID: "park"},
		"unknown": {ID: "dance", Code: "*99"}, "twice": {ID: "override", Code: "*98"},
	} {
		codes := append(DefaultFeatureCodes(), bad)
		if name != "twice" && name != "unknown" {
			codes = slices.DeleteFunc(codes, func(c FeatureCode) bool { return c.ID == "park" && c != bad })
		}
		wrong := CheckFeatureCodes(codes)
		if len(wrong) == 0 || wrong[len(wrong)-1].At != len(codes)-1 {
			t.Errorf("%s: found %v", name, wrong)
		}
	}
}

func TestACodeDialledWhenIdleIsReadAsItIsSet(t *testing.T) {
	changed := DefaultFeatureCodes()
	for i := range changed {
		switch changed[i].ID {
		case FeatureQueueLogIn:
			changed[i].Code = "#1234"
		case FeatureQueuePause:
			changed[i].On = false
		}
	}
	for _, c := range []struct {
		codes                 []FeatureCode
		dialled, want, digits string
	}{
		{DefaultFeatureCodes(), "*55", FeatureQueueLogIn, ""},
		{DefaultFeatureCodes(), "*56", FeatureQueuePause, ""},
		{DefaultFeatureCodes(), "*7701", FeatureOverride, "01"},
		{DefaultFeatureCodes(), "*77", "", ""},
		{DefaultFeatureCodes(), "*770", "", ""},
		{DefaultFeatureCodes(), "*77011", "", ""},
		{DefaultFeatureCodes(), "*77ab", "", ""},
		{DefaultFeatureCodes(), "*551", "", ""},
		{DefaultFeatureCodes(), "*11", "", ""},  // in a call
		{DefaultFeatureCodes(), "*866", "", ""}, // not there yet
		{changed, "#1234", FeatureQueueLogIn, ""},
		{changed, "*55", "", ""},
		{changed, "*56", "", ""},
		{nil, "*55", "", ""},
	} {
		f, digits, ok := ReadFeature(c.codes, c.dialled)
		if f.ID != c.want || digits != c.digits || ok != (c.want != "") {
			t.Errorf("%s is read as %q with %q", c.dialled, f.ID, digits)
		}
	}
}
