// A cable: a soft curve forward, and around the boxes when it leads back.
import { memo } from "react";
import { getBezierPath, getSmoothStepPath, useStoreApi, type EdgeProps, type InternalNode } from "@xyflow/react";
import type { Line } from "./draw";
import { Travellers } from "./travellers";

const arrow = 9;

export const CableLine = memo(function CableLine(p: EdgeProps<Line>) {
  const d = p.data!, store = useStoreApi();
  const ends = { sourceX: p.sourceX, sourceY: p.sourceY, targetX: p.targetX - arrow + 3, targetY: p.targetY, sourcePosition: p.sourcePosition, targetPosition: p.targetPosition };
  const back = p.targetX < p.sourceX + 24;
  const [path, x, y] = back ? getSmoothStepPath({ ...ends, borderRadius: 18, offset: 28, centerY: around(store.getState().nodeLookup, p) }) : getBezierPath({ ...ends, curvature: 0.3 });
  const classes = ["fe-cable", d.tone && "fe-tone-" + d.tone, d.optional && "fe-minor", d.lit && "fe-lit", d.dim && "fe-dim", p.selected && "fe-selected", d.difference && "fe-" + d.difference].filter(Boolean).join(" ");
  return (
    <g className={classes} data-cable={p.id}>
      <path className="fe-cable-path" d={path} />
      <path className="react-flow__edge-interaction" d={path} strokeWidth={20} fill="none" strokeOpacity={0} />
      <path className="fe-arrow" d={`M${p.targetX - arrow - 2},${p.targetY - 5} L${p.targetX - 2},${p.targetY} L${p.targetX - arrow - 2},${p.targetY + 5} z`} />
      <text className="fe-cable-label" x={x} y={y} dy={-6} textAnchor="middle" aria-hidden="true">{d.label}</text>
      <Travellers cable={p.id} path={path} />
    </g>
  );
});

// around is the height at which a cable that leads back passes: between the
// two boxes, or below them when there is no room between.
function around(boxes: ReadonlyMap<string, InternalNode>, p: { source: string; target: string }): number | undefined {
  const a = boxes.get(p.source), b = boxes.get(p.target);
  if (!a || !b) return undefined;
  const [topA, topB] = [a.internals.positionAbsolute.y, b.internals.positionAbsolute.y];
  const [endA, endB] = [topA + (a.measured.height ?? 0), topB + (b.measured.height ?? 0)];
  if (topB - endA >= 24) return (endA + topB) / 2;
  if (topA - endB >= 24) return (endB + topA) / 2;
  return Math.max(endA, endB) + 28;
}
