// The palette: every kind by family, to drag, click or search.
import { useMemo, useRef, useState, type ReactNode } from "react";
import { useReactFlow } from "@xyflow/react";
import { createPortal } from "react-dom";
import type { Kind } from "../types";
import { Icon } from "./icons";
import { search } from "./picker";
import { kindOption } from "./popups";
import { cableUnder, light, overCanvas } from "./target";
import { useEditor, useState$ } from "./use";
import { frame, putPaper } from "../work/arrange";
import { boxWidth, type Place } from "../model/edit";

export function Palette() {
  const editor = useEditor(), catalog = useState$((s) => s.catalog), open = useState$((s) => s.right === "palette");
  const [query, setQuery] = useState("");
  const kinds = useMemo(() => {
    const found = search(catalog.kinds.map(kindOption), query).map((o) => o.id);
    return catalog.kinds.filter((k) => found.includes(k.kind));
  }, [catalog, query]);
  if (!open) return <button type="button" className="fe-reopen" aria-label="Open the palette" title="Modules" onClick={() => editor.set({ right: "palette" })}><Icon name="plus" /></button>;
  const first = kinds[0];
  return (
    <aside className="fe-palette" aria-label="Palette">
      <header>
        <h2>Modules</h2>
        <button type="button" className="fe-button fe-square" aria-label="Close the palette" onClick={() => editor.set({ right: "closed" })}><Icon name="close" /></button>
      </header>
      <input type="search" className="fe-search" placeholder="Search, for example IVR" aria-label="Search modules" value={query} onChange={(e) => setQuery(e.target.value)}
        onKeyDown={(e) => { if (e.key === "Enter" && first) { editor.addModule(first, null); setQuery(""); } }} />
      <div className="fe-families">
        {catalog.families.map((f) => {
          const in_ = kinds.filter((k) => k.family === f.id);
          return in_.length > 0 && <section key={f.id}><h3>{f.title}</h3>{in_.map((k) => <KindItem key={k.kind} kind={k} />)}</section>;
        })}
        {kinds.length === 0 && <p className="fe-none">No module has that name</p>}
        {!query && <Papers />}
      </div>
    </aside>
  );
}

// Item is dragged by pointer events, which touch has too: a finger that goes up
// or down scrolls the list, one that goes aside drags.
function Item({ id, title, text, icon, entry, put, lay }: { id: string; title: string; text: string; icon: ReactNode; entry: boolean; put(byKey: boolean): void; lay(at: Place, cable?: string): void }) {
  const flow = useReactFlow();
  const [ghost, setGhost] = useState(false);
  const from = useRef<Place | null>(null), el = useRef<HTMLDivElement>(null), dragged = useRef(false);
  const end = () => { from.current = null; setGhost(false); light(null); };
  const move = (e: React.PointerEvent) => {
    if (!from.current) return;
    if (!ghost && Math.hypot(e.clientX - from.current.x, e.clientY - from.current.y) > 4) { setGhost(true); dragged.current = true; }
    if (el.current) el.current.style.transform = `translate(${e.clientX - 40}px, ${e.clientY - 24}px)`;
    if (ghost) light("cable", entry ? undefined : cableUnder(e.clientX, e.clientY));
  };
  const up = (e: React.PointerEvent) => {
    const was = from.current && dragged.current;
    end();
    if (!was || !overCanvas(e.clientX, e.clientY)) return;
    const p = flow.screenToFlowPosition({ x: e.clientX, y: e.clientY }, { snapToGrid: false }), cable = entry ? undefined : cableUnder(e.clientX, e.clientY);
    lay(cable ? { x: p.x - boxWidth / 2, y: p.y - 28 } : { x: p.x - 40, y: p.y - 24 }, cable);
  };
  return (
    <>
      <button type="button" className="fe-item" data-palette={id} title={text} onClick={(e) => { if (!dragged.current) put(e.detail === 0); dragged.current = false; }}
        onPointerDown={(e) => { if (e.button === 0) { e.currentTarget.setPointerCapture(e.pointerId); from.current = { x: e.clientX, y: e.clientY }; dragged.current = false; } }}
        onPointerMove={move} onPointerUp={up} onPointerCancel={end}>
        {icon}
        <span className="fe-words"><span className="fe-name">{title}</span></span>
      </button>
      {ghost && createPortal(<div ref={el} className="fe-ghost" aria-hidden="true">{icon}{title}</div>, document.querySelector("flow-editor .fe-root")!)}
    </>
  );
}

function KindItem({ kind }: { kind: Kind }) {
  const editor = useEditor();
  return <Item id={kind.kind} title={kind.title} text={kind.text} entry={kind.entry} icon={<span className={"fe-kind fe-" + kind.family}><Icon name={kind.kind} family={kind.family} /></span>}
    put={() => editor.addModule(kind, null)} lay={(at, cable) => editor.addModule(kind, at, cable === undefined ? {} : { cable })} />;
}

const papers = [
  { where: "note", title: "Note", text: "Words for colleagues. No caller hears them." },
  { where: "frame", title: "Frame", text: "A named area. It goes around what is selected; otherwise drag where it goes." },
] as const;

function Papers() {
  const editor = useEditor();
  return (
    <section>
      <h3>On the canvas</h3>
      {papers.map((p) => <Item key={p.where} id={p.where} title={p.title} text={p.text} entry icon={<span className="fe-kind"><Icon name={p.where} /></span>}
        put={(byKey) => { if (p.where === "note" || byKey) putPaper(editor, p.where); else frame(editor); }} lay={(at) => putPaper(editor, p.where, at)} />)}
    </section>
  );
}
