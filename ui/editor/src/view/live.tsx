// Beside the live canvas: the same calls as a table.
import { useEffect, useState } from "react";
import { useEditor, useState$ } from "./use";
import { clock } from "../model/moments";

export function Live() {
  const editor = useEditor(), [marks, connected, chosen] = useState$((s) => [s.marks, s.connected, s.selected[0]] as const);
  const [now, setNow] = useState(Date.now());
  useEffect(() => { const t = setInterval(() => setNow(Date.now()), 1000); return () => clearInterval(t); }, []);
  const here = chosen && editor.module(chosen) ? marks.filter((m) => m.module === chosen) : marks;
  return (
    <aside className="fe-inspector fe-live" aria-label="Live calls">
      <header><h2>{chosen && editor.module(chosen) ? `At ${editor.nameOf(chosen)}` : "Live calls"} <span className="fe-sub">{here.length}</span></h2></header>
      <div className="fe-inspector-body">
        {!connected && <p className="fe-problem" role="status">Connection lost. Trying again…</p>}
        {here.length === 0 ? <p className="fe-none">No call is here now.</p> : (
          <table><thead><tr><th scope="col">Caller</th><th scope="col">At</th><th scope="col">For</th></tr></thead>
            <tbody>{here.map((m) => <tr key={m.call}><td><a href={"/calls/" + encodeURIComponent(m.call)} dir="auto">{m.caller || "Withheld"}</a></td><td><button type="button" className="fe-link" onClick={() => editor.reveal(m.module)}>{editor.nameOf(m.module)}</button></td><td>{clock(Math.max(0, (now - Date.parse(m.since)) / 1000)).replace(/\.\d$/, "")}</td></tr>)}</tbody></table>
        )}
      </div>
    </aside>
  );
}
