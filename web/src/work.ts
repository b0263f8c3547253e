// The work in this tab: its draft is kept, and nothing replaces it without a word.

import type { Driver } from "./engine/driver.ts";
import { askBeforeReplacing, draftsDialog } from "./panes/drafts-dialog.ts";
import type { Shared } from "./state/address.ts";
import { printShared, readShared } from "./state/address.ts";
import type { DraftLine, Drafts } from "./state/drafts.ts";
import type { Keeper } from "./state/keeper.ts";
import { isWork, keepDrafts } from "./state/keeper.ts";
import type { Project } from "./state/project.ts";
import type { Banner } from "./state/state.ts";
import { forget, recall, remember } from "./state/storage.ts";
import type { Store } from "./state/store.ts";

/** How long a draft that another tab is just letting go of is waited for. */
const lockPatience = 1_500;

/**
 * Keeps what is written in this tab and opens what was kept.
 *
 * Invariants:
 *   (1) A draft is written by the one tab that holds its lock. Another tab that opens it gets a
 *       copy.
 *   (2) Work is replaced only when it is kept, or the person said so.
 */
export class Work {
  private readonly keeper: Keeper;
  private notice: Banner | null = null;
  private release: () => void = () => {};
  private readonly rescued: Promise<void>;

  constructor(
    private readonly store: Store,
    private readonly driver: Driver,
    private readonly drafts: Promise<Drafts | null>,
    private readonly page: { share(): void; blank: Project },
  ) {
    this.keeper = keepDrafts(store, drafts, Date.now, (id) => {
      void this.hold(id);
      history.replaceState(null, "", `#draft=${id}`);
    });
    this.rescued = this.takeRescued().catch(() => {});
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.keeper.flush();
    });
    addEventListener("pagehide", () => this.rescue());
    addEventListener("beforeunload", (event) => {
      const state = store.get();
      if (isWork(state) && state.draft.kept === "off") event.preventDefault();
    });
  }

  /** Whether what is here may be replaced: it is kept, or the person does not want it. */
  async mayLeave(): Promise<boolean> {
    await this.keeper.flush();
    const state = this.store.get();
    if (!isWork(state)) return true;
    const { draft } = state;
    if (draft.kept !== "saved") return askBeforeReplacing(this.page.share);
    if (draft.id !== null)
      this.notice = {
        text: `\u201c${draft.title}\u201d is kept as a draft.`,
        tone: "note",
        offers: { label: "Open it again", does: "open draft", id: draft.id },
      };
    return true;
  }

  /** What there is to say about the work that was left; once. */
  takeNotice(): Banner | null {
    const { notice } = this;
    this.notice = null;
    this.release();
    return notice;
  }

  async openBlank(): Promise<void> {
    if (!(await this.mayLeave())) return;
    history.replaceState(null, "", "#new");
    await this.driver.open(this.page.blank, "new", this.takeNotice());
  }

  /** Opens a project from a file, as a copy. */
  async openShared(project: Project): Promise<void> {
    if (!(await this.mayLeave())) return;
    this.takeNotice();
    history.replaceState(null, "", location.pathname);
    const text = "Opened from a file, as a copy: what you change here does not change the file.";
    await this.driver.open(project, "link", { text, tone: "note" });
  }

  async openDraft(id: string): Promise<void> {
    if (!(await this.mayLeave())) return;
    this.takeNotice();
    await this.reopen(id);
  }

  /** Opens a draft of this browser; false when there is none. */
  async reopen(id: string): Promise<boolean> {
    await this.rescued;
    const drafts = await this.drafts;
    const found = await drafts?.read(id).catch(() => null);
    if (!found) return false;
    const { title, shared } = found;
    const isOurs = await this.hold(id);
    history.replaceState(null, "", `#draft=${id}`);
    await this.driver.open(
      { ...shared.project, title },
      "draft",
      isOurs
        ? null
        : {
            text:
              "This draft is open in another tab. Here it is a copy: " +
              "what you change becomes a draft of its own.",
            tone: "note",
          },
      isOurs ? { id, title } : undefined,
    );
    return true;
  }

  async showList(): Promise<void> {
    await Promise.all([this.rescued, this.keeper.flush()]);
    const drafts = await this.drafts;
    const lines: DraftLine[] | null = drafts ? await drafts.list().catch(() => []) : null;
    draftsDialog(lines, this.store.get().draft.id, {
      open: (id) => void this.openDraft(id),
      blank: () => void this.openBlank(),
      remove: async (id) => drafts?.remove(id),
    });
  }

  /** Takes the lock of a draft for this tab; false when another tab has it. */
  private async hold(id: string): Promise<boolean> {
    this.release();
    if (!navigator.locks) return true;
    const signal = AbortSignal.timeout(lockPatience);
    return new Promise((settle) => {
      const held = () => {
        settle(true);
        return new Promise<void>((release) => {
          this.release = release;
        });
      };
      navigator.locks.request(`reticle draft ${id}`, { signal }, held).catch(() => settle(false));
    });
  }

  /**
   * The page goes while something is not written yet. The database may not get to it any more;
   * small storage takes it at once.
   */
  private rescue(): void {
    const { draft, project, steps } = this.store.get();
    void this.keeper.flush();
    if (draft.id === null || draft.kept !== "saving") return;
    const shared: Shared = {
      project: { ...project, title: draft.title, inputs: steps },
      view: { pane: "", selection: null, record: null },
    };
    const { id, title } = draft;
    remember("rescued", { id, title, saved: Date.now(), text: printShared(shared) });
  }

  /** Writes what was rescued where it belongs, before drafts are read. */
  private async takeRescued(): Promise<void> {
    const saved = recall("rescued");
    if (typeof saved !== "object" || saved === null) return;
    const rescued = new Map<string, unknown>(Object.entries(saved));
    const [id, title, when, text] = ["id", "title", "saved", "text"].map((each) =>
      rescued.get(each),
    );
    const shared = typeof text === "string" ? readShared(text) : null;
    const drafts = await this.drafts;
    if (!shared || !drafts || typeof id !== "string" || typeof title !== "string") return;
    const known = (await drafts.list()).find((line) => line.id === id);
    if (typeof when === "number" && when > (known?.saved ?? 0))
      await drafts.write({ id, title, saved: when }, shared);
    forget("rescued");
  }
}
