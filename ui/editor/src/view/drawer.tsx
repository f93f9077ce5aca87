// A drawer under the canvas.
import type { ReactNode } from "react";
import { Icon } from "./icons";
import { useEditor } from "./use";

export function Drawer({ title, children, extra }: { title: string; children: ReactNode; extra?: ReactNode }) {
  const editor = useEditor();
  return (
    <section className="fe-drawer" aria-label={title}>
      <header><h2>{title}</h2>{extra}<span className="fe-gap" /><button type="button" className="fe-button fe-square" aria-label={`Close ${title.toLowerCase()}`} onClick={() => editor.set({ drawer: null, shown: null })}><Icon name="close" /></button></header>
      <div className="fe-drawer-body">{children}</div>
    </section>
  );
}
