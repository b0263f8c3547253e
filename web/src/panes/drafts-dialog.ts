// The dialog with the drafts of this browser, and the word before work is replaced.

import "./dialogs.css";
import { button, h } from "../dom.ts";
import type { DraftLine } from "../state/drafts.ts";
import { openDialog } from "./dialogs.ts";

interface DraftActs {
  open(id: string): void;
  remove(id: string): Promise<void>;
  blank(): void;
}

/**
 * The drafts, the newest first; `current` is the one that is open. Null: this browser keeps none.
 */
export function draftsDialog(
  drafts: DraftLine[] | null,
  current: string | null,
  acts: DraftActs,
): void {
  const close = () => shut();
  const list = h("ul", { class: "drafts", aria: { label: "Drafts" } });
  const says = h("p", { class: "drafts-says" });
  const tell = (count: number) => {
    says.textContent = !drafts
      ? "This browser keeps nothing for this page. Share makes a link that holds your work."
      : count
        ? "What you write is kept in this browser after each pause. It goes nowhere else."
        : "There are none yet. What you write is kept here after each pause.";
  };
  let left = drafts?.length ?? 0;
  for (const line of drafts ?? []) {
    const row = draftRow(line, line.id === current, {
      open: () => {
        close();
        acts.open(line.id);
      },
      remove: async () => {
        await acts.remove(line.id);
        row.remove();
        tell(--left);
      },
    });
    list.append(row);
  }
  tell(left);
  const blank = button("New, blank page", () => {
    close();
    acts.blank();
  });
  blank.className = "small-button";
  const shut = openDialog("Drafts", [says, list, h("div", { class: "dialog-buttons" }, blank)]);
}

function draftRow(
  { id, title, saved }: DraftLine,
  isCurrent: boolean,
  acts: { open(): void; remove(): Promise<void> },
): HTMLElement {
  const remove = button("Delete", () => {
    if (remove.dataset.sure === undefined) {
      remove.dataset.sure = "";
      remove.textContent = "Delete for good?";
      return;
    }
    void acts.remove();
  });
  remove.className = "small-button";
  remove.setAttribute("aria-label", `Delete ${title}`);
  remove.disabled = isCurrent;
  return h(
    "li",
    { class: "draft", data: { draft: id } },
    button(title, acts.open, { class: "link draft-title", disabled: isCurrent }),
    h("span", { class: "draft-saved" }, isCurrent ? "open here" : savedWords(saved)),
    remove,
  );
}

const savedWords = (saved: number) =>
  `kept ${new Date(saved).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })}`;

/**
 * Asks before work that is kept nowhere is replaced. Resolves to whether it may be.
 */
export function askBeforeReplacing(share: () => void): Promise<boolean> {
  return new Promise((settle) => {
    let answer = false;
    const replace = button(
      "Replace it",
      () => {
        answer = true;
        shut();
      },
      { class: "small-button bar-danger" },
    );
    const stay = button("Stay here", () => shut(), { class: "fire-button" });
    const link = button(
      "Make a link of it first",
      () => {
        shut();
        share();
      },
      { class: "small-button" },
    );
    const shut = openDialog(
      "Your work is not kept",
      [
        h(
          "p",
          {},
          "This browser keeps nothing for this page, so what you wrote here would be lost.",
        ),
        h("div", { class: "dialog-buttons" }, stay, link, replace),
      ],
      () => settle(answer),
    );
    stay.focus();
  });
}
