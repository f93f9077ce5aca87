// Zoom, in the corner of the canvas.
import { useReactFlow, useStore } from "@xyflow/react";
import { Icon } from "./icons";
import { useEditor } from "./use";

export function Zoom() {
  const editor = useEditor(), flow = useReactFlow();
  const percent = useStore((s) => Math.round(s.transform[2] * 100));
  return (
    <div className="fe-zoom" role="group" aria-label="Zoom">
      <button type="button" className="fe-button fe-square" aria-label="Zoom out" onClick={() => void flow.zoomOut({ duration: 120 })}><Icon name="minus" /></button>
      <button type="button" className="fe-button fe-percent" aria-label={`Zoom is ${percent} percent; set to 100`} onClick={() => void flow.zoomTo(1, { duration: 120 })}>{percent} %</button>
      <button type="button" className="fe-button fe-square" aria-label="Zoom in" onClick={() => void flow.zoomIn({ duration: 120 })}><Icon name="plus" /></button>
      <button type="button" className="fe-button fe-square" aria-label="Show all" title="Show all (F)" onClick={() => editor.canvas?.fit()}><Icon name="fit" /></button>
    </div>
  );
}
