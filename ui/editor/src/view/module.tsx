// One module on the canvas: what it is, where calls come in, and the exits by
// which they leave, always in the same order.
import { memo, useEffect, useState } from "react";
import { Handle, Position, useUpdateNodeInternals, type NodeProps } from "@xyflow/react";
import type { ExitSpec } from "../types";
import { type Box, type ModuleData, type Portal, toneOf, unpack } from "./draw";
import { Icon } from "./icons";
import { useEditor } from "./use";
import { toggleHangUp } from "../model/edit";

type Props = NodeProps<Extract<Box, { type?: "module" }>>;

export const ModuleBox = memo(function ModuleBox({ id, data: d, selected }: Props) {
  const [over, setOver] = useState(false);
  const update = useUpdateNodeInternals();
  const cabled = d.cabled ? d.cabled.split("\n") : [];
  const specs = withBroken(d.exits, cabled);
  const shown = specs.filter((e) => e.main || cabled.includes(e.id) || d.taken.split("\n").includes(e.id));
  const rest = specs.filter((e) => !shown.includes(e));
  const unfolded = rest.length > 0 && d.editable && (over || d.alone);
  const outs = unpack(d.outs), ins = unpack(d.ins);
  const layout = shown.map((e) => e.id).join() + unfolded + d.subtitle;
  useEffect(() => update(id), [layout, id, update]);
  const classes = ["fe-module", "fe-" + (d.family || "none"), selected && "fe-selected", d.module.shelved && "fe-shelved", d.errors > 0 && "fe-has-errors",
    d.order && "fe-on-path", d.now && "fe-now", d.dim && "fe-dim", d.difference && "fe-" + d.difference].filter(Boolean).join(" ");
  return (
    <div className={classes} data-module={id} data-kind={d.module.kind} data-name={d.module.name} onPointerEnter={() => setOver(true)} onPointerLeave={() => setOver(false)}>
      {!d.entry && <Handle type="target" id="in" position={Position.Left} isConnectableStart={false} className="fe-inlet" />}
      <PortalsIn all={ins} />
      <header className="fe-head">
        <span className="fe-kind"><Icon name={d.module.kind} family={d.family} /></span>
        <span className="fe-words">
          <span className="fe-name" dir="auto">{d.module.name}</span>
          <span className="fe-sub" dir="auto">{d.module.shelved ? "Shelved · " : ""}{d.subtitle || d.title}</span>
        </span>
        <Badges d={d} />
      </header>
      {shown.length > 0 && (
        <div className="fe-exits">
          {shown.map((e) => <ExitRow key={e.id} d={d} id={id} e={e} cabled={cabled.includes(e.id)} out={outs.find((p) => p.exit === e.id)} />)}
          {rest.length > 0 && !unfolded && d.editable && <span className="fe-rest" aria-hidden="true">{rest.length} more</span>}
        </div>
      )}
      {unfolded && (
        <div className="fe-exits fe-drawer-exits">
          {rest.map((e) => <ExitRow key={e.id} d={d} id={id} e={e} cabled={false} out={undefined} />)}
        </div>
      )}
    </div>
  );
});

// withBroken shows cables whose exit the settings no longer have.
function withBroken(specs: ExitSpec[], cabled: string[]): ExitSpec[] {
  const lost = cabled.filter((c) => !specs.some((e) => e.id === c));
  return lost.length ? [...specs, ...lost.map((id) => ({ id, label: id + " is gone", main: true, tone: "broken" }))] : specs;
}

function Badges({ d }: { d: ModuleData }) {
  return (
    <span className="fe-badges">
      {d.order && <span className="fe-order" title={"Step " + d.order}>{d.order}</span>}
      {d.calls > 0 && <span className="fe-calls" title={`${d.calls} calls are here`}>{d.calls}</span>}
      {d.errors > 0 && <span className="fe-badge fe-bad" title={d.issue}>{d.errors}</span>}
      {d.errors === 0 && d.warnings > 0 && <span className="fe-badge fe-warn" title={d.issue}>{d.warnings}</span>}
      {d.difference && <span className={"fe-difference fe-" + d.difference} title={d.fields}>{d.difference}</span>}
    </span>
  );
}

function ExitRow({ d, id, e, cabled, out }: { d: ModuleData; id: string; e: ExitSpec; cabled: boolean; out: Portal | undefined }) {
  const editor = useEditor();
  const ends = d.module.hang_up_here?.includes(e.id) ?? false;
  const open = e.main && !cabled && !ends && !d.module.shelved;
  const taken = d.taken.split("\n").includes(e.id);
  const classes = ["fe-exit", toneOf(e.id, e) && "fe-tone-" + toneOf(e.id, e), !e.main && "fe-minor", open && "fe-open", d.exit === e.id && "fe-chosen", taken && "fe-taken", out && "fe-elsewhere"].filter(Boolean).join(" ");
  const key = e.id.startsWith("key:");
  return (
    <div className={classes} data-exit={e.id}>
      {e.main && !cabled && (d.editable || ends) && (
        <button type="button" tabIndex={-1} disabled={!d.editable} className={"fe-hang nodrag" + (ends ? " fe-on" : "")} aria-pressed={ends} title={ends ? "The call ends here, on purpose" : "Hang up here"}
          aria-label={`Hang up at ${e.label}`} onClick={(click) => { click.stopPropagation(); editor.commit(ends ? `Do not hang up at ${e.label}` : `Hang up at ${e.label}`, toggleHangUp(editor.state.flow, id, e.id)); }}>
          <Icon name="hangup" />
        </button>
      )}
      {key ? <kbd>{e.label}</kbd> : <span className="fe-label">{e.label}</span>}
      <Handle type="source" id={e.id} position={Position.Right} className="fe-outlet" />
      {out && <button type="button" tabIndex={-1} className="fe-portal fe-portal-out nodrag" title={`To ${out.name} on ${out.tab}`} onClick={(click) => { click.stopPropagation(); editor.reveal(out.module); }}><Icon name="jump" /><span>{out.name}</span></button>}
    </div>
  );
}

function PortalsIn({ all }: { all: Portal[] }) {
  const editor = useEditor();
  if (!all.length) return null;
  return (
    <div className="fe-portals-in">
      {all.map((p) => <button type="button" tabIndex={-1} key={p.module + p.exit} className="fe-portal nodrag" title={`From ${p.name} on ${p.tab}`} onClick={(e) => { e.stopPropagation(); editor.reveal(p.module); }}><span>{p.name}</span></button>)}
    </div>
  );
}
