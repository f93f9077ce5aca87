// The published versions of a flow, newest first.
import { useEffect, useState } from "react";
import type { Version } from "../types";
import { Dialog } from "./dialog";
import { useEditor, useState$ } from "./use";

export function Versions({ close }: { close(): void }) {
  const editor = useEditor(), [id, rights, published] = useState$((s) => [s.flow.id, s.rights, s.published] as const);
  const [all, setAll] = useState<Version[] | null>(null), [wrong, setWrong] = useState("");
  useEffect(() => { editor.api.versions().then(setAll, (e: Error) => setWrong(e.message)); }, [editor, published]);
  const act = async (what: () => Promise<{ version: number } | void>, done: string) => {
    setWrong("");
    try {
      const got = await what();
      editor.set({ published: got ? got.version : 0 });
      editor.toast(done);
      setAll(await editor.api.versions());
    } catch (e) { setWrong((e as Error).message); }
  };
  const base = "/flows/" + encodeURIComponent(id);
  return (
    <Dialog title="Versions" close={close} wide>
      {wrong && <p className="fe-problem" role="alert">{wrong}</p>}
      {all?.length === 0 && <p className="fe-none">Nothing has been published yet. Callers hear a flow from its first version on.</p>}
      <ul className="fe-versions">
        {(all ?? []).map((v) => (
          <li key={v.version} className={v.current ? "fe-current" : ""}>
            <span className="fe-words"><span className="fe-name">Version {v.version}{v.current && <span className="fe-in-force">in force</span>}</span><span className="fe-sub" dir="auto">{v.note || "No note"} · {v.author} · {new Date(v.at).toLocaleString()}</span></span>
            <a className="fe-button" href={`${base}/${v.version}`}>View</a>
            <a className="fe-button" href={`${base}/compare?from=${v.version}&to=draft`}>Compare with draft</a>
            {rights.publish && !v.current && <button type="button" className="fe-button" onClick={() => void act(() => editor.api.rollBack(v.version), `Rolled back to version ${v.version}, as a new version`)}>Roll back</button>}
            {rights.publish && v.current && <button type="button" className="fe-button fe-danger" onClick={() => void act(() => editor.api.unpublish(), "Unpublished. Its numbers are free; running calls finish.")}>Unpublish</button>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
