// Publishing: what will change, what is in the way, where calls come in, and a
// note for later.
import { useEffect, useRef, useState } from "react";
import type { Problem, TestResult } from "../types";
import { Refused } from "../work/api";
import { Dialog } from "./dialog";
import { Icon } from "./icons";
import { ProblemList, useProblems } from "./problems";
import { useEditor, useState$ } from "./use";
import { inWords } from "../model/words";

const moves = ["number-moves", "internal-number-moves"], mostChanges = 12;

export function Publish({ close }: { close(): void }) {
  const editor = useEditor(), problems = useProblems(), [published, save, onSave, tests] = useState$((s) => [s.published, s.save, s.publishOnSave, s.flow.tests?.length ?? 0] as const);
  const [note, setNote] = useState(""), [busy, setBusy] = useState(false), [wrong, setWrong] = useState(""), [failed, setFailed] = useState<TestResult[]>([]), [found, setFound] = useState<Problem[] | null>(null);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    first.current!.focus();
    void editor.flushed();
  }, [editor]);
  const list = found ?? problems, errors = list.filter((p) => p.level === "error"), warnings = list.filter((p) => p.level === "warning" && !moves.includes(p.id));
  const able = !busy && (errors.length === 0 || found !== null) && save.state !== "offline";
  const go = async () => {
    if (!able) return;
    setBusy(true);
    setWrong("");
    setFailed([]);
    setFound(null);
    try {
      if (!(await editor.typed.settle())) throw new Error("What you typed into a form is not in the draft yet");
      if (!(await editor.saver.flushed())) throw new Error("The draft is not saved yet");
      const { version } = await editor.api.publish(note.trim(), editor.saver.revision);
      editor.set({ published: version, popup: null });
      editor.toast(`Version ${version} is in force. New calls follow it; running calls keep theirs.`);
    } catch (e) {
      setWrong((e as Error).message);
      if (e instanceof Refused) {
        setFound((e.body["problems"] as Problem[] | undefined) ?? null);
        setFailed(((e.body["tests"] as TestResult[] | undefined) ?? []).filter((t) => !t.passed));
      }
    } finally { setBusy(false); }
  };
  const option = async (on: boolean) => {
    try { await editor.api.options(on); editor.set({ publishOnSave: on }); } catch (e) { setWrong((e as Error).message); }
  };
  const away = () => editor.set({ popup: null }); // the focus goes to a field, not back to the canvas
  return (
    <Dialog title={published ? `Publish version ${published + 1}` : "Publish"} close={close}>
      {wrong && <p className="fe-problem fe-refusal" role="alert">{wrong}</p>}
      {errors.length > 0 && <section aria-label="In the way"><h3>In the way</h3><ProblemList problems={errors} then={away} /></section>}
      {errors.length === 0 && warnings.length > 0 && <section aria-label="Worth a look"><h3>Worth a look</h3><ProblemList problems={warnings} then={away} /></section>}
      {failed.length > 0 && <section aria-label="Failing tests"><h3>Failing tests</h3><ul className="fe-failed">{failed.map((t) => <li key={t.id}><strong dir="auto">{t.name}</strong> <span dir="auto">{t.text}</span></li>)}</ul></section>}
      {published > 0 && <Since version={published} />}
      <Claims moving={list.filter((p) => moves.includes(p.id))} />
      {tests > 0 && failed.length === 0 && <p className="fe-hint">{tests === 1 ? "The saved test is" : `The ${tests} saved tests are`} run first; one that fails stops the publish.</p>}
      <div className="field"><label htmlFor="fe-publish-note">Note</label><input ref={first} id="fe-publish-note" value={note} maxLength={500} placeholder="What changed, for those who look later" onChange={(e) => setNote(e.target.value)} onKeyDown={(e) => { if (e.key === "Enter" && !e.nativeEvent.isComposing) void go(); }} /></div>
      <label className="fe-check"><input type="checkbox" checked={onSave} onChange={(e) => void option(e.target.checked)} /> Publish each change as it is saved, from now on</label>
      <footer>
        <button type="button" className="fe-button" onClick={() => editor.popup({ is: "versions" })}>Versions</button>
        <span className="fe-gap" />
        <button type="button" className="fe-button" onClick={close}>Cancel</button>
        <button type="button" className="fe-button fe-primary" data-action="publish-now" disabled={!able} onClick={() => void go()}>{busy ? "Publishing…" : "Publish"}</button>
      </footer>
    </Dialog>
  );
}

// Since says what callers will notice.
function Since({ version }: { version: number }) {
  const editor = useEditor(), [changes, setChanges] = useState<string[] | null>(null);
  useEffect(() => {
    const saved = async () => { await editor.typed.settle(); await editor.saver.flushed(); return editor.api.compare(String(version), "draft"); };
    saved().then((told) => setChanges(inWords(told, editor.nameOf)), () => {});
  }, [editor, version]);
  return changes && (
    <section aria-label={`Since version ${version}`}>
      <h3>Since version {version}</h3>
      {changes.length ? <ul className="fe-changes">{changes.slice(0, mostChanges).map((c, i) => <li key={i} dir="auto">{c}</li>)}{changes.length > mostChanges && <li>and {changes.length - mostChanges} more</li>}</ul> : <p className="fe-none">Nothing has changed for callers.</p>}
    </section>
  );
}

// Claims are the ways in, and from whom one of them is taken.
function Claims({ moving }: { moving: Problem[] }) {
  const editor = useEditor(), [flow, subtitles] = useState$((s) => [s.flow, s.subtitles] as const);
  const entries = flow.modules.filter((m) => editor.kind(m.kind)?.entry && !m.shelved);
  if (!entries.length) return null;
  return (
    <section aria-label="Calls come in by">
      <h3>Calls come in by</h3>
      <ul className="fe-claims">
        {entries.map((m) => {
          const move = moving.find((p) => p.module === m.id);
          return <li key={m.id}><Icon name={m.kind} family={editor.kind(m.kind)?.family ?? ""} /><strong dir="auto">{subtitles[m.id] || m.name}</strong>{move && <span className="fe-warning" dir="auto">{move.text.slice(0, 1).toUpperCase() + move.text.slice(1)}</span>}</li>;
        })}
      </ul>
    </section>
  );
}
