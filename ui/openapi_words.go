package ui

import (
	"tandem/flow/directory"
)

// apiStory is what the description of the API says ahead of all operations.
const apiStory = "All that the panel does; the panel itself uses nothing else. Bodies and answers are JSON.\n\n" +
	"**Who asks.** Send a token (page Settings, API tokens) as `Authorization: Bearer …`. It has a role, may be limited to named flows, and may expire. " +
	"What lies outside its flows does not exist for it (404).\n\n" +
	"**Writes.** Every write may carry an `" + keyHeader + "` header: sent again with the same key within a day it is answered as before and not done again; " +
	"another request under the same key is refused with 422, and one that is still being carried out with 409. Keys of different logins and tokens never meet.\n\n" +
	"**Errors.** Whatever is refused is answered with one shape: `error` says why in a sentence, `fields` names each field that is not right, " +
	"`uses` lists what stands in the way of a removal, `taken_by` who holds what was asked for, `problems` what is wrong with a flow.\n\n" +
	"**Long lists.** Calls and the audit log come in pages: give `next` of an answer as `after` to read on. What is on a shared list comes by `page`. " +
	"All other lists come whole, and an empty one may be null. Lists can also be read as CSV.\n\n" +
	"**Removals** answer an id under which POST /api/undo/{id} takes them back for a while.\n\n" +
	"**Streams** are server-sent events; they end with the right to them, and the client asks again.\n\n" +
	"Fields are added and never re-meant: leave alone what you do not know."

// tagWords are the areas of the API.
var tagWords = map[string]string{
	"account": "Your own login: password, second factor, sessions.", "audio": "Sounds that callers hear.", "audit": "Who changed what.",
	"call-notes": "Notes on calls.", "calls": "Calls that ran or run: read them, hang up, move.", "catalog": "The kinds of modules.", "conferences": "Conferences that go on.",
	"contact-methods": "Phones and addresses at which somebody is reached.", "dashboard": "The day at one glance.", "flow.schema": "The JSON Schema of flow files.",
	"flows": "Flows: drafts, versions, publishing, simulation, tests, time routers.", "lists": "Shared lists of callers to block.", "live": "Running calls.",
	"logins": "Rights to enter the panel, and invitations.", "me": "Who you are.", "numbers": "Numbers of yours, and who holds them.", "openapi": "This description.",
	"pick": "What forms can choose.", "playlists": "Sounds in an order.", "queues": "Queues, their callers and members.", "saved-views": "Queries of lists that you gave a name.",
	"schedules": "Opening hours and holidays.", "search": "Find anything.", "sessions": "Sign in by e-mail and password.", "settings": "Settings of the whole installation.",
	"system": "The processes that make up the installation.", "templates": "Templates of flows.", "tokens": "Keys to this API.", "trunks": "Carriers.",
	"undo": "Take back a removal or a bulk edit.", "users": "People of the directory.", "uses": "What uses a thing.",
}

// tagsOf lists the areas of the API in the order of their first routes.
func tagsOf(all []endpoint) []object {
	var out []object
	seen := map[string]bool{}
	for _, e := range all {
		if tag := e.tag(); !seen[tag] {
			seen[tag] = true
			out = append(out, object{"name": tag, "description": tagWords[tag]})
		}
	}
	return out
}

// pathWords say what stands in the place of a part of a path.
var pathWords = map[string]string{
	"id": "id of the thing", "calls.id": "id of the call, such as 20261122-140000-abcdefg", "flows.id": "id of the flow", "numbers.id": "the number in E.164; the plus may be left out",
	"queues.id": "id of the queue: those of its flow and module with a dot between", "undo.id": "the id that the removal answered", "version": "number of the version",
	"module": "id of the module in its flow", "member": "id of the contact method", "ticket": "id of the promise, as the queue lists it", "page": "the page, such as calls",
	"name": "name of the view", "what": "number, internal-number, contact-method, audio or schedule", "kind": "kind of the thing",
}

