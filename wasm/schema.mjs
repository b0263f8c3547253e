// Puts the JSON Schema of rules as JSON beside the built package, for editors and
// generators that want a file.
import { writeFileSync } from "node:fs";
import { moduleSchema } from "./dist/index.js";

writeFileSync(
  new URL("./dist/rule-module.schema.json", import.meta.url),
  `${JSON.stringify(await moduleSchema(), null, 2)}\n`,
);
