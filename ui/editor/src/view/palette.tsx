// The palette: every kind by family, to drag, click or search.
import { useMemo, useRef, useState } from "react";
import { useReactFlow } from "@xyflow/react";
import { createPortal } from "react-dom";
import type { Kind } from "../types";
import { cableUnder } from "./canvas";
import { Icon } from "./icons";
import { search } from "./picker";
import { kindOption } from "./popups";
import { useEditor, useState$ } from "./use";
import { boxWidth, newPaper } from "../model/edit";

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
          return in_.length > 0 && <section key={f.id}><h3>{f.title}</h3>{in_.map((k) => <Item key={k.kind} kind={k} />)}</section>;
        })}
        {kinds.length === 0 && <p className="fe-none">No module has that name</p>}
        {!query && <Papers />}
      </div>
    </aside>
  );
}

// Item is dragged by pointer events, which touch has too.
function Item({ kind }: { kind: Kind }) {
  const editor = useEditor(), flow = useReactFlow();
  const [ghost, setGhost] = useState(false);
  const from = useRef<{ x: number; y: number } | null>(null), el = useRef<HTMLDivElement>(null), lit = useRef<Element | null>(null), dragged = useRef(false);
  const light = (key: string | undefined) => {
    const now = key === undefined ? null : document.querySelector(`[data-cable="${CSS.escape(key)}"]`);
    if (now === lit.current) return;
    lit.current?.classList.remove("fe-target");
    now?.classList.add("fe-target");
    lit.current = now;
  };
  const move = (e: React.PointerEvent) => {
    if (!from.current) return;
    if (!ghost && Math.hypot(e.clientX - from.current.x, e.clientY - from.current.y) > 4) { setGhost(true); dragged.current = true; }
    if (el.current) el.current.style.transform = `translate(${e.clientX - 40}px, ${e.clientY - 24}px)`;
    if (ghost && !kind.entry) light(cableUnder(e.clientX, e.clientY));
  };
  const up = (e: React.PointerEvent) => {
    const was = from.current && dragged.current;
    from.current = null;
    setGhost(false);
    light(undefined);
    if (!was) return;
    if (!document.elementFromPoint(e.clientX, e.clientY)?.closest(".fe-canvas")) return;
    const p = flow.screenToFlowPosition({ x: e.clientX, y: e.clientY }, { snapToGrid: false }), cable = kind.entry ? undefined : cableUnder(e.clientX, e.clientY);
    editor.addModule(kind, cable ? { x: p.x - boxWidth / 2, y: p.y - 28 } : { x: p.x - 40, y: p.y - 24 }, cable ? { cable } : {});
  };
  return (
    <>
      <button type="button" className="fe-item" data-palette={kind.kind} title={kind.text} onClick={() => { if (!dragged.current) editor.addModule(kind, null); dragged.current = false; }}
        onPointerDown={(e) => { if (e.button === 0) { e.currentTarget.setPointerCapture(e.pointerId); from.current = { x: e.clientX, y: e.clientY }; dragged.current = false; } }}
        onPointerMove={move} onPointerUp={up} onPointerCancel={() => { from.current = null; setGhost(false); light(undefined); }}>
        <span className={"fe-kind fe-" + kind.family}><Icon name={kind.kind} family={kind.family} /></span>
        <span className="fe-words"><span className="fe-name">{kind.title}</span></span>
      </button>
      {ghost && createPortal(<div ref={el} className="fe-ghost" aria-hidden="true"><span className={"fe-kind fe-" + kind.family}><Icon name={kind.kind} family={kind.family} /></span>{kind.title}</div>, document.querySelector("flow-editor .fe-root")!)}
    </>
  );
}

function Papers() {
  const editor = useEditor();
  const put = (where: "frame" | "note") => {
    const p = editor.canvas?.centre() ?? { x: 0, y: 0 }, s = editor.state;
    const changes = newPaper(where, s.flow.tabs?.length ? s.tab : "", p.x, p.y);
    if (editor.commit(`Add ${where}`, changes)) editor.select([changes[0]!.key]);
  };
  return (
    <section>
      <h3>On the canvas</h3>
      <button type="button" className="fe-item" data-palette="note" onClick={() => put("note")}><span className="fe-kind"><Icon name="note" /></span><span className="fe-name">Note</span></button>
      <button type="button" className="fe-item" data-palette="frame" onClick={() => put("frame")}><span className="fe-kind"><Icon name="frame" /></span><span className="fe-name">Frame</span></button>
    </section>
  );
}
