package ui

import (
	"bytes"
	"encoding/binary"
	"math"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tandem/flow"
	"tandem/flow/directory"
	"tandem/flow/schedule"
)

func put(fields ...string) url.Values {
	v := url.Values{"_method": {"PUT"}}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return v
}

// audited counts what the audit log says that somebody did.
func (w *world) audited(action string) int {
	w.t.Helper()
	log, err := w.store.AuditLog(w.t.Context(), directory.AuditFilter{Action: action})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(log.Entries)
}

func has(t testing.TB, a answer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("the answer %d lacks %q:\n%s", a.StatusCode, text, a.body)
		}
	}
}

func TestEmptyPagesSayTheNextStep(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	for path, next := range map[string]string{"/numbers": "/numbers/new", "/contact-methods": "/contact-methods/new/sip-account", "/users": "/users/import",
		"/trunks": "/trunks/new", "/schedules": "/schedules/new", "/audio": "/api/audio"} {
		has(t, c.want(c.get(path), 200), `class="empty"`, next)
	}
}

func TestANumberIsAddedChangedListedAndRemovedWithUndo(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Owner)
	trunk := directory.Trunk{}
	c.want(c.json("POST", "/api/trunks", trunkInput{Name: "Carrier", Networks: lines{"203.0.113.7"}}), 201).into(t, &trunk)
	if c.want(c.json("PUT", "/api/trunks/"+trunk.ID, trunkInput{Name: "Carrier", Networks: lines{"203.0.113.7"}, NoEarlyMedia: true}), 200).into(t, &trunk); !trunk.NoEarlyMedia {
		t.Errorf("the trunk is %+v, want it without early media", trunk)
	}
	has(t, c.get("/trunks/"+trunk.ID), "No early media")
	a := c.form("/api/numbers", url.Values{"e164": {"46 8 123 456 78"}, "label": {"=Main"}, "trunks": {trunk.ID}})
	if c.want(a, 303); a.Header.Get("Location") != "/numbers/+46812345678" {
		t.Errorf("leads to %q", a.Header.Get("Location"))
	}
	has(t, c.want(c.get("/numbers/+46812345678"), 200), "Nobody holds it", "Carrier", "Remove this number")
	again := c.want(c.form("/api/numbers", url.Values{"e164": {"+46812345678"}, "label": {"kept as typed"}}), 409)
	has(t, again, "is here already", "kept as typed")
	has(t, c.want(c.form("/api/numbers", url.Values{"e164": {"12"}}), 422), "7 to 15 digits", `value="12"`)
	c.want(c.form("/api/numbers/+46812345678", put("label", "=Main", "disabled", "on", "trunks", trunk.ID)), 303)
	has(t, c.get("/numbers?q=main"), "+46812345678", "off")
	has(t, c.get("/numbers?q=nothing"), "Nothing matches")
	has(t, c.get("/numbers?format=csv"), "'+46812345678", "'=Main", "nobody", "Carrier")
	var gone removed
	c.want(c.do("DELETE", "/api/numbers/+46812345678", nil), 200).into(t, &gone)
	c.want(c.get("/api/numbers/+46812345678"), 404)
	c.want(c.do("POST", "/api/undo/"+gone.Undo, nil), 204)
	c.want(c.get("/api/numbers/+46812345678"), 200)
	has(t, c.get("/api/audit?q=undo"), `"number +46812345678"`)
	for action, times := range map[string]int{"add": 2, "change": 2, "remove": 1} {
		if got := w.audited(action); got != times {
			t.Errorf("%d entries say %q, want %d", got, action, times)
		}
	}
}

