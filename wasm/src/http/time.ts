// RFC 3339, as the specification of CloudEvents has times.

const form = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970; nothing for what is no time, the 30th of February for one. */
export function millisFrom(text: string): number | undefined {
  const found = form.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const zone = offset(found[8] ?? "Z");
  if (!isDay || hour > 23 || minute > 59 || second > 59 || zone === undefined) return undefined;
  const micros = Number((found[7] ?? ".0").slice(1).padEnd(6, "0").slice(0, 6));
  return date.getTime() + ((hour * 60 + minute - zone) * 60 + second) * 1000 + micros / 1000;
}

/** Minutes before UTC. */
function offset(zone: string): number | undefined {
  if (zone.length === 1) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes);
}
