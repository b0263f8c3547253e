/**
 * Small choices that outlive a visit. With storage switched off the page works alike and forgets.
 */
export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`reticle.${name}`, JSON.stringify(value));
  } catch {
    /* storage is off or full */
  }
}

export function recall(name: string): unknown {
  try {
    const text = localStorage.getItem(`reticle.${name}`);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

export function forget(name: string): void {
  try {
    localStorage.removeItem(`reticle.${name}`);
  } catch {
    /* storage is off */
  }
}

/** Plain text, as `public/theme.js` reads it before the first paint. */
export function rememberTheme(theme: string): void {
  try {
    localStorage.setItem("reticle.theme", theme);
  } catch {
    /* storage is off or full */
  }
}

export function recallTheme(): string | null {
  try {
    return localStorage.getItem("reticle.theme");
  } catch {
    return null;
  }
}

/** A name of its own for each tab, so that two tabs never write into one journal. */
export function tabName(): string {
  const fresh = `tab-${crypto.randomUUID()}`;
  try {
    const known = sessionStorage.getItem("reticle.tab");
    if (known) return known;
    sessionStorage.setItem("reticle.tab", fresh);
  } catch {
    /* storage is off */
  }
  return fresh;
}
