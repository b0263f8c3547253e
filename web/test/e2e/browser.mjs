// A browser as strict as the page's readers deserve: anything that is not the built page, served
// here, under its policy, is a failure.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "../../../tools/serve.mjs";

/**
 * How long anything may take, in milliseconds. It only ends what hangs: every wait is for a
 * condition, and a slow machine may need long for it. PATIENCE, in milliseconds, is for writing a
 * scenario: what never happens is said sooner.
 */
export const patience = Number(process.env.PATIENCE ?? 5 * 60_000);

const root = new URL("../../dist", import.meta.url).pathname;
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Serves the built page; `close` ends it. */
export async function servePage() {
  return serve(root, 0);
}

/**
 * Opens a browser with an empty profile. `complaints` collects console errors, page errors, failed
 * requests, refusals of the content security policy and requests to anywhere else; a scenario
 * fails when there is one.
 */
export async function openBrowser(
  origin,
  { viewport = { width: 1440, height: 900 }, ...options } = {},
) {
  const profile = await mkdtemp(join(tmpdir(), "reticle-e2e-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: flags,
    viewport,
    acceptDownloads: false,
    timeout: patience,
    ...options,
  });
  context.setDefaultTimeout(patience);
  const complaints = [];
  let isOpen = true;
  const complain = (what) => {
    if (isOpen) complaints.push(what);
  };
  await context.route(
    (url) => !url.href.startsWith(origin) && !["data:", "blob:"].includes(url.protocol),
    (route) => {
      complain(`asked for ${route.request().url()}, which is not this page`);
      return route.abort();
    },
  );
  const watch = (page) => {
    page.on("console", (message) => {
      if (message.type() === "error") complain(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => complain(`page error: ${error.stack ?? error.message}`));
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // The page ended it itself: it follows a stream no more.
      if (why !== "net::ERR_ABORTED" || !request.url().includes("/trace"))
        complain(`request failed: ${request.url()} ${why}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) complain(`${response.status()}: ${response.url()}`);
    });
  };
  context.on("page", watch);
  for (const page of context.pages()) watch(page);
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`),
    );
  });
  return {
    context,
    complaints,
    page: context.pages()[0] ?? (await context.newPage()),
    async close() {
      isOpen = false;
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/**
 * Opens an address of the page and waits until its inputs have been played and the editor is there.
 */
export async function openPage(page, address) {
  await page.goto(address);
  await page.evaluate(() => window.reticle.ready);
  const isWide = page.viewportSize().width >= 900;
  if (isWide)
    await page.locator('[data-pane="rules"][data-ready="monaco"] .view-line').first().waitFor();
}
