// Offsets of named time zones, which the engine asks its host for.

const formats = new Map<string, Intl.DateTimeFormat | undefined>();
/** Names may come from data: what is kept is bounded. */
const mostKept = 1000;

/**
 * Seconds east of UTC in a named time zone at an instant (in seconds since 1970), by the host's
 * `Intl`; NaN when it knows no such zone. Never throws.
 */
export function zoneOffset(zone: string, seconds: number): number {
  const name = formatOf(zone)
    ?.formatToParts(seconds * 1000)
    .find(({ type }) => type === "timeZoneName")?.value;
  // GMT, GMT+05:45, GMT-03:30:52
  const match =
    name === undefined
      ? null
      : /^GMT(?:([+\u2212-])(\d{1,2})(?::(\d\d))?(?::(\d\d))?)?$/.exec(name);
  if (!match) return NaN;
  const [, sign = "+", hours = "0", minutes = "0", rest = "0"] = match;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 + Number(rest);
  return sign === "+" || offset === 0 ? offset : -offset;
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone);
  if (formats.size >= mostKept) formats.clear();
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    format = undefined;
  }
  formats.set(zone, format);
  return format;
}
