import type { Diagnostic, Span } from "reticle";

/** Where the editor puts a sign beside the text. */
export interface EditorMark { span: Span; kind: "selected" | "ready" | "fired" | "current" }

/** A text editor for one rule file: Monaco on wide screens, a plain text field on small ones. */
export interface RuleEditor {
  dom: HTMLElement;
  text(): string;
  /** Replaces the text from outside; what is already there is left alone, with its cursor and its undo. */
  setText(text: string): void;
  setDiagnostics(diagnostics: Diagnostic[]): void;
  setMarks(marks: EditorMark[]): void;
  reveal(span: Span, focus: boolean): void;
  applyTheme(): void;
  focus(): void;
  dispose(): void;
}

export interface EditorEvents {
  changed(text: string): void;
  /** The person put the cursor somewhere by hand. */
  visited(offset: number): void;
}
