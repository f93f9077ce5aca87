// The cable in the hand: green over a module that takes it, red with the
// reason over one that cannot.
import { getBezierPath, useReactFlow, type ConnectionLineComponentProps } from "@xyflow/react";
import { createPortal } from "react-dom";
import type { Box } from "./draw";
import { moduleAt } from "./canvas";
import { useEditor } from "./use";

export function ConnectionDraft(p: ConnectionLineComponentProps<Box>) {
  const editor = useEditor(), flow = useReactFlow();
  const [path] = getBezierPath({ sourceX: p.fromX, sourceY: p.fromY, targetX: p.toX, targetY: p.toY, sourcePosition: p.fromPosition, targetPosition: p.toPosition, curvature: 0.3 });
  const at = flow.flowToScreenPosition(p.pointer ? { x: p.toX, y: p.toY } : { x: p.toX, y: p.toY });
  const over = p.toNode?.id ?? moduleAt(at.x, at.y);
  const leaving = over === p.fromNode.id && !p.toHandle; // still over the box it came from
  const reason = over && !leaving ? editor.refusal(p.fromNode.id, over) : null;
  const state = reason ? " fe-refused" : over && !leaving ? " fe-welcome" : "";
  return (
    <g className={"fe-draft" + state}>
      <path d={path} />
      <circle cx={p.toX} cy={p.toY} r={5} />
      {reason && createPortal(<Reason x={at.x} y={at.y} text={reason} />, document.querySelector("flow-editor .fe-root")!)}
    </g>
  );
}

function Reason({ x, y, text }: { x: number; y: number; text: string }) {
  return <div className="fe-reason" role="status" ref={(el) => { if (el) { el.style.left = x + 14 + "px"; el.style.top = y + 14 + "px"; } }}>{text}</div>;
}
