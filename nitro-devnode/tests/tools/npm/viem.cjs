// viem 2 against the node whose HTTP and WebSocket addresses are given.
const assert = require("node:assert/strict");
const viem = require("viem");
const { privateKeyToAccount } = require("viem/accounts");

const [http, ws] = process.argv.slice(2);
const { DEV_KEY, COUNTER } = process.env;
const abi = viem.parseAbi([
  "constructor(uint256 start)",
  "function number() view returns (uint256)",
  "function increase(uint256 amount)",
  "event Increased(address indexed by, uint256 number)",
  "error TooMuch(uint256 amount, uint256 most)",
]);
const chain = viem.defineChain({
  id: 412346,
  name: "devnode",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [http], webSocket: [ws] } },
});
const account = privateKeyToAccount(DEV_KEY);
const reader = viem.createPublicClient({ chain, transport: viem.http(), pollingInterval: 20 });
const writer = viem.createWalletClient({ account, chain, transport: viem.http() });
const test = viem.createTestClient({ chain, mode: "anvil", transport: viem.http() });

async function mined(hash) {
  const receipt = await reader.waitForTransactionReceipt({ hash });
  assert.equal(receipt.status, "success");
  return receipt;
}

async function main() {
  await reads();
  const counter = await deploysAndSends();
  await isToldWhy(counter);
  await polls(counter);
  await subscribes(counter);
  await signs();
  await movesTheChain();
}

async function reads() {
  assert.equal(await reader.getChainId(), 412346);
  assert.equal(await reader.getBlockNumber(), 7n);
  assert.equal(await reader.getGasPrice(), 100000000n);
  const fees = await reader.estimateFeesPerGas();
  assert.equal(fees.maxPriorityFeePerGas, 0n);
  const history = await reader.getFeeHistory({ blockCount: 4, rewardPercentiles: [25] });
  assert.equal(history.baseFeePerGas.length, 5);
  const block = await reader.getBlock({ blockTag: "finalized", includeTransactions: true });
  assert.equal(block.transactions.length, 2);
}

async function deploysAndSends() {
  const hash = await writer.deployContract({ abi, bytecode: COUNTER, args: [5n] });
  const { contractAddress: address } = await mined(hash);
  const counter = { address, abi };
  const number = { ...counter, functionName: "number" };
  assert.equal(await reader.readContract(number), 5n);
  const { request } = await reader.simulateContract({
    ...counter, functionName: "increase", args: [3n], account,
  });
  const receipt = await mined(await writer.writeContract(request));
  assert.equal(receipt.effectiveGasPrice, 100000000n);
  assert.equal(await reader.readContract(number), 8n);
  const before = receipt.blockNumber - 1n;
  assert.equal(await reader.readContract({ ...number, blockNumber: before }), 5n);
  // A code that is nowhere, and storage that is otherwise.
  const pretended = await reader.readContract({
    ...number,
    stateOverride: [{ address, stateDiff: [{ slot: viem.pad("0x0"), value: viem.pad("0x2a") }] }],
  });
  assert.equal(pretended, 42n);
  const { accessList } = await reader.createAccessList({
    to: address, data: viem.encodeFunctionData({ abi, functionName: "number" }),
  });
  assert.equal(accessList[0].storageKeys.length, 1);
  const { results } = await reader.simulateCalls({
    account,
    calls: [
      { to: address, abi, functionName: "increase", args: [1n] },
      { to: address, abi, functionName: "number" },
    ],
  });
  assert.deepEqual(results.map(({ status }) => status), ["success", "success"]);
  assert.equal(results[1].result, 9n);
  return counter;
}

async function isToldWhy(counter) {
  const call = { ...counter, functionName: "increase", args: [11n], account };
  await assert.rejects(reader.simulateContract(call), (error) => {
    const revert = error.walk((cause) => cause instanceof viem.ContractFunctionRevertedError);
    assert.equal(revert.data.errorName, "TooMuch");
    assert.deepEqual(revert.data.args, [11n, 10n]);
    return true;
  });
}

async function increase(counter) {
  const call = { ...counter, functionName: "increase", args: [1n] };
  return mined(await writer.writeContract(call));
}

async function polls(counter) {
  const filter = await reader.createContractEventFilter({ ...counter, fromBlock: 0n });
  assert.equal((await reader.getFilterLogs({ filter })).length, 1);
  await increase(counter);
  const changes = await reader.getFilterChanges({ filter });
  assert.deepEqual(changes.map((log) => log.args.number), [9n]);
  assert.equal(await reader.uninstallFilter({ filter }), true);
  const logs = await reader.getContractEvents({
    ...counter, eventName: "Increased", args: { by: account.address }, fromBlock: 0n,
  });
  assert.deepEqual(logs.map((log) => log.args.number), [8n, 9n]);
}

async function subscribes(counter) {
  const transport = viem.webSocket(ws);
  const socket = viem.createPublicClient({ chain, transport });
  const { subscribe } = await socket.transport;
  let [heard, seen] = [undefined, undefined];
  const head = new Promise((done) => (seen = done));
  const log = new Promise((done) => (heard = done));
  await subscribe({ params: ["newHeads"], onData: (data) => seen(data.result) });
  const filter = { address: counter.address };
  await subscribe({ params: ["logs", filter], onData: (data) => heard(data.result) });
  const receipt = await increase(counter);
  assert.equal(BigInt((await head).number), receipt.blockNumber);
  assert.equal((await log).transactionHash, receipt.transactionHash);
  (await socket.transport.getRpcClient()).close();
}

async function signs() {
  const signature = await account.signMessage({ message: "hello" });
  const proof = { address: account.address, message: "hello", signature };
  assert.equal(await reader.verifyMessage(proof), true);
}

// What viem's test client knows of Anvil.
async function movesTheChain() {
  const stranger = "0x000000000000000000000000000000000057a46e";
  const id = await test.snapshot();
  await test.setBalance({ address: stranger, value: 5n });
  assert.equal(await reader.getBalance({ address: stranger }), 5n);
  await test.revert({ id });
  assert.equal(await reader.getBalance({ address: stranger }), 0n);
  const before = await reader.getBlock();
  await test.increaseTime({ seconds: 3600 });
  await test.mine({ blocks: 2 });
  const after = await reader.getBlock();
  assert.equal(after.number, before.number + 2n);
  assert.ok(after.timestamp >= before.timestamp + 3600n);
  assert.deepEqual(await test.getTxpoolStatus(), { pending: 0, queued: 0 });
  assert.deepEqual(await test.getTxpoolContent(), { pending: {}, queued: {} });
  assert.deepEqual(await test.inspectTxpool(), { pending: {}, queued: {} });
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
