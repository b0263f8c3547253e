// What the palette offers: the commands, and all that has a name.

import type { PaletteItem } from "./panes/palette.ts";
import type { Commands } from "./state/commands.ts";
import type { Example } from "./state/examples.ts";
import { registry } from "./state/registry.ts";
import type { Store } from "./state/store.ts";

/** The commands that make sense now, then rules, types to insert, and examples. */
export function paletteItems(store: Store, commands: Commands, examples: Example[]): PaletteItem[] {
  const state = store.get();
  const { schema } = state.program;
  const named = registry
    .filter(({ when }) => when?.(state) ?? true)
    .map(({ title, group, keys, run }) => ({
      title,
      group,
      ...(keys === undefined ? {} : { keys }),
      run: () => run(commands),
    }));
  const rules = (schema?.rules ?? []).map(({ id, name, nameSpan }) => ({
    title: `Rule ${name}`,
    group: "Rules",
    run: () => {
      commands.select({ kind: "rule", rule: id });
      commands.reveal(nameSpan);
    },
  }));
  const types = (schema?.types ?? [])
    .filter(({ builtin }) => !builtin)
    .map(({ name, kind }) => ({
      title: kind === "event" ? `Raise ${name} …` : `Insert ${name} …`,
      group: "Facts",
      run: () => commands.askFact(name),
    }));
  const opens = examples.map(({ name, project }) => ({
    title: `Example: ${project.title}`,
    group: "Page",
    run: () => commands.openExample(name),
  }));
  return [...named, ...rules, ...types, ...opens];
}
