// One module beside the canvas: its name, its settings, where its exits lead.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Module } from "../types";
import { Form } from "./form";
import { Icon } from "./icons";
import { useEditor, useState$ } from "./use";
import { change, cableAt, remove, toggleHangUp } from "../model/edit";
import { namesOf } from "../model/names";

export function Inspector() {
  const id = useState$((s) => s.open), module = useState$((s) => s.flow.modules.find((m) => m.id === s.open));
  return id && module ? <Panel key={id} m={module} /> : null;
}

function Panel({ m }: { m: Module }) {
  const editor = useEditor(), [fresh, editable] = useState$((s) => [s.fresh === m.id, s.mode === "edit" && s.rights.edit && !s.narrow]);
  const kind = editor.kind(m.kind);
  const done = () => { editor.set({ open: null, fresh: null }); editor.canvas?.focus(); };
  return (
    <aside className="fe-inspector" aria-label={`Settings of ${m.name}`} data-inspector={m.id}
      onKeyDown={(e) => {
        if (e.defaultPrevented) return;
        if (e.key === "Escape") { e.stopPropagation(); if (fresh) editor.cancelFresh(); else done(); }
        if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); done(); }
      }}>
      <header>
        <span className={"fe-kind fe-" + kind?.family}><Icon name={m.kind} family={kind?.family ?? ""} /></span>
        <span className="fe-words"><h2 className="fe-name">{kind?.title ?? m.kind}</h2></span>
        <button type="button" className="fe-button fe-square" aria-label="Close settings" onClick={done}><Icon name="close" /></button>
      </header>
      <div className="fe-inspector-body">
        {kind?.text && <p className="fe-hint">{kind.text}</p>}
        <Name m={m} editable={editable} />
        <Form key={m.kind} m={m} editable={editable} />
        <Exits m={m} editable={editable} />
        <Rest m={m} editable={editable} />
      </div>
      {fresh && (
        <footer>
          <button type="button" className="fe-button" data-action="cancel" onClick={() => editor.cancelFresh()}>Cancel</button>
          <button type="button" className="fe-button fe-primary" data-action="done" onClick={done}>Done</button>
        </footer>
      )}
    </aside>
  );
}

// useLeft does what a field that is left does when it is taken away instead.
function useLeft(left: () => void): void {
  const last = useRef(left);
  useLayoutEffect(() => { last.current = left; });
  useLayoutEffect(() => () => last.current(), []);
}

function Name({ m, editable }: { m: Module; editable: boolean }) {
  const editor = useEditor(), [text, setText] = useState(m.name);
  useEffect(() => setText(m.name), [m.name]);
  const taken = text !== m.name && namesOf(editor.state.flow).has(text.trim());
  const wrong = taken ? "Another module has this name" : text.trim() === "" ? "A module needs a name" : "";
  const keep = () => {
    if (wrong) return setText(m.name);
    if (text.trim() !== m.name && editor.nameOf(m.id) === m.name) editor.commit(`Rename ${m.name} to ${text.trim()}`, change(editor.state.flow, m.id, { name: text.trim() }));
  };
  useLeft(keep);
  return (
    <div className="field">
      <label htmlFor="fe-name">Name</label>
      <input id="fe-name" value={text} maxLength={60} disabled={!editable} dir="auto" autoComplete="off" aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? "fe-name-problem" : undefined}
        onChange={(e) => setText(e.target.value)} onBlur={keep} onKeyDown={(e) => { if (e.key === "Enter" && !e.ctrlKey && !e.metaKey) { e.preventDefault(); keep(); } }} />
      {wrong && <p className="fe-problem" id="fe-name-problem">{wrong}</p>}
    </div>
  );
}

function Exits({ m, editable }: { m: Module; editable: boolean }) {
  const editor = useEditor(), [flow, exits] = useState$((s) => [s.flow, s.exits[m.id]] as const);
  if (!exits?.length) return null;
  return (
    <section className="fe-ways" aria-label="Exits">
      <h3>Exits</h3>
      <ul>
        {exits.map((e) => {
          const to = cableAt(flow, m.id, e.id)?.to, ends = m.hang_up_here?.includes(e.id) ?? false;
          const fallback = e.fallback ? `as ${editor.label(m.id, e.fallback)}` : "ends the call";
          const leads = to ? editor.nameOf(to) : ends ? "Hangs up here" : e.main ? "Connect…" : fallback;
          return (
            <li key={e.id} data-way={e.id} className={e.main ? "" : "fe-minor"}>
              <span className="fe-way">{e.id.startsWith("key:") ? <kbd>{e.label}</kbd> : e.label}</span>
              <button type="button" className={"fe-to" + (!to && e.main && !ends ? " fe-open" : "")} disabled={!editable} onClick={() => editor.popup({ is: "connect", from: { module: m.id, exit: e.id } })}
                aria-label={`${leads}: where exit ${e.label} leads`}>{leads}</button>
              {e.main && !to && <button type="button" className={"fe-button fe-square" + (ends ? " fe-on" : "")} disabled={!editable} aria-pressed={ends} aria-label={`Hang up at ${e.label}`} title="Hang up here"
                onClick={() => editor.commit(`${ends ? "Do not hang up" : "Hang up"} at ${e.label}`, toggleHangUp(flow, m.id, e.id))}><Icon name="hangup" /></button>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Rest({ m, editable }: { m: Module; editable: boolean }) {
  const editor = useEditor(), [note, setNote] = useState(m.note ?? "");
  useEffect(() => setNote(m.note ?? ""), [m.note]);
  const keep = () => { if (note !== (m.note ?? "") && (editor.module(m.id)?.note ?? "") === (m.note ?? "")) editor.commit(`Note on ${m.name}`, change(editor.state.flow, m.id, { note })); };
  useLeft(keep);
  return (
    <section className="fe-rest-of">
      <div className="field">
        <label htmlFor="fe-note">Note for colleagues</label>
        <textarea id="fe-note" rows={2} maxLength={4000} value={note} disabled={!editable} dir="auto" onChange={(e) => setNote(e.target.value)} onBlur={keep} />
      </div>
      {editable && (
        <div className="fe-actions">
          <button type="button" className="fe-button" aria-pressed={m.shelved ?? false} title="Stays in the draft, is left out of what is published" onClick={() => editor.commit(`${m.shelved ? "Unshelve" : "Shelve"} ${m.name}`, change(editor.state.flow, m.id, { shelved: !m.shelved }))}>
            <Icon name="shelf" />{m.shelved ? "Take from the shelf" : "Shelve"}</button>
          <button type="button" className="fe-button fe-danger" onClick={() => { if (editor.commit(`Remove ${m.name}`, remove(editor.state.flow, new Set([m.id])))) editor.toast(`Removed ${m.name}`, true); }}><Icon name="trash" />Remove</button>
        </div>
      )}
    </section>
  );
}
