// The workloads as programs of nools.
//
// Workloads: manners a a3 b b2 c c3 e e-exists f g g-less
import nools from "nools";

const types = {};
for (const name of [
  "Item",
  "Left",
  "Right",
  "Counter",
  "Edge",
  "Path",
  "A",
  "B",
  "Context",
  "Guest",
  "LastSeat",
  "Count",
  "Seating",
  "Chosen",
]) {
  types[name] = {
    [name]: class {
      constructor(fields) {
        Object.assign(this, fields);
      }
    },
  }[name];
}
const {
  Item,
  Left,
  Right,
  Counter,
  Edge,
  Path,
  A,
  B,
  Context,
  Guest,
  LastSeat,
  Count,
  Seating,
  Chosen,
} = types;

const nothing = () => {};
const found = (flow) => flow.rule("found", [[Item, "i", "i.kind == 3"]], nothing);
const joined = (flow) =>
  flow.rule(
    "joined",
    [
      [Left, "l"],
      [Right, "r", "r.at == l.at"],
    ],
    nothing,
  );

const programs = {
  a: found,
  a3: found,
  b: joined,
  b2: joined,
  c: (flow) =>
    flow.rule("count", [[Counter, "c", "c.n < c.limit"]], function ({ c }) {
      ++c.n;
      this.modify(c);
    }),
  c3: (flow) =>
    flow.rule("next", [[Item, "i", "i.v < i.limit"]], function ({ i }) {
      this.assert(new Item({ v: i.v + 1, limit: i.limit }));
    }),
  e: (flow) =>
    flow.rule(
      "alone",
      [
        [Left, "l"],
        ["not", Right, "r", "r.at == l.at"],
      ],
      nothing,
    ),
  "e-exists": (flow) =>
    flow.rule(
      "accompanied",
      [
        [Left, "l"],
        ["exists", Right, "r", "r.at == l.at"],
      ],
      nothing,
    ),
  f(flow) {
    flow.rule("first", [[Edge, "e"]], function ({ e }) {
      this.assert(new Path({ from: e.from, to: e.to }));
    });
    flow.rule(
      "further",
      [
        [Path, "p"],
        [Edge, "e", "e.from == p.to"],
      ],
      function ({ p, e }) {
        this.assert(new Path({ from: p.from, to: e.to }));
      },
    );
  },
  g: (flow) =>
    flow.rule(
      "follows",
      [
        [A, "a"],
        [B, "b", "b.j == a.k + 1"],
      ],
      nothing,
    ),
  "g-less": (flow) =>
    flow.rule(
      "less",
      [
        [A, "a"],
        [B, "b", "a.v < b.v"],
      ],
      nothing,
    ),
  manners,
};

/** In nools a fact is changed in place, and then the session is notified. */
function change(session, fact, fields) {
  session.modify(Object.assign(fact, fields));
}

function manners(flow) {
  mannersSeats(flow);
  mannersEnds(flow);
}

/** The rules that seat the guests. */
function mannersSeats(flow) {
  flow.rule(
    "assignFirstSeat",
    [
      [Context, "x", "x.phase == 'start'"],
      [Guest, "g"],
      [Count, "n"],
    ],
    function ({ x, g, n }) {
      this.assert(
        new Seating({
          id: n.value,
          parent: 0,
          leftSeat: 1,
          leftGuest: g.name,
          rightSeat: 1,
          rightGuest: g.name,
          pathDone: true,
        }),
      );
      this.assert(new Path({ id: n.value, seat: 1, guest: g.name }));
      change(this, n, { value: n.value + 1 });
      change(this, x, { phase: "assign" });
    },
  );
  flow.rule(
    "findSeating",
    [
      [Context, "x", "x.phase == 'assign'"],
      [Seating, "s", "isTrue(s.pathDone)"],
      [Guest, "r", "r.name == s.rightGuest"],
      [Guest, "l", "l.sex != r.sex && l.hobby == r.hobby"],
      [Count, "n"],
      ["not", Path, "p", "p.id == s.id && p.guest == l.name"],
      ["not", Chosen, "c", "c.id == s.id && c.guest == l.name && c.hobby == r.hobby"],
    ],
    function ({ x, s, r, l, n }) {
      this.assert(
        new Seating({
          id: n.value,
          parent: s.id,
          leftSeat: s.rightSeat,
          leftGuest: s.rightGuest,
          rightSeat: s.rightSeat + 1,
          rightGuest: l.name,
          pathDone: false,
        }),
      );
      this.assert(new Path({ id: n.value, seat: s.rightSeat + 1, guest: l.name }));
      this.assert(new Chosen({ id: s.id, guest: l.name, hobby: r.hobby }));
      change(this, n, { value: n.value + 1 });
      change(this, x, { phase: "path" });
    },
  );
  flow.rule(
    "makePath",
    [
      [Context, "x", "x.phase == 'path'"],
      [Seating, "s", "isFalse(s.pathDone)"],
      [Path, "p", "p.id == s.parent"],
      ["not", Path, "q", "q.id == s.id && q.guest == p.guest"],
    ],
    function ({ s, p }) {
      this.assert(new Path({ id: s.id, seat: p.seat, guest: p.guest }));
    },
  );
  flow.rule(
    "pathDone",
    { salience: -10 },
    [
      [Context, "x", "x.phase == 'path'"],
      [Seating, "s", "isFalse(s.pathDone)"],
    ],
    function ({ x, s }) {
      change(this, s, { pathDone: true });
      change(this, x, { phase: "check" });
    },
  );
}

/** The rules that check whether everybody sits, and print the path. */
function mannersEnds(flow) {
  flow.rule(
    "areWeDone",
    [
      [Context, "x", "x.phase == 'check'"],
      [LastSeat, "e"],
      [Seating, "s", "s.rightSeat == e.seat"],
    ],
    function ({ x }) {
      change(this, x, { phase: "print" });
    },
  );
  flow.rule("goOn", { salience: -10 }, [[Context, "x", "x.phase == 'check'"]], function ({ x }) {
    change(this, x, { phase: "assign" });
  });
  flow.rule(
    "printResults",
    [
      [Context, "x", "x.phase == 'print'"],
      [Seating, "s"],
      [LastSeat, "e", "e.seat == s.rightSeat"],
      [Path, "p", "p.id == s.id"],
    ],
    function ({ p }) {
      this.retract(p);
    },
  );
  flow.rule("allDone", { salience: -10 }, [[Context, "x", "x.phase == 'print'"]], function () {
    this.halt();
  });
}

export function compile(name) {
  let firings = 0;
  const session = nools.flow(name, programs[name]).getSession();
  session.on("fire", () => {
    ++firings;
  });
  return {
    insert(type, fields) {
      session.assert(new types[type](fields));
    },
    settle: () => session.match(),
    firings: () => firings,
  };
}
