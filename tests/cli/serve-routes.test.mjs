// `reticle serve --routes`: which destinations an event comes to, by attributes of its envelope.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { envelope, receiver, serving } from "./serving.mjs";

const { serve, write, read, reticle } = serving();

before(() => {
  write(
    "fleet.rules",
    `module fleet
subject Device as "device|{id}" {
  key id: string
  ext deviceclass: string?
  tempc: double?
  temp_status: string?
}
event Read as "reading" { tempc: double }
event Received as "data-received" { tempc: double }
rule "pass on" on e: Read at d: Device then { emit Received{tempc: e.tempc} to d }
rule "measure" on e: Read at d: Device then { set d.tempc = e.tempc }
rule "status" on change d: Device.tempc then { set d.temp_status = "NORMAL" }
`,
  );
});

describe("routes over places", () => {
  test("each class has its place, and triggers of its own there", async () => {
    const there = await receiver(() => undefined);
    const to = (name) => `${there.url}/${name}`;
    const destinations = Object.fromEntries(
      ["all-of-a", "all-of-b", "received", "changed"].map((name) => [name, to(name)]),
    );
    const tempc = { type: "subject-property-changed", propertyname: "tempc" };
    const routes = [
      { when: { deviceclass: "class-a" }, to: "class-a" },
      { when: { deviceclass: "class-b" }, to: "class-b" },
      { from: "class-a", to: "all-of-a" },
      { from: "class-b", to: "all-of-b" },
      { from: "class-a", when: { type: "data-received" }, to: "received" },
      { from: "class-a", when: tempc, to: "changed" },
    ];
    write("fleet.json", { destinations, routes });
    const server = await serve(
      ...["--rules", "fleet.rules", "--store", "fleet.journal", "--routes", "fleet.json"],
      ...["--deliver", to("rest")],
    );
    for (const [id, deviceclass] of [["000001", "class-a"], ["000006", "class-b"], ["000009"]]) {
      const body = JSON.stringify({ temp_status: "NEW", ...(deviceclass && { deviceclass }) });
      const headers = { "content-type": "application/json" };
      const path = `/subjects/device%7C${id}?muted=true`;
      assert.equal((await server.ask("PUT", path, { body, headers })).status, 201);
    }
    for (const id of ["000001", "000006", "000009"]) {
      const event = { type: "reading", subject: `device|${id}`, data: { tempc: 20.5 } };
      assert.equal((await server.post(envelope(event))).status, 200);
    }
    // Of each device: what was received, its temperature and its status; all of them to the rest.
    const got = await there.until((all) => all.length === 3 + 3 + 2 + 9);
    const seen = (name) =>
      got
        .filter((each) => each.url === `/${name}`)
        .map(({ body }) => `${body.subject} ${body.propertyname ?? body.type}`)
        .sort();
    const three = (id) => [`device|${id} data-received`, `device|${id} temp_status`];
    assert.deepEqual(seen("all-of-a"), [...three("000001"), "device|000001 tempc"]);
    assert.deepEqual(seen("all-of-b"), [...three("000006"), "device|000006 tempc"]);
    assert.deepEqual(seen("received"), ["device|000001 data-received"]);
    assert.deepEqual(seen("changed"), ["device|000001 tempc"]);
    assert.equal(seen("rest").length, 9);
  });

  test("an event comes to a URL once, by whatever ways; routes may be in a circle", async () => {
    const there = await receiver(() => undefined);
    const words = ["--rules", "fleet.rules", "--store", "ways.journal", "--deliver", there.url];
    write(
      "ways.yaml",
      `destinations: {one: "${there.url}", other: "${there.url}"}
routes:
  - {to: round}
  - {from: round, to: about}
  - {from: about, to: round}
  - {from: about, when: {type: data-received}, to: one}
  - {when: {hops: 1}, to: other}
`,
    );
    const server = await serve(...words, "--routes", "ways.yaml");
    const body = '{"temp_status": "NEW"}';
    const headers = { "content-type": "application/json" };
    await server.ask("PUT", "/subjects/device%7C1?muted=true", { body, headers });
    await server.post(envelope({ type: "reading", subject: "device|1", data: { tempc: 1 } }));
    await there.until((all) => all.length >= 3);
    await server.post(envelope({ type: "reading", subject: "device|1", data: { tempc: 2 } }));
    const got = await there.until((all) => all.length >= 5);
    assert.deepEqual(
      got.map(({ body }) => body.propertyname ?? body.type),
      ["data-received", "tempc", "temp_status", "data-received", "tempc"],
    );
  });
});

test("what is wrong with a file of routes is said", () => {
  const url = "http://127.0.0.1:9/";
  const cases = [
    [[], /routes are an object/],
    [{ destinations: {}, route: [] }, /no member `route` \(did you mean `routes`\?\)/],
    [{ destinations: { a: "ftp://x/" }, routes: [] }, /destination a: .* is no URL/],
    [{ destinations: { a: 5 }, routes: [] }, /destination a: a destination has a URL/],
    [{ destinations: { a: url } }, /`routes` is a list/],
    [{ destinations: { a: url }, routes: [{}] }, /route 1: `to` is the name/],
    [{ destinations: { a: url }, routes: [{ to: "a", if: {} }] }, /route 1: a route has no `if`/],
    [{ destinations: { a: url }, routes: [{ to: "b" }] }, /route 1: `b` is no destination/],
    [
      { destinations: { a: url }, routes: [{ to: "a" }, { to: "a", when: { type: ["x"] } }] },
      /route 2: `type` is a text, an integer or a boolean/,
    ],
  ];
  for (const [content, expected] of cases) {
    write("wrong.json", content);
    const { status, err } = reticle("serve", "--routes", "wrong.json");
    assert.equal(status, 2);
    assert.match(err, expected);
    assert.ok(read("wrong.json"));
  }
});
