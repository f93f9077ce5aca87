// The whole editor, put together.
import { useEffect } from "react";
import { ReactFlowProvider } from "@xyflow/react";
import type { Editor } from "../work/editor";
import { onAnyKey, typing } from "../work/keys";
import { Canvas } from "./canvas";
import { Guard } from "./guard";
import { Inspector } from "./inspector";
import { Live } from "./live";
import { Merge } from "./merge";
import { Outline } from "./outline";
import { Palette } from "./palette";
import { Popups } from "./popups";
import { Problems } from "./problems";
import { Simulate } from "./simulate";
import { Tabs } from "./tabs";
import { TestCall } from "./testcall";
import { Toast } from "./toast";
import { Toolbar } from "./toolbar";
import { Changes, Trace } from "./trace";
import { Drawing } from "./drawing";
import { EditorContext, useEditor, useState$ } from "./use";
import { Zoom } from "./zoom";
import { copySelected, pasteText } from "../work/arrange";
import { live } from "../work/testcall";

export function Root({ editor }: { editor: Editor }) {
  return <EditorContext value={editor}><ReactFlowProvider><Shell /></ReactFlowProvider></EditorContext>;
}

function Shell() {
  const editor = useEditor(), calling = useState$((s) => live(s.testCall)), [drawn, editable, status, error, mode, drawer, moving, drawing, narrow, empty, open] = useState$((s) => [s.drawn, s.mode === "edit" && s.rights.edit && !s.narrow, s.status, s.error, s.mode, s.drawer, s.moving, s.drawing, s.narrow, s.flow.modules.length === 0, s.open] as const);
  useEffect(() => {
    const key = (e: KeyboardEvent) => onAnyKey(editor, e);
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [editor]);
  useEffect(() => clipboard(editor), [editor]);
  return (
    <div onMouseDown={keepCanvas} className={"fe-root fe-mode-" + mode} data-mode={mode} data-status={status === "ready" && !drawn ? "drawing" : status} data-calling={calling || undefined}>
      {status === "failed" ? <div className="fe-failed-page"><h2>The flow cannot be shown</h2><p>{error}</p><button type="button" className="fe-button" onClick={() => location.reload()}>Try again</button></div> : (
        <Guard editor={editor}>
          <Toolbar />
          <div className="fe-middle">
            <Outline />
            <div className="fe-stage">
              <Canvas />
              <Drawing />
              {status === "ready" && empty && editable && <Empty />}
              {moving && <p className="fe-hint-bar">Arrows move, <kbd>Shift</kbd> further · <kbd>Ctrl</kbd> sizes frames and notes · <kbd>T</kbd> to another tab · <kbd>Enter</kbd> done · <kbd>Esc</kbd> back</p>}
              {drawing && <p className="fe-hint-bar">Drag where the frame goes · <kbd>Esc</kbd> lets it be</p>}
              {mode === "edit" && narrow && <p className="fe-hint-bar">To look at. Editing needs a screen of 1024 px.</p>}
              {mode === "edit" && status === "ready" && !narrow && !editable && <p className="fe-hint-bar">You may look at this flow, not change it.</p>}
              <Zoom />
            </div>
            {(mode === "edit" || mode === "version") && (open ? <Inspector /> : editable && <Palette />)}
            {mode === "trace" && <Trace />}
            {mode === "live" && <Live />}
            {mode === "compare" && <Changes />}
          </div>
          <Tabs />
          {drawer === "problems" && <Problems />}
          {drawer === "simulate" && <Simulate />}
          {drawer === "test call" && <TestCall />}
          <Popups />
          <Merge />
        </Guard>
      )}
      <Toast />
    </div>
  );
}

// keepCanvas leaves the focus on the canvas when a button of the bars is
// pressed with the mouse, so that the keys go on working.
function keepCanvas(e: React.MouseEvent): void {
  const button = (e.target as Element).closest(".fe-toolbar button:not([aria-haspopup]), .fe-zoom button, .fe-tabs button, .fe-portal");
  if (button && document.activeElement?.matches(".fe-canvas")) e.preventDefault();
}

function Empty() {
  const editor = useEditor();
  const number = editor.kind("phone-number");
  return (
    <div className="fe-start">
      <h2>Where do calls come in?</h2>
      <p>Begin with a Phone Number. Then pull a cable from its exit to say what happens next.</p>
      {number && <button type="button" className="fe-button fe-primary" data-action="first-number" onClick={() => editor.addModule(number, null)}>Add a Phone Number</button>}
    </div>
  );
}

// clipboard serves copy, cut and paste of the system, which works across
// flows, windows and browsers without asking for a permission.
function clipboard(editor: Editor): () => void {
  const ours = (e: Event) => !typing(e) && !editor.state.popup && (document.activeElement?.closest(".fe-root") || document.activeElement === document.body) && !String(getSelection() ?? "");
  const copy = (e: ClipboardEvent) => {
    const text = ours(e) ? copySelected(editor) : null;
    if (text === null) return;
    e.clipboardData!.setData("text/plain", text);
    e.preventDefault();
    if (e.type === "cut") editor.removeSelected();
  };
  const paste = (e: ClipboardEvent) => {
    if (!ours(e) || !editor.editable) return;
    pasteText(editor, e.clipboardData!.getData("text/plain"));
    e.preventDefault();
  };
  document.addEventListener("copy", copy);
  document.addEventListener("cut", copy);
  document.addEventListener("paste", paste);
  return () => { document.removeEventListener("copy", copy); document.removeEventListener("cut", copy); document.removeEventListener("paste", paste); };
}
