package flow

import "testing"

func TestAFlowHasOneStart(t *testing.T) {
	f := Flow{ID: "f", Name: "f", Modules: []Module{
		{ID: "shelved", Kind: KindStart, Name: "Old", Shelved: true, Settings: &Start{}},
		{ID: "a", Kind: KindStart, Name: "A", HangUpHere: []Exit{"next"}, Settings: &Start{}},
		{ID: "b", Kind: KindStart, Name: "B", HangUpHere: []Exit{"next"}, Settings: &Start{}},
	}}
	got := Validate(f, nil)
	if len(got) != 1 || got[0].ID != "start-many" || got[0].Module != "b" {
		t.Errorf("problems %+v", got)
	}
	if m, ok := f.Start(); !ok || m.ID != "a" {
		t.Errorf("the start is %+v", m)
	}
}

func TestAStartLeadsToNoEntry(t *testing.T) {
	f := Flow{ID: "f", Name: "f", Modules: []Module{
		{ID: "a", Kind: KindStart, Name: "A", Settings: &Start{}},
		{ID: "n", Kind: "internal-number", Name: "N", HangUpHere: []Exit{"next"}, Settings: &InternalNumber{InternalNumber: "7"}},
	}, Cables: []Cable{{"a", "next", "n"}}}
	got := Validate(f, nil)
	if len(got) != 1 || got[0].Module != "a" || got[0].Field != "cables" {
		t.Errorf("problems %+v", got)
	}
}

func TestAVariableNeedsANameOfItsOwn(t *testing.T) {
	for name, id := range map[string]string{"": "setting-missing", "caller": "setting-range", "Team": "setting-range", "1st": "setting-range", "a b": "setting-range", "team": "", "_x": "setting-range"} {
		got := (&SetVariable{Variable: name}).Validate()
		if (id == "") != (len(got) == 0) || id != "" && (got[0].ID != id || got[0].Field != "variable") {
			t.Errorf("%q: %+v", name, got)
		}
	}
	if got := (&SetVariable{Variable: "a", Value: string(make([]byte, 1025))}).Validate(); len(got) != 1 || got[0].Field != "value" {
		t.Errorf("a long value: %+v", got)
	}
}
