import * as monaco from "monaco-editor/editor";
import "monaco-editor/features/anchorSelect/register";
import "monaco-editor/features/bracketMatching/register";
import "monaco-editor/features/caretOperations/register";
import "monaco-editor/features/clipboard/register";
import "monaco-editor/features/codeAction/register";
import "monaco-editor/features/codicon/register";
import "monaco-editor/features/comment/register";
import "monaco-editor/features/contextmenu/register";
import "monaco-editor/features/cursorUndo/register";
import "monaco-editor/features/find/register";
import "monaco-editor/features/folding/register";
import "monaco-editor/features/gotoError/register";
import "monaco-editor/features/gotoLine/register";
import "monaco-editor/features/hover/register";
import "monaco-editor/features/indentation/register";
import "monaco-editor/features/lineSelection/register";
import "monaco-editor/features/linesOperations/register";
import "monaco-editor/features/links/register";
import "monaco-editor/features/multicursor/register";
import "monaco-editor/features/quickCommand/register";
import "monaco-editor/features/smartSelect/register";
import "monaco-editor/features/snippet/register";
import "monaco-editor/features/suggest/register";
import "monaco-editor/features/toggleTabFocusMode/register";
import "monaco-editor/features/tokenization/register";
import "monaco-editor/features/unicodeHighlighter/register";
import "monaco-editor/features/wordHighlighter/register";
import "monaco-editor/features/wordOperations/register";
// The worker from an address of its own: left alone, the build would turn Monaco's worker into a `data:` address whose imports fail.
import EditorWorker from "monaco-editor/editor/editor.worker?worker";
import type { Diagnostic, Fix, Span } from "reticle";
import { h } from "../panes/elements.ts";
import type { EditorEvents, EditorMark, RuleEditor } from "./editor.ts";
import { configuration, languageId, tokenizer } from "./language.ts";
import { defineTheme } from "./theme.ts";

self.MonacoEnvironment = { getWorker: () => new EditorWorker({ name: "editor" }) };

let isRegistered = false;
/** The diagnostics behind the markers of each model: where quick fixes come from. */
const known = new Map<string, Diagnostic[]>();

function register(): void {
  if (isRegistered) return;
  isRegistered = true;
  monaco.languages.register({ id: languageId, extensions: [".rules"] });
  monaco.languages.setLanguageConfiguration(languageId, configuration);
  monaco.languages.setMonarchTokensProvider(languageId, tokenizer);
  monaco.languages.registerCodeActionProvider(languageId, {
    provideCodeActions(model, range) {
      const actions = (known.get(model.uri.toString()) ?? [])
        .filter(({ span }) => monaco.Range.areIntersectingOrTouching(rangeOf(model, span), range))
        .flatMap((diagnostic) => diagnostic.fixes.map((fix) => codeAction(model, diagnostic, fix)));
      return { actions, dispose() {} };
    },
  });
}

function codeAction(model: monaco.editor.ITextModel, diagnostic: Diagnostic, fix: Fix): monaco.languages.CodeAction {
  return {
    title: fix.title, kind: "quickfix", isPreferred: diagnostic.fixes[0] === fix, diagnostics: [markerOf(model, diagnostic)],
    edit: { edits: fix.edits.map(({ span, text }) => ({ resource: model.uri, versionId: undefined, textEdit: { range: rangeOf(model, span), text } })) },
  };
}

function rangeOf(model: monaco.editor.ITextModel, span: Span): monaco.Range {
  const start = model.getPositionAt(span.start), end = model.getPositionAt(span.end);
  return new monaco.Range(start.lineNumber, start.column, end.lineNumber, end.column);
}

function markerOf(model: monaco.editor.ITextModel, diagnostic: Diagnostic): monaco.editor.IMarkerData {
  const range = rangeOf(model, diagnostic.span);
  // A marker of no width could not be seen: it takes the next sign along.
  const endColumn = range.isEmpty() ? range.endColumn + 1 : range.endColumn;
  const { Error, Warning, Info } = monaco.MarkerSeverity;
  return {
    severity: { error: Error, warning: Warning, information: Info }[diagnostic.level], code: diagnostic.code, source: "reticle",
    message: [diagnostic.message, ...diagnostic.help.map((line) => `help: ${line}`), ...diagnostic.notes.map((line) => `note: ${line}`)].join("\n"),
    startLineNumber: range.startLineNumber, startColumn: range.startColumn, endLineNumber: range.endLineNumber, endColumn,
    relatedInformation: diagnostic.related.map(({ span, message }) => ({ resource: model.uri, message, ...rangeOf(model, span) })),
  };
}

export function monacoEditor(label: string, text: string, events: EditorEvents): RuleEditor {
  register();
  defineTheme();
  const dom = h("div", { class: "monaco-host" });
  const model = monaco.editor.createModel(text, languageId);
  const view = monaco.editor.create(dom, {
    model, ariaLabel: label, automaticLayout: true, minimap: { enabled: false }, fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
    fontSize: 13, lineHeight: 20, fontLigatures: false, lineNumbersMinChars: 3, lineDecorationsWidth: 12, glyphMargin: false, folding: false,
    scrollBeyondLastLine: false, smoothScrolling: false, renderLineHighlight: "line", padding: { top: 10, bottom: 10 }, tabSize: 2,
    overviewRulerLanes: 2, overviewRulerBorder: false, hideCursorInOverviewRuler: true, scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
    fixedOverflowWidgets: true, wordBasedSuggestions: "off", quickSuggestions: false, bracketPairColorization: { enabled: false }, stickyScroll: { enabled: false },
    unicodeHighlight: { ambiguousCharacters: false }, contextmenu: true, lightbulb: { enabled: "onCode" as never },
  });
  let isOutside = false;
  const decorations = view.createDecorationsCollection();
  const listening = [
    model.onDidChangeContent(() => { if (!isOutside) events.changed(model.getValue()); }),
    view.onDidChangeCursorPosition((event) => { if (event.source === "mouse") events.visited(model.getOffsetAt(event.position)); }),
  ];
  void document.fonts.ready.then(() => monaco.editor.remeasureFonts());
  return {
    dom,
    text: () => model.getValue(),
    setText(next) {
      if (model.getValue() === next) return;
      isOutside = true;
      model.setValue(next);
      isOutside = false;
    },
    setDiagnostics(diagnostics) {
      known.set(model.uri.toString(), diagnostics);
      monaco.editor.setModelMarkers(model, languageId, diagnostics.map((diagnostic) => markerOf(model, diagnostic)));
    },
    setMarks(marks) { decorations.set(marks.map((mark) => decorationOf(model, mark))); },
    reveal(span, focus) {
      const range = rangeOf(model, span);
      if (focus) { view.setSelection(range); view.focus(); }
      view.revealRangeInCenterIfOutsideViewport(range);
    },
    applyTheme: defineTheme,
    focus() { view.focus(); },
    dispose() {
      for (const each of listening) each.dispose();
      known.delete(model.uri.toString());
      view.dispose();
      model.dispose();
    },
  };
}

function decorationOf(model: monaco.editor.ITextModel, { span, kind }: EditorMark): monaco.editor.IModelDeltaDecoration {
  const range = rangeOf(model, span);
  return { range, options: { isWholeLine: true, linesDecorationsClassName: `editor-sign editor-sign-${kind}`,
    ...(kind === "selected" || kind === "current" ? { className: `editor-line-${kind}` } : {}) } };
}
