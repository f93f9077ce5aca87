package tandem_test

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"tandem/flow"
)

// TestEveryKindIsComplete names the file that somebody who added a module kind
// forgot.
func TestEveryKindIsComplete(t *testing.T) {
	missing, err := forgotten(os.DirFS("."), kinds())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range missing {
		t.Error(m)
	}
}

func kinds() []string {
	var out []string
	for name := range flow.Catalog {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// forgotten lists what each kind lacks below root.
func forgotten(root fs.FS, kinds []string) (missing []string, err error) {
	golden, err := kindsIn(root, "workflows/testdata", ".txtar")
	if err != nil {
		return nil, err
	}
	histories, err := kindsIn(root, "workflows/testdata/histories", ".json")
	if err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		file := strings.ReplaceAll(kind, "-", "_")
		for _, name := range []string{"flow/" + file + ".go", "workflows/" + file + ".go", "ui/forms/" + file + ".templ"} {
			if _, err := fs.Stat(root, name); err != nil {
				missing = append(missing, fmt.Sprintf("kind %s: there is no %s", kind, name))
			}
		}
		if !golden[kind] {
			missing = append(missing, fmt.Sprintf("kind %s: no golden flow in workflows/testdata/*.txtar uses it", kind))
		}
		if !histories[kind] {
			missing = append(missing, fmt.Sprintf("kind %s: no history in workflows/testdata/histories/*.json has it", kind))
		}
	}
	return missing, nil
}

var (
	kindMention = regexp.MustCompile(`"kind":\s*"([a-z-]+)"`)
	payload     = regexp.MustCompile(`"data":\s*"([A-Za-z0-9+/=]+)"`)
)

// unpacked adds to a history what its payloads hold: Temporal writes them in base64.
func unpacked(text string) string {
	var b strings.Builder
	b.WriteString(text)
	for _, m := range payload.FindAllStringSubmatch(text, -1) {
		if plain, err := base64.StdEncoding.DecodeString(m[1]); err == nil {
			b.Write(plain)
		}
	}
	return b.String()
}

// kindsIn collects the kinds that files of a folder mention.
func kindsIn(root fs.FS, dir, ext string) (map[string]bool, error) {
	found := map[string]bool{}
	entries, err := fs.ReadDir(root, dir)
	if err != nil {
		return found, nil // every kind will be reported as missing there
	}
	for _, e := range entries {
		if path.Ext(e.Name()) != ext {
			continue
		}
		text, err := fs.ReadFile(root, path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		for _, m := range kindMention.FindAllStringSubmatch(unpacked(string(text)), -1) {
			found[m[1]] = true
		}
	}
	return found, nil
}

func TestAForgottenFileIsNamed(t *testing.T) {
	empty := &fstest.MapFile{}
	whole := fstest.MapFS{
		"flow/ring_group.go": empty, "workflows/ring_group.go": empty, "ui/forms/ring_group.templ": empty,
		"workflows/testdata/a.txtar":          {Data: []byte(`{"kind": "ring-group"}`)},
		"workflows/testdata/histories/a.json": {Data: []byte(`{"data":"eyJtb2R1bGVzIjpbeyJraW5kIjoicmluZy1ncm91cCJ9XX0="}`)},
	}
	if missing, err := forgotten(whole, []string{"ring-group"}); err != nil || len(missing) > 0 {
		t.Fatalf("a whole kind lacks %q (%v)", missing, err)
	}
	for name := range whole {
		part := fstest.MapFS{}
		for other, f := range whole {
			if other != name {
				part[other] = f
			}
		}
		missing, err := forgotten(part, []string{"ring-group"})
		if err != nil || len(missing) != 1 || !strings.Contains(missing[0], path.Dir(name)) {
			t.Errorf("without %s: %q (%v)", name, missing, err)
		}
	}
}
