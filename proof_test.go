package tandem_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"tandem/flow"
)

var updateProof = flag.Bool("update-proof", false, "rewrite "+proofFile)

// proofFile is the table of what proves each exit of each kind and each
// decision, for people to read.
const proofFile = "workflows/testdata/proof.md"

// TestEveryExitIsProvedByAGoldenFlow draws up which golden flow leaves each
// kind by each of its exits, and fails where a cell is empty.
func TestEveryExitIsProvedByAGoldenFlow(t *testing.T) {
	walked, err := exitsWalked(os.DirFS("workflows/testdata"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# What proves what\n\nWritten by `go test . -run Proved -update-proof`; a test fails when it is not true any more.\n\n" +
		"## Kind × exit × golden flow\n\n| kind | exit | golden flows |\n| --- | --- | --- |\n")
	for _, c := range cells(walked) {
		proof := some(walked[c])
		if proof == "" {
			proof = cannotHappen(t, c)
		}
		if proof == "" {
			t.Errorf("no golden flow leaves a %s by %s", c.kind, c.exit)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.kind, c.exit, proof)
	}
	drawUp(t, &b, "Rules of each kind", "kind", rules)
	drawUp(t, &b, "Easy to get wrong, decided", "subject", decisions)
	if *updateProof {
		if err := os.WriteFile(proofFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if was, err := os.ReadFile(proofFile); err != nil || string(was) != b.String() {
		t.Errorf("%s is not what the golden flows say (%v)", proofFile, err)
	}
}

// drawUp writes a table of clauses, and fails where one is neither proved nor
// said to be still to come.
func drawUp(t *testing.T, b *strings.Builder, title, about string, sections []section) {
	t.Helper()
	fmt.Fprintf(b, "\n## %s\n\n| %s | what is so | proved by |\n| --- | --- | --- |\n", title, about)
	for _, s := range sections {
		for _, c := range s.clauses {
			if (len(c.proofs) == 0) == (c.later == "") {
				t.Errorf("%s: %q has to be proved or to name what it waits for, and not both", s.about, c.says)
			}
			for _, p := range c.proofs {
				if err := p.stands(); err != nil {
					t.Errorf("%s: %s: %v", s.about, c.says, err)
				}
			}
			proved := words(c.proofs)
			if c.later != "" {
				proved = "*not yet: " + c.later + "*"
			}
			fmt.Fprintf(b, "| %s | %s | %s |\n", s.about, strings.ReplaceAll(c.says, "*", "\\*"), proved)
		}
	}
}

// TestRulesOfEveryKindAreProved fails for a kind whose table nobody has gone
// through.
func TestRulesOfEveryKindAreProved(t *testing.T) {
	told := []string{everyKind}
	for _, s := range rules {
		told = append(told, s.about)
	}
	for _, kind := range kinds() {
		if !slices.Contains(told, kind) {
			t.Errorf("nothing says what proves the rules of a %s", kind)
		}
	}
}

// some are the first few names of a list: who wants all can search for them.
func some(names []string) string {
	const few = 4
	if more := len(names) - few; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), more)
	}
	return strings.Join(names, ", ")
}

// cell is one exit of one kind. Exits that settings name, such as key:1, count
// as one.
type cell struct{ kind, exit string }

// ends is the cell of a kind without exits: the call ends in it.
const ends = "(the call ends)"

func cellOf(kind string, exit flow.Exit) cell {
	name, _, dynamic := strings.Cut(string(exit), ":")
	if dynamic {
		name += ":…"
	}
	return cell{kind, name}
}

// cells lists every exit that a kind has, and those that settings give it in
// a golden flow.
func cells(walked map[cell][]string) []cell {
	var out []cell
	for kind, k := range flow.Catalog {
		m := flow.Module{Kind: kind, Settings: k.New()}
		for _, e := range m.Exits() {
			out = append(out, cellOf(kind, e.ID))
		}
		if len(m.Exits()) == 0 {
			out = append(out, cell{kind, ends})
		}
	}
	for c := range walked {
		if strings.HasSuffix(c.exit, ":…") && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b cell) int { return strings.Compare(a.kind+" "+a.exit, b.kind+" "+b.exit) })
	return out
}

