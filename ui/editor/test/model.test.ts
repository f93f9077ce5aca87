// Claims about edits: what they change, that they come back, and how two
// people's edits join.
import { apply, coalesce, diff, reverseAll, touched } from "../src/model/change";
import { copy, paste } from "../src/model/clipboard";
import * as edit from "../src/model/edit";
import * as frames from "../src/model/frames";
import * as tabs from "../src/model/tabs";
import { History } from "../src/model/history";
import { same } from "../src/model/json";
import { layout } from "../src/model/layout";
import { merge, resolve } from "../src/model/merge";
import { clock, instant, localIn, seconds } from "../src/model/moments";
import { moduleName } from "../src/model/names";
import { depthFirst, outline } from "../src/model/outline";
import { refusal, refusedEdit } from "../src/model/refuse";
import { formOf, scenarioOf, type Form } from "../src/model/scenario";
import { compare, inWords } from "../src/model/words";
import type { Change, Flow, Module } from "../src/types";
import { claim, equal, truth } from "./claims";
import { exits, flow, kind } from "./sample";

const edits: [string, Change[]][] = [
  ["adding a module", edit.add(edit.newModule(flow, kind("voice-menu")!, "t1", 10, 10))],
  ["renaming", edit.change(flow, "menu", { name: "Other" })],
  ["connecting", edit.connect(flow, "play", "next", "bye")],
  ["replacing a cable", edit.connect(flow, "menu", "key:1", "bye")],
  ["removing a module", edit.remove(flow, new Set(["menu"]))],
  ["removing a frame", edit.remove(flow, new Set(["f"]))],
  ["moving", edit.place(flow, new Map([["menu", { x: 16, y: 32 }], ["f", { x: 8, y: 8 }]]))],
  ["moving to a tab", tabs.toTab(flow, new Set(["menu", "f"]), "t2")],
  ["removing a tab", tabs.removeTab(flow, "t1")],
  ["reordering tabs", tabs.setTabs(flow, [flow.tabs![1]!, flow.tabs![0]!])],
  ["renaming the flow", [{ in: "name", key: "", before: "Main line", after: "Line" }]],
];
for (const [name, changes] of edits) {
  claim(`${name} changes the flow and comes back`, () => {
    const now = apply(flow, changes);
    truth(!same(now, flow), "nothing changed");
    equal(diff(flow, apply(now, reverseAll(changes))), []);
  });
  claim(`the difference after ${name} makes the same flow`, () => equal(diff(apply(flow, diff(flow, apply(flow, changes))), apply(flow, changes)), []));
}

claim("a cable on an exit that hung up takes that mark away", () => equal((apply(flow, edit.connect(flow, "play", "next", "bye")).modules.find((m) => m.id === "play") as Module).hang_up_here, undefined));
claim("a module that names no tab stays on its tab when another becomes first", () => {
  const now = apply(flow, tabs.setTabs(flow, [flow.tabs![1]!, flow.tabs![0]!]));
  equal(now.modules.find((m) => m.id === "play")!.tab, "t1");
});
claim("inserting leads the cable through the module", () => {
  const m = edit.newModule(flow, kind("audio-playback")!, "t1", 0, 0), now = apply(flow, [...edit.add(m), ...edit.insert(flow, flow.cables[0]!, m, "next")]);
  equal([edit.cableAt(now, "in", "next")!.to, edit.cableAt(now, m.id, "next")!.to], [m.id, "menu"]);
});
claim("many moves of one module are sent as one change", () => {
  const a = edit.place(flow, new Map([["menu", { x: 16, y: 0 }]])), b = edit.place(apply(flow, a), new Map([["menu", { x: 320, y: 0 }]]));
  equal(coalesce([...a, ...b]), []);
});
claim("names follow tab, kind and number", () => equal([moduleName(flow, "t2", "Voice Menu"), moduleName({ ...flow, tabs: [] }, "", "Hang Up")], ["Support Voice Menu 1", "Hang Up 1"]));

