// What stands in a frame, and frames around what stands there.
import type { Change, Flow, Module, Paper } from "../types";
import { change, moduleOf, snap, type Place } from "./edit";
import { tabOf } from "./names";

export type SizeOf = (id: string) => { w: number; h: number };

const items = (flow: Flow): (Module | Paper)[] => [...flow.modules, ...(flow.frames ?? []), ...(flow.notes ?? [])];

// within lists what stands in a frame: what has its middle there.
export function within(flow: Flow, frame: Paper, size: SizeOf): string[] {
  return items(flow).filter((i) => {
    if (i.id === frame.id || tabOf(flow, i) !== tabOf(flow, frame)) return false;
    const { w, h } = size(i.id), x = (i.x ?? 0) + w / 2, y = (i.y ?? 0) + h / 2;
    return x > frame.x && y > frame.y && x < frame.x + frame.w && y < frame.y + frame.h;
  }).map((i) => i.id);
}

// carried is what moves when the named items do: frames take along what
// stands in them.
export function carried(flow: Flow, ids: Iterable<string>, size: SizeOf): Set<string> {
  const out = new Set(ids);
  for (const f of flow.frames ?? []) if (out.has(f.id)) for (const id of within(flow, f, size)) out.add(id);
  return out;
}

const beside = 32, above = 48; // room for the frame's title

// around is the place of a frame that holds the named items; null without any.
export function around(flow: Flow, ids: Set<string>, size: SizeOf): Place | null {
  const all = items(flow).filter((i) => ids.has(i.id)).map((i) => ({ x: i.x ?? 0, y: i.y ?? 0, ...size(i.id) }));
  if (!all.length) return null;
  const left = Math.min(...all.map((i) => i.x)) - beside, top = Math.min(...all.map((i) => i.y)) - above;
  return { x: left, y: top, w: Math.max(...all.map((i) => i.x + i.w)) + beside - left, h: Math.max(...all.map((i) => i.y + i.h)) + beside - top };
}

// room moves what follows to the right, until a module that was put into a
// cable has room before its next. Frames go along or grow.
export function room(flow: Flow, m: Module, to: string, size: SizeOf): Change[] {
  const next = moduleOf(flow, to);
  const by = next ? snap((m.x ?? 0) + size(m.id).w + 64 - (next.x ?? 0)) : 0;
  if (!next || by <= 0 || (next.x ?? 0) + size(to).w <= (m.x ?? 0) || tabOf(flow, next) !== tabOf(flow, m)) return [];
  const after = following(flow, next), out = [...after].flatMap((id) => change(flow, id, { x: (moduleOf(flow, id)!.x ?? 0) + by }));
  for (const f of flow.frames ?? []) {
    if (!within(flow, f, size).some((id) => after.has(id))) continue;
    const goes = f.x >= (next.x ?? 0) - 2 * beside;
    out.push({ in: "frame", key: f.id, before: f, after: goes ? { ...f, x: f.x + by } : { ...f, w: f.w + by } });
  }
  return out;
}

// following are a module and those behind it, on its tab and not to its left.
function following(flow: Flow, first: Module): Set<string> {
  const out = new Set([first.id]);
  for (const id of out)
    for (const c of flow.cables) {
      const m = c.from === id ? moduleOf(flow, c.to) : undefined;
      if (m && (m.x ?? 0) >= (first.x ?? 0) && tabOf(flow, m) === tabOf(flow, first)) out.add(m.id);
    }
  return out;
}
