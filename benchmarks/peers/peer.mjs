// One peer in Node. Argument: its name. Each line of standard input is a JSON array of texts; each line of standard output says
// how many of them it flags, and the seconds of the processor that took, without the pipe. The first line out is its version, or why it is absent.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const peers = {
  async obscenity() {
    const { RegExpMatcher, englishDataset, englishRecommendedTransformers } = await import("obscenity");
    const matcher = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
    return (text) => matcher.hasMatch(text);
  },
  async "glin-profanity"() {
    const { Filter } = await import("glin-profanity");
    const filter = new Filter({ languages: ["english"] });
    return (text) => filter.isProfane(text);
  },
};

const name = process.argv[2];
let judge;
try {
  judge = await peers[name]();
} catch (error) {
  console.log(JSON.stringify({ absent: String(error.message).split("\n")[0] }));
  process.exit(0);
}
const main = createRequire(import.meta.url).resolve(name);
const folder = main.slice(0, main.lastIndexOf(path.join("node_modules", name))) + path.join("node_modules", name);
console.log(JSON.stringify({ version: JSON.parse(readFileSync(path.join(folder, "package.json"))).version }));
for await (const line of createInterface({ input: process.stdin })) {
  const texts = JSON.parse(line);
  const start = process.cpuUsage();
  let flagged = 0;
  for (const text of texts) if (judge(text)) flagged += 1;
  const { user, system } = process.cpuUsage(start);
  console.log(JSON.stringify({ flagged, seconds: (user + system) / 1e6 }));
}
