package ui

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"tandem/flow"
	"tandem/ui/pages"
)

// Measures of a small drawing of a flow, in the canvas's own pixels.
const (
	sketchBox  = 264
	drawnBox   = 224 // on the canvas, where modules may stand closer than in templates
	sketchTall = 112
	sketchPad  = 16
	sketchChar = 15 // width of a letter of a name, wide fonts counted
)

// sketch draws a flow small: its modules where they stand and its cables. Other
// tabs are other sheets, so only the first is drawn.
func sketch(f flow.Flow) pages.Sketch { return sketchOf(f, "", sketchBox) }

// sketchOf draws one tab, empty: the first, with boxes of one width; narrow ones
// hold no name.
func sketchOf(f flow.Flow, tab string, width int) pages.Sketch {
	s := pages.Sketch{Icons: width < drawnBox}
	first := ""
	if len(f.Tabs) > 0 {
		first = f.Tabs[0].ID
	}
	at := map[string]flow.Module{}
	for _, m := range f.Modules {
		if cmp.Or(m.Tab, first) == cmp.Or(tab, first) {
			at[m.ID] = m
			s.Boxes = append(s.Boxes, pages.SketchBox{Module: m.ID, X: m.X, Y: m.Y, W: width, H: sketchTall, Kind: m.Kind,
				Family: flow.Catalog[m.Kind].Family, Name: inLines(shown(m.Name), (width-pages.SketchNameAt)/sketchChar)})
		}
	}
	for _, c := range f.Cables {
		from, ok := at[c.From]
		to, also := at[c.To]
		if ok && also {
			s.Lines = append(s.Lines, pages.SketchLine{D: wire(from, to, width, exitPlace(from, c.Exit)), From: c.From, Exit: string(c.Exit), To: c.To})
		}
	}
	s.View = frameOf(s.Boxes)
	return s
}

// thumbnail is a sketch for a card, where no name could be read: boxes with
// their icons alone, closer to each other.
func thumbnail(f flow.Flow) pages.Sketch {
	const squeezed = sketchBox - sketchTall // what each box loses in width
	columns := map[int]int{}
	f.Modules = slices.Clone(f.Modules)
	for _, m := range f.Modules {
		columns[m.X] = 0
	}
	for i, x := range slices.Sorted(maps.Keys(columns)) {
		columns[x] = x - i*squeezed
	}
	for i := range f.Modules {
		f.Modules[i].X = columns[f.Modules[i].X]
	}
	return sketchOf(f, "", sketchTall)
}

// exitPlace is how far down a module's right edge an exit stands.
func exitPlace(m flow.Module, exit flow.Exit) int {
	exits := m.Exits()
	i := slices.IndexFunc(exits, func(e flow.ExitSpec) bool { return e.ID == exit })
	return sketchTall * (max(i, 0) + 1) / (len(exits) + 1)
}

func wire(from, to flow.Module, width, down int) string {
	x1, y1 := from.X+width, from.Y+down
	x2, y2 := to.X, to.Y+sketchTall/2
	bend := max(40, (x2-x1)/2)
	return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+bend, y1, x2-bend, y2, x2, y2)
}

// inLines breaks a name into two lines where one is too short for it.
func inLines(name string, most int) []string {
	if utf8.RuneCountInString(name) <= most {
		return []string{name}
	}
	at := strings.LastIndex(string([]rune(name)[:most+1]), " ")
	if at <= 0 {
		return []string{shortened(name, most)}
	}
	return []string{name[:at], shortened(strings.TrimSpace(name[at:]), most)}
}

// shortened keeps so many characters of a name, and says where some are missing.
func shortened(name string, most int) string {
	if r := []rune(name); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return name
}

// frameOf is the view box around all boxes.
func frameOf(all []pages.SketchBox) string {
	if len(all) == 0 {
		return "0 0 100 50"
	}
	x1, y1, x2, y2 := all[0].X, all[0].Y, all[0].X, all[0].Y
	for _, b := range all {
		x1, y1 = min(x1, b.X), min(y1, b.Y)
		x2, y2 = max(x2, b.X+b.W), max(y2, b.Y+b.H)
	}
	return fmt.Sprintf("%d %d %d %d", x1-sketchPad, y1-sketchPad, x2-x1+2*sketchPad, y2-y1+2*sketchPad)
}