// exitsWalked reads from golden flows which exits their calls leave by.
func exitsWalked(testdata fs.FS) (map[cell][]string, error) {
	files, err := fs.Glob(testdata, "*.txtar")
	if err != nil {
		return nil, err
	}
	out := map[cell][]string{}
	for _, file := range files {
		text, err := fs.ReadFile(testdata, file)
		if err != nil {
			return nil, err
		}
		found, err := exitsOf(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for c := range found {
			out[c] = append(out[c], strings.TrimSuffix(file, ".txtar"))
		}
	}
	return out, nil
}

// exitsOf reads which exits one golden flow's call leaves by.
func exitsOf(text []byte) (map[cell]bool, error) {
	var f flow.Flow
	var path string
	for _, part := range txtar.Parse(text).Files {
		switch part.Name {
		case "flow.json":
			var err error
			if f, err = flow.Parse(part.Data); err != nil {
				return nil, err
			}
		case "path":
			path = string(part.Data)
		}
	}
	found := map[cell]bool{}
	for line := range strings.Lines(path) {
		module, rest, _ := strings.Cut(line, " ")
		exit, _, _ := strings.Cut(rest, ": ")
		m, ok := f.Module(module)
		switch {
		case !ok:
		case exit == "-" && len(m.Exits()) == 0:
			found[cell{m.Kind, ends}] = true
		case exit != "-":
			found[cellOf(m.Kind, flow.Exit(exit))] = true
		}
	}
	return found, nil
}

// cannotHappen says why an error exit needs no proof: the runner of the kind
// asks nobody for anything, so nothing can fail after all retries.
func cannotHappen(t *testing.T, c cell) string {
	t.Helper()
	if c.exit != string(flow.ExitError) {
		return ""
	}
	file := "workflows/" + strings.ReplaceAll(c.kind, "-", "_") + ".go"
	source, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return ""
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	asks := false
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "startNotice" {
			return true // begins something beside the call, whose failure is none of the module's
		}
		for _, arg := range call.Args { // whoever is given the context may ask with it
			if id, ok := arg.(*ast.Ident); ok && id.Name == "ctx" {
				asks = true
			}
		}
		return true
	})
	if asks {
		return ""
	}
	return "never taken: it asks nobody for anything"
}

// proof is a golden flow or a test: "golden menu_key_answered", or the folder
// of a package and the name of a test in it, behind a colon what of a long test
// is meant: words that it holds.
type proof string

func (p proof) stands() error {
	where, rest, ok := strings.Cut(string(p), " ")
	name, part, _ := strings.Cut(rest, ": ")
	if !ok {
		return fmt.Errorf("%q names neither a golden flow nor a test", p)
	}
	if where == "golden" {
		if _, err := os.Stat("workflows/testdata/" + name + ".txtar"); err != nil {
			return fmt.Errorf("there is no golden flow %s", name)
		}
		return nil
	}
	files, err := filepath.Glob(path.Join(where, "*_test.go"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		_, body, ok := strings.Cut(string(text), "func "+name+"(")
		if body, _, _ = strings.Cut(body, "\n}\n"); ok && strings.Contains(body, part) {
			return nil
		}
	}
	return fmt.Errorf("there is no %s in %s", rest, where)
}

func words(proofs []proof) string {
	var out []string
	for _, p := range proofs {
		out = append(out, string(p))
	}
	return strings.Join(out, "; ")
}

// An empty cell must be found, or the table proves nothing.
func TestAnExitThatNoCallTookIsMissed(t *testing.T) {
	text := []byte(`one sentence
-- flow.json --
{"id":"f","name":"F","modules":[{"id":"a","kind":"voice-menu","name":"A","settings":{"audio":"x","entries":["1"]}}],"cables":[]}
-- path --
a key:1: key (the caller keyed 1)
ended: talked, normal
`)
	found, err := exitsOf(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || !found[cell{"voice-menu", "key:…"}] {
		t.Errorf("found %v", found)
	}
	for _, p := range []proof{"golden no_such_flow", "flow TestThatNobodyWrote", "TestAlone", "flow/reflex TestMenuFollowsItsRules: it sings", "flow/reflex TestMenuFollowsItsRules: four digits are as many as there can be"} {
		if p.stands() == nil {
			t.Errorf("%q stands", p)
		}
	}
	for _, p := range []proof{"flow/reflex TestMenuFollowsItsRules", "flow/reflex TestMenuFollowsItsRules: a wrong entry is invalid at once"} {
		if p.stands() != nil {
			t.Errorf("%q exists and is not found", p)
		}
	}
}
