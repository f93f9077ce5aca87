// A button with a list of things to do.
import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons";

export interface MenuItem { text: string; hint?: string; act(): void }

export function Menu({ label, icon, items, empty }: { label: string; icon: string; items(): MenuItem[]; empty?: string }) {
  const [open, setOpen] = useState(false), box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    box.current!.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const out = (e: PointerEvent) => { if (!box.current?.contains(e.target as Node)) setOpen(false); };
    document.addEventListener("pointerdown", out, true);
    return () => document.removeEventListener("pointerdown", out, true);
  }, [open]);
  const close = () => { setOpen(false); box.current?.querySelector<HTMLElement>("button")?.focus(); };
  const key = (e: React.KeyboardEvent) => {
    if (!open) return;
    e.stopPropagation();
    const all = [...box.current!.querySelectorAll<HTMLElement>("[role=menuitem]")], at = all.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) { e.preventDefault(); all[(at + step + all.length) % all.length]?.focus(); }
    if (e.key === "Escape" || e.key === "Tab") { e.preventDefault(); close(); }
  };
  const list = open ? items() : [];
  return (
    <span className="fe-menu" ref={box} onKeyDown={key}>
      <button type="button" className="fe-button fe-square" aria-haspopup="menu" aria-expanded={open} aria-label={label} title={label} onClick={() => setOpen(!open)}><Icon name={icon} /></button>
      {open && (list.length ? (
        <div className="fe-menu-list" role="menu" aria-label={label}>
          {list.map((i, n) => <button type="button" role="menuitem" tabIndex={-1} key={n} onClick={() => { close(); i.act(); }}><span dir="auto">{i.text}</span>{i.hint && <span className="fe-sub">{i.hint}</span>}</button>)}
        </div>
      ) : <div className="fe-menu-list"><p className="fe-none">{empty}</p></div>)}
    </span>
  );
}
