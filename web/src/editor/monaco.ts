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
// The registers of these two bring less than their names say: not the list of suggestions, not the
// commands that go to a definition.
import "monaco-editor/editor/contrib/gotoSymbol/browser/goToCommands";
import "monaco-editor/editor/contrib/suggest/browser/suggestController";
// The worker from an address of its own: left alone, the build would turn Monaco's worker into a
// `data:` address whose imports fail.
import EditorWorker from "monaco-editor/editor/editor.worker?worker";
import type { Diagnostic, Fix, Span } from "reticle";
import { h } from "../dom.ts";
import { fileOf, uriOf } from "../engine/lsp.ts";
import type { AskLanguage, EditorEvents, EditorMark, RuleEditor } from "./editor.ts";
import { registerProviders } from "./providers.ts";
import { defineTheme } from "./theme.ts";
import { configuration, languageId, tokenizer } from "./tokenizer.ts";

self.MonacoEnvironment = { getWorker: () => new EditorWorker({ name: "editor" }) };

let isRegistered = false;
/** The diagnostics behind the markers of each model: where quick fixes come from. */
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
    code: diagnostic.code,
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
  const dom = h("div", { class: "monaco-host" });
  const view = monaco.editor.create(dom, {
    model: null,
    ariaLabel: label,
    ...options(),
  });
  /** One of each file: its undo and its place live as long as the file. */
  const models = new Map<
    string,
    {
      model: monaco.editor.ITextModel;
      place: monaco.editor.ICodeEditorViewState | null;
      listening: monaco.IDisposable;
    }
  >();
  let shown = "";
  let isOutside = false;
  const decorations = view.createDecorationsCollection();
  const listening = [
    view.onDidChangeCursorPosition((event) => {
      if (event.source === "mouse")
        events.visited(view.getModel()?.getOffsetAt(event.position) ?? 0);
    }),
    monaco.editor.registerEditorOpener({
      openCodeEditor(_source, resource, where) {
        const file = fileOf(resource.toString(true));
        if (!models.has(file)) return false;
        events.wanted(file);
        if (where) {
          const position =
            "lineNumber" in where
              ? where
              : { lineNumber: where.startLineNumber, column: where.startColumn };
          view.setPosition(position);
          view.revealPositionInCenterIfOutsideViewport(position);
        }
        return true;
      },
    }),
  ];
  void document.fonts.ready.then(() => monaco.editor.remeasureFonts());

  function add(file: string, text: string): void {
    const uri = monaco.Uri.parse(uriOf(file), true);
    monaco.editor.getModel(uri)?.dispose();
    const model = monaco.editor.createModel(text, languageId, uri);
    models.set(file, {
      model,
      place: null,
      listening: model.onDidChangeContent(() => {
        if (!isOutside) events.changed(file, model.getValue());
      }),
    });
  }

  function drop(file: string): void {
    const held = models.get(file);
    held?.listening.dispose();
    held?.model.dispose();
    known.delete(held?.model.uri.toString() ?? "");
    models.delete(file);
  }

  return {
    dom,
    setFiles(files, index) {
      const names = new Set(files.map(({ name }) => name));
      for (const { name, text } of files) {
        const model = models.get(name)?.model;
        if (!model) add(name, text);
        else if (model.getValue() !== text) {
          isOutside = true;
          model.setValue(text);
          isOutside = false;
        }
      }
      const next = files[index]?.name ?? "";
      if (next !== shown || !names.has(shown)) {
        const before = models.get(shown);
        if (before) before.place = view.saveViewState();
        shown = next;
        const now = models.get(shown);
        view.setModel(now?.model ?? null);
        if (now?.place) view.restoreViewState(now.place);
      }
      for (const file of [...models.keys()]) if (!names.has(file)) drop(file);
    },
    setDiagnostics(diagnostics) {
      for (const [file, { model }] of models) {
        const own = diagnostics.filter(({ span }) => span.file === file);
        known.set(model.uri.toString(), own);
        monaco.editor.setModelMarkers(
          model,
          languageId,
          own.map((diagnostic) => markerOf(model, diagnostic)),
        );
      }
    },
    setMarks(marks) {
      const model = view.getModel();
      if (model) decorations.set(marks.map((mark) => decorationOf(model, mark)));
    },
    reveal(span, focus) {
      const model = view.getModel();
      if (!model) return;
      const range = rangeOf(model, span);
      if (focus) {
        view.setSelection(range);
        view.focus();
      }
      view.revealRangeInCenterIfOutsideViewport(range);
    },
    applyTheme: defineTheme,
    focus() {
      view.focus();
    },
    dispose() {
      for (const each of listening) each.dispose();
      view.dispose();
      for (const file of [...models.keys()]) drop(file);
    },
  };
}

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
