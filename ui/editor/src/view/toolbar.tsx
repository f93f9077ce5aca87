// The bar above the canvas: what the flow is called, whether it is saved, and
// what can be done with the whole of it.
import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons";
import { useEditor, useState$ } from "./use";
import { Menu } from "./menu";
import { useProblems } from "./problems";
import { align, tidyUp } from "../work/arrange";
import { live } from "../work/testcall";

export function Toolbar() {
  const editor = useEditor(), problems = useProblems(), [mode, editable, rights, drawer, outline, published] = useState$((s) => [s.mode, s.mode === "edit" && s.rights.edit && !s.narrow, s.rights, s.drawer, s.outline, s.published] as const);
  useState$((s) => s.changed);
  const errors = problems.filter((p) => p.level === "error").length, warnings = problems.length - errors;
  const { past, future } = editor.history;
  return (
    <div className="fe-toolbar" role="toolbar" aria-label="Flow">
      <FlowName editable={editable} />
      {mode === "edit" && <SaveMark />}
      <Presence />
      <span className="fe-gap" />
      {editable && (
        <span className="fe-group">
          <button type="button" className="fe-button fe-square" aria-label="Undo" title={past.length ? `Undo ${past.at(-1)!.name} (Ctrl Z)` : "Undo"} disabled={!past.length} onClick={() => editor.undo()}><Icon name="undo" /></button>
          <button type="button" className="fe-button fe-square" aria-label="Redo" title={future.length ? `Redo ${future.at(-1)!.name} (Ctrl Y)` : "Redo"} disabled={!future.length} onClick={() => editor.redo()}><Icon name="redo" /></button>
          <HistoryMenu />
        </span>
      )}
      <span className="fe-group">
        <button type="button" className={"fe-button fe-square" + (outline ? " fe-on" : "")} aria-label="Outline" aria-pressed={outline} title="Outline (O)" onClick={() => editor.set({ outline: !outline })}><Icon name="outline" /></button>
        <button type="button" className="fe-button fe-square" aria-label="Find a module" title="Find (Ctrl K)" onClick={() => editor.popup({ is: "find" })}><Icon name="find" /></button>
        {editable && <button type="button" className="fe-button fe-square" aria-label="Tidy up" title="Tidy up" onClick={() => void tidyUp(editor)}><Icon name="tidy" /></button>}
        <More />
      </span>
      {mode === "edit" && (
        <span className="fe-group">
          <button type="button" className={"fe-button" + (drawer === "problems" ? " fe-on" : "")} aria-expanded={drawer === "problems"} data-action="problems" onClick={() => editor.set({ drawer: drawer === "problems" ? null : "problems" })}>
            {errors ? <span className="fe-count fe-bad">{errors}</span> : warnings ? <span className="fe-count fe-warn">{warnings}</span> : <Icon name="check" />}Problems</button>
          {rights.simulate && <button type="button" className={"fe-button" + (drawer === "simulate" ? " fe-on" : "")} aria-expanded={drawer === "simulate"} data-action="simulate" onClick={() => editor.set({ drawer: drawer === "simulate" ? null : "simulate", ...(drawer === "simulate" ? { shown: null } : {}) })}><Icon name="play" />Simulate</button>}
          {rights.call && <TestCallButton />}
          {rights.publish && editable && <button type="button" className="fe-button fe-primary" data-action="publish" title={published ? `Version ${published} is in force` : "Never published"} onClick={() => editor.popup({ is: "publish" })}>Publish</button>}
        </span>
      )}
    </div>
  );
}

// TestCallButton shows the drawer and hides it again; a call goes on meanwhile,
// and the button says so.
function TestCallButton() {
  const editor = useEditor(), [open, runs] = useState$((s) => [s.drawer === "test call", live(s.testCall)] as const);
  const toggle = () => editor.set({ drawer: open ? null : "test call", ...(open && !runs ? { shown: null } : {}) });
  return <button type="button" className={"fe-button" + (open ? " fe-on" : "")} aria-expanded={open} data-action="test-call" onClick={toggle}><Icon name="phone-number" />Test call{runs && <span className="fe-under-way"><span className="fe-unseen">, under way</span></span>}</button>;
}

