// Package tandem_test guards what no single package can: who may import whom,
// and that every module kind is complete.
//
// It never runs the product.
package tandem_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the import path that everything of ours begins with.
const module = "tandem"

// layer is one row of the map in the house style: who a package may import.
type layer struct {
	pkg     string   // a folder; with "/..." everything below it too
	ours    []string // what of ours it may import; a package of the same row need not be listed
	tests   []string // what of ours its tests may import besides
	stdOnly bool     // nothing but the standard library and ours
	never   []string // other imports it must not have; with "/..." everything below too
}

// Imports that only some may have.
var (
	temporal  = []string{"go.temporal.io/..."}
	database  = []string{"github.com/jackc/pgx/...", "database/sql/..."}
	templates = []string{"github.com/a-h/templ/..."}
	signals   = []string{"github.com/emiago/sipgo/..."}
	world     = []string{"net/...", "os/...", "sync/...", "time/tzdata", "math/rand/...", "crypto/rand"}
)

// layers is the map. The longest row that fits a package is its row; a package
// without one has no place.
var layers = []layer{
	// net/netip is plain values.
	{pkg: "flow/...", stdOnly: true, never: []string{"net", "net/http/...", "net/url", "net/mail", "net/smtp", "net/rpc/...", "net/textproto", "os/...", "sync/..."}},

	{pkg: "activities", ours: []string{"flow/..."}, never: slices.Concat(database, templates, signals)},
	{pkg: "activities/outgoing", ours: []string{"flow/..."}, tests: []string{"activities/outgoing/outgoingtest"}, never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "activities/outgoing/outgoingtest", ours: []string{"flow/..."}, never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "activities/delivery/...", never: slices.Concat(temporal, database, templates, signals)},

	{pkg: "workflows", ours: []string{"flow/...", "activities"},
		never: slices.Concat([]string{"go.temporal.io/sdk/client"}, world, database, templates, signals)},
	{pkg: "workflows/callclient", ours: []string{"flow/...", "workflows", "activities"}, never: slices.Concat(database, templates, signals)},

	{pkg: "workflows/simulate", ours: []string{"flow/...", "workflows", "activities"}, tests: []string{"sipmedia", "sipmedia/siptest"}, never: slices.Concat(database, templates, signals)},
	{pkg: "workflows/simulate/simulatetest", ours: []string{"flow/...", "workflows/simulate"}, never: slices.Concat(database, templates, signals)},

	{pkg: "sipmedia", ours: []string{"flow/...", "sipmedia/..."}, never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "sipmedia/codec", never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "sipmedia/dtmf", never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "sipmedia/audio", ours: []string{"sipmedia/codec"}, never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "sipmedia/rtpio", ours: []string{"sipmedia/codec", "sipmedia/dtmf"}, tests: []string{"sipmedia/audio"},
		never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "sipmedia/mixer", ours: []string{"sipmedia/rtpio", "sipmedia/codec"}, never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "sipmedia/record", ours: []string{"sipmedia/rtpio", "sipmedia/codec"}, never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "sipmedia/sdp", ours: []string{"sipmedia/codec"}, never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "sipmedia/sipua", ours: []string{"sipmedia/sdp"}, never: slices.Concat(temporal, database, templates)},
	{pkg: "sipmedia/phone", ours: []string{"flow/...", "sipmedia/sipua", "sipmedia/sdp", "sipmedia/rtpio", "sipmedia/codec", "sipmedia/dtmf", "sipmedia/audio"},
		tests: []string{"sipmedia"}, never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "sipmedia/siptest", ours: []string{"flow/...", "sipmedia/..."}, never: slices.Concat(temporal, database, templates, signals)},

	{pkg: "db/...", ours: []string{"flow/..."}, never: slices.Concat(temporal, templates, signals)},

	// The panel's tests run it on a real database, with the real simulator.
	{pkg: "ui/...", ours: []string{"flow/..."}, tests: []string{"db/...", "workflows/simulate"}, never: slices.Concat(temporal, database, signals)},

	{pkg: "cmd/tandem/...", ours: []string{"flow/...", "activities/...", "workflows/...", "sipmedia/...", "db/...", "ui/..."},
		never: slices.Concat(database, signals)},
	{pkg: "cmd/callbench/...", ours: []string{"flow/...", "db/..."}, never: slices.Concat(temporal, database, templates, signals)},
	{pkg: "cmd/temporald/...", never: slices.Concat(templates, signals)},

	{pkg: ".", ours: []string{"flow/...", "cmd/tandem/..."}}, // this package
}

// testOnly are packages of ours that only tests may import.
var testOnly = []string{"sipmedia/siptest", "workflows/simulate/simulatetest", "ui/browsertest", "db/dbtest", "activities/delivery/deliverytest", "activities/outgoing/outgoingtest"}

// testImports is what every test may import of the rows above it.
const testImports = "sipmedia/siptest"

func TestEveryImportStaysInItsLayer(t *testing.T) {
	broken, files, err := breaches(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range broken {
		t.Error(b)
	}
	if files < 30 {
		t.Errorf("only %d files were looked at: the test runs in the wrong folder", files)
	}
}

// breaches reads the imports of every Go file below root and reports those
// that the map does not allow.
func breaches(root fs.FS) (broken []string, files int, err error) {
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "bin", "data", "node_modules"}, d.Name())):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		files++
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if why := refuse(path.Dir(name), imported, strings.HasSuffix(name, "_test.go")); why != "" {
				broken = append(broken, fmt.Sprintf("%s imports %s: %s", name, imported, why))
			}
		}
		return nil
	})
	return broken, files, err
}

// refuse says why a package may not import something, or nothing.
func refuse(pkg, imported string, test bool) string {
	row, ok := rowOf(pkg)
	if !ok {
		return "the importing package has no row in the map of layers_test.go"
	}
	if target, ok := strings.CutPrefix(imported, module+"/"); ok {
		return refuseOurs(row, pkg, target, test)
	}
	external := strings.Contains(strings.SplitN(imported, "/", 2)[0], ".")
	switch {
	case row.stdOnly && external:
		return "only the standard library is allowed here"
	case !test && matches(row.never, imported):
		return "never here"
	}
	return ""
}

func refuseOurs(row layer, pkg, target string, test bool) string {
	allowed := row.ours
	if test {
		allowed = slices.Concat(allowed, row.tests, []string{testImports})
	}
	home, _ := rowOf(target)
	switch {
	case !test && matches(testOnly, target) && !matches(testOnly, pkg):
		return "only tests may"
	case home.pkg == row.pkg, matches(allowed, target):
		return ""
	}
	return "that is beside or above it"
}

func rowOf(pkg string) (best layer, ok bool) {
	for _, l := range layers {
		if matches([]string{l.pkg}, pkg) && len(l.pkg) > len(best.pkg) {
			best, ok = l, true
		}
	}
	return best, ok
}

// matches tells whether name is one of patterns, or below one that ends in "/...".
func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		stem, below := strings.CutSuffix(p, "/...")
		return name == stem || below && strings.HasPrefix(name, stem+"/")
	})
}
