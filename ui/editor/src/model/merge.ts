// Three-way merge of a flow by item: what only one side changed is taken, what
// both sides changed differently is a conflict for a person.
import type { Change, Conflict, Flow, Module } from "../types";
import { apply, diff, itemOf } from "./change";
import { same } from "./json";

const nameOf = (c: Change) => c.in + "\n" + c.key;

// merge gives the flow with both sides' changes; where they conflict, theirs
// stands until a person has chosen.
export function merge(base: Flow, mine: Flow, theirs: Flow): { flow: Flow; conflicts: Conflict[] } {
  const their = new Map(diff(base, theirs).map((c) => [nameOf(c), c]));
  const take: Change[] = [];
  const conflicts: Conflict[] = [];
  for (const c of diff(base, mine)) {
    const other = their.get(nameOf(c));
    if (!other) take.push(c);
    else if (!same(c.after, other.after)) {
      const joined = mergeModule(c, other);
      if (joined) take.push(joined);
      else conflicts.push({ in: c.in, key: c.key, base: c.before, mine: c.after, theirs: other.after, label: labelOf(c, mine, theirs) });
    }
  }
  if (!take.length) return { flow: theirs, conflicts }; // who has changed nothing saves nothing
  return { flow: withoutLooseCables(apply(theirs, take)), conflicts };
}

// mergeModule joins two edits of one module that touch different fields: one
// moved it while the other renamed it. Nobody needs to be asked about that.
function mergeModule(mine: Change, theirs: Change): Change | null {
  if (mine.in !== "module" || !mine.before || !mine.after || !theirs.after) return null;
  const base = mine.before as Record<string, unknown>;
  const a = mine.after as Record<string, unknown>, b = theirs.after as Record<string, unknown>;
  const out: Record<string, unknown> = { ...b };
  for (const field of new Set([...Object.keys(base), ...Object.keys(a)])) {
    if (same(base[field], a[field])) continue;
    const bothPlaced = field === "x" || field === "y"; // of two moves the later one stands
    if (!same(base[field], b[field]) && !same(a[field], b[field]) && !bothPlaced) return null;
    if (a[field] === undefined) delete out[field];
    else out[field] = a[field];
  }
  return { ...mine, before: theirs.after, after: out };
}

// A cable whose module the other side has removed leads nowhere.
function withoutLooseCables(flow: Flow): Flow {
  const ids = new Set(flow.modules.map((m) => m.id));
  const cables = flow.cables.filter((c) => ids.has(c.from) && ids.has(c.to));
  return cables.length === flow.cables.length ? flow : { ...flow, cables };
}

// resolve puts the chosen side of each conflict into the merged flow.
export function resolve(merged: Flow, conflicts: Conflict[], mine: Set<string>): Flow {
  const chosen = conflicts.filter((c) => mine.has(c.in + "\n" + c.key));
  return withoutLooseCables(apply(merged, chosen.map((c) => ({ in: c.in, key: c.key, before: c.theirs, after: c.mine }))));
}

function labelOf(c: Change, mine: Flow, theirs: Flow): string {
  const module = (id: string) => ((itemOf(mine, "module", id) ?? itemOf(theirs, "module", id)) as Module | null)?.name ?? id;
  switch (c.in) {
    case "name": return "Name of the flow";
    case "tabs": return "Tabs";
    case "module": return module(c.key);
    case "cable": {
      const [from = "", exit = ""] = c.key.split(" ");
      return `Cable from ${module(from)}, exit ${exit}`;
    }
    default: return c.in[0]!.toUpperCase() + c.in.slice(1);
  }
}
