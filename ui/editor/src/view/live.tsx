// Beside the live canvas: the same calls as a table, and what can be done to
// one of them.
import { useEffect, useState } from "react";
import type { Mark } from "../types";
import { Menu } from "./menu";
import { useEditor, useState$ } from "./use";
import { clock } from "../model/moments";

export function Live() {
  const editor = useEditor(), [marks, connected, chosen] = useState$((s) => [s.marks, s.connected, s.selected[0]] as const);
  const [now, setNow] = useState(Date.now());
  useEffect(() => { const t = setInterval(() => setNow(Date.now()), 1000); return () => clearInterval(t); }, []);
  const at = chosen === undefined ? undefined : editor.module(chosen);
  const here = at ? marks.filter((m) => m.module === at.id) : marks;
  return (
    <aside className="fe-inspector fe-live" aria-label="Live calls">
      <header><h2>{at ? `At ${at.name}` : "Live calls"} <span className="fe-sub">{here.length}</span></h2></header>
      <div className="fe-inspector-body">
        {!connected && <p className="fe-problem" role="status">Connection lost. Trying again…</p>}
        {here.length === 0 ? <p className="fe-none">No call is here now.</p> : (
          <table>
            <thead><tr><th scope="col">Caller</th><th scope="col">At</th><th scope="col">For</th><th scope="col"><span className="fe-unseen">Actions</span></th></tr></thead>
            <tbody>{here.map((m) => <Row key={m.call} m={m} now={now} />)}</tbody>
          </table>
        )}
      </div>
    </aside>
  );
}

function Row({ m, now }: { m: Mark; now: number }) {
  const editor = useEditor();
  const hangUp = () => editor.api.hangUp(m.call).then(() => editor.toast(`Hanging up on ${m.caller || "the caller"}`), (e: Error) => editor.toast(e.message));
  return (
    <tr data-call={m.call}>
      <td dir="auto">{m.caller || "Withheld"}</td>
      <td><button type="button" className="fe-link" onClick={() => editor.reveal(m.module)}>{editor.nameOf(m.module)}</button></td>
      <td>{clock(Math.max(0, (now - Date.parse(m.since)) / 1000)).replace(/\.\d$/, "")}</td>
      <td><Menu label={`Act on the call of ${m.caller || "a withheld number"}`} icon="more" items={() => [
        { text: "Show the call", act: () => location.assign("/calls/" + encodeURIComponent(m.call)) },
        { text: "Move to a module…", act: () => editor.popup({ is: "move call", call: m.call }) },
        { text: "Hang up", act: () => void hangUp() },
      ]} /></td>
    </tr>
  );
}
