// A field with a list under it, worked by keys or pointer: what adds, finds,
// connects and chooses a tab.
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from "react";
import { swallow } from "../work/keys";

export interface Option { id: string; text: string; hint?: string; words?: string; icon?: ReactNode; refused?: string | null; group?: string }

export function Picker({ label, options, choose, close, at, empty }: { label: string; options: Option[]; choose(o: Option): void; close(): void; at?: { x: number; y: number } | null; empty?: string }) {
  const [query, setQuery] = useState("");
  const [index, setIndex] = useState(0);
  const id = useId(), box = useRef<HTMLDivElement>(null), field = useRef<HTMLInputElement>(null);
  const found = useMemo(() => search(options, query), [options, query]);
  const active = Math.min(index, found.length - 1);
  useEffect(() => { field.current!.focus(); }, []);
  useEffect(() => {
    const out = (e: PointerEvent) => { if (!box.current?.contains(e.target as Node)) close(); };
    document.addEventListener("pointerdown", out, true);
    return () => document.removeEventListener("pointerdown", out, true);
  }, [close]);
  useEffect(() => { box.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }); }, [active, found]);
  useEffect(() => { if (at && box.current) place(box.current, at); }, [at]);
  const take = (o: Option | undefined) => { if (o && !o.refused) choose(o); };
  const key = (e: React.KeyboardEvent) => {
    e.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) { e.preventDefault(); setIndex((active + step + found.length) % Math.max(1, found.length)); }
    else if (e.key === "Enter") { e.preventDefault(); swallow(); take(found[active]); }
    else if (e.key === "Escape") { e.preventDefault(); close(); }
    else if (e.key === "Tab") { e.preventDefault(); close(); }
  };
  return (
    <div className={"fe-picker" + (at ? "" : " fe-centred")} ref={box} role="dialog" aria-label={label} onKeyDown={key}>
      <input ref={field} type="text" role="combobox" aria-expanded="true" aria-autocomplete="list" aria-controls={id} aria-label={label} placeholder={label} autoComplete="off" spellCheck={false}
        aria-activedescendant={active >= 0 ? id + active : undefined} value={query} onChange={(e) => { setQuery(e.target.value); setIndex(0); }} />
      <div id={id} role="listbox" aria-label={label} className="fe-options">
        {found.map((o, i) => (
          <div key={o.id} id={id + i} role="option" aria-selected={i === active} aria-disabled={o.refused ? true : undefined} data-option={o.id} className="fe-option"
            onPointerMove={() => setIndex(i)} onClick={() => take(o)}>
            {o.icon}
            <span className="fe-words"><span className="fe-name" dir="auto">{o.text}</span>{(o.refused || o.hint) && <span className="fe-sub" dir="auto">{o.refused || o.hint}</span>}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="fe-none">{empty ?? "Nothing fits"}</p>}
    </div>
  );
}

// search puts what begins with the words first, then what contains them.
export function search(options: Option[], query: string): Option[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return options;
  const rank = (o: Option): number => {
    const title = o.text.toLowerCase(), all = `${title} ${o.words ?? ""} ${o.hint ?? ""}`.toLowerCase();
    if (!words.every((w) => all.includes(w))) return -1;
    return title.startsWith(words[0]!) ? 0 : title.includes(words[0]!) ? 1 : 2;
  };
  return options.map((o) => ({ o, r: rank(o) })).filter((x) => x.r >= 0).sort((a, b) => a.r - b.r).map((x) => x.o);
}

// place keeps a popup at its point and on the screen.
export function place(el: HTMLElement, at: { x: number; y: number }): void {
  const root = el.closest(".fe-root")!.getBoundingClientRect();
  el.style.left = Math.max(8, Math.min(at.x - root.x, root.width - el.offsetWidth - 8)) + "px";
  el.style.top = Math.max(8, Math.min(at.y - root.y, root.height - el.offsetHeight - 8)) + "px";
}
