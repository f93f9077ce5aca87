// The list of keys.
import { Fragment } from "react";
import { Dialog } from "./dialog";

const keys: [string, [string, string][]][] = [
  ["Walk", [["← → ↑ ↓", "Along the cables and exits, or to the next module"], ["Ctrl K", "Find a module"], ["F", "Show all"], ["+ − 0", "Zoom in, out, to 100 %"], ["O", "Outline"], ["Esc", "Let go"]]],
  ["Edit", [["N", "Add a module after the chosen exit, into its cable"], ["/", "Add a module"], ["C", "Connect the chosen exit"], ["H", "Hang up at the chosen exit"], ["Enter or E", "Settings; Ctrl Enter is done with them"], ["Q", "Turn a ring group into a queue"], ["M", "Move with the arrows: Shift is further, Ctrl sizes frames and notes, T to another tab, Esc puts back"], ["G", "Frame around what is selected, or draw one"], ["Del", "Remove"]]],
  ["Copy and undo", [["Ctrl C, X, V", "Copy, cut, paste, also into other flows"], ["Ctrl D", "Duplicate"], ["Ctrl A", "Select all of this tab"], ["Ctrl Z", "Undo"], ["Ctrl Y", "Redo"]]],
  ["Test call", [["0 – 9, *, #", "Keys of the phone, while the focus is in the drawer of the call"]]],
  ["Pointer", [["Drag an exit", "Lays a cable; on empty canvas it asks what comes next"], ["Double-click", "Adds a module there, or into a cable"], ["Right-click", "What can be done here"], ["Click, Shift click", "Selects, also several"], ["Shift drag", "Selects what is inside"], ["Drag onto a cable", "Inserts the module"], ["Drag onto a tab", "Moves the module there; a cable asks which module"]]],
];

export function Help({ close }: { close(): void }) {
  return (
    <Dialog title="Keys" close={close} wide>
      <div className="fe-keys">
        {keys.map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>{rows.map(([k, what]) => <Fragment key={k}><dt>{k.split(", ").map((x) => <kbd key={x}>{x}</kbd>)}</dt><dd>{what}</dd></Fragment>)}</dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
