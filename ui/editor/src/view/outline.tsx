// The flow as a tree of words: the same edits as on the canvas, without it.
import { memo, useMemo, useState } from "react";
import { Icon } from "./icons";
import { Menu } from "./menu";
import { closeTab, newTab, renameTab, shiftTab } from "./tabs";
import { useEditor, useState$ } from "./use";
import { change, disconnect, remove, toggleHangUp } from "../model/edit";
import { namesOf, tabsOf } from "../model/names";
import { mostTabs } from "../model/tabs";
import { duplicate, putPaper } from "../work/arrange";
import { addAfter } from "../work/keys";
import { startMove } from "../work/move";
import { intoQueue, turns } from "../work/turn";
import { outline, type Branch, type Leaf } from "../model/outline";

export function Outline() {
  const editor = useEditor(), [flow, exits, open] = useState$((s) => [s.flow, s.exits, s.outline] as const);
  const tree = useMemo(() => (open ? outline(flow, exits, editor.kind) : null), [flow, exits, open, editor]);
  if (!tree) return null;
  return (
    <aside className="fe-outline" aria-label="Outline">
      <header><h2>Outline</h2><span className="fe-gap" />
        {editor.editable && <Menu label="Add" icon="plus" items={() => [
          { text: "Add a module…", hint: "/", act: () => editor.popup({ is: "add", at: null, screen: null }) },
          { text: "Add a note", act: () => putPaper(editor, "note") },
          { text: editor.state.selected.length ? "Add a frame around what is selected" : "Add a frame", act: () => putPaper(editor, "frame") },
          ...(tabsOf(flow).length < mostTabs ? [{ text: "Add a tab", act: () => void newTab(editor) }] : []),
        ]} />}
        <button type="button" className="fe-button fe-square" aria-label="Close the outline" onClick={() => editor.set({ outline: false })}><Icon name="close" /></button></header>
      <div className="fe-tree" onKeyDown={walkTree}>
        {tree.entries.length > 0 && <ul>{tree.entries.map((l) => <LeafRow key={l.module.id} l={l} />)}</ul>}
        {tree.apart.length > 0 && <><h3>No call reaches</h3><ul>{tree.apart.map((l) => <LeafRow key={l.module.id} l={l} />)}</ul></>}
        {!tree.entries.length && !tree.apart.length && <p className="fe-none">This flow is empty.</p>}
        <PaperRows />
        <TabRows />
      </div>
    </aside>
  );
}

// walkTree goes from row to row with the arrows.
function walkTree(e: React.KeyboardEvent<HTMLElement>): void {
  const at = e.target as HTMLElement, step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (!step || !at.matches(".fe-leaf, .fe-leaf-row > .fe-menu > button")) return;
  const all = [...e.currentTarget.querySelectorAll<HTMLElement>(".fe-leaf, .fe-branch > .fe-leaf-row > .fe-menu > button")];
  const row = at.closest(".fe-leaf-row"), here = all.findIndex((x) => x === at || (row !== null && x.closest(".fe-leaf-row") === row));
  e.preventDefault();
  all[here + step]?.focus();
}

// Naming is a name being changed: Enter keeps it, Escape does not.
function Naming({ text, most, keep }: { text: string; most: number; keep(now: string | null): void }) {
  return <input aria-label="Name" autoFocus defaultValue={text} maxLength={most} onFocus={(e) => e.target.select()} onBlur={(e) => keep(e.target.value.trim())}
    onKeyDown={(e) => { e.stopPropagation(); if (e.key === "Enter") keep(e.currentTarget.value.trim()); if (e.key === "Escape") { e.currentTarget.value = text; keep(null); } }} />;
}

