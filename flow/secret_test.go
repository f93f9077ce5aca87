package flow

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAFileHoldsNoPINAndAsksForItWhereItIsImported(t *testing.T) {
	room := &Conference{PIN: "1234", HostPIN: "987", WaitForHost: true}
	f := Flow{Name: "F", Modules: []Module{{ID: "room", Kind: "conference", Name: "Room", Settings: room}, {ID: "open", Kind: "conference", Name: "Open", Settings: &Conference{}}}}
	file, err := json.Marshal(f.WithoutSecrets())
	if err != nil || strings.Contains(string(file), "1234") || strings.Contains(string(file), "987") {
		t.Errorf("the file is %s, %v", file, err)
	}
	if room.PIN != "1234" {
		t.Error("the flow itself has lost its PIN")
	}
	imported, err := Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{}
	for _, p := range Errors(Validate(imported, nil)) {
		if strings.HasSuffix(p.Field, "pin") {
			fields[p.Module+" "+p.Field] = p.ID
		}
	}
	if len(fields) != 2 || fields["room pin"] != "setting-missing" || fields["room host_pin"] != "setting-missing" {
		t.Errorf("asked for: %v", fields)
	}
}
