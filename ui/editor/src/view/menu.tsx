// A button with a list of things to do.
import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons";

// parts: a line above sets it apart; undone: of the history, a step that was taken
// back; now: where the history stands.
export interface MenuItem { text: string; hint?: string; parts?: boolean; undone?: boolean; now?: boolean; danger?: boolean; act(): void }

export function Menu({ label, icon, items, empty }: { label: string; icon: string; items(): MenuItem[]; empty?: string }) {
  const [open, setOpen] = useState(false), box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    (box.current!.querySelector<HTMLElement>("[role=menuitem][aria-current]") ?? box.current!.querySelector<HTMLElement>("[role=menuitem]"))?.focus();
    const out = (e: PointerEvent) => { if (!box.current?.contains(e.target as Node)) setOpen(false); };
    document.addEventListener("pointerdown", out, true);
    return () => document.removeEventListener("pointerdown", out, true);
  }, [open]);
  const close = () => { setOpen(false); box.current?.querySelector<HTMLElement>("button")?.focus(); };
  const key = (e: React.KeyboardEvent) => {
    if (!open) return;
    e.stopPropagation();
    walk(box.current!, e);
    if (e.key === "Escape" || e.key === "Tab") { e.preventDefault(); close(); }
  };
  const list = open ? items() : [];
  return (
    <span className="fe-menu" ref={box} onKeyDown={key}>
      <button type="button" className="fe-button fe-square" aria-haspopup="menu" aria-expanded={open} aria-label={label} title={label} onClick={() => setOpen(!open)}><Icon name={icon} /></button>
      {open && (list.length ? <div className="fe-menu-list" role="menu" aria-label={label}><Items list={list} close={close} /></div> : <div className="fe-menu-list"><p className="fe-none">{empty}</p></div>)}
    </span>
  );
}

export function Items({ list, close }: { list: MenuItem[]; close(): void }) {
  return list.map((i, n) => <button type="button" role="menuitem" tabIndex={-1} key={n} aria-current={i.now ? "step" : undefined} className={[i.parts && "fe-apart", i.undone && "fe-undone", i.danger && "fe-danger"].filter(Boolean).join(" ") || undefined}
    onClick={() => { close(); i.act(); }}><span dir="auto">{i.text}</span>{i.hint && <span className="fe-sub">{i.hint}</span>}</button>);
}

// walk moves the focus within a list of items; true when the key was for it.
export function walk(box: HTMLElement, e: React.KeyboardEvent): boolean {
  const all = [...box.querySelectorAll<HTMLElement>("[role=menuitem]")], at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[e.key];
  if (to === undefined) return false;
  e.preventDefault();
  all.at(to % all.length)?.focus();
  return true;
}
