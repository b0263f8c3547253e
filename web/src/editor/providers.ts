// What the editor offers while one reads and writes rules: all of it asked of the engine's language
// service, translated here between the protocol's counting (from 0) and Monaco's (from 1). An
// answer for a text that has changed meanwhile is dropped.
import * as monaco from "monaco-editor/editor";
import type {
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

export function rangeFrom({ start, end }: LspRange): monaco.Range {
  return new monaco.Range(start.line + 1, start.character + 1, end.line + 1, end.character + 1);
}

export function registerProviders(ask: AskLanguage): void {
  const { languages } = monaco;

  /** The answer about `model`, or null: also when it was typed in since. */
  async function about<Answer>(
    model: Model,
    method: string,
    more: object = {},
  ): Promise<Answer | null> {
    const version = model.getVersionId();
    const answer = await ask(method, { textDocument: { uri: model.uri.toString() }, ...more });
    if (model.isDisposed() || model.getVersionId() !== version || isRefused(answer)) return null;
    return answer as Answer | null;
  }
  const at = (position: monaco.Position) => ({
    position: { line: position.lineNumber - 1, character: position.column - 1 },
  });
  const places = (found: Location[] | Location | null) =>
    (found === null ? [] : Array.isArray(found) ? found : [found]).map(({ uri, range }) => ({
      uri: monaco.Uri.parse(uri),
      range: rangeFrom(range),
    }));
  const edits = (found: TextEdit[] | null) =>
    (found ?? []).map(({ range, newText }) => ({ range: rangeFrom(range), text: newText }));

  languages.registerCompletionItemProvider(languageId, {
    triggerCharacters: [".", "(", ",", '"'],
    async provideCompletionItems(model, position) {
      const found = await about<CompletionList>(model, "textDocument/completion", at(position));
      const word = model.getWordUntilPosition(position);
      const here = new monaco.Range(
        position.lineNumber,
        word.startColumn,
        position.lineNumber,
        position.column,
      );
      return {
        incomplete: found?.isIncomplete ?? false,
        suggestions: (found?.items ?? []).map((item) => ({
          label: item.label,
          kind: languages.CompletionItemKind[completionKinds[item.kind ?? 0] ?? "Text"],
          detail: item.detail ?? "",
          documentation: { value: textOf(item.documentation) },
          range: item.textEdit ? rangeFrom(item.textEdit.range) : here,
          insertText: item.textEdit?.newText ?? item.insertText ?? item.label,
          sortText: item.sortText ?? item.label,
          filterText: item.filterText ?? item.label,
          preselect: item.preselect ?? false,
          ...(item.insertTextFormat === 2
            ? { insertTextRules: languages.CompletionItemInsertTextRule.InsertAsSnippet }
            : {}),
        })),
      };
    },
  });
  languages.registerHoverProvider(languageId, {
    async provideHover(model, position) {
      const found = await about<Hover>(model, "textDocument/hover", at(position));
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
      const found = await about<SignatureHelp>(model, "textDocument/signatureHelp", at(position));
      return (
        found && {
          dispose() {},
          value: {
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
          },
        }
      );
    },
  });
  languages.registerDefinitionProvider(languageId, {
    async provideDefinition(model, position) {
      return places(await about(model, "textDocument/definition", at(position)));
    },
  });
  languages.registerReferenceProvider(languageId, {
    async provideReferences(model, position, context) {
      return places(await about(model, "textDocument/references", { ...at(position), context }));
    },
  });
  languages.registerDocumentHighlightProvider(languageId, {
    async provideDocumentHighlights(model, position) {
      const found = await about<DocumentHighlight[]>(
        model,
        "textDocument/documentHighlight",
        at(position),
      );
      return (found ?? []).map(({ range, kind }) => ({
        range: rangeFrom(range),
        kind: (kind ?? 1) - 1,
      }));
    },
  });
  languages.registerRenameProvider(languageId, {
    async resolveRenameLocation(model, position) {
      const found = await ask("textDocument/prepareRename", {
        textDocument: { uri: model.uri.toString() },
        ...at(position),
      });
      const nothing = { range: monaco.Range.fromPositions(position), text: "" };
      if (isRefused(found)) return { ...nothing, rejectReason: found.error.message };
      if (!found)
        return { ...nothing, rejectReason: "there is no name here that could be changed" };
      const { range, placeholder } = found as Renaming;
      return { range: rangeFrom(range), text: placeholder };
    },
    async provideRenameEdits(model, position, newName) {
      const found = await ask("textDocument/rename", {
        textDocument: { uri: model.uri.toString() },
        ...at(position),
        newName,
      });
      if (isRefused(found)) return { edits: [], rejectReason: found.error.message };
      const changes = Object.entries((found as WorkspaceEdit | null)?.changes ?? {});
      return {
        edits: changes.flatMap(([uri, list]) =>
          edits(list).map((textEdit) => ({
            resource: monaco.Uri.parse(uri),
            versionId: undefined,
            textEdit,
          })),
        ),
      };
    },
  });
  languages.registerDocumentFormattingEditProvider(languageId, {
    displayName: "Reticle",
    async provideDocumentFormattingEdits(model) {
      return edits(
        await about(model, "textDocument/formatting", {
          options: { tabSize: 2, insertSpaces: true },
        }),
      );
    },
  });
  languages.registerDocumentSymbolProvider(languageId, {
    async provideDocumentSymbols(model) {
      return ((await about<DocumentSymbol[]>(model, "textDocument/documentSymbol")) ?? []).map(
        symbolFrom,
      );
    },
  });
  languages.registerFoldingRangeProvider(languageId, {
    async provideFoldingRanges(model) {
      const found = await about<FoldingRange[]>(model, "textDocument/foldingRange");
      return (
        found?.map(({ startLine, endLine, kind }) => ({
          start: startLine + 1,
          end: endLine + 1,
          ...(kind ? { kind: new languages.FoldingRangeKind(kind) } : {}),
        })) ?? null
      );
    },
  });
  languages.registerSelectionRangeProvider(languageId, {
    async provideSelectionRanges(model, positions) {
      const found = await about<SelectionRange[]>(model, "textDocument/selectionRange", {
        positions: positions.map((each) => at(each).position),
      });
      return found?.map(chainFrom) ?? null;
    },
  });
  languages.registerInlayHintsProvider(languageId, {
    async provideInlayHints(model, range) {
      const found = await about<InlayHint[]>(model, "textDocument/inlayHint", {
        range: rangeTo(range),
      });
      return {
        dispose() {},
        hints: (found ?? []).map(
          ({ position, label, kind, paddingLeft, paddingRight, tooltip }) => ({
            label,
            position: { lineNumber: position.line + 1, column: position.character + 1 },
            tooltip: textOf(tooltip),
            paddingLeft: paddingLeft ?? false,
            paddingRight: paddingRight ?? false,
            ...(kind ? { kind } : {}),
          }),
        ),
      };
    },
  });
  void registerTokens(ask, (model) =>
    about<SemanticTokens>(model, "textDocument/semanticTokens/full"),
  );
}

/**
 * By range: the slim editor never calls a provider for whole documents. The kinds of tokens are the
 * engine's to name, so they are asked first.
 */
async function registerTokens(
  ask: AskLanguage,
  tokensOf: (model: Model) => Promise<SemanticTokens | null>,
): Promise<void> {
  const legend = (await ask("reticle/legend", {})) as Legend | null;
  if (!legend) return;
  monaco.languages.registerDocumentRangeSemanticTokensProvider(languageId, {
    getLegend: () => legend,
    async provideDocumentRangeSemanticTokens(model, range) {
      const found = await tokensOf(model);
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
