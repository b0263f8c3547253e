// The part of the Language Server Protocol 3.17 that the engine's language service and the page's
// editor use.

export interface Position {
  line: number;
  character: number;
}
export interface LspRange {
  start: Position;
  end: Position;
}
export interface Location {
  uri: string;
  range: LspRange;
}
export interface TextEdit {
  range: LspRange;
  newText: string;
}
export interface WorkspaceEdit {
  changes?: { [uri: string]: TextEdit[] };
}
interface Markup {
  kind: string;
  value: string;
}
export interface Hover {
  contents: Markup;
  range?: LspRange;
}
export interface CompletionItem {
  label: string;
  kind?: number;
  detail?: string;
  documentation?: string | Markup;
  sortText?: string;
  filterText?: string;
  insertText?: string;
  insertTextFormat?: 1 | 2;
  textEdit?: TextEdit;
  preselect?: boolean;
}
export interface CompletionList {
  isIncomplete: boolean;
  items: CompletionItem[];
}
export interface SignatureHelp {
  signatures: {
    label: string;
    documentation?: string | Markup;
    parameters?: { label: string | [number, number]; documentation?: string | Markup }[];
  }[];
  activeSignature?: number;
  activeParameter?: number;
}
export interface DocumentSymbol {
  name: string;
  detail?: string;
  kind: number;
  range: LspRange;
  selectionRange: LspRange;
  children?: DocumentSymbol[];
}
export interface FoldingRange {
  startLine: number;
  endLine: number;
  kind?: string;
}
export interface SelectionRange {
  range: LspRange;
  parent?: SelectionRange;
}
export interface DocumentHighlight {
  range: LspRange;
  kind?: 1 | 2 | 3;
}
export interface InlayHint {
  position: Position;
  label: string;
  kind?: 1 | 2;
  paddingLeft?: boolean;
  paddingRight?: boolean;
  tooltip?: string | Markup;
}
export interface SemanticTokens {
  data: number[];
}
export interface Legend {
  tokenTypes: string[];
  tokenModifiers: string[];
}
/** The result of prepareRename when there is a name to change there. */
export interface Renaming {
  range: LspRange;
  placeholder: string;
}
export interface Refused {
  error: { code: string; message: string };
}

export const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === "object" && answer !== null && "error" in answer;
export const textOf = (markup: string | Markup | undefined): string =>
  typeof markup === "string" ? markup : (markup?.value ?? "");

const scheme = "file:///";

/** The name of a rule file in requests of the language service. */
export const uriOf = (file: string): string => scheme + encodeURIComponent(file);
export const fileOf = (uri: string): string => decodeURIComponent(uri.slice(scheme.length));

/**
 * Relative token data (five numbers a token) of the whole text → that of the lines from `first` to
 * `last`, counted from 0.
 */
export function tokensWithin(data: readonly number[], first: number, last: number): Uint32Array {
  const kept: number[] = [];
  let line = 0,
    character = 0,
    keptLine = 0,
    keptCharacter = 0;
  for (let i = 0; i + 4 < data.length; i += 5) {
    const down = data[i] ?? 0,
      along = data[i + 1] ?? 0;
    line += down;
    character = down ? along : character + along;
    if (line < first || line > last) continue;
    kept.push(
      line - keptLine,
      line === keptLine && kept.length ? character - keptCharacter : character,
      data[i + 2] ?? 0,
      data[i + 3] ?? 0,
      data[i + 4] ?? 0,
    );
    keptLine = line;
    keptCharacter = character;
  }
  return Uint32Array.from(kept);
}

/** The text after the edits, none of which overlap. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const starts = [0];
  for (let i = 0; i < text.length; i++) if (text[i] === "\n") starts.push(i + 1);
  const offset = ({ line, character }: Position) =>
    Math.min((starts[line] ?? text.length) + character, text.length);
  let result = text;
  for (const { range, newText } of [...edits].sort(
    (a, b) => offset(b.range.start) - offset(a.range.start),
  )) {
    result = result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end));
  }
  return result;
}
