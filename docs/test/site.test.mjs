// The built site in a browser, under its policy: what a page weighs and how soon it shows, that
// nothing is asked for from elsewhere, that axe finds nothing serious, that search and theme work.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serve } from "../../tools/serve.mjs";
import { openBrowser } from "../../web/test/e2e/browser.mjs";
import { pages, top } from "../site.mjs";

const dist = join(top, "docs/dist");
const require = createRequire(join(top, "web/package.json"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** One page of each kind. */
const kinds = [
  "index.html",
  "why.html",
  "start/node.html",
  "lessons/01-first-rule.html",
  "problems/eligibility.html",
  "how/journal.html",
  "reference/functions.html",
  "diagnostics/RL1004.html",
  "api/cpp/engine.html",
  "about/questions.html",
];
const mostBytes = 100_000;

let server, browser;
before(async () => {
  server = await serve(join(top, "web/dist"), 0, dist);
  browser = await openBrowser(server.url);
});
after(async () => {
  await browser?.close();
  await server?.close();
});
const open = (name) => browser.page.goto(`${server.url}docs/${name}`);

describe("every page", () => {
  test("is there, as HTML and as Markdown, and links lead to places that are there", () => {
    for (const { to } of pages) {
      const html = readFileSync(join(dist, `${to}.html`), "utf8");
      assert.ok(existsSync(join(dist, `${to}.md`)), `${to}.md`);
      const base = new URL(`http://site/docs/${to}.html`);
      for (const [, link] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
        const { host, pathname, hash } = new URL(link.replaceAll("&amp;", "&"), base);
        if (host !== "site" || !pathname.startsWith("/docs/")) continue;
        const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
        const file = join(dist, decodeURIComponent(path.slice("/docs/".length)));
        assert.ok(existsSync(file), `${to}: ${link}`);
        if (!hash || !file.endsWith(".html")) continue;
        const ids = readFileSync(file, "utf8");
        assert.ok(ids.includes(`id="${decodeURIComponent(hash.slice(1))}"`), `${to}: ${link}`);
      }
    }
  });
  test("is listed in llms.txt", () => {
    const list = readFileSync(join(dist, "llms.txt"), "utf8");
    for (const { to } of pages) assert.ok(list.includes(`(/docs/${to}.md)`), to);
  });
});

describe("a page in a browser", () => {
  for (const name of kinds) {
    test(`${name} weighs less than 100 kB, and asks for nothing from elsewhere`, async () => {
      const { page, complaints } = browser;
      const client = await page.context().newCDPSession(page);
      await client.send("Network.enable");
      await client.send("Network.setCacheDisabled", { cacheDisabled: true });
      let bytes = 0;
      client.on("Network.loadingFinished", ({ encodedDataLength }) => {
        bytes += encodedDataLength;
      });
      await open(name);
      await page.evaluate(() => document.fonts.ready);
      await client.detach();
      assert.ok(bytes > 10_000 && bytes < mostBytes, `${bytes} bytes`);
      assert.deepEqual(complaints, []);
    });
  }

  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing serious, ${colorScheme}`, async () => {
      const { page } = browser;
      await page.emulateMedia({ colorScheme });
      for (const name of kinds) {
        await open(name);
        // The policy of the page allows no script but its own: axe is evaluated, not added.
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
          return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120))}`);
        });
        assert.deepEqual(found, [], name);
      }
    });
  }

  test("nothing is wider than a small screen", async () => {
    const { page } = browser;
    for (const width of [320, 390, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const name of kinds) {
        await open(name);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${name} is ${wide} wide at ${width}`);
      }
    }
  });

  test("search leads to an answer by the keyboard alone", async () => {
    const { page, complaints } = browser;
    await open("index.html");
    await page.keyboard.press("/");
    await page.keyboard.type("my rule does not fire");
    const first = page.locator(".search li a").first();
    await first.waitFor();
    await page.locator(".search li a", { hasText: "Why didn't my rule fire?" }).first().waitFor();
    await page.keyboard.press("ArrowDown");
    const leads = await page.evaluate(() => document.activeElement.getAttribute("href"));
    await page.keyboard.press("Enter");
    await page.waitForURL(leads);
    assert.deepEqual(complaints, []);
  });

  test("the theme is kept, and is that of the playground", async () => {
    const { page } = browser;
    await page.setViewportSize({ width: 1280, height: 800 });
    await open("index.html");
    await page.locator("[data-theme-button]").click();
    await open("why.html");
    const chosen = () => page.evaluate(() => document.documentElement.dataset.theme);
    assert.equal(await chosen(), "light");
    assert.equal(await page.evaluate(() => localStorage.getItem("reticle.theme")), "light");
  });

  test("a program of a page opens in the playground", async () => {
    const { page, complaints } = browser;
    await open("index.html");
    const address = await page.locator(".code-open").first().getAttribute("href");
    await page.goto(new URL(address, server.url).href);
    await page.evaluate(() => window.reticle.ready);
    await page.locator(".fact, .view-line", { hasText: "Discount" }).first().waitFor();
    assert.deepEqual(complaints, []);
  });
});