func TestManyNumbersAreAddedLineByLineAndNothingSilently(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	var out bulkResult
	c.want(c.json("POST", "/api/numbers/bulk", bulkInput{Numbers: "+46812345678, Main\nnonsense\n46812345679\n+46812345678"}), 200).into(t, &out)
	var states []string
	for _, l := range out.Lines {
		states = append(states, l.State)
	}
	if got := strings.Join(states, " "); got != "added refused added exists" || out.Added != 2 {
		t.Errorf("gives %q, %d added", got, out.Added)
	}
	page := c.want(c.form("/api/numbers/bulk", url.Values{"numbers": {"+46812345670\nagain nonsense"}}), 200)
	has(t, page, "1 of 2 lines", "again nonsense</textarea>", "Added 1 number.")
	undone := c.want(c.undoes(undoOffered(t, page), "/api/numbers/bulk"), http.StatusSeeOther)
	if undone.location() != "/numbers/bulk" {
		t.Errorf("taking them back leads to %q", undone.location())
	}
	c.want(c.get("/api/numbers/+46812345670"), 404)
	c.want(c.do("POST", "/api/undo/"+out.Undo, nil), 204)
	c.want(c.get("/api/numbers/+46812345679"), 404)
}

func TestANumberMovesAfterItsHolderWasNamedAndStaysWhenTheHolderChanged(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	c.want(c.json("POST", "/api/numbers", numberInput{E164: "+46812345678"}), 201)
	var anna, bob directory.ContactMethod
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: "Anna's phone", DirectNumbers: []string{"+46812345678"}}), 201).into(t, &anna)
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: "Bob's phone"}), 201).into(t, &bob)
	refused := c.want(c.json("PUT", "/api/contact-methods/"+bob.ID, contactInput{Name: "Bob's phone", Username: bob.Username, DirectNumbers: []string{"+46812345678"}}), 409)
	has(t, refused, "Anna's phone", `"direct_numbers"`)
	has(t, c.get("/numbers/+46812345678/move?to="+bob.ID), "Anna&#39;s phone", "selected")
	c.want(c.json("POST", "/api/numbers/+46812345678/move", moveInput{To: bob.ID, From: "none"}), 409)
	c.want(c.json("POST", "/api/numbers/+46812345678/move", moveInput{To: bob.ID, From: "contact-method:" + anna.ID}), 200)
	has(t, c.get("/numbers/+46812345678"), "/contact-methods/"+bob.ID)
}

func TestTheFirstPasswordOfAnAccountIsShownOnceAndNeverAudited(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Owner)
	page := c.want(c.form("/api/contact-methods", url.Values{"kind": {"sip-account"}, "name": {"Desk phone"}, "username": {"desk"}, "internal_number": {"101"}}), 200)
	has(t, page, "shown this once", "UDP or TCP", `data-here="/contact-methods/`)
	accounts, err := w.store.Accounts(t.Context())
	if err != nil || len(accounts) != 1 {
		t.Fatal(accounts, err)
	}
	secret := accounts[0].Password
	has(t, page, secret)
	if len(secret) < 26 {
		t.Errorf("the password %q has less than 128 bits", secret)
	}
	if again := c.get("/contact-methods/" + accounts[0].ID); strings.Contains(again.body, secret) {
		t.Error("the password is shown again")
	}
	log, _ := w.store.AuditLog(t.Context(), directory.AuditFilter{Text: "contact method"})
	if len(log.Entries) != 1 || strings.Contains(log.Entries[0].After, secret) || !strings.Contains(log.Entries[0].After, "changed") {
		t.Errorf("the audit log holds %+v", log.Entries)
	}
	var renewed directory.ContactMethod
	c.want(c.do("POST", "/api/contact-methods/"+accounts[0].ID+"/password", nil), 200).into(t, &renewed)
	if renewed.Password == "" || renewed.Password == secret {
		t.Errorf("renewed to %q", renewed.Password)
	}
}

