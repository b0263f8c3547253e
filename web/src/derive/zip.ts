// Several files in one download: a ZIP archive, its files stored as they are.

export interface PackedFile {
  name: string;
  text: string;
}

/**
 * The archive of some text files. Nothing is compressed: every tool reads it, and a project is
 * small. All files have the same date, so that the same project gives the same bytes.
 *
 *     local header + name + bytes, a file each | central header + name, a file each | end
 */
export function zipOf(files: PackedFile[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const locals: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { name, text } of files) {
    const nameBytes = encoder.encode(name);
    const bytes = encoder.encode(text);
    const common = [
      ...[...two(20), ...two(utf8Names), ...two(0), ...two(0), ...two(firstDay)],
      ...[...four(checksum(bytes)), ...four(bytes.length), ...four(bytes.length)],
      ...[...two(nameBytes.length), ...two(0)],
    ];
    locals.push(Uint8Array.from([...four(0x04034b50), ...common]), nameBytes, bytes);
    const place = [...two(0), ...two(0), ...two(0), ...four(0), ...four(offset)];
    central.push(
      Uint8Array.from([...four(0x02014b50), ...two(20), ...common, ...place]),
      nameBytes,
    );
    offset += 30 + nameBytes.length + bytes.length;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  const count = two(files.length);
  const end = [...four(0x06054b50), ...two(0), ...two(0), ...count, ...count];
  const parts = [
    ...locals,
    ...central,
    Uint8Array.from([...end, ...four(size), ...four(offset), ...two(0)]),
  ];
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const utf8Names = 1 << 11;
/** The first of January 1980, with which the format's calendar begins. */
const firstDay = (1 << 5) | 1;

const two = (value: number): number[] => [value & 255, (value >> 8) & 255];
const four = (value: number): number[] => [...two(value & 0xffff), ...two(value >>> 16)];

/** CRC-32, as the format asks for it. */
function checksum(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
