// A drawer under the canvas.
import type { KeyboardEvent, ReactNode } from "react";
import { Icon } from "./icons";
import { useEditor } from "./use";

export function Drawer({ title, children, extra, onKeyDown, closed }: { title: string; children: ReactNode; extra?: ReactNode; onKeyDown?: (e: KeyboardEvent) => void; closed?: () => void }) {
  const editor = useEditor();
  return (
    <section className="fe-drawer" aria-label={title} onKeyDown={onKeyDown}>
      <header><h2>{title}</h2>{extra}<span className="fe-gap" /><button type="button" className="fe-button fe-square" aria-label={`Close ${title.toLowerCase()}`} onClick={() => { closed?.(); editor.set({ drawer: null, shown: null }); }}><Icon name="close" /></button></header>
      <div className="fe-drawer-body">{children}</div>
    </section>
  );
}
