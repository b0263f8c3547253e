// The rules as text, and the choice of the file.

import "./editor-pane.css";
import type { Fix, RuleSchema, SourceFile, Span } from "reticle";
import { liveCounts } from "../derive/live-counts.ts";
import { countOf, grouped } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h } from "../dom.ts";
import type { EditorEvents, EditorMark, EditorNote, RuleEditor } from "../editor/editor.ts";
import { plainEditor } from "../editor/plain.ts";
import type { Commands } from "../state/commands.ts";
import { currentAnswers } from "../state/questions.ts";
import type { View } from "../state/view.ts";

interface EditorPane extends Pane<View> {
  reveal(span: Span): void;
  apply(fix: Fix): void;
  applyTheme(): void;
}

const narrow = matchMedia("(max-width: 599px), (pointer: coarse)");

/**
 * The rules as text: a plain field at once, Monaco in its place as soon as it is loaded, unless
 * the screen is small.
 */
export function editorPane(commands: Commands): EditorPane {
  const { head, files, counts } = headOf(
    () => commands.format(shownName()),
    () => commands.countInText(!view?.state.countsInText),
  );
  const host = h("div", { class: "editor-host" });
  const dom = h("div", { class: "editor", data: { pane: "rules" } }, head, host);
  let view: View | null = null;
  let file = 0;
  const shownName = () => view?.state.project.files[file]?.name ?? "";
  /** The pane gets the focus: from there F6 and Tab go on, and single keys are commands again. */
  const leave = () => dom.closest<HTMLElement>("[data-area]")?.focus();
  const events = eventsFor(commands, () => view, shownName, show, leave);
  let editor: RuleEditor = plainEditor("Rules", events);
  let drawnDiagnostics: unknown = null;
  let drawn = drawnIn(() => editor, shownName);
  let isUpgrading = false;
  host.append(editor.dom);
  files.addEventListener("change", () => {
    file = Number(files.value);
    refresh();
  });

  async function upgrade(): Promise<void> {
    const { monacoEditor } = await import("../editor/monaco.ts");
    const before = editor;
    editor = monacoEditor("Rules", events, commands.language);
    before.dispose();
    host.replaceChildren(editor.dom);
    refresh();
    dom.dataset.ready = "monaco";
  }

  /** The engine and the first picture come first; until then, and without it, the field will do. */
  function upgradeWhenAtRest({ engine, program }: View["state"]): void {
    const isAtRest = engine.phase === "failed" || (engine.phase === "ready" && !program.checking);
    if (!isAtRest || isUpgrading || narrow.matches) return;
    isUpgrading = true;
    afterPaint(() => void upgrade());
  }

  function show(name: string): void {
    const index = view?.state.project.files.findIndex((each) => each.name === name) ?? -1;
    if (index >= 0 && index !== file) {
      file = index;
      files.value = String(index);
      refresh();
    }
  }

  function refresh(): void {
    drawnDiagnostics = null;
    drawn = drawnIn(() => editor, shownName);
    if (view) update(view);
  }

  function update(next: View): void {
    view = next;
    upgradeWhenAtRest(next.state);
    const { project, program } = next.state;
    if (file >= project.files.length) file = 0;
    files.hidden = project.files.length < 2;
    if (files.children.length !== project.files.length)
      files.replaceChildren(...fileOptions(project.files));
    editor.setFiles(project.files, file);
    if (program.diagnostics !== drawnDiagnostics) {
      drawnDiagnostics = program.diagnostics;
      editor.setDiagnostics(program.diagnostics);
    }
    counts.setAttribute("aria-pressed", String(next.state.countsInText));
    drawn.notes(next);
    drawn.marks(marksOf(next));
  }

  return {
    dom,
    update,
    applyTheme: () => editor.applyTheme(),
    reveal(span) {
      show(span.file);
      editor.reveal(span);
    },
    apply(fix) {
      commands.edit(fixed(view?.state.project.files ?? [], fix));
    },
  };
}

/** Draws marks and notes of the shown file, and only what is not there yet. */
function drawnIn(editor: () => RuleEditor, shownName: () => string) {
  const last = { marks: "", notes: "" };
  let noted: unknown[] = [];
  const draw = <T extends { span: { file: string } }>(
    what: keyof typeof last,
    all: T[],
    set: (shown: T[]) => void,
  ) => {
    const shown = all.filter(({ span }) => span.file === shownName());
    const now = JSON.stringify(shown);
    if (now === last[what]) return;
    last[what] = now;
    set(shown);
  };
  return {
    marks: (all: ReturnType<typeof marksOf>) =>
      draw("marks", all, (shown) => editor().setMarks(shown)),
    /** Thousands of conditions may have one: they are counted when something has changed. */
    notes: (view: View) => {
      const { program, revision, position, live, countsInText, answers } = view.state;
      const now = [
        program,
        revision,
        position,
        live,
        countsInText,
        answers.counts.size,
        answers.at,
      ];
      if (now.every((each, at) => each === noted[at])) return;
      noted = now;
      draw("notes", notesOf(view), (shown) => editor().setNotes(shown));
    },
  };
}