func TestBadContactMethodsAreRefusedAtTheirField(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: "First", Username: "first", InternalNumber: "101"}), 201)
	for _, x := range []struct {
		in     contactInput
		status int
		field  string
		text   string
	}{
		{contactInput{Kind: directory.SIPAccount, Username: "a"}, 422, "name", "required"},
		{contactInput{Kind: directory.SIPAccount, Name: "x", InternalNumber: "101"}, 409, "internal_number", "First"},
		{contactInput{Kind: directory.SIPAccount, Name: "x", InternalNumber: "112"}, 422, "internal_number", "emergency"},
		{contactInput{Kind: directory.SIPAccount, Name: "x", Username: "first"}, 409, "username", "taken"},
		{contactInput{Kind: directory.SIPAccount, Name: "x", Username: "somebody-1234", Password: "Somebody-1234"}, 422, "password", "user name"},
		{contactInput{Kind: directory.SIPAccount, Name: "x", Username: "abc", Password: "aaaaaaaaaaaaaaaa"}, 422, "password", "guess"},
		{contactInput{Kind: directory.SIPAccount, Name: "x", Username: "abc", Password: "short"}, 422, "password", "12"},
		{contactInput{Kind: directory.SIPAccount, Name: "x", Networks: lines{"10.0.0.0/8", "nowhere"}}, 422, "networks.1", "no address"},
		{contactInput{Kind: directory.SIPForwarding, Name: "x", URI: "http://x"}, 422, "uri", "sip:"},
		{contactInput{Kind: directory.PSTNForwarding, Name: "x", Number: "12"}, 422, "number", "7 to 15"},
		{contactInput{Kind: directory.PSTNForwarding, Name: "x", Number: "46701234567", CallsAtOnce: 31}, 422, "calls_at_once", "1 to 30"},
		{contactInput{Kind: directory.SIPForwarding, Name: "x", URI: "sip:a@b.example", CallsAtOnce: -1}, 422, "calls_at_once", "1 to 100"},
		{contactInput{Kind: directory.Email, Name: "x", URI: "Anna <a@b.c>"}, 422, "uri", "anna@"},
		{contactInput{Kind: directory.App, Name: "x"}, 422, "owner", "belongs"},
		{contactInput{Kind: "pigeon", Name: "x"}, 422, "kind", "no such kind"},
	} {
		var why Refusal
		a := c.json("POST", "/api/contact-methods", x.in)
		if a.into(t, &why); a.StatusCode != x.status || !strings.Contains(why.Field(x.field), x.text) {
			t.Errorf("%+v gives %d %s, want %d with %q at %s", x.in, a.StatusCode, a.body, x.status, x.text, x.field)
		}
	}
}

func TestAForwardingSaysHowItIsAnswered(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	has(t, c.get("/contact-methods/new/pstn-forwarding"), `name="confirm"`, `name="whisper"`, `name="calls_at_once"`)
	var mobile, read directory.ContactMethod
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.PSTNForwarding, Name: "Mobile", Number: "46701234567"}), 201).into(t, &mobile)
	if mobile.Confirm || mobile.Whisper != "" || mobile.CallsAtOnce != 1 {
		t.Errorf("a new one is %+v", mobile)
	}
	c.want(c.json("PUT", "/api/contact-methods/"+mobile.ID, contactInput{Name: "Mobile", Number: "46701234567", Confirm: true, Whisper: "quiet", CallsAtOnce: 3}), 200)
	c.want(c.do("GET", "/api/contact-methods/"+mobile.ID, nil), 200).into(t, &read)
	if !read.Confirm || read.Whisper != "quiet" || read.CallsAtOnce != 3 {
		t.Errorf("changed to %+v", read)
	}
	var desk directory.ContactMethod
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: "Desk", CallWaiting: true, Confirm: true}), 201).into(t, &desk)
	if !desk.CallWaiting || desk.Confirm {
		t.Errorf("an account is %+v", desk)
	}
}

func TestEveryKindOfContactMethodHasItsFormAndSaysWhatItCannotDo(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	choice := c.get("/contact-methods/new")
	for _, f := range contactForms {
		has(t, choice, "/contact-methods/new/"+string(f.kind))
		has(t, c.want(c.get("/contact-methods/new/"+string(f.kind)), 200), f.limit, `value="`+string(f.kind)+`"`)
	}
	c.want(c.get("/contact-methods/new/pigeon"), 404)
}