// paramSchemas are the parameters that are not any text.
var paramSchemas = map[string]object{
	"limit": {"type": "integer", "minimum": 1, "maximum": 200}, "page": {"type": "integer", "minimum": 1}, "version": {"type": "integer", "minimum": 1},
	"kind": {"type": "string", "enum": usedKinds}, "what": {"type": "string", "enum": []string{"number", "internal-number", "contact-method", "audio", "schedule"}},
	"period": {"type": "string", "enum": []string{"1h", "24h", "7d", "30d"}},
}

// usedKinds are the kinds of things of which the uses can be asked.
var usedKinds = []directory.Kind{directory.KindFlow, directory.KindNumber, directory.KindContactMethod, directory.KindTrunk, directory.KindUser,
	directory.KindSchedule, directory.KindAudio, directory.KindPlaylist, directory.KindList}

func paramSchema(name string) object {
	if s, ok := paramSchemas[name]; ok {
		return s
	}
	return object{"type": "string"}
}

// mediaOf are the answers that are no JSON.
var mediaOf = map[string]string{
	"GET /api/live/stream": "text/event-stream", "GET /api/flows/{id}/live": "text/event-stream", "GET /api/queues/{id}/stream": "text/event-stream",
	"GET /api/flows/{id}/presence": "text/event-stream", "GET /api/audio/{id}/sound": "audio/wav", "GET /api/flow.schema.json": "application/schema+json",
	"POST /api/flows/{id}/form": "text/html",
}

// sockets are the routes that become a WebSocket, and what is said on it.
var sockets = map[string]string{
	"GET /api/flows/{id}/test-call": "A WebSocket (RFC 6455) from the panel's own pages. Binary messages are frames of 160 bytes of μ-law, both ways; text messages are JSON: " +
		"{\"dial\": {…}}, {\"key\": \"5\"} and {\"hangup\": true} are sent, events and {\"error\": \"…\"} come back.",
}

// formOfRoute are the forms that carry a file.
var formOfRoute = map[string]object{
	"POST /api/audio":            fileForm("MP3, M4A, WAV, FLAC or OGG, at most 14 MB and 60 minutes", "name", "its name in the library; that of the file where it is left out"),
	"POST /api/audio/{id}/sound": fileForm("MP3, M4A, WAV, FLAC or OGG, at most 14 MB and 60 minutes", "", ""),
}

// fileForm is a form with a file, and perhaps one more field.
func fileForm(file, field, text string) object {
	fields := object{"file": object{"type": "string", "format": "binary", "description": file}}
	if field != "" {
		fields[field] = object{"type": "string", "description": text}
	}
	return object{"type": "object", "properties": fields, "required": []string{"file"}}
}

// schemes are the ways to prove who one is.
var schemes = object{
	"token":    object{"type": "http", "scheme": "bearer", "description": "A token of the page Settings, or of POST /api/sessions."},
	"session":  object{"type": "apiKey", "in": "cookie", "name": "tandem"},
	"password": object{"type": "http", "scheme": "basic", "description": "E-mail and password of a login without second factor."},
}

// apiRefusals are the ways in which any request may be refused.
var apiRefusals = []struct {
	status, name, text string
}{
	{"400", "Unreadable", "The request could not be read."},
	{"401", "SignInFirst", "Nobody has signed in, or the token is no good."},
	{"403", "NotAllowed", "The role does not allow this."},
	{"404", "NotFound", "There is no such thing, or it lies outside the flows that you are limited to."},
	{"409", "Conflict", "Something stands in the way: what uses it, or who holds it, is named."},
	{"412", "Stale", "Somebody else has changed it meanwhile."},
	{"413", "TooLarge", "The body is too large."},
	{"422", "NotPossible", "Some fields are not right; each is named with the reason."},
	{"429", "Locked", "Too many wrong passwords: wait 15 minutes."},
	{"500", "Fault", "A fault of ours; it has been logged. Nothing is kept under the idempotency key: try again."},
	{"503", "Busy", "Too much at once: try again in a moment."},
}

// readRefusals are those with which a read may be refused.
var readRefusals = []string{"401", "403", "404", "429", "500", "503"}
