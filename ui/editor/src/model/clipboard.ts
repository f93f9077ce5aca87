// Modules on the system clipboard, as JSON that another flow or browser reads.
// What comes back may be anything at all.
import type { Cable, Change, Flow, Module, Paper } from "../types";
import type { KindOf } from "./refuse";
import { snap, tidy } from "./edit";
import { freeName, namesOf, newId } from "./names";

interface Copied { tandem: "modules"; modules: Module[]; cables: Cable[]; frames: Paper[]; notes: Paper[] }

const maxText = 2_000_000, maxItems = 500;
// Claimed by one module alone, so a copy leaves them blank.
const claimed = ["number", "internal_number"];

export function copy(flow: Flow, ids: Set<string>): string {
  const out: Copied = {
    tandem: "modules",
    modules: flow.modules.filter((m) => ids.has(m.id)),
    cables: flow.cables.filter((c) => ids.has(c.from) && ids.has(c.to)),
    frames: (flow.frames ?? []).filter((f) => ids.has(f.id)),
    notes: (flow.notes ?? []).filter((n) => ids.has(n.id)),
  };
  return JSON.stringify(out, null, 1);
}

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
const text = (v: unknown, max: number): string => (typeof v === "string" ? v.slice(0, max) : "");
const whole = (v: unknown): number => (typeof v === "number" && Number.isFinite(v) ? Math.max(-1e6, Math.min(1e6, Math.round(v))) : 0);
const list = (v: unknown): Record<string, unknown>[] => (Array.isArray(v) ? v.filter(isObject).slice(0, maxItems) : []);

export interface Pasted { changes: Change[]; ids: string[]; unknown: number }

// paste makes the changes that bring a copy in with its top left corner at a
// place; null when the text is no copy of ours.
export function paste(flow: Flow, kinds: KindOf, json: string, tab: string, at: { x: number; y: number }): Pasted | null {
  if (json.length > maxText || !json.includes('"tandem"')) return null;
  let data: unknown;
  try { data = JSON.parse(json); } catch { return null; }
  if (!isObject(data) || data["tandem"] !== "modules") return null;
  const all = [...list(data["modules"]), ...list(data["frames"]), ...list(data["notes"])];
  const left = Math.min(...all.map((i) => whole(i["x"]))), top = Math.min(...all.map((i) => whole(i["y"])));
  const moved = (i: Record<string, unknown>) => ({ x: snap(whole(i["x"]) - left + at.x), y: snap(whole(i["y"]) - top + at.y) });
  const taken = namesOf(flow), ids = new Map<string, string>(), changes: Change[] = [];
  let unknown = 0;
  for (const m of list(data["modules"])) {
    const kind = kinds(text(m["kind"], 60));
    if (!kind) { unknown++; continue; }
    const id = newId(), name = freeName(text(m["name"], 60) || kind.title, taken);
    taken.add(name);
    ids.set(text(m["id"], 100), id);
    const hang = Array.isArray(m["hang_up_here"]) ? m["hang_up_here"].filter((e): e is string => typeof e === "string").slice(0, 60) : [];
    changes.push({ in: "module", key: id, before: null, after: tidy({
      id, kind: kind.kind, name, tab, ...moved(m), shelved: m["shelved"] === true, note: text(m["note"], 4000), hang_up_here: hang, settings: blank(m["settings"], kind.settings),
    }) });
  }
  for (const where of ["frame", "note"] as const)
    for (const p of list(data[where + "s"])) {
      const id = newId();
      ids.set(text(p["id"], 100) || id, id);
      changes.push({ in: where, key: id, before: null, after: { id, tab, text: text(p["text"], 4000), ...moved(p), w: Math.max(64, whole(p["w"])), h: Math.max(48, whole(p["h"])) } });
    }
  for (const c of list(data["cables"])) {
    const from = ids.get(text(c["from"], 100)), to = ids.get(text(c["to"], 100)), exit = text(c["exit"], 60);
    if (from && to && exit) changes.push({ in: "cable", key: from + " " + exit, before: null, after: { from, exit, to } });
  }
  return { changes, ids: [...ids.values()], unknown };
}

// blank empties what only one module may claim; settings that are no object
// become the kind's own.
function blank(settings: unknown, usual: unknown): unknown {
  if (!isObject(settings)) return structuredClone(usual);
  const out = { ...settings };
  for (const field of claimed) if (field in out) out[field] = "";
  delete out["move"];
  return out;
}
