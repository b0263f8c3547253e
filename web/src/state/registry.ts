// All commands of the page by name: the palette, the keys and the help read this one list.

import type { Commands } from "./commands.ts";
import type { State } from "./state.ts";

interface NamedCommand {
  /** Unchanged from version to version. */
  id: string;
  title: string;
  /** What it belongs to, for the list. */
  group: "Run" | "Time" | "Look" | "Facts" | "Rules" | "Page";
  /** A single key that does it outside of text fields. */
  keys?: string;
  /** Left out: always. */
  when?(state: State): boolean;
  run(commands: Commands): void;
}

const isReady = ({ engine }: State) => engine.phase === "ready";
const isUnderWay = ({ engine }: State) => engine.phase === "working" || engine.slow;
const hasRules = ({ program }: State) => program.schema !== null;

export const registry: NamedCommand[] = [
  {
    id: "run",
    title: "Run: settle until nothing is ready",
    group: "Run",
    keys: "r",
    when: isReady,
    run: (commands) => commands.run(),
  },
  {
    id: "fire-next",
    title: "Fire the next activation",
    group: "Run",
    keys: "f",
    when: isReady,
    run: (commands) => commands.fireNext(),
  },
  {
    id: "stop",
    title: "Stop whatever is under way",
    group: "Run",
    when: isUnderWay,
    run: (commands) => commands.stop(),
  },
  {
    id: "reset",
    title: "Reset: begin again with the inputs it came with",
    group: "Run",
    run: (commands) => commands.reset(),
  },
  {
    id: "crash",
    title: "Crash: end the engine's worker and resume from the journal",
    group: "Run",
    when: isReady,
    run: (commands) => commands.crash(),
  },
  ...["1m", "10m", "1h", "1d"].map(
    (by): NamedCommand => ({
      id: `advance-${by}`,
      title: `Advance the clock by ${by}`,
      group: "Time",
      when: isReady,
      run: (commands) => commands.advance(by),
    }),
  ),
  {
    id: "advance-timer",
    title: "Advance the clock to the next timer",
    group: "Time",
    when: (state) => isReady(state) && state.engine.status?.nextTimer != null,
    run: (commands) => commands.advanceToTimer(),
  },
  {
    id: "advance-to",
    title: "Advance the clock to a date …",
    group: "Time",
    when: isReady,
    run: (commands) => commands.askDate(),
  },
  {
    id: "record-back",
    title: "One record back",
    group: "Look",
    keys: ",",
    run: (commands) => commands.stepRecord(-1),
  },
  {
    id: "record-forward",
    title: "One record forward",
    group: "Look",
    keys: ".",
    run: (commands) => commands.stepRecord(1),
  },
  {
    id: "input-back",
    title: "Back to the end of the input before",
    group: "Look",
    keys: "[",
    run: (commands) => commands.stepBoundary(-1),
  },
  {
    id: "input-forward",
    title: "Forward to the end of the next input",
    group: "Look",
    keys: "]",
    run: (commands) => commands.stepBoundary(1),
  },
  {
    id: "live",
    title: "Back to live",
    group: "Look",
    keys: "l",
    run: (commands) => commands.goLive(),
  },
  {
    id: "select-nothing",
    title: "Select nothing, restore the panes",
    group: "Look",
    keys: "Escape",
    run: (commands) => {
      commands.select(null);
      commands.maximise(null);
    },
  },
  ...(["agenda", "facts", "subjects", "events", "runs", "queries", "charts"] as const).map(
    (tab): NamedCommand => ({
      id: `show-${tab}`,
      title: `Show ${tab}`,
      group: "Look",
      run: (commands) => commands.layout({ tableTab: tab, narrowTab: "tables" }),
    }),
  ),
  ...(["rules", "json", "inputs", "tests"] as const).map(
    (tab): NamedCommand => ({
      id: `edit-${tab}`,
      title: `Show ${tab === "json" ? "the rules as JSON" : tab}`,
      group: "Look",
      run: (commands) => commands.layout({ editorTab: tab, narrowTab: "editor" }),
    }),
  ),
  {
    id: "insert",
    title: "Insert a fact or raise an event …",
    group: "Facts",
    when: (state) => hasRules(state) && isReady(state),
    run: (commands) => commands.askFact(""),
  },
  {
    id: "facts-from-file",
    title: "Facts from a file …",
    group: "Facts",
    when: hasRules,
    run: (commands) => commands.askFile(),
  },
  {
    id: "run-tests",
    title: "Run the tests",
    group: "Rules",
    when: hasRules,
    run: (commands) => {
      commands.layout({ bottomTab: "tests" });
      commands.runTests();
    },
  },
  {
    id: "make-test",
    title: "Make a test of this moment",
    group: "Rules",
    when: (state) => hasRules(state) && state.live,
    run: (commands) => commands.makeTest(),
  },
  {
    id: "follow",
    title: "Follow the trace of a run elsewhere …",
    group: "Facts",
    when: hasRules,
    run: (commands) => commands.askStream(),
  },
  {
    id: "export-rules",
    title: "Save the rules as a file",
    group: "Rules",
    run: (commands) => commands.save("rules"),
  },
  {
    id: "export-json",
    title: "Save everything as a file (JSON)",
    group: "Page",
    run: (commands) => commands.save("project"),
  },
  {
    id: "export-mermaid",
    title: "Save the network as a Mermaid chart",
    group: "Page",
    when: hasRules,
    run: (commands) => commands.save("mermaid"),
  },
  {
    id: "export-svg",
    title: "Save the network as a picture (SVG)",
    group: "Page",
    when: hasRules,
    run: (commands) => commands.save("svg"),
  },
  {
    id: "export-png",
    title: "Save the network as a picture (PNG)",
    group: "Page",
    when: hasRules,
    run: (commands) => commands.save("png"),
  },
  {
    id: "export-npm",
    title: "Save a project for npm (ZIP)",
    group: "Page",
    when: hasRules,
    run: (commands) => commands.save("npm"),
  },
  {
    id: "share",
    title: "Share: copy a link that holds everything",
    group: "Page",
    run: (commands) => commands.share(),
  },
  {
    id: "drafts",
    title: "Drafts: what this browser keeps",
    group: "Page",
    run: (commands) => commands.drafts(),
  },
  {
    id: "blank",
    title: "New, blank page",
    group: "Page",
    run: (commands) => commands.blank(),
  },
  ...(["light", "dark", "system"] as const).map(
    (theme): NamedCommand => ({
      id: `theme-${theme}`,
      title: `Theme: ${theme === "system" ? "as the system has it" : theme}`,
      group: "Page",
      run: (commands) => commands.setTheme(theme),
    }),
  ),
  {
    id: "search-network",
    title: "Search the network",
    group: "Look",
    keys: "/",
    when: hasRules,
    run: (commands) => commands.searchNetwork(),
  },
  { id: "help", title: "Help", group: "Page", keys: "?", run: (commands) => commands.help() },
];

/** Those that a single key does. */
export const shortcuts = registry.filter(
  (command): command is NamedCommand & { keys: string } => command.keys !== undefined,
);

/**
 * What a search finds: every word must begin a word of the title. Those whose title begins with
 * what was typed come first.
 */
export function findCommands<Item extends { title: string }>(all: Item[], typed: string): Item[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ title }: Item) => {
    const lower = title.toLowerCase();
    // As they are written, signs and all ("30%"), and without their signs.
    const parts = [...lower.split(/\s+/), ...lower.split(/[^\p{L}\p{N}+]+/u)];
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  };
  const begins = ({ title }: Item) => title.toLowerCase().startsWith(typed.trim().toLowerCase());
  const found = all.filter(fits);
  return [...found.filter(begins), ...found.filter((item) => !begins(item))];
}
