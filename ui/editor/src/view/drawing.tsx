// Drawing a frame: the next drag over the canvas says where it goes.
import { useRef } from "react";
import { useReactFlow } from "@xyflow/react";
import { useEditor, useState$ } from "./use";
import { putPaper } from "../work/arrange";
import type { Point } from "../work/state";

const slip = 12; // px: less was a click, and makes a frame of the usual size

export function Drawing() {
  const editor = useEditor(), flow = useReactFlow(), on = useState$((s) => s.drawing);
  const from = useRef<Point | null>(null), box = useRef<HTMLDivElement>(null);
  if (!on) return null;
  const draw = (e: React.PointerEvent) => {
    if (!from.current) return;
    const r = e.currentTarget.getBoundingClientRect(), style = box.current!.style;
    style.left = Math.min(from.current.x, e.clientX) - r.x + "px";
    style.top = Math.min(from.current.y, e.clientY) - r.y + "px";
    style.width = Math.abs(e.clientX - from.current.x) + "px";
    style.height = Math.abs(e.clientY - from.current.y) + "px";
  };
  const done = (e: React.PointerEvent) => {
    if (!from.current) return;
    const a = flow.screenToFlowPosition(from.current, { snapToGrid: false }), b = flow.screenToFlowPosition({ x: e.clientX, y: e.clientY }, { snapToGrid: false });
    const clicked = Math.hypot(e.clientX - from.current.x, e.clientY - from.current.y) < slip;
    from.current = null;
    putPaper(editor, "frame", clicked ? a : { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) });
  };
  return (
    <div className="fe-drawing" data-drawing="" onPointerMove={draw} onPointerUp={done} onPointerCancel={() => editor.set({ drawing: false })}
      onPointerDown={(e) => { e.preventDefault(); e.currentTarget.setPointerCapture(e.pointerId); from.current = { x: e.clientX, y: e.clientY }; editor.canvas?.focus(); draw(e); }}>
      <div ref={box} />
    </div>
  );
}
