// The tabs of the flow, under the canvas as in a spreadsheet. A module dragged
// onto one moves there.
import { useState } from "react";
import { Icon } from "./icons";
import { useEditor, useState$ } from "./use";
import { addTab, removeTab, setTabs } from "../model/edit";
import { tabOf, tabsOf } from "../model/names";

const mostTabs = 20;

export function Tabs() {
  const editor = useEditor(), [flow, active, editable] = useState$((s) => [s.flow, s.tab, s.mode === "edit" && s.rights.edit && !s.narrow] as const);
  const tabs = tabsOf(flow);
  const [naming, setNaming] = useState<string | null>(null);
  const rename = (id: string, name: string) => {
    setNaming(null);
    const now = name.trim().slice(0, 40), was = tabs.find((t) => t.id === id)!;
    if (now && now !== was.name) editor.commit(`Rename tab to ${now}`, setTabs(flow, tabs.map((t) => (t.id === id ? { ...t, name: now } : t))));
  };
  const add = () => {
    const n = tabs.length + 1, made = addTab(flow, `Tab ${n}`);
    if (editor.commit(`Add tab ${n}`, made.changes)) { editor.goTab(made.tab); setNaming(made.tab); }
  };
  const shift = (id: string, by: number) => {
    const from = tabs.findIndex((t) => t.id === id), to = from + by;
    if (to < 0 || to >= tabs.length) return;
    const now = tabs.slice();
    now.splice(to, 0, now.splice(from, 1)[0]!);
    editor.commit("Reorder tabs", setTabs(flow, now));
  };
  const close = (id: string) => {
    const n = flow.modules.filter((m) => tabOf(flow, m) === id).length, name = tabs.find((t) => t.id === id)!.name;
    if (editor.commit(`Remove tab ${name}`, removeTab(flow, id))) editor.toast(n ? `Removed ${name} with ${n} ${n === 1 ? "module" : "modules"}` : `Removed ${name}`, true);
  };
  const own = flow.tabs?.length; // the one nameless tab has nothing to rename
  return (
    <nav className="fe-tabs" aria-label="Tabs of the flow">
      {tabs.map((t) => naming === t.id ? (
        <input key={t.id} className="fe-tab-name" aria-label="Name of the tab" autoFocus defaultValue={t.name} maxLength={40} onFocus={(e) => e.target.select()} onBlur={(e) => rename(t.id, e.target.value)}
          onKeyDown={(e) => { if (e.key === "Enter") rename(t.id, e.currentTarget.value); if (e.key === "Escape") setNaming(null); }} />
      ) : (
        <span key={t.id} className={"fe-tab" + (t.id === active ? " fe-active" : "")} data-tab={t.id}>
          <button type="button" aria-current={t.id === active ? "page" : undefined} title={editable && own ? "Double-click or F2 renames, Alt and arrows reorder" : undefined} onClick={() => editor.goTab(t.id)} onDoubleClick={() => editable && own && setNaming(t.id)}
            onKeyDown={(e) => {
              if (!editable || !own) return;
              if (e.key === "F2") setNaming(t.id);
              if (e.altKey && (e.key === "ArrowLeft" || e.key === "ArrowRight")) { e.preventDefault(); shift(t.id, e.key === "ArrowLeft" ? -1 : 1); }
              if (e.key === "Delete" && tabs.length > 1) close(t.id);
            }}>{t.name}</button>
          {editable && tabs.length > 1 && t.id === active && <button type="button" className="fe-tab-close" aria-label={`Remove tab ${t.name}`} onClick={() => close(t.id)}><Icon name="close" /></button>}
        </span>
      ))}
      {editable && tabs.length < mostTabs && <button type="button" className="fe-button fe-square" aria-label="Add a tab" title="Add a tab" onClick={add}><Icon name="plus" /></button>}
    </nav>
  );
}
