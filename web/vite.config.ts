import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  worker: { format: "es" },
  build: {
    target: "es2022",
    // Everything stays a file of its own: a `data:` address would be refused by the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
  },
  server: { fs: { allow: [".."] } },
});