/** Once what is drawn so far is on the screen; hidden pages paint nothing, so not only then. */
function afterPaint(work: () => void): void {
  let isDone = false;
  const once = () => {
    if (!isDone) work();
    isDone = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, 500);
}

/** The choice of the file, the way out of the text, and what can be done to it. */
function headOf(format: () => void, count: () => void) {
  const files = h("select", { class: "editor-files", aria: { label: "Rule file" }, hidden: true });
  const counts = button("Counts", count, {
    class: "small-button",
    title: "Shows after each condition how many matches come as far",
  });
  const head = h(
    "div",
    { class: "editor-head" },
    files,
    // Shown while the focus is in the text (editor-pane.css).
    h("span", { class: "editor-way" }, "Esc Esc leaves the text, F6 goes on · F1 commands"),
    counts,
    button("Format", format, {
      class: "small-button editor-format",
      title: "Lay out the rules (Shift+Alt+F)",
    }),
  );
  return { head, files, counts };
}

/** What is done in the editor, as commands. */
function eventsFor(
  commands: Commands,
  view: () => View | null,
  shownName: () => string,
  show: (file: string) => void,
  left: () => void,
): EditorEvents {
  return {
    changed(name, text) {
      const all = view()?.state.project.files ?? [];
      commands.edit(all.map((each) => (each.name === name ? { ...each, text } : each)));
    },
    visited(offset) {
      const now = view();
      const rule = now && ruleAt(now, shownName(), offset);
      if (rule) commands.select({ kind: "rule", rule: rule.id });
    },
    wanted: show,
    left,
  };
}

function fileOptions(files: SourceFile[]): HTMLElement[] {
  return files.map(({ name }, index) => h("option", { set: { value: String(index) } }, name));
}

/** The rule the text at an offset belongs to; none while text and rules do not agree. */
function ruleAt({ schema, state }: View, file: string, offset: number): RuleSchema | undefined {
  if (state.program.stale) return undefined;
  return schema?.rules.find(
    ({ span }) => span.file === file && span.start <= offset && offset <= span.end,
  );
}

function fixed(files: SourceFile[], fix: Fix): SourceFile[] {
  return files.map((file) => {
    const edits = fix.edits.filter(({ span }) => span.file === file.name);
    return { ...file, text: applied(file.text, edits) };
  });
}

/** Later edits first, so that earlier positions stay true. */
function applied(text: string, edits: Fix["edits"]): string {
  let result = text;
  for (const { span, text: replacement } of [...edits].sort((a, b) => b.span.start - a.span.start))
    result = result.slice(0, span.start) + replacement + result.slice(span.end);
  return result;
}

/** After each condition how many matches go on; nothing while text and rules do not agree. */
function notesOf({ schema, moment, state }: View): EditorNote[] {
  const { program, countsInText, live } = state;
  if (!schema || !countsInText || program.stale || program.checking) return [];
  const asked = live ? currentAnswers(state).counts : new Map<string, number[]>();
  return liveCounts(schema, moment, asked).map(({ span, count, never }) => ({
    span,
    text: never ? "never yet" : grouped(count),
    says: never
      ? "No match has come past this condition since the session began."
      : `${countOf(count, "match goes", "matches go")} on after this condition.`,
    tone: never ? "never" : count ? "some" : "none",
  }));
}

/** What stands beside the text; nothing while text and rules do not agree. */
function marksOf({ schema, moment, state }: View): EditorMark[] {
  const marks: EditorMark[] = [];
  if (state.program.stale || state.program.checking) return marks;
  const ready = new Set([...moment.agenda.values()].map(({ rule }) => rule));
  for (const rule of schema?.rules ?? []) {
    if (ready.has(rule.id)) marks.push({ span: rule.nameSpan, kind: "ready" });
    else if (moment.firings.get(rule.id)) marks.push({ span: rule.nameSpan, kind: "fired" });
  }
  const { selection } = state;
  const rule =
    selection?.kind === "rule"
      ? selection.rule
      : selection?.kind === "activation"
        ? moment.agenda.get(selection.activation)?.rule
        : undefined;
  const span =
    rule !== undefined
      ? schema?.rules[rule]?.span
      : selection?.kind === "node"
        ? schema?.network.nodes[selection.node]?.span
        : undefined;
  if (span) marks.push({ span, kind: "selected" });
  return marks;
}
