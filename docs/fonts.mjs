// The page's fonts, with only the signs that the site uses: a page of documentation weighs little.
import { readFileSync } from "node:fs";
import subset from "subset-font";

const fonts = {
  "inter.woff2": {
    file: "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    weights: { min: 400, max: 700 },
  },
  "jetbrains-mono.woff2": {
    file: "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
    weights: 400,
  },
};

/** The font files by name. */
export async function fontsFor(text) {
  const signs = [...new Set(text)].sort().join("");
  const made = new Map();
  for (const [name, { file, weights }] of Object.entries(fonts)) {
    const bytes = readFileSync(new URL(`node_modules/${file}`, import.meta.url));
    const font = await subset(bytes, signs, {
      targetFormat: "woff2",
      variationAxes: { wght: weights },
    });
    made.set(name, font);
  }
  return made;
}