claim("a flow has one start, and a published one stays", () => {
  const start: Module = { id: "s", kind: "start", name: "Start", settings: {} }, began = apply(flow, edit.add(start));
  equal(refusedEdit(flow, edit.add(start), []), null);
  equal(refusedEdit(began, edit.add({ ...start, id: "s2" }), []), "A flow has one Start");
  equal(refusedEdit(began, edit.remove(began, new Set(["s"])), []), null);
  truth(refusedEdit(began, edit.remove(began, new Set(["s"])), ["s"])?.includes("stays"), "it was let go");
  truth(refusedEdit(began, edit.change(began, "s", { shelved: true }), ["s"])?.includes("stays"), "it was let go");
  equal(refusedEdit(began, edit.change(began, "s", { name: "Front door" }), ["s"]), null);
});

claim("undo and redo go through all edits by name", () => {
  const h = new History();
  let f = flow;
  const start = edit.change(flow, "menu", { name: "A" });
  h.add("Rename", start, undefined, 0);
  f = apply(f, start);
  const undone = h.undo(f)!;
  equal(undone.name, "Rename");
  equal(diff(flow, apply(f, undone.changes)), []);
  equal(h.redo(flow)!.changes, start);
});
claim("a typed word is one entry, a later one another", () => {
  const h = new History(), one = edit.change(flow, "menu", { name: "A" }), two = edit.change(apply(flow, one), "menu", { name: "AB" });
  h.add("Set", one, "menu", 0);
  h.add("Set", two, "menu", 1000);
  h.add("Set", two, "menu", 99_000);
  equal(h.past.length, 2);
});
claim("undo leaves what somebody else has changed since", () => {
  const h = new History(), mine = edit.change(flow, "menu", { name: "A" });
  h.add("Rename", mine, undefined, 0);
  const step = h.undo(apply(apply(flow, mine), edit.change(apply(flow, mine), "menu", { name: "Theirs" })))!;
  equal([step.changes.length, step.left], [0, 1]);
});

const changed = (...c: Change[][]): Flow => apply(flow, c.flat());
claim("edits of different items join without a question", () => {
  const { flow: now, conflicts } = merge(flow, changed(edit.change(flow, "menu", { name: "Mine" })), changed(edit.change(flow, "play", { name: "Theirs" })));
  equal([conflicts.length, now.modules[1]!.name, now.modules[2]!.name], [0, "Mine", "Theirs"]);
});
claim("a move and a renaming of one module join", () => {
  const { flow: now, conflicts } = merge(flow, changed(edit.place(flow, new Map([["menu", { x: 16, y: 16 }]]))), changed(edit.change(flow, "menu", { name: "Theirs" })));
  equal([conflicts.length, now.modules[1]!.name, now.modules[1]!.x], [0, "Theirs", 16]);
});
claim("two names for one module are a question, and either answer stands", () => {
  const { flow: now, conflicts } = merge(flow, changed(edit.change(flow, "menu", { name: "Mine" })), changed(edit.change(flow, "menu", { name: "Theirs" })));
  equal(conflicts.map((c) => [c.in, c.key, c.label]), [["module", "menu", "Mine"]]);
  equal(now.modules[1]!.name, "Theirs");
  equal(resolve(now, conflicts, new Set(["module\nmenu"])).modules[1]!.name, "Mine");
});
claim("a cable to a module that they removed is gone after a merge", () => {
  const { flow: now } = merge(flow, changed(edit.connect(flow, "play", "next", "bye")), changed(edit.remove(flow, new Set(["bye"]))));
  equal(now.cables.filter((c) => c.to === "bye"), []);
});

claim("who has changed nothing takes theirs as it is, even with a cable that leads nowhere", () => {
  const theirs = { ...flow, cables: [...flow.cables, { from: "play", exit: "next", to: "nobody" }] };
  equal(merge(flow, flow, theirs).flow, theirs);
});

