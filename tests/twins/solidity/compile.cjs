// Compiles the sources beside this file with the packages of NODE_PATH, and prints the init code of
// every contract as JSON.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const solc = require("solc");

const names = ["OpenZeppelin.sol", "Solady.sol"];
const read = (file) => fs.readFileSync(file, "utf8");
const packages = path.dirname(path.dirname(require.resolve("solc/package.json")));

const input = {
  language: "Solidity",
  sources: Object.fromEntries(names.map((name) => [name, { content: read(path.join(__dirname, name)) }])),
  settings: {
    // The newest rules that every ArbOS version of the node has.
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
  },
};
const imported = (name) => ({ contents: read(path.join(packages, name)) });
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: imported }));
const errors = (output.errors ?? []).filter((error) => error.severity === "error");
if (errors.length > 0) {
  console.error(errors.map((error) => error.formattedMessage).join("\n"));
  process.exit(1);
}
const codes = {};
for (const name of names) {
  for (const [contract, compiled] of Object.entries(output.contracts[name])) {
    codes[contract] = `0x${compiled.evm.bytecode.object}`;
  }
}
console.log(JSON.stringify(codes, null, 2));
