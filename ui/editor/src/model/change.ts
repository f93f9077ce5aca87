// A change is one item of a flow before and after. Everything that edits a
// flow is a list of them, so that it can be sent, taken back and merged.
import type { Cable, Change, Flow, In, Module, Paper, Tab, Test } from "../types";
import { same } from "./json";
import { tabOf } from "./names";

export const cableKey = (c: { from: string; exit: string }): string => c.from + " " + c.exit;

type Item = Module | Cable | Paper | Test;
type ListName = "modules" | "cables" | "frames" | "notes" | "tests";

// Where the items of each kind live, and how one is named.
export const lists: Record<Exclude<In, "name" | "tabs">, { list: ListName; key: (item: never) => string }> = {
  module: { list: "modules", key: (m: Module) => m.id },
  cable: { list: "cables", key: cableKey },
  frame: { list: "frames", key: (f: Paper) => f.id },
  note: { list: "notes", key: (n: Paper) => n.id },
  test: { list: "tests", key: (t: Test) => t.id },
};
const kinds = Object.keys(lists) as (keyof typeof lists)[];

export const reverse = (c: Change): Change => ({ ...c, before: c.after, after: c.before });

export function reverseAll(changes: Change[]): Change[] {
  return changes.map(reverse).reverse();
}

// itemOf is what stands in the flow now; null when nothing does.
export function itemOf(flow: Flow, where: In, key: string): unknown {
  if (where === "name") return flow.name;
  if (where === "tabs") return flow.tabs ?? null;
  const { list, key: name } = lists[where];
  return ((flow[list] ?? []) as never[]).find((item) => name(item) === key) ?? null;
}

// apply carries changes out, whatever stood there before.
export function apply(flow: Flow, changes: Change[]): Flow {
  const next: Flow = { ...flow };
  const byList = new Map<keyof typeof lists, Map<string, unknown>>();
  for (const c of changes) {
    if (c.in === "name") next.name = c.after as string;
    else if (c.in === "tabs") next.tabs = (c.after as Tab[] | null) ?? undefined;
    else {
      if (!byList.has(c.in)) byList.set(c.in, new Map());
      byList.get(c.in)!.set(c.key, c.after);
    }
  }
  for (const [where, after] of byList) {
    const { list, key } = lists[where];
    const kept: unknown[] = [];
    for (const item of (flow[list] ?? []) as never[]) {
      const name = key(item);
      if (!after.has(name)) kept.push(item);
      else if (after.get(name) != null) kept.push(after.get(name));
      after.delete(name);
    }
    for (const item of after.values()) if (item != null) kept.push(item);
    (next as unknown as Record<ListName, unknown[]>)[list] = kept;
  }
  return next;
}

// index lists every item of a flow by kind and key.
function index(flow: Flow, where: keyof typeof lists): Map<string, Item> {
  const { list, key } = lists[where];
  return new Map(((flow[list] ?? []) as never[]).map((item) => [key(item), item as Item]));
}

// diff is the changes that make b of a.
export function diff(a: Flow, b: Flow): Change[] {
  const out: Change[] = [];
  if (a.name !== b.name) out.push({ in: "name", key: "", before: a.name, after: b.name });
  if (!same(a.tabs ?? [], b.tabs ?? [])) out.push({ in: "tabs", key: "", before: a.tabs ?? null, after: b.tabs ?? null });
  for (const where of kinds) {
    const old = index(a, where), now = index(b, where);
    for (const [key, before] of old) {
      const after = now.get(key) ?? null;
      if (before !== after && !same(before, after)) out.push({ in: where, key, before, after });
    }
    for (const [key, after] of now) if (!old.has(key)) out.push({ in: where, key, before: null, after });
  }
  return out;
}

// coalesce folds changes of one item into one, first before and last after,
// and drops what came back to where it was.
export function coalesce(changes: Change[]): Change[] {
  const byItem = new Map<string, Change>();
  for (const c of changes) {
    const name = c.in + "\n" + c.key;
    const earlier = byItem.get(name);
    byItem.set(name, earlier ? { ...earlier, after: c.after } : c);
  }
  return [...byItem.values()].filter((c) => !same(c.before, c.after));
}

export interface Touched { tab: string | null; ids: string[]; cables: string[] }

// touched is where changes that have been carried out are seen: on the tab that
// is shown if any is there, else on the first of theirs; null when nowhere.
export function touched(flow: Flow, changes: Change[], shown: string): Touched {
  const at = changes.flatMap((c) => {
    if (c.in === "name" || c.in === "tabs" || c.in === "test") return [];
    const item = (c.after ?? c.before) as Item, on = c.in === "cable" ? flow.modules.find((m) => m.id === (item as Cable).from) : (item as Module | Paper);
    return on ? [{ tab: tabOf(flow, on), id: c.after && c.in !== "cable" ? c.key : "", cable: c.after && c.in === "cable" ? c.key : "" }] : [];
  });
  const tab = at.some((a) => a.tab === shown) ? shown : at[0]?.tab ?? null, here = at.filter((a) => a.tab === tab);
  return { tab, ids: here.map((a) => a.id).filter(Boolean), cables: here.map((a) => a.cable).filter(Boolean) };
}
