// A fault in drawing takes nobody's work away: saving goes on without what is
// drawn, and the page says what can be done.
import { Component, type ReactNode } from "react";
import type { Editor } from "../work/editor";

interface Props { editor: Editor; children: ReactNode }

export class Guard extends Component<Props, { fault: string }> {
  override state = { fault: "" };

  static getDerivedStateFromError(e: unknown) { return { fault: String((e as Error)?.message ?? e) }; }

  override render() {
    const { editor, children } = this.props;
    if (!this.state.fault) return children;
    const again = () => this.setState({ fault: "" });
    return (
      <div className="fe-failed-page" role="alert">
        <h2>The flow cannot be drawn</h2>
        <p>This is a fault of the editor. What you have done is kept and goes on being saved.</p>
        <p><code>{this.state.fault.slice(0, 300)}</code></p>
        <p className="fe-group">
          <button type="button" className="fe-button fe-primary" data-action="draw-again" onClick={again}>Draw it again</button>
          {editor.history.past.length > 0 && <button type="button" className="fe-button" onClick={() => { editor.undo(); again(); }}>Undo the last change</button>}
          <button type="button" className="fe-button" onClick={() => location.reload()}>Load the page again</button>
        </p>
      </div>
    );
  }
}
