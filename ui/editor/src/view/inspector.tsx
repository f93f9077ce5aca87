// One module beside the canvas: its name, its settings, where its exits lead.
import { useEffect, useRef, useState } from "react";
import type { Module, Problem } from "../types";
import { Form } from "./form";
import { Icon } from "./icons";
import { useEditor, useState$ } from "./use";
import { change, cableAt, remove, toggleHangUp } from "../model/edit";
import { namesOf, tabOf, tabsOf } from "../model/names";
import { exitOf, inForm } from "../model/problems";
import { moveToTab } from "../work/arrange";

const typingMs = 400;
const sentence = (s: string): string => s.slice(0, 1).toUpperCase() + s.slice(1);

export function Inspector() {
  const id = useState$((s) => s.open), module = useState$((s) => s.flow.modules.find((m) => m.id === s.open));
  return id && module ? <Panel key={id} m={module} /> : null;
}

function Panel({ m }: { m: Module }) {
  const editor = useEditor(), [fresh, editable] = useState$((s) => [s.fresh === m.id, s.mode === "edit" && s.rights.edit && !s.narrow]);
  const kind = editor.kind(m.kind), body = useRef<HTMLDivElement>(null), field = useState$((s) => s.field);
  useEffect(() => { // a field of the inspector's own; those of the form are found there
    if (field === null || inForm(field)) return;
    const found = body.current!.querySelector<HTMLElement>(`[data-beside="${CSS.escape(field)}"]:not(:disabled)`) ?? body.current!.querySelector<HTMLElement>("[data-beside]");
    found?.scrollIntoView({ block: "nearest" });
    found?.focus({ preventScroll: true });
    editor.set({ field: null });
  }, [field, editor]);
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
      <div className="fe-inspector-body" ref={body}>
        {!fresh && <Findings m={m} />}
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

// Findings are what is wrong with the module as a part of the flow.
function Findings({ m }: { m: Module }) {
  const problems = useState$((s) => s.problems);
  const all = problems.filter((p) => p.module === m.id && ["", "id", "cables"].includes(p.field ?? ""));
  if (!all.length) return null;
  return (
    <ul className="fe-findings" tabIndex={-1} data-beside="" aria-label="Problems of this module">
      {all.map((p, i) => <li key={i} className={"fe-problem" + (p.level === "warning" ? " fe-warning" : "")} data-problem={p.id}>{sentence(p.text)}</li>)}
    </ul>
  );
}

// useKept gives a text to the draft once its reader pauses, and when the field
// is left or closed.
function useKept(text: string, keep: (text: string) => void): { typed(): void; now(): void } {
  const timer = useRef(0), newest = useRef(() => {});
  newest.current = () => { if (timer.current) { clearTimeout(timer.current); timer.current = 0; keep(text); } };
  useEffect(() => {
    const now = () => newest.current();
    addEventListener("beforeunload", now);
    return () => { removeEventListener("beforeunload", now); now(); };
  }, []);
  return { typed: () => { clearTimeout(timer.current); timer.current = window.setTimeout(() => newest.current(), typingMs); }, now: () => newest.current() };
}

function Name({ m, editable }: { m: Module; editable: boolean }) {
  const editor = useEditor(), [text, setText] = useState(editor.typed.names.get(m.id) ?? m.name);
  const found = useState$((s) => s.problems).find((p) => p.module === m.id && p.field === "name");
  const taken = text !== m.name && namesOf(editor.state.flow).has(text.trim());
  const wrong = taken ? `Another module has this name. It stays ${m.name} until it has one of its own.` : text.trim() === "" ? `A module needs a name. It stays ${m.name} until it has one.` : "";
  useEffect(() => setText((now) => (editor.typed.names.has(m.id) || now.trim() === m.name ? now : m.name)), [m.name]);
  useEffect(() => { if (wrong) editor.typed.names.set(m.id, text); else editor.typed.names.delete(m.id); }, [wrong, text]);
  const kept = useKept(text, (now) => { if (!wrong && now.trim() !== m.name) editor.commit(`Rename ${m.name} to ${now.trim()}`, change(editor.state.flow, m.id, { name: now.trim() }), "name " + m.id); });
  const says = wrong || (found && text === m.name ? sentence(found.text) : "");
  return (
    <div className="field">
      <label htmlFor="fe-name">Name</label>
      <input id="fe-name" data-beside="name" value={text} maxLength={60} disabled={!editable} dir="auto" autoComplete="off" aria-invalid={says ? true : undefined} aria-describedby={says ? "fe-name-problem" : undefined}
        onChange={(e) => { setText(e.target.value); kept.typed(); }} onBlur={kept.now} onKeyDown={(e) => { if (e.key === "Enter" && !e.ctrlKey && !e.metaKey) { e.preventDefault(); kept.now(); } }} />
      {says && <p className="fe-problem" id="fe-name-problem" data-problem={found?.id}>{says}</p>}
    </div>
  );
}

function Exits({ m, editable }: { m: Module; editable: boolean }) {
  const editor = useEditor(), [flow, exits, problems, fresh] = useState$((s) => [s.flow, s.exits[m.id], s.problems, s.fresh === m.id] as const);
  if (!exits?.length) return null;
  const wrong = (exit: string): Problem[] => (fresh ? [] : problems.filter((p) => p.module === m.id && exitOf(p) === exit));
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
              <button type="button" data-beside={"exits." + e.id} className={"fe-to" + (!to && e.main && !ends ? " fe-open" : "")} disabled={!editable} onClick={() => editor.popup({ is: "connect", from: { module: m.id, exit: e.id } })}
                aria-label={`${leads}: where exit ${e.label} leads`} aria-describedby={wrong(e.id).length ? `fe-way-${e.id}` : undefined}>{leads}</button>
              {e.main && !to && <button type="button" className={"fe-button fe-square" + (ends ? " fe-on" : "")} disabled={!editable} aria-pressed={ends} aria-label={`Hang up at ${e.label}`} title="Hang up here"
                onClick={() => editor.commit(`${ends ? "Do not hang up" : "Hang up"} at ${e.label}`, toggleHangUp(flow, m.id, e.id))}><Icon name="hangup" /></button>}
              {wrong(e.id).map((p) => <p key={p.id} id={`fe-way-${e.id}`} className={(p.id === "dead-end" ? "fe-unseen" : "fe-problem") + (p.level === "warning" ? " fe-warning" : "")} data-problem={p.id}>{sentence(p.text)}</p>)}
            </li>
          );
        })}
      </ul>
      {exits.some((e) => wrong(e.id).some((p) => p.id === "dead-end")) && <p className="fe-hint">A call that leaves by a red exit goes nowhere: connect it, or mark that it ends there.</p>}
    </section>
  );
}

