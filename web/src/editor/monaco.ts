// The rules in Monaco. The features it needs are imported one by one, for the page's size.

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
import "monaco-editor/features/documentSymbols/register";
import "monaco-editor/features/find/register";
import "monaco-editor/features/folding/register";
import "monaco-editor/features/format/register";
import "monaco-editor/features/gotoError/register";
import "monaco-editor/features/gotoLine/register";
import "monaco-editor/features/gotoSymbol/register";
import "monaco-editor/features/hover/register";
import "monaco-editor/features/indentation/register";
import "monaco-editor/features/inlayHints/register";
import "monaco-editor/features/lineSelection/register";
import "monaco-editor/features/linesOperations/register";
import "monaco-editor/features/links/register";
import "monaco-editor/features/multicursor/register";
import "monaco-editor/features/parameterHints/register";
import "monaco-editor/features/quickCommand/register";
import "monaco-editor/features/quickOutline/register";
import "monaco-editor/features/referenceSearch/register";
import "monaco-editor/features/rename/register";
import "monaco-editor/features/semanticTokens/register";
import "monaco-editor/features/smartSelect/register";
import "monaco-editor/features/snippet/register";
import "monaco-editor/features/suggest/register";
import "monaco-editor/features/toggleTabFocusMode/register";
import "monaco-editor/features/tokenization/register";
import "monaco-editor/features/unicodeHighlighter/register";
import "monaco-editor/features/wordHighlighter/register";
import "monaco-editor/features/wordOperations/register";
// These two `register` modules bring less than their names say: neither the list of suggestions nor
// the commands that go to a definition.
import "monaco-editor/editor/contrib/gotoSymbol/browser/goToCommands";
import "monaco-editor/editor/contrib/suggest/browser/suggestController";
// The worker from an address of its own: left alone, the build would turn Monaco's worker into a
// `data:` address whose imports fail.
import EditorWorker from "monaco-editor/editor/editor.worker?worker";
import type { Diagnostic, Fix, SourceFile, Span } from "reticle";
import { h } from "../dom.ts";
import { fileOf, uriOf } from "../engine/lsp.ts";
import type { AskLanguage, EditorEvents, EditorMark, EditorNote, RuleEditor } from "./editor.ts";
import { registerProviders } from "./providers.ts";
import { defineTheme } from "./theme.ts";
import { configuration, languageId, tokenizer } from "./tokenizer.ts";

self.MonacoEnvironment = { getWorker: () => new EditorWorker({ name: "editor" }) };

let isRegistered = false;
/** The diagnostics that the markers of each model stand for: where quick fixes come from. */
const known = new Map<string, Diagnostic[]>();

