// The cable in the hand: green over a module that takes it, red with the
// reason over one that cannot.
import { useEffect } from "react";
import { getBezierPath, useReactFlow, type ConnectionLineComponentProps, type InternalNode } from "@xyflow/react";
import { createPortal } from "react-dom";
import type { Box } from "./draw";
import { light, moduleAt, tabUnder } from "./target";
import { useEditor } from "./use";
import { tabsOf } from "../model/names";

export function ConnectionDraft(p: ConnectionLineComponentProps<Box>) {
  const editor = useEditor(), flow = useReactFlow();
  const forward = p.fromHandle.type === "source"; // else the end that leaves an exit is in the hand
  const at = flow.flowToScreenPosition({ x: p.toX, y: p.toY });
  const here = p.toNode?.id ?? moduleAt(at.x, at.y), leaving = here === p.fromNode.id && p.toHandle?.type !== "target"; // still over the box it came from
  const over = here === undefined || (forward && leaving) ? undefined : here;
  const reason = over === undefined ? null : forward ? editor.refusal(p.fromNode.id, over) : editor.refusal(over, p.fromNode.id);
  const to = ends(flow.getInternalNode(forward && !reason ? over ?? "" : "")) ?? { x: p.toX, y: p.toY };
  const [path] = getBezierPath({ sourceX: p.fromX, sourceY: p.fromY, targetX: to.x, targetY: to.y, sourcePosition: p.fromPosition, targetPosition: p.toPosition, curvature: 0.3 });
  const tab = over === undefined && forward ? tabUnder(editor, at.x, at.y) : undefined;
  const hint = tab === undefined ? "" : `Let go to choose a module of ${tabsOf(editor.state.flow).find((t) => t.id === tab)?.name ?? "that tab"}`;
  const state = reason ? " fe-refused" : over !== undefined ? " fe-welcome" : "";
  useEffect(() => { if (tab !== undefined) light("tab", tab); else if (over !== undefined && !reason) light("module", over); else light(null); }, [tab, over, reason]);
  useEffect(() => () => light(null), []);
  useEffect(() => { if (reason) editor.say(reason); }, [reason, editor]);
  return (
    <g className={"fe-draft" + state}>
      <path d={path} />
      <circle cx={to.x} cy={to.y} r={5} />
      {(reason ?? hint) && createPortal(<Words x={at.x} y={at.y} text={reason ?? hint} refused={reason !== null} />, document.querySelector("flow-editor .fe-root")!)}
    </g>
  );
}

// ends is the inlet that a cable over a module would end in.
const ends = (n: InternalNode | undefined) => n && { x: n.internals.positionAbsolute.x, y: n.internals.positionAbsolute.y + 26 };

// Words stand beside the pointer, and on its other side where the window ends.
function Words({ x, y, text, refused }: { x: number; y: number; text: string; refused: boolean }) {
  return <div className={"fe-reason" + (refused ? "" : " fe-invites")} ref={(el) => {
    if (!el) return;
    el.style.left = Math.max(8, x + 16 + el.offsetWidth > innerWidth - 8 ? x - 16 - el.offsetWidth : x + 16) + "px";
    el.style.top = Math.max(8, y + 16 + el.offsetHeight > innerHeight - 8 ? y - 16 - el.offsetHeight : y + 16) + "px";
  }}>{text}</div>;
}
