package ui

import (
	"net/http"
	"net/url"
	"testing"

	"tandem/flow"
	"tandem/flow/directory"
)

func TestCallsAtOnceAreSetByFormAndByAPI(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	has(t, c.get("/trunks/new"), `name="calls_at_once"`, `value="30"`)
	var trunk directory.Trunk
	c.want(c.json("POST", "/api/trunks", trunkInput{Name: "Carrier", Networks: lines{"203.0.113.7"}}), 201).into(t, &trunk)
	if trunk.CallsAtOnce != 30 {
		t.Errorf("a new trunk takes %d calls at once", trunk.CallsAtOnce)
	}
	c.want(c.form("/api/trunks/"+trunk.ID, put("name", "Carrier", "networks", "203.0.113.7", "calls_at_once", "0")), 303)
	c.want(c.get("/api/trunks/"+trunk.ID), 200).into(t, &trunk)
	if trunk.CallsAtOnce != 0 {
		t.Errorf("0 was kept as %d", trunk.CallsAtOnce)
	}
	has(t, c.get("/trunks"), "no limit")
	has(t, c.want(c.form("/api/trunks/"+trunk.ID, put("name", "Carrier", "networks", "203.0.113.7", "calls_at_once", "5001")), 422), "0 to 5000")

	var n directory.Number
	c.want(c.form("/api/numbers", url.Values{"e164": {"+46812345678"}, "calls_at_once": {"4"}}), 303)
	c.want(c.json("PUT", "/api/numbers/+46812345678", numberInput{Label: "left out, it stays"}), 200).into(t, &n)
	if n.CallsAtOnce != 4 {
		t.Errorf("the number takes %d calls at once", n.CallsAtOnce)
	}
	has(t, c.want(c.form("/api/numbers", url.Values{"e164": {"+46812345679"}, "calls_at_once": {"1001"}}), 422), "0 to 1000")
}

func TestTheDeclineCodeIsNotSaidToBeUnused(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	has(t, c.get("/settings"), "overflow of its Phone Number leads nowhere")
}

// startFlow publishes a flow with a start that hangs up.
func startFlow(c *client, w *world) {
	c.t.Helper()
	f := flow.Flow{ID: "welcome", Name: "Welcome", Modules: []flow.Module{{ID: "go", Kind: flow.KindStart, Name: "Start", HangUpHere: []flow.Exit{"next"}, Settings: &flow.Start{}}}}
	if err := w.store.CreateFlow(c.t.Context(), f, "me"); err != nil {
		c.t.Fatal(err)
	}
	if _, err := w.store.Publish(c.t.Context(), "welcome", 1, "me", ""); err != nil {
		c.t.Fatal(err)
	}
}

func TestANumberIsBoundToAFlowWithAStart(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Owner)
	c.want(c.json("POST", "/api/numbers", numberInput{E164: "+46812345678"}), 201)
	c.want(c.json("POST", "/api/numbers/+46812345678/move", moveInput{To: "flow:welcome", From: "none"}), 422)
	startFlow(c, w)
	has(t, c.get("/numbers/+46812345678/move"), `value="flow:welcome"`, "Flow Welcome")
	c.want(c.form("/api/numbers/+46812345678/move", url.Values{"to": {"flow:welcome"}, "from": {"none"}}), 303)
	has(t, c.get("/numbers/+46812345678"), "/flows/welcome#go", "enters this flow")
	c.want(c.json("POST", "/api/numbers/+46812345678/move", moveInput{From: "flow:welcome"}), 200)
	has(t, c.get("/numbers/+46812345678"), "Nobody holds it")
}

func TestThePublishedStartIsNotRemoved(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Owner)
	startFlow(c, w)
	d := c.draft("welcome")
	if len(d.Stays) != 1 || d.Stays[0] != "go" {
		t.Errorf("stays %q", d.Stays)
	}
	m := `{"id":"go","kind":"start","name":"Start","hang_up_here":["next"],"settings":{}}`
	has(t, c.want(c.patch("welcome", 1, flow.Change{In: "module", Key: "go", Before: []byte(m)}), http.StatusUnprocessableEntity), "stays")
	shelved := `{"id":"go","kind":"start","name":"Start","shelved":true,"settings":{}}`
	has(t, c.want(c.patch("welcome", 1, flow.Change{In: "module", Key: "go", Before: []byte(m), After: []byte(shelved)}), http.StatusUnprocessableEntity), "stays")
}
