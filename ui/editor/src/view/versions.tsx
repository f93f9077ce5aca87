// The published versions of a flow, newest first: looked at, compared, put in
// force again, and taken out of force. What changes calls is asked about first.
import { useEffect, useState } from "react";
import type { Problem, Version } from "../types";
import { Refused } from "../work/api";
import { Dialog } from "./dialog";
import { useEditor, useState$ } from "./use";

type Asked = { version: Version; to: "roll back" | "unpublish" };

export function Versions({ close }: { close(): void }) {
  const editor = useEditor(), [id, rights, published] = useState$((s) => [s.flow.id, s.rights, s.published] as const);
  const [all, setAll] = useState<Version[] | null>(null), [wrong, setWrong] = useState(""), [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => { editor.api.versions().then(setAll, (e: Error) => setWrong(e.message)); }, [editor, published]);
  const base = "/flows/" + encodeURIComponent(id);
  return (
    <Dialog title="Versions" close={close} wide>
      {wrong && <p className="fe-problem fe-refusal" role="alert">{wrong}</p>}
      {all?.length === 0 && <p className="fe-none">Nothing has been published yet. Callers hear a flow from its first version on.</p>}
      <ul className="fe-versions">
        {(all ?? []).map((v, i) => (
          <li key={v.version} className={v.current ? "fe-current" : ""} data-version={v.version}>
            <span className="fe-words"><span className="fe-name">Version {v.version}{v.current && <span className="fe-in-force">in force</span>}</span><span className="fe-sub" dir="auto">{[v.note, v.author, new Date(v.at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })].filter(Boolean).join(" · ")}</span></span>
            <a className="fe-button" href={`${base}/${v.version}`} aria-label={`View version ${v.version}`}>View</a>
            {all![i + 1] && <a className="fe-button" href={`${base}/compare?from=${all![i + 1]!.version}&to=${v.version}`} aria-label={`Changes of version ${v.version}`}>Changes</a>}
            {rights.publish && !v.current && <button type="button" className="fe-button" data-action="roll-back" aria-label={`Roll back to version ${v.version}`} onClick={() => setAsked({ version: v, to: "roll back" })}>Roll back</button>}
            {rights.publish && v.current && <button type="button" className="fe-button fe-danger" data-action="unpublish" onClick={() => setAsked({ version: v, to: "unpublish" })}>Unpublish</button>}
            {asked?.version.version === v.version && <Sure key={asked.to} asked={asked} close={() => setAsked(null)} next={(all![0]?.version ?? 0) + 1} />}
          </li>
        ))}
      </ul>
      {!!all?.length && <Compare all={all} action={base + "/compare"} />}
    </Dialog>
  );
}

// Compare takes any two versions, or one and the draft.
function Compare({ all, action }: { all: Version[]; action: string }) {
  const options = [<option key="draft" value="draft">the draft</option>, ...all.map((v) => <option key={v.version} value={v.version}>version {v.version}</option>)];
  return (
    <form className="fe-compare" method="get" action={action}>
      <label htmlFor="fe-from">Compare</label>
      <select id="fe-from" name="from" defaultValue={String((all.find((v) => v.current) ?? all[0]!).version)}>{options}</select>
      <label htmlFor="fe-to">with</label>
      <select id="fe-to" name="to" defaultValue="draft">{options}</select>
      <button className="fe-button">Compare</button>
    </form>
  );
}

// Sure says what will happen to callers, and does it.
function Sure({ asked: { version, to }, next, close }: { asked: Asked; next: number; close(): void }) {
  const editor = useEditor(), [note, setNote] = useState(`Back to version ${version.version}`), [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState(""), [found, setFound] = useState<Problem[]>([]);
  const back = to === "roll back";
  const go = async () => {
    setBusy(true);
    setWrong("");
    setFound([]);
    try {
      const made = back ? (await editor.api.rollBack(version.version, note.trim())).version : (await editor.api.unpublish(), 0);
      close();
      editor.set({ published: made });
      editor.toast(back ? `Version ${made} is in force, as version ${version.version} was. The draft is as before.` : "Out of force. Its numbers are free; running calls finish.");
    } catch (e) {
      setWrong((e as Error).message);
      if (e instanceof Refused) setFound((e.body["problems"] as Problem[] | undefined) ?? []);
      setBusy(false);
    }
  };
  return (
    <div className="fe-sure" role="group" aria-label={back ? "Roll back" : "Unpublish"} onKeyDown={(e) => { if (e.key === "Escape") { e.preventDefault(); close(); } }}>
      <p>{back ? `What version ${version.version} holds is published again, as version ${next}, after the same checks. The draft stays as it is.` : "New calls to its numbers are refused from now on, and the numbers are free for other flows. Running calls finish. The draft and all versions stay."}</p>
      {wrong && <p className="fe-problem" role="alert">{wrong}</p>}
      {found.length > 0 && <ul className="fe-failed">{found.map((p, i) => <li key={i} data-problem={p.id} dir="auto">{p.module && <strong>{editor.nameOf(p.module)}: </strong>}{p.text}</li>)}</ul>}
      {back && <div className="field"><label htmlFor="fe-back-note">Note</label><input id="fe-back-note" autoFocus value={note} maxLength={500} onChange={(e) => setNote(e.target.value)} onKeyDown={(e) => { if (e.key === "Enter" && !e.nativeEvent.isComposing) void go(); }} /></div>}
      <span className="fe-actions">
        <button type="button" className={"fe-button " + (back ? "fe-primary" : "fe-danger")} data-action="sure" autoFocus={!back} disabled={busy} onClick={() => void go()}>{back ? `Publish as version ${next}` : "Take it out of force"}</button>
        <button type="button" className="fe-button" onClick={close}>Cancel</button>
      </span>
    </div>
  );
}
