// Undo and redo, without limit while the editor is open. Every entry has the
// name that the history menu shows.
import type { Change, Flow } from "../types";
import { coalesce, itemOf, reverseAll } from "./change";
import { same } from "./json";

export interface Entry { name: string; changes: Change[]; together?: string; at: number }

// Edits of one thing that follow each other this closely are one entry, so
// that a typed word is not undone letter by letter.
const togetherMs = 4000;

export class History {
  past: Entry[] = [];
  future: Entry[] = [];

  add(name: string, changes: Change[], together: string | undefined, now: number): void {
    const last = this.past.at(-1);
    if (last && together && last.together === together && now - last.at < togetherMs) {
      this.past[this.past.length - 1] = { ...last, changes: coalesce([...last.changes, ...changes]), at: now };
    } else this.past.push({ name, changes, together, at: now });
    this.future = [];
  }

  undo(flow: Flow): Step | null {
    const entry = this.past.pop();
    if (!entry) return null;
    this.future.push(entry);
    return fitting(entry.name, flow, reverseAll(entry.changes));
  }

  redo(flow: Flow): Step | null {
    const entry = this.future.pop();
    if (!entry) return null;
    this.past.push({ ...entry, together: undefined });
    return fitting(entry.name, flow, entry.changes);
  }
}

export interface Step { name: string; changes: Change[]; left: number }

// fitting keeps the changes whose item still is as this editor left it:
// somebody else's later work is never taken back.
function fitting(name: string, flow: Flow, changes: Change[]): Step {
  const fit = changes.filter((c) => same(itemOf(flow, c.in, c.key), c.before));
  return { name, changes: fit, left: changes.length - fit.length };
}
