// A window over everything, closed by Escape and by its button.
import { useEffect, useRef, type ReactNode } from "react";
import { Icon } from "./icons";

export function Dialog({ title, close, children, wide }: { title: string; close?: () => void; children: ReactNode; wide?: boolean }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => { const d = ref.current!; d.showModal(); return () => d.close(); }, []);
  return (
    <dialog ref={ref} className={"fe-dialog" + (wide ? " fe-wide" : "")} aria-label={title} onCancel={(e) => { e.preventDefault(); close?.(); }} onKeyDown={(e) => e.stopPropagation()}>
      <header><h2>{title}</h2>{close && <button type="button" className="fe-button fe-square" aria-label="Close" onClick={close}><Icon name="close" /></button>}</header>
      {children}
    </dialog>
  );
}
