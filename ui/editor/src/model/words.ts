// Changes in words, and differences of two versions for drawing.
import type { Cable, Change, Flow, Module } from "../types";
import { apply, diff, itemOf } from "./change";
import { same } from "./json";

const module = (id: string, a: Flow, b: Flow): string => ((itemOf(b, "module", id) ?? itemOf(a, "module", id)) as Module | null)?.name ?? id;

// Fields that move a box and change no call.
const places = new Set(["x", "y", "tab"]);

// fieldsOf names what differs between two states of a module.
export function fieldsOf(before: Module, after: Module): string[] {
  const out: string[] = [];
  for (const f of ["name", "note", "shelved", "hang_up_here", "x", "y", "tab"] as const) if (!same(before[f], after[f])) out.push(f);
  const a = (before.settings ?? {}) as Record<string, unknown>, b = (after.settings ?? {}) as Record<string, unknown>;
  for (const f of new Set([...Object.keys(a), ...Object.keys(b)])) if (!same(a[f], b[f])) out.push(f);
  return out;
}

const human = (f: string): string => f.replaceAll("_", " ");

// inWords is one line for each change that a caller or a colleague would notice.
export function inWords(changes: Change[], a: Flow, b: Flow): string[] {
  const out: string[] = [];
  for (const c of changes) {
    if (c.in === "name") out.push(`Flow renamed to ${c.after as string}`);
    if (c.in === "module") {
      if (!c.before) out.push(`Added ${(c.after as Module).name}`);
      else if (!c.after) out.push(`Removed ${(c.before as Module).name}`);
      else {
        const fields = fieldsOf(c.before as Module, c.after as Module).filter((f) => !places.has(f));
        if (fields.length) out.push(`Changed ${(c.after as Module).name}: ${fields.map(human).join(", ")}`);
      }
    }
    if (c.in === "cable") {
      const k = (c.after ?? c.before) as Cable;
      if (c.after) out.push(`${module(k.from, a, b)}, ${k.exit} → ${module(k.to, a, b)}`);
      else if (itemOf(b, "module", k.from)) out.push(`${module(k.from, a, b)}, ${k.exit} disconnected`);
    }
    if (c.in === "test") out.push(c.after ? "Test cases changed" : "Test case removed");
  }
  return out;
}

export type Differences = Record<string, { is: "added" | "removed" | "changed"; fields: string[] }>;

// compare joins two versions into one drawing: what was removed stays, marked.
export function compare(a: Flow, b: Flow): { flow: Flow; differences: Differences; words: string[] } {
  const changes = diff(a, b), differences: Differences = {};
  for (const c of changes) {
    if (c.in !== "module" && c.in !== "cable") continue;
    const fields = c.in === "module" && c.before && c.after ? fieldsOf(c.before as Module, c.after as Module).filter((f) => !places.has(f)).map(human) : [];
    if (c.in === "module" && c.before && c.after && !fields.length) continue; // only moved
    differences[c.key] = { is: !c.before ? "added" : !c.after ? "removed" : "changed", fields };
  }
  const back = changes.filter((c) => !c.after && (c.in === "module" || c.in === "cable")).map((c) => ({ ...c, before: null, after: c.before }));
  return { flow: apply(b, back), differences, words: inWords(changes, a, b) };
}