claim("a copy has new ids, free names and no number", () => {
  const got = paste(flow, kind, copy(flow, new Set(["in", "menu"])), "t2", { x: 0, y: 0 })!, now = apply(flow, got.changes), fresh = now.modules.slice(4);
  equal(fresh.map((m) => [m.name, m.tab, (m.settings as Record<string, unknown>)["number"] ?? null]), [["Number 2", "t2", ""], ["Menu 2", "t2", null]]);
  truth(fresh.every((m) => !["in", "menu"].includes(m.id)), "an id came twice");
  equal(now.cables.length, flow.cables.length + 2);
});
for (const [what, text] of Object.entries({
  nothing: "", words: "hello", "other JSON": "[1,2]", "a broken object": '{"tandem":"modules"', "another thing": '{"tandem":"cookies"}', "a flood": '"tandem"'.repeat(400_000),
})) claim(`a clipboard with ${what} is no copy`, () => equal(paste(flow, kind, text, "t1", { x: 0, y: 0 }), null));
claim("a hostile copy brings only what a flow may hold", () => {
  const text = JSON.stringify({ tandem: "modules", modules: [
    { id: "a", kind: "hangup", name: "<script>".repeat(50), x: 1e300, y: "no", settings: "x", hang_up_here: [1, {}], evil: 1 }, { id: "b", kind: "fax", name: "b" }, 7, null, "x",
  ], cables: [{ from: "a", exit: "next", to: "gone" }, { from: {}, exit: [], to: 1 }], notes: [{ id: "n", text: 9 }] });
  const got = paste(flow, kind, text, "t1", { x: 0, y: 0 })!;
  equal(got.unknown, 1);
  const m = got.changes.find((c) => c.in === "module")!.after as Module;
  equal([m.name.length, Object.keys(m).sort(), m.settings], [60, ["id", "kind", "name", "settings", "tab", "x"].filter((k) => k !== "x" || m.x !== undefined).sort(), {}]);
  equal(got.changes.filter((c) => c.in === "cable"), []);
});

claim("an entry takes no cable, and a loop must wait for the caller", () => {
  truth(refusal(flow, kind, "menu", "in")!.includes("no inlet"), "an entry was let in");
  equal(refusal(flow, kind, "menu", "menu"), null);
  truth(refusal(flow, kind, "play", "play")!.includes("without ever waiting"), "a loop was let in");
  equal(refusal(flow, kind, "play", "menu"), null);
});
claim("the outline shows each module once and ends at loops", () => {
  const tree = outline(flow, exits, kind);
  equal(depthFirst(tree.entries).map((m) => m.id), ["in", "menu", "play"]);
  equal(tree.apart.map((l) => l.module.id), ["bye"]);
  equal(tree.entries[0]!.branches[0]!.leaf!.branches.find((b) => b.exit === "no-input")!.leaf!.again, true);
});
claim("tidying up puts what follows to the right, on the grid", () => {
  const at = layout(flow, "t1", () => ({ w: 224, h: 100 })), x = (id: string) => at.get(id)!.x;
  truth(x("in") + 224 < x("menu") && x("menu") + 224 < x("play"), "not from left to right");
  truth([...at.values()].every((p) => p.x % 16 === 0 && p.y % 16 === 0), "off the grid");
  equal(at.has("bye"), false);
});
claim("what no call meets is told in words too", () => {
  const said = inWords({ modules: [], cables: [], parts: [{ kind: "test", name: "Sunday", what: "changed" }, { kind: "note", name: "x".repeat(60), what: "removed" }, { kind: "frame", name: "", what: "added" }] }, (id) => id);
  equal(said, ["Changed the test “Sunday”", `Removed the note “${"x".repeat(40)}…”`, "Added the frame"]);
});

claim("a comparison keeps what was removed and names fields that differ", () => {
  const now = changed(edit.remove(flow, new Set(["bye"])), edit.change(flow, "play", { settings: { audio: "c" } }), edit.place(flow, new Map([["menu", { x: 16, y: 0 }]])));
  const { flow: drawn, differences } = compare(flow, now);
  truth(drawn.modules.some((m) => m.id === "bye"), "what was removed is not drawn");
  equal(differences, { play: { is: "changed", fields: ["audio"] }, bye: { is: "removed", fields: [] } });
});
claim("moments carry the offset of their zone, on both sides of a clock change", () => equal(
  [instant("2026-01-15T09:30", "Europe/Stockholm"), instant("2026-07-15T09:30", "Europe/Stockholm"), instant("2026-07-15T09:30", "America/St_Johns")],
  ["2026-01-15T09:30:00+01:00", "2026-07-15T09:30:00+02:00", "2026-07-15T09:30:00-02:30"]));
