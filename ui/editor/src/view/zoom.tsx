// Zoom, in the corner of the canvas.
import { useStore } from "@xyflow/react";
import { Icon } from "./icons";
import { useEditor } from "./use";

export function Zoom() {
  const editor = useEditor();
  const percent = useStore((s) => Math.round(s.transform[2] * 100));
  return (
    <div className="fe-zoom" role="group" aria-label="Zoom">
      <button type="button" className="fe-button fe-square" aria-label="Zoom out" title="Zoom out (−)" onClick={() => editor.canvas?.zoom(0.8)}><Icon name="minus" /></button>
      <button type="button" className="fe-button fe-percent" aria-label={`Zoom is ${percent} percent; set to 100`} title="To 100 % (0)" onClick={() => editor.canvas?.zoom(0)}>{percent} %</button>
      <button type="button" className="fe-button fe-square" aria-label="Zoom in" title="Zoom in (+)" onClick={() => editor.canvas?.zoom(1.25)}><Icon name="plus" /></button>
      <button type="button" className="fe-button fe-square" aria-label="Show all" title="Show all (F)" onClick={() => editor.canvas?.fit()}><Icon name="fit" /></button>
    </div>
  );
}
