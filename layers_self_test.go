package tandem_test

import (
	"path"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAPlantedBreachIsFound(t *testing.T) {
	for _, c := range []struct{ file, imported, why string }{
		{"flow/flow.go", "tandem/db", "beside or above"},
		{"flow/call/call.go", "go.temporal.io/sdk/workflow", "only the standard library"},
		{"flow/schedule/schedule.go", "os", "never here"},
		{"activities/media.go", "tandem/sipmedia", "beside or above"},
		{"activities/delivery/sftp.go", "tandem/flow/call", "beside or above"},
		{"workflows/call.go", "go.temporal.io/sdk/client", "never here"},
		{"workflows/call.go", "sync/atomic", "never here"},
		{"workflows/call.go", "tandem/workflows/callclient", "beside or above"},
		{"sipmedia/switch.go", "tandem/activities", "beside or above"},
		{"sipmedia/switch.go", "tandem/db", "beside or above"},
		{"sipmedia/switch.go", "github.com/emiago/sipgo/sip", "never here"},
		{"sipmedia/switch.go", "tandem/sipmedia/siptest", "only tests may"},
		{"sipmedia/codec/codec.go", "tandem/sipmedia/rtpio", "beside or above"},
		{"sipmedia/sipua/ua.go", "tandem/sipmedia/rtpio", "beside or above"},
		{"sipmedia/phone/phone.go", "tandem/sipmedia", "beside or above"},
		{"sipmedia/rtpio/engine.go", "github.com/jackc/pgx/v5", "never here"},
		{"db/store.go", "tandem/sipmedia", "beside or above"},
		{"db/store_test.go", "tandem/ui", "beside or above"},
		{"ui/ui.go", "tandem/db", "beside or above"},
		{"ui/ui.go", "github.com/jackc/pgx/v5/pgxpool", "never here"},
		{"cmd/tandem/node.go", "github.com/emiago/sipgo", "never here"},
		{"cmd/tandem/node.go", "tandem/db/dbtest", "only tests may"},
		{"cmd/temporald/main.go", "tandem/flow", "beside or above"},
		{"media/media.go", "fmt", "has no row"},
	} {
		root := fstest.MapFS{c.file: {Data: []byte("package " + path.Base(path.Dir(c.file)) + "\nimport _ \"" + c.imported + "\"\n")}}
		broken, _, err := breaches(root)
		if err != nil || len(broken) != 1 || !strings.Contains(broken[0], c.why) {
			t.Errorf("%s imports %s: got %q (%v), want one breach: %s", c.file, c.imported, broken, err, c.why)
		}
	}
}

func TestWhatTheMapAllowsPasses(t *testing.T) {
	for file, imported := range map[string]string{
		"flow/route.go":                   "tandem/flow/call",
		"workflows/call.go":               "tandem/activities",
		"workflows/call_test.go":          "os",
		"workflows/callclient/client.go":  "go.temporal.io/sdk/client",
		"sipmedia/sipua/ua.go":            "github.com/emiago/sipgo/sip",
		"sipmedia/switch_test.go":         "tandem/sipmedia/siptest",
		"sipmedia/rtpio/engine.go":        "tandem/sipmedia/codec",
		"db/dbtest/dbtest.go":             "tandem/db/cluster",
		"db/route_test.go":                "tandem/db/dbtest",
		"ui/ui.go":                        "tandem/ui/pages",
		"cmd/tandem/web.go":               "tandem/ui",
		"cmd/tandem/e2e/e2e_test.go":      "tandem/db/dbtest",
		"testdata/broken.go":              "tandem/nowhere",
		"sipmedia/sipua/testdata/main.go": "tandem/db",
	} {
		root := fstest.MapFS{file: {Data: []byte("package p\nimport _ \"" + imported + "\"\n")}}
		if broken, _, err := breaches(root); err != nil || len(broken) > 0 {
			t.Errorf("%s imports %s: %q (%v)", file, imported, broken, err)
		}
	}
}