func TestARemovedUsersContactMethodsGoWhereTheyWereSent(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Owner)
	var anna, bob directory.User
	c.want(c.json("POST", "/api/users", userInput{LastName: "Berg"}), 201).into(t, &anna)
	c.want(c.json("POST", "/api/users", userInput{LastName: "Ek"}), 201).into(t, &bob)
	var ids []string
	for _, name := range []string{"kept", "given", "gone"} {
		var m directory.ContactMethod
		c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: name, Owner: anna.ID}), 201).into(t, &m)
		ids = append(ids, m.ID)
	}
	has(t, c.get("/users/"+anna.ID+"/remove"), "kept (SIP account)", "Give it to Ek")
	c.want(c.json("DELETE", "/api/users/"+anna.ID, leaving{map[string]string{ids[0]: "keep"}}), 422)
	a := c.form("/api/users/"+anna.ID, url.Values{"_method": {"DELETE"}, "contact_methods." + ids[0]: {"keep"}, "contact_methods." + ids[1]: {"give:" + bob.ID}, "contact_methods." + ids[2]: {"remove"}})
	c.want(a, 303)
	c.want(c.get("/api/users/"+anna.ID), 404)
	for i, want := range []string{"", bob.ID} {
		if m, err := w.store.ContactMethod(t.Context(), ids[i]); err != nil || m.Owner != want {
			t.Errorf("%s belongs to %q, %v", m.Name, m.Owner, err)
		}
	}
	c.want(c.get("/api/contact-methods/"+ids[2]), 404)
}

func TestUsersComeFromCSVAllOrNoneAndGoBackTheSameWay(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	bad := "first_name,last_name,email\nAnna,Berg,anna@example.org\nBob,,nothing"
	preview := c.form("/api/users/import/preview", url.Values{"csv": {bad}})
	has(t, c.want(preview, 200), "1 of 2 lines are wrong", "Anna Berg", "last_name")
	c.want(c.json("POST", "/api/users/import", importInput{bad}), 422)
	has(t, c.get("/users"), "No users yet")
	good := "first_name;last_name;email;department\nAnna;Berg;anna@example.org;=cmd\n;Ek;;"
	has(t, c.want(c.form("/api/users/import/preview", url.Values{"csv": {good}}), 200), "Import 2 users", "Nothing has been imported yet")
	c.want(c.json("POST", "/api/users/import", importInput{good}), 200)
	file := c.get("/users?format=csv").body
	has(t, answer{body: file}, "Anna,Berg,anna@example.org,'=cmd,")
	has(t, c.want(c.form("/api/users/import/preview", url.Values{"csv": {file}}), 200), "here already")
	has(t, c.want(c.json("POST", "/api/users/import", importInput{file}), 200), `"imported": 2`)
	if again := c.get("/users?format=csv").body; again != file {
		t.Errorf("imported again it is\n%s, want\n%s", again, file)
	}
	has(t, c.want(c.form("/api/users/import/preview", url.Values{"csv": {"last_name\nEk\nEk"}}), 200), "here already", "new")
	has(t, c.want(c.form("/api/users/import/preview", url.Values{"csv": {"name,shoe\nx,y"}}), 422), "shoe")
	again := importInput{"last_name,email,job_title\nBerg-Ek,ANNA@example.org,Boss"}
	has(t, c.want(c.form("/api/users/import/preview", url.Values{"csv": {again.CSV}}), 200), "changed")
	var done imported
	c.want(c.json("POST", "/api/users/import", again), 200).into(t, &done)
	c.want(c.do("POST", "/api/undo/"+done.Undo, nil), 204)
	has(t, c.get("/users?format=csv"), "Anna,Berg,anna@example.org,'=cmd,\r\n")
	c.want(c.json("POST", "/api/users/import", again), 200)
	body := c.get("/users?format=csv").body
	has(t, answer{body: body}, "Anna,Berg-Ek,ANNA@example.org,'=cmd,Boss")
	if strings.Contains(body, ",Berg,") {
		t.Error("who was here already is here twice")
	}
	twice := "last_name,email\nA,a@example.org\nB,A@example.org"
	has(t, c.want(c.form("/api/users/import/preview", url.Values{"csv": {twice}}), 200), "is on line 2 as well")
}

