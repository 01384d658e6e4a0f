// One peer in Node. Arguments: its name, and "terms" where the first line of standard input is a JSON array of the terms that it shall find.
// Each further line is a JSON array of texts; each line of standard output says how many of them it flags, which, and the seconds of the
// processor that took, without the pipe. The first line out is its version, or why it is absent.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const peers = {
  async obscenity(terms) {
    const { DataSet, RegExpMatcher, englishDataset, englishRecommendedTransformers, parseRawPattern } = await import("obscenity");
    const literal = (term) => `|${term.replace(/[[\]?|\\]/g, "\\$&")}|`;
    const own = terms && terms.reduce((set, term) => set.addPhrase((phrase) => phrase.addPattern(parseRawPattern(literal(term)))), new DataSet());
    const matcher = new RegExpMatcher({ ...(own ?? englishDataset).build(), ...englishRecommendedTransformers });
    return (text) => matcher.hasMatch(text);
  },
  async "glin-profanity"() {
    const { Filter } = await import("glin-profanity");
    const filter = new Filter({ languages: ["english"] });
    return (text) => filter.isProfane(text);
  },
};

const name = process.argv[2];
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
let judge;
try {
  judge = await peers[name](process.argv[3] && JSON.parse((await lines.next()).value));
} catch (error) {
  console.log(JSON.stringify({ absent: String(error.message).split("\n")[0] }));
  process.exit(0);
}
const main = createRequire(import.meta.url).resolve(name);
const folder = main.slice(0, main.lastIndexOf(path.join("node_modules", name))) + path.join("node_modules", name);
console.log(JSON.stringify({ version: JSON.parse(readFileSync(path.join(folder, "package.json"))).version }));
for await (const line of lines) {
  const texts = JSON.parse(line);
  const start = process.cpuUsage();
  const each = texts.map((text) => judge(text));
  const { user, system } = process.cpuUsage(start);
  console.log(JSON.stringify({ flagged: each.filter(Boolean).length, each, seconds: (user + system) / 1e6 }));
}