function Rest({ m, editable }: { m: Module; editable: boolean }) {
  const editor = useEditor(), [flow, stays] = useState$((s) => [s.flow, s.stays] as const), [note, setNote] = useState(m.note ?? "");
  useEffect(() => setNote(m.note ?? ""), [m.note]);
  const kept = useKept(note, (now) => { if (now !== (m.note ?? "")) editor.commit(`Note on ${m.name}`, change(editor.state.flow, m.id, { note: now }), "note " + m.id); });
  const shelve = m.shelved ? "Take from the shelf" : "Shelve";
  return (
    <section className="fe-rest-of" aria-label="The module">
      <Tab m={m} editable={editable} />
      <div className="field">
        <label htmlFor="fe-note">Note for colleagues</label>
        <textarea id="fe-note" data-beside="note" rows={2} maxLength={2000} value={note} disabled={!editable} dir="auto" onChange={(e) => { setNote(e.target.value); kept.typed(); }} onBlur={kept.now} />
      </div>
      {editable && (
        <div className="fe-actions">
          <button type="button" className="fe-button" aria-pressed={m.shelved ?? false} disabled={stays.includes(m.id)} aria-describedby="fe-shelf-hint" onClick={() => editor.commit(`${m.shelved ? "Unshelve" : "Shelve"} ${m.name}`, change(editor.state.flow, m.id, { shelved: !m.shelved }))}>
            <Icon name="shelf" />{shelve}</button>
          <button type="button" className="fe-button fe-danger" disabled={stays.includes(m.id)} onClick={() => { if (editor.commit(`Remove ${m.name}`, remove(flow, new Set([m.id])))) editor.toast(`Removed ${m.name}`, true); }}><Icon name="trash" />Remove</button>
          <p className="fe-hint" id="fe-shelf-hint">{stays.includes(m.id) ? "Once published it stays: numbers may be bound to it." : m.shelved ? "On the shelf: it stays in the draft, and no caller meets it." : "What is shelved stays in the draft and is left out of what is published."}</p>
        </div>
      )}
    </section>
  );
}

// Tab says on which tab the module lies, where there are several or its own is
// gone.
function Tab({ m, editable }: { m: Module; editable: boolean }) {
  const editor = useEditor(), [flow, problems] = useState$((s) => [s.flow, s.problems] as const);
  const tabs = tabsOf(flow), wrong = problems.find((p) => p.module === m.id && p.field === "tab"), lost = wrong && !tabs.some((t) => t.id === (m.tab ?? ""));
  if (tabs.length < 2 && !wrong) return null;
  return (
    <div className="field">
      <label htmlFor="fe-tab">Tab</label>
      <select id="fe-tab" data-beside="tab" value={lost ? "gone?" : tabOf(flow, m)} disabled={!editable} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? "fe-tab-problem" : undefined}
        onChange={(e) => moveToTab(editor, [m.id], e.target.value)}>
        {lost && <option value="gone?" disabled>A tab that is gone</option>}
        {tabs.map((t) => <option key={t.id} value={t.id}>{t.name || "The first"}</option>)}
      </select>
      {wrong && <p className="fe-problem" id="fe-tab-problem" data-problem={wrong.id}>{sentence(wrong.text)}</p>}
    </div>
  );
}
