// What the editor offers while rules are read and written: all of it asked of the engine's language
// service, translated here between the protocol's counting (from 0) and Monaco's (from 1). An
// answer for a text that has changed meanwhile is dropped.
import * as monaco from "monaco-editor/editor";
import type {
  CompletionItem,
  CompletionList,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Legend,
  Location,
  LspRange,
  Renaming,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from "../engine/lsp.ts";
import { isRefused, textOf, tokensWithin } from "../engine/lsp.ts";
import type { AskLanguage } from "./editor.ts";
import { languageId } from "./tokenizer.ts";

type Model = monaco.editor.ITextModel;

function rangeFrom({ start, end }: LspRange): monaco.Range {
  return new monaco.Range(start.line + 1, start.character + 1, end.line + 1, end.character + 1);
}

export function registerProviders(ask: AskLanguage): void {
  const service = new Service(ask);
  registerCompletion(service);
  registerHelp(service);
  registerPlaces(service);
  registerRename(ask);
  registerStructure(service);
  void registerTokens(ask, service);
}

/** The language service, asked about one model. */
class Service {
  constructor(private readonly ask: AskLanguage) {}

  /** The answer about `model`, or null: also when it was typed in since. */
  async about<Answer>(model: Model, method: string, more: object = {}): Promise<Answer | null> {
    const version = model.getVersionId();
    const answer = await this.ask(method, { textDocument: { uri: uriOfModel(model) }, ...more });
    if (model.isDisposed() || model.getVersionId() !== version || isRefused(answer)) return null;
    return answer as Answer | null;
  }
}

const { languages } = monaco;
const uriOfModel = (model: Model): string => model.uri.toString();

const at = (position: monaco.Position) => ({
  position: { line: position.lineNumber - 1, character: position.column - 1 },
});

const placesFrom = (found: Location[] | Location | null) =>
  (found === null ? [] : Array.isArray(found) ? found : [found]).map(({ uri, range }) => ({
    uri: monaco.Uri.parse(uri),
    range: rangeFrom(range),
  }));

const editsFrom = (found: TextEdit[] | null) =>
  (found ?? []).map(({ range, newText }) => ({ range: rangeFrom(range), text: newText }));

function registerCompletion(service: Service): void {
  languages.registerCompletionItemProvider(languageId, {
    triggerCharacters: [".", "(", ",", '"'],
    async provideCompletionItems(model, position) {
      const method = "textDocument/completion";
      const found = await service.about<CompletionList>(model, method, at(position));
      const { startColumn } = model.getWordUntilPosition(position);
      const { lineNumber, column } = position;
      const here = new monaco.Range(lineNumber, startColumn, lineNumber, column);
      return {
        incomplete: found?.isIncomplete ?? false,
        suggestions: (found?.items ?? []).map((item) => suggestionFrom(item, here)),
      };
    },
  });
}

function suggestionFrom(item: CompletionItem, here: monaco.Range): monaco.languages.CompletionItem {
  const isSnippet = item.insertTextFormat === 2;
  return {
    label: item.label,
    kind: languages.CompletionItemKind[completionKinds[item.kind ?? 0] ?? "Text"],
    detail: item.detail ?? "",
    documentation: { value: textOf(item.documentation) },
    range: item.textEdit ? rangeFrom(item.textEdit.range) : here,
    insertText: item.textEdit?.newText ?? item.insertText ?? item.label,
    sortText: item.sortText ?? item.label,
    filterText: item.filterText ?? item.label,
    preselect: item.preselect ?? false,
    ...(isSnippet
      ? { insertTextRules: languages.CompletionItemInsertTextRule.InsertAsSnippet }
      : {}),
  };
}

/** What is said about the word under the pointer, and about a call while it is written. */
function registerHelp(service: Service): void {
  languages.registerHoverProvider(languageId, {
    async provideHover(model, position) {
      const found = await service.about<Hover>(model, "textDocument/hover", at(position));
      return (
        found && {
          contents: [{ value: found.contents.value }],
          ...(found.range ? { range: rangeFrom(found.range) } : {}),
        }
      );
    },
  });
  languages.registerSignatureHelpProvider(languageId, {
    signatureHelpTriggerCharacters: ["(", ","],
    async provideSignatureHelp(model, position) {
      const method = "textDocument/signatureHelp";
      const found = await service.about<SignatureHelp>(model, method, at(position));
      return found && { dispose() {}, value: signaturesFrom(found) };
    },
  });
}

const signaturesFrom = (found: SignatureHelp): monaco.languages.SignatureHelp => ({
  activeSignature: found.activeSignature ?? 0,
  activeParameter: found.activeParameter ?? 0,
  signatures: found.signatures.map(({ label, documentation, parameters }) => ({
    label,
    documentation: { value: textOf(documentation) },
    parameters: (parameters ?? []).map((each) => ({
      label: each.label,
      documentation: { value: textOf(each.documentation) },
    })),
  })),
});

/** Where a name is declared, and where it is used. */
function registerPlaces(service: Service): void {
  languages.registerDefinitionProvider(languageId, {
    async provideDefinition(model, position) {
      return placesFrom(await service.about(model, "textDocument/definition", at(position)));
    },
  });
  languages.registerReferenceProvider(languageId, {
    async provideReferences(model, position, context) {
      const asked = { ...at(position), context };
      return placesFrom(await service.about(model, "textDocument/references", asked));
    },
  });
  languages.registerDocumentHighlightProvider(languageId, {
    async provideDocumentHighlights(model, position) {
      const method = "textDocument/documentHighlight";
      const found = await service.about<DocumentHighlight[]>(model, method, at(position));
      return (found ?? []).map(({ range, kind }) => ({
        range: rangeFrom(range),
        kind: (kind ?? 1) - 1,
      }));
    },
  });
}

/** Renaming says why it is refused, so its answers are read as they come. */
function registerRename(ask: AskLanguage): void {
  const about = (model: Model, method: string, more: object) =>
    ask(method, { textDocument: { uri: uriOfModel(model) }, ...more });
  languages.registerRenameProvider(languageId, {
    async resolveRenameLocation(model, position) {
      const found = await about(model, "textDocument/prepareRename", at(position));
      const nothing = { range: monaco.Range.fromPositions(position), text: "" };
      if (isRefused(found)) return { ...nothing, rejectReason: found.error.message };
      if (!found)
        return { ...nothing, rejectReason: "there is no name here that could be changed" };
      const { range, placeholder } = found as Renaming;
      return { range: rangeFrom(range), text: placeholder };
    },
    async provideRenameEdits(model, position, newName) {
      const found = await about(model, "textDocument/rename", { ...at(position), newName });
      if (isRefused(found)) return { edits: [], rejectReason: found.error.message };
      const changes = Object.entries((found as WorkspaceEdit | null)?.changes ?? {});
      return {
        edits: changes.flatMap(([uri, list]) =>
          editsFrom(list).map((textEdit) => ({
            resource: monaco.Uri.parse(uri),
            versionId: undefined,
            textEdit,
          })),
        ),
      };
    },
  });
}

/** The text's layout and its parts: formatting, outline, folding, growing selections, hints. */
function registerStructure(service: Service): void {
  languages.registerDocumentFormattingEditProvider(languageId, {
    displayName: "Reticle",
    async provideDocumentFormattingEdits(model) {
      const options = { tabSize: 2, insertSpaces: true };
      return editsFrom(await service.about(model, "textDocument/formatting", { options }));
    },
  });
  languages.registerDocumentSymbolProvider(languageId, {
    async provideDocumentSymbols(model) {
      const found = await service.about<DocumentSymbol[]>(model, "textDocument/documentSymbol");
      return (found ?? []).map(symbolFrom);
    },
  });
  languages.registerFoldingRangeProvider(languageId, {
    async provideFoldingRanges(model) {
      const found = await service.about<FoldingRange[]>(model, "textDocument/foldingRange");
      return found?.map(foldingFrom) ?? null;
    },
  });
  languages.registerSelectionRangeProvider(languageId, {
    async provideSelectionRanges(model, asked) {
      const positions = asked.map((each) => at(each).position);
      const method = "textDocument/selectionRange";
      const found = await service.about<SelectionRange[]>(model, method, { positions });
      return found?.map(chainFrom) ?? null;
    },
  });
  languages.registerInlayHintsProvider(languageId, {
    async provideInlayHints(model, asked) {
      const range = rangeTo(asked);
      const found = await service.about<InlayHint[]>(model, "textDocument/inlayHint", { range });
      return { dispose() {}, hints: (found ?? []).map(hintFrom) };
    },
  });
}

const foldingFrom = ({ startLine, endLine, kind }: FoldingRange) => ({
  start: startLine + 1,
  end: endLine + 1,
  ...(kind ? { kind: new languages.FoldingRangeKind(kind) } : {}),
});

const hintFrom = (hint: InlayHint): monaco.languages.InlayHint => ({
  label: hint.label,
  position: { lineNumber: hint.position.line + 1, column: hint.position.character + 1 },
  tooltip: textOf(hint.tooltip),
  paddingLeft: hint.paddingLeft ?? false,
  paddingRight: hint.paddingRight ?? false,
  ...(hint.kind ? { kind: hint.kind } : {}),
});

/**
 * By range: the slim editor never calls a provider for whole documents. The kinds of tokens are the
 * engine's to name, so they are asked first.
 */
async function registerTokens(ask: AskLanguage, service: Service): Promise<void> {
  const legend = (await ask("reticle/legend", {})) as Legend | null;
  if (!legend) return;
  languages.registerDocumentRangeSemanticTokensProvider(languageId, {
    getLegend: () => legend,
    async provideDocumentRangeSemanticTokens(model, range) {
      const method = "textDocument/semanticTokens/full";
      const found = await service.about<SemanticTokens>(model, method);
      return (
        found && {
          data: tokensWithin(found.data, range.startLineNumber - 1, range.endLineNumber - 1),
        }
      );
    },
  });
}

const rangeTo = (range: monaco.Range): LspRange => ({
  start: { line: range.startLineNumber - 1, character: range.startColumn - 1 },
  end: { line: range.endLineNumber - 1, character: range.endColumn - 1 },
});

const symbolFrom = (symbol: DocumentSymbol): monaco.languages.DocumentSymbol => ({
  name: symbol.name,
  detail: symbol.detail ?? "",
  kind: symbol.kind - 1,
  tags: [],
  range: rangeFrom(symbol.range),
  selectionRange: rangeFrom(symbol.selectionRange),
  children: (symbol.children ?? []).map(symbolFrom),
});

/** From the innermost range outwards. */
function chainFrom(innermost: SelectionRange): monaco.languages.SelectionRange[] {
  const chain: monaco.languages.SelectionRange[] = [];
  for (let each: SelectionRange | undefined = innermost; each; each = each.parent)
    chain.push({ range: rangeFrom(each.range) });
  return chain;
}

/** The protocol's number of a kind of completion → Monaco's name for it. */
const completionKinds = [
  "Text",
  "Text",
  "Method",
  "Function",
  "Constructor",
  "Field",
  "Variable",
  "Class",
  "Interface",
  "Module",
  "Property",
  "Unit",
  "Value",
  "Enum",
  "Keyword",
  "Snippet",
  "Color",
  "File",
  "Reference",
  "Folder",
  "EnumMember",
  "Constant",
  "Struct",
  "Event",
  "Operator",
  "TypeParameter",
] as const;
