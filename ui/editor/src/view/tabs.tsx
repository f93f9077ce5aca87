// The tabs of the flow, under the canvas as in a spreadsheet. What is dragged
// onto one moves there; a tab that is dragged along the others goes between them.
import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons";
import { useEditor, useState$ } from "./use";
import { addTab, mostTabs, removeTab, setTabs } from "../model/tabs";
import { tabOf, tabsOf } from "../model/names";
import type { Tab } from "../types";
import type { Editor } from "../work/editor";

export function renameTab(editor: Editor, id: string, name: string): void {
  const { flow } = editor.state, tabs = tabsOf(flow), now = name.trim().slice(0, 40), was = tabs.find((t) => t.id === id);
  if (!was || !now || now === was.name) return;
  if (tabs.some((t) => t.name === now)) return editor.toast("Another tab has this name");
  editor.commit(`Rename tab to ${now}`, setTabs(flow, tabs.map((t) => (t.id === id ? { ...t, name: now } : t))));
}

export function newTab(editor: Editor): string | null {
  const made = addTab(editor.state.flow);
  if (tabsOf(editor.state.flow).length >= mostTabs || !editor.commit(`Add ${made.name}`, made.changes)) return null;
  editor.goTab(made.tab);
  return made.tab;
}

// shiftTab puts a tab at a place among the others.
export function shiftTab(editor: Editor, id: string, to: number): void {
  const now = tabsOf(editor.state.flow).slice(), from = now.findIndex((t) => t.id === id);
  if (to < 0 || to >= now.length || to === from) return;
  const name = now[from]!.name;
  now.splice(to, 0, now.splice(from, 1)[0]!);
  if (editor.commit(`Move tab ${name}`, setTabs(editor.state.flow, now))) editor.say(`${name} is tab ${to + 1} of ${now.length}`);
}

export function closeTab(editor: Editor, id: string): void {
  const { flow } = editor.state, n = flow.modules.filter((m) => tabOf(flow, m) === id).length, name = tabsOf(flow).find((t) => t.id === id)!.name;
  if (editor.commit(`Remove tab ${name}`, removeTab(flow, id))) editor.toast(n ? `Removed ${name} with ${n} ${n === 1 ? "module" : "modules"}` : `Removed ${name}`, true);
}

export function Tabs() {
  const editor = useEditor(), [flow, active, editable, problems] = useState$((s) => [s.flow, s.tab, s.mode === "edit" && s.rights.edit && !s.narrow, s.problems] as const);
  const tabs = tabsOf(flow), bar = useRef<HTMLElement>(null);
  const [naming, setNaming] = useState<string | null>(null);
  useEffect(() => { bar.current!.querySelector(".fe-active")?.scrollIntoView({ block: "nearest", inline: "nearest" }); }, [active]);
  const wrong = new Set(problems.flatMap((p) => { const m = p.level === "error" && p.module ? flow.modules.find((x) => x.id === p.module) : undefined; return m ? [tabOf(flow, m)] : []; }));
  const own = flow.tabs?.length; // the one nameless tab has nothing to rename
  return (
    <nav ref={bar} className="fe-tabs" aria-label="Tabs of the flow">
      {tabs.map((t, at) => naming === t.id ? (
        <input key={t.id} className="fe-tab-name" aria-label="Name of the tab" autoFocus defaultValue={t.name} maxLength={40} onFocus={(e) => e.target.select()} onBlur={(e) => { setNaming(null); renameTab(editor, t.id, e.target.value); }}
          onKeyDown={(e) => { if (e.key === "Enter") { renameTab(editor, t.id, e.currentTarget.value); setNaming(null); editor.canvas?.focus(); } if (e.key === "Escape") { e.currentTarget.value = t.name; setNaming(null); } }} />
      ) : (
        <OneTab key={t.id} t={t} at={at} all={tabs} active={t.id === active} wrong={tabs.length > 1 && wrong.has(t.id)} editable={editable && !!own} name={() => setNaming(t.id)} />
      ))}
      {editable && tabs.length < mostTabs && <button type="button" className="fe-button fe-square" aria-label="Add a tab" title="Add a tab" onClick={() => setNaming(newTab(editor))}><Icon name="plus" /></button>}
    </nav>
  );
}

function OneTab({ t, at, all, active, wrong, editable, name }: { t: Tab; at: number; all: Tab[]; active: boolean; wrong: boolean; editable: boolean; name(): void }) {
  const editor = useEditor(), el = useRef<HTMLSpanElement>(null), from = useRef<number | null>(null), dragged = useRef(false);
  const drag = (e: React.PointerEvent) => {
    if (from.current === null || !editable) return;
    if (Math.abs(e.clientX - from.current) > 6) dragged.current = true;
    if (dragged.current) { el.current!.style.transform = `translateX(${e.clientX - from.current}px)`; el.current!.classList.add("fe-dragged"); }
  };
  const drop = (e: React.PointerEvent) => {
    const was = dragged.current;
    from.current = null;
    el.current!.style.transform = "";
    el.current!.classList.remove("fe-dragged");
    if (!was) return;
    const others = [...el.current!.parentElement!.querySelectorAll<HTMLElement>("[data-tab]")].filter((x) => x !== el.current);
    shiftTab(editor, t.id, others.filter((x) => { const r = x.getBoundingClientRect(); return r.x + r.width / 2 < e.clientX; }).length);
  };
  return (
    <span ref={el} className={"fe-tab" + (active ? " fe-active" : "")} data-tab={t.id}>
      <button type="button" aria-current={active ? "page" : undefined} title={editable ? "Double-click or F2 renames; drag, or Alt and arrows, reorders" : undefined} onDoubleClick={() => editable && name()}
        onClick={() => { if (!dragged.current) editor.goTab(t.id); dragged.current = false; }}
        onPointerDown={(e) => { if (e.button !== 0) return; e.currentTarget.setPointerCapture(e.pointerId); from.current = e.clientX; dragged.current = false; }} onPointerMove={drag} onPointerUp={drop} onPointerCancel={(e) => { dragged.current = false; drop(e); }}
        onKeyDown={(e) => {
          if (!editable) return;
          if (e.key === "F2") name();
          if (e.altKey && (e.key === "ArrowLeft" || e.key === "ArrowRight")) { e.preventDefault(); const here = e.currentTarget; shiftTab(editor, t.id, at + (e.key === "ArrowLeft" ? -1 : 1)); requestAnimationFrame(() => here.focus()); }
          if (e.key === "Delete" && all.length > 1) closeTab(editor, t.id);
        }}>{t.name}{wrong && <span className="fe-dot"><span className="fe-unseen">, with errors</span></span>}</button>
      {editable && all.length > 1 && active && <button type="button" className="fe-tab-close" aria-label={`Remove tab ${t.name}`} title="Remove the tab" onClick={() => closeTab(editor, t.id)}><Icon name="close" /></button>}
    </span>
  );
}