func TestANetworkLeadsToOneTrunkAndItsPasswordIsNeverRead(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	var first directory.Trunk
	c.want(c.json("POST", "/api/trunks", trunkInput{Name: "First", Networks: lines{"203.0.113.0/24"}, Username: "first", Password: "a good Passw0rd"}), 201).into(t, &first)
	if first.Password != "" || strings.Contains(c.get("/api/trunks/"+first.ID).body+c.get("/trunks/"+first.ID).body, "good Passw0rd") {
		t.Error("the password can be read")
	}
	has(t, c.want(c.json("POST", "/api/trunks", trunkInput{Name: "Second", Networks: lines{"203.0.113.0/24"}}), 422), "First")
	has(t, c.want(c.json("POST", "/api/trunks", trunkInput{Name: "Second", Username: "x"}), 422), `"networks"`, `"password"`)
	c.want(c.form("/api/trunks/"+first.ID, put("name", "First", "networks", "203.0.113.0/24\n198.51.100.7", "username", "first", "codecs", "PCMU PCMA")), 303)
	has(t, c.get("/api/trunks/"+first.ID), "198.51.100.7/32", "PCMU")
	c.want(c.json("POST", "/api/numbers", numberInput{E164: "+46812345678", Trunks: []string{first.ID}}), 201)
	has(t, c.want(c.do("DELETE", "/api/trunks/"+first.ID, nil), 409), "+46812345678")
}

func TestOpeningHoursAreTypedAsPeopleWriteThem(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.FlowEditor)
	a := c.form("/api/schedules", url.Values{"name": {"Office"}, "zone": {"Europe/Stockholm"}, "week.1": {"9-12, 13:00–17:00"}, "week.5": {"22:00-06:00"}, "week.6": {"0-24:00"},
		"exceptions.0.label": {"Christmas"}, "exceptions.0.from": {"2026-12-24"}, "exceptions.0.to": {"2026-12-26"}, "exceptions.0.yearly": {"on"},
		"exceptions.3.label": {"Inventory"}, "exceptions.3.from": {"2026-12-30"}, "exceptions.3.hours": {"10:00-12:00"}})
	id := strings.TrimPrefix(c.want(a, 303).Header.Get("Location"), "/schedules/")
	s, err := w.store.Schedule(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if got := rangesText(s.Week[1]); got != "09:00–12:00, 13:00–17:00" || len(s.Exceptions) != 2 || s.Exceptions[1].To != "2026-12-30" || s.Week[6][0] != (schedule.Range{From: 0, To: 1440}) {
		t.Errorf("stored %+v", s)
	}
	has(t, c.get("/schedules/"+id+"?month=2026-12"), "December 2026", "Christmas closed", "Inventory 10:00–12:00", "Now ", "22:00–06:00")
	has(t, c.get("/api/schedules/"+id+"/state?at=2026-12-24T10:00:00Z"), `"open": false`, "Christmas")
	again := c.want(c.form("/api/schedules", url.Values{"name": {"Office"}, "zone": {"Mars/Base"}, "week.1": {"9-x"}}), 422)
	has(t, again, "is no stretch of a day", `value="9-x"`, `value="Mars/Base"`)
	has(t, c.want(c.form("/api/schedules", url.Values{"name": {"Office"}, "zone": {"Mars/Base"}, "week.2": {"9-9"}}), 422), "Mars/Base", "same time", "has this name")
	var sent directory.Schedule
	c.get("/api/schedules/"+id).into(t, &sent)
	c.want(c.json("PUT", "/api/schedules/"+id, sent), 200)
}

func TestHolidaysAreSeenBeforeTheyAreAdded(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Owner)
	var s directory.Schedule
	c.want(c.json("POST", "/api/schedules", scheduleInput{Name: "Office", Zone: "UTC"}), 201).into(t, &s)
	file := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:New Year\r\nDTSTART;VALUE=DATE:20990101\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nSUMMARY:Lunch\r\nDTSTART:20990101T110000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	body, kind := multi(t, "file", "holidays.ics", []byte(file))
	page := c.do("POST", "/api/schedules/"+s.ID+"/holidays/preview", body, func(r *http.Request) { r.Header.Set("Content-Type", kind) })
	has(t, c.want(page, 200), "New Year", "Lunch", "only whole days", "Add 1 holiday", "Nothing has been added yet")
	var out holidaysTaken
	c.want(c.json("POST", "/api/schedules/"+s.ID+"/holidays", holidaysInput{file}), 200).into(t, &out)
	c.want(c.json("POST", "/api/schedules/"+s.ID+"/holidays", holidaysInput{file}), 200)
	if got, _ := w.store.Schedule(t.Context(), s.ID); out.Added != 1 || len(out.Left) != 1 || len(got.Exceptions) != 1 {
		t.Errorf("added %+v, stored %+v", out, got.Exceptions)
	}
	has(t, c.want(c.json("POST", "/api/schedules/"+s.ID+"/holidays", holidaysInput{"<html>"}), 422), "no iCalendar file")
}

