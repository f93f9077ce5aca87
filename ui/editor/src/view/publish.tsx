// Publishing: what will change, what is in the way, and a note for later.
import { useEffect, useState } from "react";
import type { Problem, TestResult } from "../types";
import { Refused } from "../work/api";
import { Dialog } from "./dialog";
import { ProblemList } from "./problems";
import { useEditor, useState$ } from "./use";
import { diff } from "../model/change";
import { inWords } from "../model/words";

export function Publish({ close }: { close(): void }) {
  const editor = useEditor(), [problems, published, save, onSave] = useState$((s) => [s.problems, s.published, s.save, s.publishOnSave] as const);
  const [note, setNote] = useState(""), [busy, setBusy] = useState(false), [wrong, setWrong] = useState(""), [failed, setFailed] = useState<TestResult[]>([]), [found, setFound] = useState<Problem[] | null>(null);
  const [changes, setChanges] = useState<string[] | null>(null);
  useEffect(() => {
    void editor.flushed();
    if (!published) return;
    editor.api.version(String(published)).then((v) => setChanges(inWords(diff(v.flow, editor.state.flow), v.flow, editor.state.flow)), () => {});
  }, [editor, published]);
  const list = found ?? problems, errors = list.filter((p) => p.level === "error");
  const go = async () => {
    setBusy(true);
    setWrong("");
    setFailed([]);
    setFound(null);
    try {
      if (!(await editor.flushed())) throw new Error("The draft is not saved yet");
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
  return (
    <Dialog title={published ? `Publish version ${published + 1}` : "Publish"} close={close}>
      {wrong && <p className="fe-problem" role="alert">{wrong}</p>}
      {list.length > 0 && <><h3>{errors.length ? "In the way" : "Worth a look"}</h3><ProblemList problems={errors.length ? errors : list} then={close} /></>}
      {failed.length > 0 && <><h3>Failing tests</h3><ul className="fe-failed">{failed.map((t) => <li key={t.id}><strong>{t.name}</strong> {t.text}</li>)}</ul></>}
      {changes && <><h3>Since version {published}</h3>{changes.length ? <ul className="fe-changes">{changes.slice(0, 12).map((c) => <li key={c}>{c}</li>)}{changes.length > 12 && <li>and {changes.length - 12} more</li>}</ul> : <p className="fe-none">Nothing has changed.</p>}</>}
      <div className="field"><label htmlFor="fe-publish-note">Note</label><input id="fe-publish-note" value={note} maxLength={200} placeholder="What changed, for those who look later" onChange={(e) => setNote(e.target.value)} /></div>
      <label className="fe-check"><input type="checkbox" checked={onSave} onChange={(e) => void option(e.target.checked)} /> Publish at every save from now on</label>
      <footer>
        <button type="button" className="fe-button" onClick={() => editor.popup({ is: "versions" })}>Versions</button>
        <span className="fe-gap" />
        <button type="button" className="fe-button" onClick={close}>Cancel</button>
        <button type="button" className="fe-button fe-primary" data-action="publish-now" disabled={busy || errors.length > 0 && found === null || save.state === "offline"} onClick={() => void go()}>{busy ? "Publishing…" : "Publish"}</button>
      </footer>
    </Dialog>
  );
}
