// Compiles CacheManager.sol to cache-manager.init.hex, constructor arguments included:
//
//     npm install --no-save solc@0.8.37 && node compile.mjs
//
// The result is committed, so building the node needs neither node.js nor solc.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// Looks for solc where the command runs, so that nothing need be installed here.
const solc = createRequire(join(process.cwd(), "compile.mjs"))("solc");
const here = (name) => new URL(name, import.meta.url);

// 32 MiB of compiled code, and 1 gwei a second.
const CACHE_SIZE = 32n << 20n;
const DECAY = 10n ** 9n;

const input = {
  language: "Solidity",
  sources: { "CacheManager.sol": { content: readFileSync(here("CacheManager.sol"), "utf8") } },
  settings: {
    // The oldest fork that any supported ArbOS version runs is Prague; Cancun is in all.
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 200 },
    metadata: { bytecodeHash: "none", appendCBOR: false },
    outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
  },
};
const output = JSON.parse(solc.compile(JSON.stringify(input)));
const problems = output.errors ?? [];
for (const problem of problems) console.error(problem.formattedMessage);
if (problems.some((problem) => problem.severity === "error")) process.exit(1);

const code = output.contracts["CacheManager.sol"].CacheManager.evm.bytecode.object;
const word = (number) => number.toString(16).padStart(64, "0");
const init = `${code}${word(CACHE_SIZE)}${word(DECAY)}\n`;
writeFileSync(here("cache-manager.init.hex"), init);
console.log(`${(init.length - 1) / 2} bytes of init code, solc ${solc.version()}`);
