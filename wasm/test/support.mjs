// What the tests share: the repository's places, the built package, rules used in several tests.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const top = resolve(fileURLToPath(import.meta.url), "../../..");
export const native = process.env.RETICLE ?? join(top, "build/native/reticle");
// Half of what is tested is that both builds agree, so the other one must be there.
if (!existsSync(native))
  throw new Error(
    `${native} is not there: build it with tools/build native, or name another with RETICLE`,
  );

export function discounts() {
  return readFileSync(join(top, "tests/scripts/programs/discounts.rules"), "utf8");
}

/**
 * Every description of an example, examples/<folder>/<file>.json, parsed, with the text files
 * beside it.
 */
export function examples() {
  const folder = join(top, "examples");
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const files = Object.fromEntries(
        readdirSync(join(folder, name)).map((file) => [
          file,
          readFileSync(join(folder, name, file), "utf8"),
        ]),
      );
      return Object.keys(files)
        .filter((file) => file.endsWith(".json"))
        .map((file) => ({
          name: `${name}/${file}`,
          path: join(folder, name, file),
          example: JSON.parse(files[file]),
          files,
        }));
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

// The rules, and the CSV files beside them that tables may read rows from.
export function sourcesOf({ example, files }) {
  const tables = Object.keys(files).filter((name) => name.endsWith(".csv"));
  return [example.rules, tables].flat().map((name) => ({ name, text: files[name] }));
}

/** An order that is charged with retries, waits ten minutes, and writes a mail. */
export const orderRules = `module demo.orders
fact Order { key id: string total: int status: string = "NEW" }
event Placed as "order.placed" { orderId: string }
host function pay.charge(orderId: string, amount: int) -> string
host function mail.send(to: string)
rule "pay"
on e: Placed
when { o: Order(id == e.orderId, status == "NEW") }
then { start Pay(order: o) key o.id }
flow Pay(order: Order) -> string key order.id
  retry 5 times backoff exponential 1s..1m
{
  step charge = call pay.charge(orderId: order.id, amount: order.total)
  set order.status = "PAID"
  sleep 10m
  step mail = call mail.send(to: order.id)
  set order.status = "DONE"
  return charge
}
`;

/** A subject whose temperature rules react to. */
export const deviceRules = `module demo.devices
subject Device as "device|{id}" {
  key id: string
  ext deviceclass: string?
  tempc: double?
  hot: bool = false
}
event Measured as "measured" { tempc: double }
rule "store"
on e: Measured at d: Device
then { set d.tempc = e.tempc }
rule "judge"
on change d: Device.tempc (new != null)
then { set d.hot = new > 30.0 }
`;

/** Waits for a condition on the real clock, however slow the machine; only what hangs is ended. */
export async function until(what, holds) {
  const end = Date.now() + 20 * 60_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((later) => setTimeout(later, 5));
  }
}