function FlowName({ editable }: { editable: boolean }) {
  const editor = useEditor(), [name, title] = useState$((s) => [s.flow.name, String(s.facts["title"] ?? "")] as const);
  const [text, setText] = useState(name), ref = useRef<HTMLInputElement>(null);
  useEffect(() => setText(name), [name]);
  const keep = () => {
    const now = text.trim();
    if (!now) setText(name);
    else if (now !== name) editor.commit(`Rename the flow to ${now}`, [{ in: "name", key: "", before: name, after: now }]);
  };
  if (!editable) return <div className="fe-flow-name"><bdi>{name}</bdi>{title && <span className="fe-title">{title}</span>}</div>;
  return <input ref={ref} className="fe-flow-name" aria-label="Name of the flow" value={text} size={Math.max(6, text.length)} maxLength={60} onChange={(e) => setText(e.target.value)} onBlur={keep} onKeyDown={(e) => { if (e.key === "Enter") ref.current!.blur(); }} />;
}

const words = { saved: "Saved", saving: "Saving…", offline: "Offline", refused: "Not saved", merging: "Merging" };

function SaveMark() {
  const editor = useEditor(), v = useState$((s) => s.save);
  const waiting = v.waiting === 1 ? "1 change waiting" : `${v.waiting} changes waiting`;
  return (
    <span className={"fe-save fe-" + v.state} role="status" data-save={v.state}>
      {words[v.state]}{v.state === "offline" && `, ${waiting}`}{v.state === "refused" && `: ${v.error}`}
      {v.state === "offline" && <button type="button" className="fe-link" onClick={() => editor.saver.now()}>Try now</button>}
      {v.state === "refused" && <button type="button" className="fe-link" onClick={() => void editor.reload()}>Show the saved draft</button>}
    </span>
  );
}

function Presence() {
  const [editors, me] = useState$((s) => [s.editors, s.me] as const);
  const others = [...new Set(editors.map((e) => e.email))].filter((e) => e !== me);
  if (!others.length) return null;
  return <ul className="fe-presence" aria-label="Also here">{others.slice(0, 5).map((e) => <li key={e} title={`${e} is editing too`}><span aria-hidden="true">{e.slice(0, 2).toUpperCase()}</span><span className="fe-unseen">{e}</span></li>)}</ul>;
}

function HistoryMenu() {
  const editor = useEditor();
  return (
    <Menu label="History" icon="down" items={() => {
      const { past, future } = editor.history;
      if (!past.length && !future.length) return [];
      return [
        ...future.map((entry, i) => ({ text: entry.name, hint: "undone", undone: true, act: () => { for (let n = i; n < future.length; ) editor.redo(); } })),
        ...past.map((entry, i) => ({ text: entry.name, hint: i === past.length - 1 ? "now" : "", now: i === past.length - 1, act: () => { while (past.length > i + 1) editor.undo(); } })).reverse(),
        { text: "As it was opened", now: past.length === 0, act: () => { while (past.length) editor.undo(); } },
      ];
    }} empty="Nothing has been changed yet" />
  );
}

function More() {
  const editor = useEditor();
  return (
    <Menu label="More" icon="more" items={() => [
      { text: "Show all", hint: "F", act: () => editor.canvas?.fit() },
      ...(editor.editable && editor.state.selected.length > 1 ? [{ text: "Align left", act: () => align(editor, "x") }, { text: "Align top", act: () => align(editor, "y") }] : []),
      ...(editor.state.mode === "edit" ? [{ text: "Versions", act: () => editor.popup({ is: "versions" }) }, { text: "Export as a file", act: () => { location.assign(editor.api.exportLink()); } }, { text: "Import a file…", act: () => pickFile(editor) }] : []),
      { text: "Keys", hint: "?", act: () => editor.popup({ is: "help" }) },
    ]} />
  );
}

// pickFile imports a flow file as a flow of its own and opens it.
function pickFile(editor: ReturnType<typeof useEditor>): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.onchange = async () => {
    try {
      const made = await editor.api.importFlow(await input.files![0]!.text());
      location.assign("/flows/" + encodeURIComponent(made.id) + (made.missing?.length ? "/missing" : ""));
    } catch (e) { editor.toast(e instanceof SyntaxError ? "That file is no flow" : (e as Error).message); }
  };
  input.click();
}