// multi is a multipart form with one file.
func multi(t *testing.T, field, name string, file []byte, values ...string) (*bytes.Buffer, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(values); i += 2 {
		if err := form.WriteField(values[i], values[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile(field, name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(file) // a bytes.Buffer takes everything
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return &body, form.FormDataContentType()
}

// beep is a WAV file of one second; a greater pitch is a deeper tone.
func beep(pitch float64) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data")
	b = binary.LittleEndian.AppendUint32(b, 16000)
	for i := range 8000 {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(8000*math.Sin(float64(i)/pitch))))
	}
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

func TestASoundIsUploadedHeardInPartsReplacedAndRemoved(t *testing.T) {
	c := newWorld(t).as(directory.FlowEditor)
	send := func(path, name string, file []byte, status int, values ...string) answer {
		body, kind := multi(t, "file", name, file, values...)
		return c.want(c.do("POST", path, body, func(r *http.Request) { r.Header.Set("Content-Type", kind) }), status)
	}
	var up uploaded
	send("/api/audio", "C:\\x\\welcome.exe", beep(3), 201).into(t, &up)
	if up.Name != "welcome" || math.Abs(up.Seconds-1) > 0.05 {
		t.Errorf("uploaded %+v", up)
	}
	part := c.do("GET", "/api/audio/"+up.ID+"/sound", nil, func(r *http.Request) { r.Header.Set("Range", "bytes=0-11") })
	if c.want(part, 206); part.Header.Get("Content-Type") != "audio/wav" || part.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasSuffix(part.body, "WAVE") {
		t.Errorf("sends %v %q", part.Header, part.body)
	}
	tag := part.Header.Get("ETag")
	send("/api/audio/"+up.ID+"/sound", "louder.wav", beep(5), 201)
	if got := c.get("/api/audio/" + up.ID + "/sound").Header.Get("ETag"); got == tag {
		t.Error("the sound is the old one")
	}
	has(t, c.get("/audio"), "welcome", "<audio", "louder.wav")
	c.want(c.form("/api/audio/"+up.ID, put("name", "Greeting")), 303)
	has(t, c.get("/audio/"+up.ID), "Greeting", "Nothing plays it yet")
	for name, file := range map[string][]byte{"evil.wav": []byte("<script>"), "broken.mp3": []byte("ID3\x03")} {
		has(t, send("/api/audio", name, file, 422), `"file"`)
	}
	send("/api/audio", "big.wav", make([]byte, 14<<20+1), 413)
	var list directory.Playlist
	c.want(c.json("POST", "/api/playlists", playlistInput{Name: "Music", Files: []string{up.ID, up.ID}, Loop: true}), 201).into(t, &list)
	has(t, c.want(c.do("DELETE", "/api/audio/"+up.ID, nil), 409), "Music")
	has(t, c.get("/playlists/"+list.ID), "Greeting")
	c.want(c.do("DELETE", "/api/playlists/"+list.ID, nil), 200)
	c.want(c.do("DELETE", "/api/audio/"+up.ID, nil), 200)
}

func TestPickersFindByNameAndNumberAndNameWhoHoldsIt(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	c.want(c.json("POST", "/api/numbers", numberInput{E164: "+46812345678", Label: "Main"}), 201)
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: "Desk", InternalNumber: "101", DirectNumbers: []string{"+46812345678"}}), 201)
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.Email, Name: "Mail", URI: "a@b.se"}), 201)
	has(t, c.get("/api/pick/number?q=8+123"), "+46812345678", `contact method \"Desk\"`)
	has(t, c.get("/api/pick/internal-number?q=10"), `"101"`, "Desk")
	has(t, c.get("/api/pick/internal-number?q=650"), `"650"`, "nobody holds it")
	if got := c.get("/api/pick/internal-number?q=112").body; strings.Contains(got, "nobody holds") {
		t.Errorf("an emergency number is offered: %s", got)
	}
	c.publishedInside("frontdoor", "650")
	has(t, c.get("/api/pick/internal-number?q=650"), `flow \"Front door\"`)
	if got := c.get("/api/pick/internal-number?q=650&flow=frontdoor").body; strings.Contains(got, "claimant") || !strings.Contains(got, "in this flow") {
		t.Errorf("a flow is told that it holds a number against itself: %s", got)
	}
	if got := c.get("/api/pick/contact-method").body; !strings.Contains(got, "Desk") || strings.Contains(got, "Mail") {
		t.Errorf("contact methods to ring: %s", got)
	}
	c.want(c.get("/api/pick/secret"), 404)
}

