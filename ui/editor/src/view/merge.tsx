// The merge screen: items that two people changed at once, each to be chosen.
import { useState } from "react";
import type { Conflict } from "../types";
import { Dialog } from "./dialog";
import { useEditor, useState$ } from "./use";

const keyOf = (c: Conflict) => c.in + "\n" + c.key;

export function Merge() {
  const conflicts = useState$((s) => s.conflicts);
  return conflicts ? <Screen key={conflicts.map(keyOf).join()} all={conflicts} /> : null;
}

function Screen({ all }: { all: Conflict[] }) {
  const editor = useEditor(), [mine, setMine] = useState<Set<string>>(() => new Set());
  const pick = (c: Conflict, side: "mine" | "theirs") => setMine((was) => { const now = new Set(was); if (side === "mine") now.add(keyOf(c)); else now.delete(keyOf(c)); return now; });
  return (
    <Dialog title="Two people changed the same" wide>
      <p className="fe-hint">Everything else has been joined. Choose what stands for {all.length === 1 ? "this item" : `these ${all.length} items`}; nothing is overwritten until you do.</p>
      <ul className="fe-conflicts">
        {all.map((c) => (
          <li key={keyOf(c)}>
            <h3 dir="auto">{c.label}</h3>
            <div className="fe-sides" role="radiogroup" aria-label={c.label}>
              {(["theirs", "mine"] as const).map((side) => {
                const on = mine.has(keyOf(c)) === (side === "mine");
                return (
                  <label key={side} className={"fe-side" + (on ? " fe-on" : "")}>
                    <span><input type="radio" name={keyOf(c)} checked={on} onChange={() => pick(c, side)} /> {side === "mine" ? "Mine" : "Theirs"}</span>
                    <pre>{shown(c[side], c[side === "mine" ? "theirs" : "mine"])}</pre>
                  </label>
                );
              })}
            </div>
          </li>
        ))}
      </ul>
      <footer>
        <button type="button" className="fe-button" onClick={() => setMine(new Set(all.map(keyOf)))}>All mine</button>
        <button type="button" className="fe-button" onClick={() => setMine(new Set())}>All theirs</button>
        <span className="fe-gap" />
        <button type="button" className="fe-button fe-primary" data-action="merge" onClick={() => editor.choose(mine)}>Merge</button>
      </footer>
    </Dialog>
  );
}

// shown is one side in words, limited to what differs from the other.
function shown(value: unknown, other: unknown): string {
  if (value == null) return "Removed";
  if (typeof value !== "object" || other == null || typeof other !== "object") return typeof value === "string" ? value : lines(flat(value));
  const there = new Map(flat(other));
  const own = flat(value).filter(([k, v]) => there.get(k) !== v);
  return lines(own) || "Unchanged";
}

const lines = (pairs: [string, string][]): string => pairs.map(([k, v]) => `${k.replace(/^settings\./, "").replaceAll("_", " ")}: ${v}`).join("\n");

function flat(v: unknown, path = ""): [string, string][] {
  if (typeof v !== "object" || v === null) return [[path, String(v)]];
  return Object.entries(v).flatMap(([k, x]) => flat(x, path ? `${path}.${k}` : k));
}
