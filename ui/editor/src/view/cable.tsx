// A cable: a soft curve forward, and around the boxes when it leads back.
import { memo } from "react";
import { getBezierPath, getSmoothStepPath, type EdgeProps } from "@xyflow/react";
import type { Line } from "./draw";
import { Travellers } from "./travellers";

const arrow = 9;

export const CableLine = memo(function CableLine(p: EdgeProps<Line>) {
  const d = p.data!;
  const ends = { sourceX: p.sourceX, sourceY: p.sourceY, targetX: p.targetX - arrow + 3, targetY: p.targetY, sourcePosition: p.sourcePosition, targetPosition: p.targetPosition };
  const back = p.targetX < p.sourceX + 24;
  const [path, x, y] = back ? getSmoothStepPath({ ...ends, borderRadius: 18, offset: 28 }) : getBezierPath({ ...ends, curvature: 0.3 });
  const classes = ["fe-cable", d.tone && "fe-tone-" + d.tone, d.optional && "fe-minor", d.lit && "fe-lit", d.dim && "fe-dim", p.selected && "fe-selected", d.difference && "fe-" + d.difference].filter(Boolean).join(" ");
  return (
    <g className={classes} data-cable={p.id}>
      <path className="fe-cable-path" d={path} />
      <path className="react-flow__edge-interaction" d={path} strokeWidth={20} fill="none" strokeOpacity={0} />
      <path className="fe-arrow" d={`M${p.targetX - arrow - 2},${p.targetY - 5} L${p.targetX - 2},${p.targetY} L${p.targetX - arrow - 2},${p.targetY + 5} z`} />
      <text className="fe-cable-label" x={x} y={y} dy={-6} textAnchor="middle" aria-hidden="true">{d.label}</text>
      <Travellers from={p.source} to={p.target} path={path} />
    </g>
  );
});