function PaperRows() {
  const editor = useEditor(), [notes, frames, selected] = useState$((s) => [s.flow.notes, s.flow.frames, s.selected] as const);
  const all = [...(frames ?? []).map((p) => ({ p, where: "frame" as const })), ...(notes ?? []).map((p) => ({ p, where: "note" as const }))];
  const write = (id: string) => { editor.reveal(id); editor.set({ writing: id }); };
  if (!all.length) return null;
  return (
    <>
      <h3>Frames and notes</h3>
      <ul>
        {all.map(({ p, where }) => {
          const name = p.text.split("\n")[0] || (where === "note" ? "Empty note" : "Frame"), drop = () => { if (editor.commit(`Remove ${where} ${name}`, remove(editor.state.flow, new Set([p.id])))) editor.toast(`Removed ${name}`, true); };
          return (
            <li key={p.id} data-outline={p.id}>
              <span className={"fe-leaf-row" + (selected.includes(p.id) ? " fe-chosen" : "")}>
                <button type="button" className="fe-leaf" onClick={() => editor.reveal(p.id)} onKeyDown={(e) => { if (!editor.editable) return; if (e.key === "F2") write(p.id); if (e.key === "Delete") drop(); }}><span className="fe-kind"><Icon name={where} /></span><span dir="auto">{name}</span></button>
                {editor.editable && <Menu label={`Edit ${where} ${name}`} icon="more" items={() => [
                  { text: "Write", hint: "F2", act: () => write(p.id) },
                  { text: "Duplicate", act: () => { editor.reveal(p.id); duplicate(editor); } },
                  ...(tabsOf(editor.state.flow).length > 1 ? [{ text: "Move to tab…", act: () => editor.popup({ is: "tab", ids: [...editor.carried([p.id])] }) }] : []),
                  { text: "Move and size by keys", hint: "M", act: () => { editor.reveal(p.id); startMove(editor); editor.canvas?.focus(); } },
                  { text: "Remove", hint: "Del", danger: true, act: drop },
                ]} />}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function TabRows() {
  const editor = useEditor(), [flow, tab] = useState$((s) => [s.flow, s.tab] as const), tabs = tabsOf(flow);
  const [naming, setNaming] = useState<string | null>(null);
  if (!flow.tabs?.length) return null;
  return (
    <>
      <h3>Tabs</h3>
      <ul>
        {tabs.map((t, i) => (
          <li key={t.id}>
            <span className={"fe-leaf-row" + (t.id === tab ? " fe-chosen" : "")}>
              {naming === t.id ? <Naming text={t.name} most={40} keep={(now) => { setNaming(null); if (now) renameTab(editor, t.id, now); }} /> : <button type="button" className="fe-leaf" aria-current={t.id === tab ? "page" : undefined} onClick={() => editor.goTab(t.id)} onKeyDown={(e) => { if (editor.editable && e.key === "F2") setNaming(t.id); }}><span dir="auto">{t.name}</span></button>}
              {editor.editable && <Menu label={`Edit tab ${t.name}`} icon="more" items={() => [
                { text: "Rename", hint: "F2", act: () => setNaming(t.id) },
                ...(i > 0 ? [{ text: "Move to the left", act: () => shiftTab(editor, t.id, i - 1) }] : []), ...(i < tabs.length - 1 ? [{ text: "Move to the right", act: () => shiftTab(editor, t.id, i + 1) }] : []),
                ...(tabs.length > 1 ? [{ text: "Remove with what is on it", danger: true, act: () => closeTab(editor, t.id) }] : []),
              ]} />}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const LeafRow = memo(function LeafRow({ l }: { l: Leaf }) {
  const editor = useEditor(), m = l.module, [chosen, problems] = useState$((s) => [s.selected.includes(m.id), s.problems.filter((p) => p.module === m.id && p.level === "error").length] as const);
  const [naming, setNaming] = useState(false);
  const kind = editor.kind(m.kind);
  if (l.again) return <li className="fe-again"><button type="button" className="fe-leaf" onClick={() => editor.reveal(m.id)}><Icon name="jump" /><span dir="auto">{m.name}</span></button></li>;
  const rename = (now: string | null) => {
    setNaming(false);
    if (!now || now === m.name) return;
    if (namesOf(editor.state.flow).has(now)) return editor.toast("Another module has this name");
    editor.commit(`Rename ${m.name} to ${now}`, change(editor.state.flow, m.id, { name: now }));
  };
  return (
    <li data-outline={m.id}>
      <span className={"fe-leaf-row" + (chosen ? " fe-chosen" : "")}>
        {naming ? <Naming text={m.name} most={60} keep={rename} /> : (
          <button type="button" className="fe-leaf" aria-current={chosen ? "true" : undefined} onClick={() => editor.reveal(m.id)} onDoubleClick={() => editor.openSettings(m.id, "*")}
            onKeyDown={(e) => { if (!editor.editable) return; if (e.key === "F2") setNaming(true); if (e.key === "Delete" && editor.commit(`Remove ${m.name}`, remove(editor.state.flow, new Set([m.id])))) editor.toast(`Removed ${m.name}`, true); }}>
            <span className={"fe-kind fe-" + kind?.family}><Icon name={m.kind} family={kind?.family ?? ""} /></span><span dir="auto">{m.name}</span>
            {problems > 0 && <span className="fe-badge fe-bad">{problems}<span className="fe-unseen"> errors</span></span>}
          </button>
        )}
        <Menu label={`Edit ${m.name}`} icon="more" items={() => [
          { text: "Settings", act: () => editor.openSettings(m.id, "*") },
          ...(editor.editable ? [
            { text: "Rename", hint: "F2", act: () => setNaming(true) },
            ...(tabsOf(editor.state.flow).length > 1 ? [{ text: "Move to tab…", act: () => editor.popup({ is: "tab", ids: [m.id] }) }] : []),
            { text: "Duplicate", act: () => { editor.reveal(m.id); duplicate(editor); } },
            { text: "Move on the canvas", hint: "M", act: () => { editor.reveal(m.id); startMove(editor); editor.canvas?.focus(); } },
            ...(turns(m) ? [{ text: "Turn into a Queue", hint: "Q", act: () => void intoQueue(editor, m.id) }] : []),
            { text: m.shelved ? "Take from the shelf" : "Shelve", act: () => void editor.commit(`${m.shelved ? "Unshelve" : "Shelve"} ${m.name}`, change(editor.state.flow, m.id, { shelved: !m.shelved })) },
            { text: "Remove", hint: "Del", act: () => { if (editor.commit(`Remove ${m.name}`, remove(editor.state.flow, new Set([m.id])))) editor.toast(`Removed ${m.name}`, true); } },
          ] : []),
        ]} />
      </span>
      {l.branches.length > 0 && <ul>{l.branches.filter((b) => b.main || b.leaf || chosen).map((b) => <BranchRow key={b.exit} from={m.id} b={b} />)}</ul>}
    </li>
  );
});

function BranchRow({ from, b }: { from: string; b: Branch }) {
  const editor = useEditor(), at = { module: from, exit: b.exit };
  const items = () => [
    { text: "Connect to…", act: () => editor.popup({ is: "connect", from: at }) },
    { text: b.leaf ? "Insert a module…" : "Add a module after…", act: () => editor.popup(addAfter(editor, from, b.exit)) },
    ...(b.leaf ? [{ text: "Disconnect", act: () => void editor.commit(`Disconnect ${b.label}`, disconnect(editor.state.flow, from, b.exit)) }] : []),
    ...(b.main && !b.leaf ? [{ text: b.hangUp ? "Do not hang up here" : "Hang up here", act: () => void editor.commit(b.hangUp ? `Do not hang up at ${b.label}` : `Hang up at ${b.label}`, toggleHangUp(editor.state.flow, from, b.exit)) }] : []),
  ];
  return (
    <li className="fe-branch">
      <span className="fe-leaf-row"><span className="fe-way">{b.exit.startsWith("key:") ? <kbd>{b.label}</kbd> : b.label}{!b.leaf && <em className={b.hangUp ? "" : "fe-open"}>{b.hangUp ? "hangs up" : "leads nowhere"}</em>}</span>{editor.editable && <Menu label={`Edit exit ${b.label} of ${editor.nameOf(from)}`} icon="more" items={items} />}</span>
      {b.leaf && <ul><LeafRow l={b.leaf} /></ul>}
    </li>
  );
}
