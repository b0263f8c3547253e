// What the page asks of a text editor, Monaco or a plain field.

import type { Diagnostic, SourceFile, Span } from "reticle";

/** Where the editor puts a sign beside the text. */
export interface EditorMark {
  span: Span;
  kind: "selected" | "ready" | "fired" | "current";
}

/** A few words after a place in the text; they are no part of it. */
export interface EditorNote {
  span: Span;
  text: string;
  says: string;
  tone: "some" | "none" | "never";
}

/**
 * A text editor for the rule files, one shown at a time: Monaco on wide screens, a plain text
 * field on small ones.
 */
export interface RuleEditor {
  dom: HTMLElement;
  /**
   * Takes the files as they are now and shows the one at `shown`; text that is already there is
   * left alone, with its cursor and its undo.
   */
  setFiles(files: SourceFile[], shown: number): void;
  /** Those of all files; each is shown where it belongs. */
  setDiagnostics(diagnostics: Diagnostic[]): void;
  setMarks(marks: EditorMark[]): void;
  setNotes(notes: EditorNote[]): void;
  /**
   * Brings a place into view and puts the cursor there. Nothing is selected and the focus stays
   * where it is, so that no key that was meant for the page changes the text. Requires: the span's
   * file is shown.
   */
  reveal(span: Span): void;
  applyTheme(): void;
  focus(): void;
  dispose(): void;
}

export interface EditorEvents {
  changed(file: string, text: string): void;
  /** The person put the cursor somewhere by hand. */
  visited(offset: number): void;
  /** The person wants out of the text. */
  left(): void;
  /** The editor wants to go to another file: the definition of a name stands there. */
  wanted(file: string): void;
}

/**
 * Asks the language service, by the Language Server Protocol's method names; null when it
 * has nothing to say.
 */
export type AskLanguage = (method: string, params: object) => Promise<unknown>;
