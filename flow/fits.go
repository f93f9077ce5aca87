package flow

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fits holds a flow to the limits that no flow may pass, not even as a draft.
// What a draft may be but a published flow may not is for Validate to say.
func (f *Flow) fits() error {
	if err := f.countFits(); err != nil {
		return err
	}
	var errs []error
	if f.ID != "" {
		errs = append(errs, idFits("flow", f.ID))
	}
	errs = append(errs, flowNameFits(f.Name), tabsFit(f.Tabs),
		eachFits(f.Modules, moduleFits), eachFits(f.Cables, cableFits),
		eachFits(f.Frames, frameFits), eachFits(f.Notes, noteFits), eachFits(f.Tests, testFits))
	return first(errs...)
}

func (f *Flow) countFits() error {
	for _, c := range []struct {
		n, max int
		what   string
	}{
		{len(f.Modules), MaxModules, "modules"}, {len(f.Cables), MaxCables, "cables"},
		{len(f.Frames), MaxFrames, "frames"}, {len(f.Notes), MaxNotes, "notes"}, {len(f.Tests), MaxTests, "tests"},
	} {
		if c.n > c.max {
			return fmt.Errorf("%d %s, at most %d are read", c.n, c.what, c.max)
		}
	}
	return nil
}

func eachFits[T any](all []T, fits func(T) error) error {
	for _, x := range all {
		if err := fits(x); err != nil {
			return err
		}
	}
	return nil
}

func flowNameFits(name string) error { return nameFits("the flow's name", name) }

func tabsFit(tabs []Tab) error {
	if len(tabs) > MaxTabs {
		return fmt.Errorf("%d tabs, at most %d are read", len(tabs), MaxTabs)
	}
	return eachFits(tabs, func(t Tab) error {
		return first(idFits("tab", t.ID), nameFits("the name of tab "+t.ID, t.Name))
	})
}

func moduleFits(m Module) error {
	if m.Settings == nil {
		return fmt.Errorf("module %q has no settings", m.ID)
	}
	errs := []error{idFits("module", m.ID), nameFits("the name of module "+m.ID, m.Name), tabFits(m.Tab),
		noteTextFits("module "+m.ID, m.Note), placeFits("module "+m.ID, m.X, m.Y)}
	for _, e := range m.HangUpHere {
		errs = append(errs, exitFits(e))
	}
	return first(errs...)
}

func cableFits(c Cable) error {
	return first(idFits("cable's module", c.From), exitFits(c.Exit), idFits("cable's module", c.To))
}

func frameFits(f Frame) error {
	return first(idFits("frame", f.ID), tabFits(f.Tab), nameFits("the title of frame "+f.ID, f.Text),
		placeFits("frame "+f.ID, f.X, f.Y, f.W, f.H))
}

func noteFits(n Note) error {
	return first(idFits("note", n.ID), tabFits(n.Tab), noteTextFits("note "+n.ID, n.Text), placeFits("note "+n.ID, n.X, n.Y, n.W, n.H))
}

func testFits(t Test) error {
	return first(idFits("test", t.ID), nameFits("the name of test "+t.ID, t.Name))
}

// idFits keeps ids to what an address of a page carries unescaped.
func idFits(what, id string) error {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r)
	}
	if id == "" || len(id) > maxID || strings.Trim(id, ".") == "" || strings.IndexFunc(id, func(r rune) bool { return !plain(r) }) >= 0 {
		return fmt.Errorf("%q cannot be the id of a %s: give 1 to %d letters, digits, dashes, underscores or dots", cut(id), what, maxID)
	}
	return nil
}

func tabFits(id string) error {
	if id == "" {
		return nil
	}
	return idFits("tab", id)
}

func exitFits(e Exit) error {
	if e == "" || len(e) > maxID || strings.Trim(string(e), "abcdefghijklmnopqrstuvwxyz0123456789-:*#") != "" {
		return fmt.Errorf("%q cannot be an exit", cut(string(e)))
	}
	return nil
}

func nameFits(what, name string) error {
	switch {
	case utf8.RuneCountInString(name) > MaxName:
		return fmt.Errorf("%s has more than %d characters", what, MaxName)
	case strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("%s holds a control character", what)
	}
	return nil
}

func noteTextFits(what, text string) error {
	if utf8.RuneCountInString(text) > MaxNote {
		return fmt.Errorf("the text of %s has more than %d characters", what, MaxNote)
	}
	return plainText(text)
}

func placeFits(what string, all ...int) error {
	for _, n := range all {
		if !between(n, -maxCanvas, maxCanvas) {
			return fmt.Errorf("%s lies outside the canvas", what)
		}
	}
	return nil
}

// first is the first of errs that is one.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
