// Frames and notes: words on the canvas that no caller hears.
import { memo, useEffect, useRef } from "react";
import { NodeResizer, type NodeProps } from "@xyflow/react";
import type { Box } from "./draw";
import { useEditor, useState$ } from "./use";
import { editPaper, leastPaper, snap } from "../model/edit";

type FrameProps = NodeProps<Extract<Box, { type?: "frame" }>>;
type NoteProps = NodeProps<Extract<Box, { type?: "note" }>>;

export const FrameBox = memo(function FrameBox({ id, data, selected }: FrameProps) {
  return (
    <div className={"fe-frame" + (selected ? " fe-selected" : "")} data-frame={id}>
      <Resizer where="frame" id={id} shown={selected && data.editable} />
      <Words where="frame" id={id} text={data.paper.text} editable={data.editable} empty="Frame" />
    </div>
  );
});

export const NoteBox = memo(function NoteBox({ id, data, selected }: NoteProps) {
  return (
    <div className={"fe-note" + (selected ? " fe-selected" : "")} data-note={id}>
      <Resizer where="note" id={id} shown={selected && data.editable} />
      <Words where="note" id={id} text={data.paper.text} editable={data.editable} empty="Double-click to write" many />
    </div>
  );
});

function Resizer({ where, id, shown }: { where: "frame" | "note"; id: string; shown: boolean }) {
  const editor = useEditor();
  return <NodeResizer isVisible={shown} minWidth={leastPaper.w} minHeight={leastPaper.h} lineClassName="fe-size-line" handleClassName="fe-size-handle"
    onResizeEnd={(_, p) => editor.commit(`Resize ${where}`, editPaper(editor.state.flow, where, id, { x: snap(p.x), y: snap(p.y), w: snap(p.width), h: snap(p.height) }))} />;
}

function Words({ where, id, text, editable, empty, many }: { where: "frame" | "note"; id: string; text: string; editable: boolean; empty: string; many?: boolean }) {
  const editor = useEditor();
  const typing = useState$((s) => s.writing === id), setTyping = (on: boolean) => editor.set({ writing: on ? id : null });
  const ref = useRef<HTMLTextAreaElement>(null);
  useEffect(() => { if (typing) { ref.current!.focus(); ref.current!.select(); } }, [typing]);
  if (!typing) return <div className={"fe-paper-text" + (text ? "" : " fe-empty")} dir="auto" onDoubleClick={(e) => { e.stopPropagation(); if (editable) setTyping(true); }}>{text || empty}</div>;
  const done = () => {
    setTyping(false);
    const now = ref.current!.value.slice(0, 4000);
    if (now !== text) editor.commit(`Write ${where}`, editPaper(editor.state.flow, where, id, { text: now }));
  };
  return <textarea ref={ref} className="fe-paper-text nodrag nowheel" aria-label={where === "frame" ? "Title of the frame" : "Text of the note"} rows={many ? 4 : 1} defaultValue={text} onBlur={done}
    onKeyDown={(e) => { e.stopPropagation(); if (e.key === "Escape" || (e.key === "Enter" && !many)) { e.preventDefault(); ref.current!.blur(); editor.canvas?.focus(); } }} />;
}
