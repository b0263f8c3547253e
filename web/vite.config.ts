// How the page is built.

import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// The JSON Schema of rules as JSON, at an address that stays.
const schema = new URL("./node_modules/reticle/dist/rule-module.schema.json", import.meta.url);

export default defineConfig({
  base: "./",
  plugins: [
    {
      name: "schema",
      generateBundle() {
        this.emitFile({
          type: "asset",
          fileName: "rule-module.schema.json",
          source: readFileSync(schema),
        });
      },
    },
  ],
  worker: { format: "es" },
  build: {
    target: "es2022",
    // Everything stays a file of its own: a `data:` address would be refused by the
    // content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
  },
  server: { fs: { allow: [".."] } },
});