function register(ask: AskLanguage): void {
  if (isRegistered) return;
  isRegistered = true;
  registerProviders(ask);
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

function codeAction(
  model: monaco.editor.ITextModel,
  diagnostic: Diagnostic,
  fix: Fix,
): monaco.languages.CodeAction {
  return {
    title: fix.title,
    kind: "quickfix",
    isPreferred: diagnostic.fixes[0] === fix,
    diagnostics: [markerOf(model, diagnostic)],
    edit: {
      edits: fix.edits.map(({ span, text }) => ({
        resource: model.uri,
        versionId: undefined,
        textEdit: { range: rangeOf(model, span), text },
      })),
    },
  };
}

function rangeOf(model: monaco.editor.ITextModel, span: Span): monaco.Range {
  const start = model.getPositionAt(span.start),
    end = model.getPositionAt(span.end);
  return new monaco.Range(start.lineNumber, start.column, end.lineNumber, end.column);
}

/** Where the documentation, which is served beside the page, tells of a code. */
const pageOf = (code: string) => new URL(`./docs/diagnostics/${code}.html`, location.href).href;

function markerOf(
  model: monaco.editor.ITextModel,
  diagnostic: Diagnostic,
): monaco.editor.IMarkerData {
  const range = rangeOf(model, diagnostic.span);
  // A marker of no width could not be seen: it takes the next sign along.
  const endColumn = range.isEmpty() ? range.endColumn + 1 : range.endColumn;
  const severities = monaco.MarkerSeverity;
  return {
    severity: {
      error: severities.Error,
      warning: severities.Warning,
      information: severities.Info,
    }[diagnostic.level],
    code: { value: diagnostic.code, target: monaco.Uri.parse(pageOf(diagnostic.code)) },
    source: "reticle",
    message: [
      diagnostic.message,
      ...diagnostic.help.map((line) => `help: ${line}`),
      ...diagnostic.notes.map((line) => `note: ${line}`),
    ].join("\n"),
    startLineNumber: range.startLineNumber,
    startColumn: range.startColumn,
    endLineNumber: range.endLineNumber,
    endColumn,
    relatedInformation: diagnostic.related.map(({ span, message }) => ({
      resource: model.uri,
      message,
      ...rangeOf(model, span),
    })),
  };
}

export function monacoEditor(label: string, events: EditorEvents, ask: AskLanguage): RuleEditor {
  register(ask);
  defineTheme();
  return new MonacoEditor(label, events);
}

/** A file that is open: its undo and its place live as long as the file. */
interface OpenFile {
  model: monaco.editor.ITextModel;
  place: monaco.editor.ICodeEditorViewState | null;
  listening: monaco.IDisposable;
}

class MonacoEditor implements RuleEditor {
  readonly dom = h("div", { class: "monaco-host" });
  private readonly view: monaco.editor.IStandaloneCodeEditor;
  private readonly files = new Map<string, OpenFile>();
  private readonly decorations: monaco.editor.IEditorDecorationsCollection;
  private readonly notes: monaco.editor.IEditorDecorationsCollection;
  private readonly listening: monaco.IDisposable[];
  private shown = "";
  /** The text is being set from outside: nobody is typing. */
  private isOutside = false;

  constructor(
    label: string,
    private readonly events: EditorEvents,
  ) {
    this.view = monaco.editor.create(this.dom, { model: null, ariaLabel: label, ...options() });
    this.decorations = this.view.createDecorationsCollection();
    this.notes = this.view.createDecorationsCollection();
    this.view.addCommand(monaco.KeyCode.Escape, () => this.escape(), nothingToClose);
    this.listening = [
      this.view.onDidChangeCursorPosition((event) => {
        if (event.source !== "mouse") return;
        events.visited(this.view.getModel()?.getOffsetAt(event.position) ?? 0);
      }),
      this.view.onKeyDown(({ keyCode }) => {
        if (keyCode !== monaco.KeyCode.Escape) this.escaped = false;
      }),
      this.view.onDidBlurEditorWidget(() => {
        this.escaped = false;
      }),
      monaco.editor.registerEditorOpener({
        openCodeEditor: (_source, resource, where) =>
          this.open(fileOf(resource.toString(true)), where),
      }),
    ];
    void document.fonts.ready.then(() => monaco.editor.remeasureFonts());
  }

  setFiles(files: SourceFile[], index: number): void {
    const names = new Set(files.map(({ name }) => name));
    for (const { name, text } of files) {
      const model = this.files.get(name)?.model;
      if (!model) this.add(name, text);
      else if (model.getValue() !== text) {
        this.isOutside = true;
        model.setValue(text);
        this.isOutside = false;
      }
    }
    const next = files[index]?.name ?? "";
    if (next !== this.shown || !names.has(this.shown)) this.show(next);
    for (const file of [...this.files.keys()]) if (!names.has(file)) this.drop(file);
  }

  setDiagnostics(diagnostics: Diagnostic[]): void {
    for (const [file, { model }] of this.files) {
      const own = diagnostics.filter(({ span }) => span.file === file);
      known.set(model.uri.toString(), own);
      const markers = own.map((diagnostic) => markerOf(model, diagnostic));
      monaco.editor.setModelMarkers(model, languageId, markers);
    }
  }

  setMarks(marks: EditorMark[]): void {
    const model = this.view.getModel();
    if (model) this.decorations.set(marks.map((mark) => decorationOf(model, mark)));
  }

  setNotes(notes: EditorNote[]): void {
    const model = this.view.getModel();
    if (model) this.notes.set(notes.map((note) => noteDecoration(model, note)));
  }

  reveal(span: Span): void {
    const model = this.view.getModel();
    if (!model) return;
    const range = rangeOf(model, span);
    this.view.setPosition(range.getStartPosition());
    // Lines, not the range: to show a long line's end the beginning of all lines would go.
    this.view.revealLinesInCenterIfOutsideViewport(range.startLineNumber, range.endLineNumber);
  }

  applyTheme(): void {
    defineTheme();
  }

  focus(): void {
    this.view.focus();
  }

  dispose(): void {
    for (const each of this.listening) each.dispose();
    this.view.dispose();
    for (const file of [...this.files.keys()]) this.drop(file);
  }

  /**
   * Twice in a row leaves the text. Once is what one presses to close a widget that has just closed
   * by itself: whoever types on then must not find the keys to be commands.
   */
  private escape(): void {
    if (this.escaped) this.events.left();
    this.escaped = !this.escaped;
  }
  private escaped = false;

  /** Goes to a place in another file; false when there is no such file here. */
  private open(file: string, where?: monaco.IRange | monaco.IPosition): boolean {
    if (!this.files.has(file)) return false;
    this.events.wanted(file);
    if (!where) return true;
    const position =
      "lineNumber" in where
        ? where
        : { lineNumber: where.startLineNumber, column: where.startColumn };
    this.view.setPosition(position);
    this.view.revealPositionInCenterIfOutsideViewport(position);
    return true;
  }

  private show(file: string): void {
    const before = this.files.get(this.shown);
    if (before) before.place = this.view.saveViewState();
    this.shown = file;
    const now = this.files.get(file);
    this.view.setModel(now?.model ?? null);
    if (now?.place) this.view.restoreViewState(now.place);
  }

  private add(file: string, text: string): void {
    const uri = monaco.Uri.parse(uriOf(file), true);
    monaco.editor.getModel(uri)?.dispose();
    const model = monaco.editor.createModel(text, languageId, uri);
    const listening = model.onDidChangeContent(() => {
      if (!this.isOutside) this.events.changed(file, model.getValue());
    });
    this.files.set(file, { model, place: null, listening });
  }

  private drop(file: string): void {
    const held = this.files.get(file);
    held?.listening.dispose();
    held?.model.dispose();
    known.delete(held?.model.uri.toString() ?? "");
    this.files.delete(file);
  }
}

/** While one of these is open Escape closes it, and does not count as a step out of the text. */
const nothingToClose = [
  "suggestWidgetVisible",
  "findWidgetVisible",
  "renameInputVisible",
  "parameterHintsVisible",
  "referenceSearchVisible",
  "codeActionMenuVisible",
  "editorHoverVisible",
  "markersNavigationVisible",
  "inSnippetMode",
  "editorHasMultipleSelections",
  "editorHasSelection",
  "inReferenceSearchEditor",
]
  .map((open) => `!${open}`)
  .join(" && ");

function options(): monaco.editor.IEditorOptions & monaco.editor.IGlobalEditorOptions {
  return {
    automaticLayout: true,
    minimap: { enabled: false },
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
    fontSize: 13,
    lineHeight: 20,
    fontLigatures: false,
    lineNumbersMinChars: 3,
    lineDecorationsWidth: 12,
    glyphMargin: false,
    folding: true,
    showFoldingControls: "mouseover",
    "semanticHighlighting.enabled": true,
    scrollBeyondLastLine: false,
    smoothScrolling: false,
    renderLineHighlight: "line",
    padding: { top: 10, bottom: 10 },
    tabSize: 2,
    overviewRulerLanes: 2,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
    fixedOverflowWidgets: true,
    wordBasedSuggestions: "off",
    quickSuggestions: { other: true, comments: false, strings: false },
    inlayHints: { enabled: "offUnlessPressed" },
    bracketPairColorization: { enabled: false },
    stickyScroll: { enabled: false },
    unicodeHighlight: { ambiguousCharacters: false },
    contextmenu: true,
    lightbulb: { enabled: "onCode" as never },
  };
}

function decorationOf(
  model: monaco.editor.ITextModel,
  { span, kind }: EditorMark,
): monaco.editor.IModelDeltaDecoration {
  const range = rangeOf(model, span);
  return {
    range,
    options: {
      isWholeLine: true,
      linesDecorationsClassName: `editor-sign editor-sign-${kind}`,
      ...(kind === "selected" || kind === "current" ? { className: `editor-line-${kind}` } : {}),
    },
  };
}

function noteDecoration(
  model: monaco.editor.ITextModel,
  { span, text, says, tone }: EditorNote,
): monaco.editor.IModelDeltaDecoration {
  const end = monaco.Range.fromPositions(rangeOf(model, span).getEndPosition());
  return {
    range: end,
    options: {
      showIfCollapsed: true,
      hoverMessage: { value: says },
      after: {
        content: `\u2002${text}`,
        inlineClassName: `editor-note editor-note-${tone}`,
        cursorStops: monaco.editor.InjectedTextCursorStops.None,
      },
    },
  };
}
