// The flow as a tree of words: the same edits as on the canvas, without it.
import { memo, useMemo, useState } from "react";
import { Icon } from "./icons";
import { Menu } from "./menu";
import { useEditor, useState$ } from "./use";
import { change, disconnect, remove, toggleHangUp } from "../model/edit";
import { namesOf, tabsOf } from "../model/names";
import { intoQueue, turns } from "../work/turn";
import { outline, type Branch, type Leaf } from "../model/outline";

export function Outline() {
  const editor = useEditor(), [flow, exits, open] = useState$((s) => [s.flow, s.exits, s.outline] as const);
  const tree = useMemo(() => (open ? outline(flow, exits, editor.kind) : null), [flow, exits, open, editor]);
  if (!tree) return null;
  return (
    <aside className="fe-outline" aria-label="Outline">
      <header><h2>Outline</h2><span className="fe-gap" />
        {editor.editable && <button type="button" className="fe-button fe-square" aria-label="Add a module" title="Add a module" onClick={() => editor.popup({ is: "add", at: null, screen: null })}><Icon name="plus" /></button>}
        <button type="button" className="fe-button fe-square" aria-label="Close the outline" onClick={() => editor.set({ outline: false })}><Icon name="close" /></button></header>
      <div className="fe-tree">
        {tree.entries.length > 0 && <ul>{tree.entries.map((l) => <LeafRow key={l.module.id} l={l} />)}</ul>}
        {tree.apart.length > 0 && <><h3>No call reaches</h3><ul>{tree.apart.map((l) => <LeafRow key={l.module.id} l={l} />)}</ul></>}
        {!tree.entries.length && !tree.apart.length && <p className="fe-none">This flow is empty.</p>}
      </div>
    </aside>
  );
}

const LeafRow = memo(function LeafRow({ l }: { l: Leaf }) {
  const editor = useEditor(), m = l.module, [chosen, problems] = useState$((s) => [s.selected.includes(m.id), s.problems.filter((p) => p.module === m.id && p.level === "error").length] as const);
  const [naming, setNaming] = useState(false);
  const kind = editor.kind(m.kind);
  if (l.again) return <li className="fe-again"><button type="button" className="fe-leaf" onClick={() => editor.reveal(m.id)}><Icon name="jump" /><span dir="auto">{m.name}</span></button></li>;
  const rename = (text: string) => {
    setNaming(false);
    const now = text.trim();
    if (!now || now === m.name) return;
    if (namesOf(editor.state.flow).has(now)) return editor.toast("Another module has this name");
    editor.commit(`Rename ${m.name} to ${now}`, change(editor.state.flow, m.id, { name: now }));
  };
  return (
    <li data-outline={m.id}>
      <span className={"fe-leaf-row" + (chosen ? " fe-chosen" : "")}>
        {naming ? <input aria-label="Name" autoFocus defaultValue={m.name} maxLength={60} onBlur={(e) => rename(e.target.value)} onKeyDown={(e) => { if (e.key === "Enter") rename(e.currentTarget.value); if (e.key === "Escape") setNaming(false); }} /> : (
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
            { text: "Move on the canvas", hint: "M", act: () => { editor.reveal(m.id); editor.set({ moving: true }); editor.canvas?.focus(); } },
            ...(turns(m) ? [{ text: "Turn into a Queue", hint: "Q", act: () => void intoQueue(editor, m.id) }] : []),
            { text: m.shelved ? "Take from the shelf" : "Shelve", act: () => void editor.commit(`${m.shelved ? "Unshelve" : "Shelve"} ${m.name}`, change(editor.state.flow, m.id, { shelved: !m.shelved })) },
            { text: "Remove", hint: "Del", act: () => { if (editor.commit(`Remove ${m.name}`, remove(editor.state.flow, new Set([m.id])))) editor.toast(`Removed ${m.name}`, true); } },
          ] : []),
        ]} />
      </span>
      {l.branches.length > 0 && <ul>{l.branches.filter((b) => b.main || b.leaf).map((b) => <BranchRow key={b.exit} from={m.id} b={b} />)}</ul>}
    </li>
  );
});

function BranchRow({ from, b }: { from: string; b: Branch }) {
  const editor = useEditor(), at = { module: from, exit: b.exit };
  const items = () => [
    { text: "Connect to…", act: () => editor.popup({ is: "connect", from: at }) },
    { text: "Add a module after", act: () => editor.popup({ is: "add", at: null, screen: null, from: at }) },
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
