/**
 * Says on the console when something that holds the module's memory was dropped without
 * close(). Collection comes at no certain time, so this is a hint for the developer, not a
 * way to free memory.
 */
export const warnIfForgotten = new FinalizationRegistry<string>((what) => {
  console.warn(
    `reticle: ${what} was dropped without close(); its memory stays taken. ` +
      "Call close(), or declare it with `using`.",
  );
});
