// A lesson: what there is to know, a task, and whether it is done.

import "./lesson-pane.css";
import type { SourceFile } from "reticle";
import type { Pane } from "../dom.ts";
import { button, h } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { Example } from "../state/examples.ts";
import type { Lesson } from "../state/lessons.ts";
import { checkName, solved, withCheck } from "../state/lessons.ts";
import { recall, remember } from "../state/storage.ts";
import type { View } from "../state/view.ts";

export interface LessonPane extends Pane<View> {
  isShown(): boolean;
}

/**
 * Beside the rules while a lesson is open, also when they have been edited. The engine checks the
 * task: it runs the lesson's test over the rules as they are.
 */
export function lessonPane(commands: Commands, examples: Example[], lessons: Lesson[]): LessonPane {
  return new LessonView(commands, examples, lessons);
}

class LessonView implements LessonPane {
  readonly dom = h("div", { class: "lesson", data: { pane: "lesson" } });
  private shown: Lesson | null = null;
  private view: View | null = null;
  /** The person's own text, while the solution is shown. */
  private before: SourceFile[] | null = null;
  private readonly says = h("p", { class: "lesson-says", role: "status" });
  private readonly solve = button("Solve", () => this.toggleSolution(), { class: "small-button" });
  private readonly check = button("Check", () => void this.checkTask(), {
    class: "small-button lesson-check",
  });

  constructor(
    private readonly commands: Commands,
    private readonly examples: Example[],
    private readonly lessons: Lesson[],
  ) {}

  isShown(): boolean {
    return this.shown !== null;
  }

  update(view: View): void {
    this.view = view;
    const lesson = this.lessonOf(view);
    if (lesson === this.shown) return;
    this.shown = lesson;
    this.before = null;
    this.solve.textContent = "Solve";
    this.say("", "");
    this.draw();
    this.dom.parentElement?.scrollTo(0, 0);
  }

  private exampleOf(lesson: Lesson): Example | undefined {
    return this.examples.find(({ name }) => name === lesson.name);
  }

  /** An edited lesson is still that lesson: its project keeps the title. */
  private lessonOf({ state }: View): Lesson | null {
    if (state.source === "link") return null;
    const { title } = state.project;
    return this.lessons.find((each) => this.exampleOf(each)?.project.title === title) ?? null;
  }

  private async checkTask(): Promise<void> {
    const lesson = this.shown;
    if (!lesson || !this.view) return;
    this.say("Checking …", "");
    const { files } = this.view.state.project;
    const reports = await this.commands.check(withCheck(files, lesson));
    if (this.shown !== lesson) return;
    const report = reports.find(({ name }) => name === checkName(lesson));
    if (!report)
      return this.say("Not yet: the rules do not compile, or lack what the task names.", "open");
    const failure = report.failures[0]?.message ?? "the test of the task fails";
    if (!report.passed) return this.say(`Not yet: ${failure}.`, "open");
    this.say("Done: the test of the task passes.", "done");
    remember("lessons", [...new Set([...doneLessons(), lesson.name])]);
    this.draw();
  }

  private toggleSolution(): void {
    const example = this.shown && this.exampleOf(this.shown);
    if (!this.shown || !example || !this.view) return;
    if (this.before) {
      this.commands.edit(this.before);
      this.before = null;
    } else {
      this.before = this.view.state.project.files;
      this.commands.edit(solved(example.project.files, this.shown));
    }
    this.solve.textContent = this.before ? "Back to mine" : "Solve";
    const kept = "This is one way. Your own text is kept: press Back to mine.";
    this.say(this.before ? kept : "", "");
  }

  private say(text: string, state: "open" | "done" | ""): void {
    this.says.textContent = text;
    this.says.dataset.state = state;
  }

  private draw(): void {
    const { shown, lessons } = this;
    if (!shown) return this.dom.replaceChildren();
    const index = lessons.indexOf(shown);
    const isDone = doneLessons().includes(shown.name);
    this.dom.replaceChildren(
      h(
        "p",
        { class: "lesson-place" },
        `Lesson ${index + 1} of ${lessons.length}${isDone ? " · done" : ""}`,
      ),
      h("h2", { class: "lesson-title" }, shown.title),
      ...shown.prose.map(paragraph),
      h(
        "section",
        { class: "lesson-task", aria: { label: "Task" } },
        h("h3", {}, "Task"),
        ...shown.task.map(paragraph),
        h("div", { class: "lesson-buttons" }, this.check, this.solve),
        this.says,
      ),
      h(
        "div",
        { class: "lesson-buttons" },
        this.goTo(lessons[index - 1], "← Previous", ""),
        this.goTo(lessons[index + 1], "Next lesson →", "lesson-next"),
      ),
    );
  }

  private goTo(lesson: Lesson | undefined, words: string, more: string): HTMLElement | null {
    if (!lesson) return null;
    const open = () => this.commands.openExample(lesson.name);
    return button(words, open, { class: `small-button ${more}` });
  }
}

function doneLessons(): string[] {
  const known = recall("lessons");
  return Array.isArray(known) ? known.filter((name) => typeof name === "string") : [];
}

/** Code between backticks, and words that stand out; nothing else of Markdown is used. */
function paragraph(text: string): HTMLElement {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)/);
  return h(
    "p",
    {},
    ...parts.map((part) =>
      part.startsWith("`")
        ? h("code", {}, part.slice(1, -1))
        : part.startsWith("**")
          ? h("strong", {}, part.slice(2, -2))
          : part.startsWith("*")
            ? h("em", {}, part.slice(1, -1))
            : part,
    ),
  );
}
