// One destination more than a ring group is made for: a queue serves so many
// better. Whoever presses Enter gets one.
import { useEffect, useRef } from "react";
import { Dialog } from "./dialog";
import { useEditor } from "./use";
import { intoQueue } from "../work/turn";

export function Crowded({ id, field }: { id: string; field: string }) {
  const editor = useEditor(), first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current!.focus(), []);
  const keep = () => editor.set({ popup: null, field });
  const turn = () => { editor.set({ popup: null }); void intoQueue(editor, id); };
  return (
    <Dialog title="Would a queue serve them better?" close={keep}>
      <p>A ring group is made for up to three. A queue lets callers wait in the order they came and offers each to whoever is free.</p>
      <p>Cables, ring times, sounds and rules come along, and Undo brings the ring group back.</p>
      <footer>
        <span className="fe-gap" />
        <button type="button" className="fe-button" data-action="keep" onClick={keep}>Keep</button>
        <button type="button" className="fe-button fe-primary" data-action="into-queue" ref={first} onClick={turn}>Turn into a Queue</button>
      </footer>
    </Dialog>
  );
}