// publishedInside puts a flow in force that is called by an internal number.
func (c *client) publishedInside(id, number string) {
	c.t.Helper()
	f := flow.Flow{ID: id, Name: "Front door", Modules: []flow.Module{{ID: "in", Kind: "internal-number", Name: "In", HangUpHere: []flow.Exit{"next"}, Settings: &flow.InternalNumber{InternalNumber: number}}}}
	err := c.store.CreateFlow(c.t.Context(), f, "owner@example.org")
	if err == nil {
		_, err = c.store.Publish(c.t.Context(), id, 1, "owner@example.org", "")
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

func TestOnlyThoseWithTheRightMayChangePeople(t *testing.T) {
	w := newWorld(t)
	editor, reader := w.as(directory.FlowEditor), w.as(directory.ReadOnly)
	for _, path := range []string{"/api/numbers", "/api/contact-methods", "/api/users", "/api/trunks", "/api/numbers/bulk"} {
		editor.want(editor.json("POST", path, struct{}{}), 403)
	}
	for _, path := range []string{"/api/schedules", "/api/audio", "/api/playlists"} {
		reader.want(reader.json("POST", path, struct{}{}), 403)
	}
	if page := editor.want(editor.get("/numbers"), 200); strings.Contains(page.body, "/numbers/new") {
		t.Error("somebody who may not add a number is offered to")
	}
	editor.want(editor.get("/users"), 403)
}

func TestTheLibraryShowsWhatPeopleHaveMadeAndTheSoundsOfTheSystemOnRequest(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"welcome", "system-goodbye"} {
		if _, err := w.store.AddAudio(t.Context(), directory.AudioFile{ID: id, Name: "Sound " + id, MediaType: "audio/wav", Bytes: []byte("RIFF")}); err != nil {
			t.Fatal(err)
		}
	}
	c := w.as(directory.Owner)
	for address, want := range map[string][2]bool{"/audio": {true, false}, "/audio?whose=system": {false, true}, "/audio?whose=all": {true, true}, "/audio?format=csv": {true, false}} {
		body := c.want(c.get(address), 200).body
		if got := [2]bool{strings.Contains(body, "Sound welcome"), strings.Contains(body, "Sound system-goodbye")}; got != want {
			t.Errorf("%s shows own and system sounds: %v, want %v", address, got, want)
		}
	}
}

func TestAContactMethodOffersToTakeANumberFromItsHolder(t *testing.T) {
	c := newWorld(t).as(directory.Owner)
	c.want(c.json("POST", "/api/numbers", numberInput{E164: "+46812345678"}), 201)
	var anna, bob directory.ContactMethod
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: "Anna's phone", DirectNumbers: []string{"+46812345678"}}), 201).into(t, &anna)
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: "Bob's phone"}), 201).into(t, &bob)
	has(t, c.get("/contact-methods/"+bob.ID), "Move a number here", "+46812345678 · Anna&#39;s phone")
	if strings.Contains(c.get("/contact-methods/"+anna.ID).body, "Move a number here") {
		t.Error("who holds a number is offered it again")
	}
	a := c.want(c.get("/numbers/move?number=%2B46812345678&to="+bob.ID), 303)
	has(t, c.want(c.get(a.location()), 200), "Anna&#39;s phone", "selected")
}