claim("lengths of time are read as Go writes them", () => equal([seconds("1m2.5s"), seconds("300ms"), seconds("2h"), clock(62.54)], [62.5, 0.3, 7200, "1:02.5"]));

const small = () => ({ w: 20, h: 20 }), usual = () => ({ w: 224, h: 96 });
claim("a frame carries what has its middle in it, on its own tab alone", () => equal([...frames.carried(flow, ["f"], small)].sort(), ["f", "in"]));
claim("a frame goes around what is named, and around nothing there is none", () => {
  equal(frames.around(flow, new Set(["menu", "play"]), usual), { x: 288, y: -48, w: 608, h: 176 });
  equal(frames.around(flow, new Set(), usual), null);
});
claim("what follows makes room for what is put before it, and no more than it needs", () => {
  const m: Module = { id: "new", kind: "audio-playback", name: "New", tab: "t1", x: 160, settings: {} }, now = apply(flow, frames.room(flow, m, "menu", usual));
  equal(now.modules.map((x) => x.x ?? 0), [0, 448, 768, 0]);
  equal(frames.room(flow, { ...m, x: 0 }, "menu", usual), []);
});
claim("a new tab has a name that no other has", () => equal([tabs.addTab(flow).name, tabs.addTab({ ...flow, tabs: [...flow.tabs!, { id: "t3", name: "Tab 4" }] }).name], ["Tab 3", "Tab 5"]));
claim("a frame that names no tab stays on its tab when another becomes first", () => {
  const loose: Flow = { ...flow, frames: [{ ...flow.frames![0]!, tab: "" }] };
  equal(apply(loose, tabs.setTabs(loose, [flow.tabs![1]!, flow.tabs![0]!])).frames![0]!.tab, "t1");
});
claim("an edit is seen on the tab that is shown, if it did anything there", () => {
  const both = [...edit.change(flow, "menu", { name: "A" }), ...edit.change(flow, "bye", { name: "B" })], now = apply(flow, both);
  equal([touched(now, both, "t2"), touched(now, both, "t9")], [{ tab: "t2", ids: ["bye"], cables: [] }, { tab: "t1", ids: ["menu"], cables: [] }]);
  equal(touched(now, [{ in: "name", key: "", before: "a", after: "b" }], "t1").tab, null);
});
// Imagined calls.
const said: Form = {
  entry: "in", called: "", caller: " +46700000001 ", callerName: "", at: "2026-03-29T02:30", zone: "Europe/Stockholm",
  keys: [{ digits: "12", after: "2,5", gap: "0.5" }, { digits: "", after: "", gap: "" }], phones: { a: { does: "answers", after: "", confirms: "accepts" }, b: { does: "busy", after: "", confirms: "accepts" } },
  queues: { q: { waiting: "3", away: { a: "paused", b: "" } }, empty: { waiting: "", away: {} } }, overrides: { gate: "open", other: "" }, replies: { ask: { status: "0", variables: {} }, usual: { status: "200", variables: {} } },
  giveUp: "", talk: "12", hangUpBy: "caller", overLimit: false,
};
claim("what is left open of an imagined call is left out, and silence at the end with it", () => equal(scenarioOf(said, "in", ""), {
  entry: "in", caller: "+46700000001", at: instant("2026-03-29T02:30", "Europe/Stockholm"), keys: [{ after: "2.5s", gap: "0.5s", digits: "12" }], phones: { b: { does: "busy" } },
  queues: { q: { waiting: 3, away: { a: "paused" } } }, overrides: { gate: "open" }, replies: { ask: {} }, talk_for: "12s",
}));
claim("a scenario that was loaded says the same again", () => {
  const once = scenarioOf(said, "in", "");
  equal(scenarioOf(formOf(once, "Asia/Kathmandu"), "in", ""), { ...once, at: instant(localIn(once.at, "Asia/Kathmandu"), "Asia/Kathmandu") });
  equal(Date.parse(scenarioOf(formOf(once, "Asia/Kathmandu"), "in", "").at), Date.parse(once.at));
});
claim("a moment has its local time in every zone", () => equal([localIn("2026-11-23T05:00:00Z", "Asia/Kathmandu"), localIn("2026-11-23T05:00:07Z", "UTC")], ["2026-11-23T10:45", "2026-11-23T05:00:07"]));
