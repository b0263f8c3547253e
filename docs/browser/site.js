// What only a script can do on a page: search, the theme, copying code. Pages are whole without it.

const base = new URL(".", import.meta.url);

function element(name, attributes, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

// --- the theme, shared with the playground

const nextTheme = { system: "light", light: "dark", dark: "system" };
const themeButton = document.querySelector("[data-theme-button]");

function themeNow() {
  return document.documentElement.dataset.theme ?? "system";
}

function setTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("reticle.theme", theme);
  } catch {
    /* storage is off or full: it lasts as long as the page */
  }
  nameTheme();
}

function nameTheme() {
  const theme = themeNow();
  themeButton.replaceChildren("Theme", element("span", {}, `: ${theme}`));
  themeButton.title = `Theme: ${theme}. Press for ${nextTheme[theme]}.`;
}

themeButton.addEventListener("click", () => setTheme(nextTheme[themeNow()]));
nameTheme();

// --- the list of pages is folded on a narrow screen

const fold = document.querySelector(".parts-fold");
if (fold && matchMedia("(max-width: 760px)").matches) fold.open = false;
document.querySelector(".part a[aria-current]")?.scrollIntoView({ block: "nearest" });

// --- code

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.copy");
  const code = button?.parentElement.querySelector("pre");
  if (!code) return;
  navigator.clipboard.writeText(code.textContent).then(() => {
    button.textContent = "Copied";
  });
});
for (const button of document.querySelectorAll("button.copy")) button.textContent = "Copy";

// What is wider than the page is moved by keys, too.
for (const wide of document.querySelectorAll(".prose pre, .prose table"))
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;

// --- search

let finder = null;
async function loadFinder() {
  const [{ default: MiniSearch }, { find, options }, text] = await Promise.all([
    import(new URL("minisearch.js", base)),
    import(new URL("finder.js", base)),
    fetch(new URL("search.json", base)).then((answer) => answer.text()),
  ]);
  const index = MiniSearch.loadJSON(text, options);
  return (question) => find(index, question);
}

const list = element("ul", {});
const status = element("p", { role: "status" }, "Ask in your own words.");
const input = element("input", { type: "search", ariaLabel: "Search", autocomplete: "off" });
const dialog = element("dialog", { className: "search", ariaLabel: "Search" }, input, status, list);
document.body.append(dialog);

function rowOf({ to, anchor, title, heading }) {
  const address = new URL(`${to}.html${anchor ? `#${anchor}` : ""}`, base);
  const place = heading === title ? "" : heading;
  return element(
    "li",
    {},
    element("a", { href: address.href }, title, element("small", {}, place)),
  );
}

async function show() {
  finder ??= loadFinder();
  const find = await finder;
  const question = input.value.trim();
  const found = question ? find(question) : [];
  list.replaceChildren(...found.map(rowOf));
  status.textContent = question
    ? `${found.length} ${found.length === 1 ? "page" : "pages"}`
    : "Ask in your own words.";
}

function openSearch() {
  if (!dialog.open) dialog.showModal();
  input.select();
  show();
}

input.addEventListener("input", show);
dialog.addEventListener("keydown", (event) => {
  const links = [...list.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "Enter" && at < 0 && links[0]) links[0].click();
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const to = at + (event.key === "ArrowDown" ? 1 : -1);
  (links[to] ?? input).focus();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("a")) dialog.close();
});
document.querySelector("[data-search]").addEventListener("click", openSearch);
document.addEventListener("keydown", (event) => {
  const isField = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  const isSlash = event.key === "/" && !isField;
  const isK = event.key === "k" && (event.ctrlKey || event.metaKey);
  if (!isSlash && !isK) return;
  event.preventDefault();
  openSearch();
});
