// ethers.js 6 against the node whose HTTP and WebSocket addresses are given.
const assert = require("node:assert/strict");
const { ethers } = require("ethers");

const [http, ws] = process.argv.slice(2);
const { DEV_KEY, COUNTER } = process.env;
const ABI = [
  "constructor(uint256 start)",
  "function number() view returns (uint256)",
  "function increase(uint256 amount)",
  "event Increased(address indexed by, uint256 number)",
  "error TooMuch(uint256 amount, uint256 most)",
];

// The answers to one method as they are asked for: ethers does not say when a subscription stands.
function answersTo(socket, method) {
  const answers = [];
  const send = socket.send.bind(socket);
  socket.send = (name, params) => {
    const answer = send(name, params);
    if (name === method) answers.push(answer);
    return answer;
  };
  return answers;
}

async function main() {
  // Blocks come as fast as transactions: without this ethers would use a nonce of 250 ms ago again.
  const provider = new ethers.JsonRpcProvider(http, undefined, { cacheTimeout: -1 });
  const wallet = new ethers.Wallet(DEV_KEY, provider);
  await reads(provider, wallet);
  const counter = await deploysAndSends(provider, wallet);
  await isToldWhy(counter);
  await pollsAndSubscribes(counter, wallet);
  await signs(wallet);
  provider.destroy();
}

async function reads(provider, wallet) {
  assert.equal((await provider.getNetwork()).chainId, 412346n);
  assert.equal(await provider.getBlockNumber(), 7);
  const fees = await provider.getFeeData();
  assert.equal(fees.gasPrice, 100000000n);
  assert.equal(fees.maxPriorityFeePerGas, 0n);
  assert.equal(await provider.getTransactionCount(wallet.address), 6);
  // With its transactions in full, the first of which is of a type that Ethereum does not have.
  const block = await provider.getBlock(7, true);
  assert.equal(block.prefetchedTransactions.length, 2);
  const accounts = await provider.listAccounts();
  assert.equal(accounts.length, 11);
}

async function deploysAndSends(provider, wallet) {
  const factory = new ethers.ContractFactory(ABI, COUNTER, wallet);
  const counter = await factory.deploy(5);
  await counter.waitForDeployment();
  assert.equal(await counter.number(), 5n);
  assert.equal(await counter.increase.estimateGas(1) > 21000n, true);
  const sent = await counter.increase(3);
  const receipt = await sent.wait();
  assert.equal(receipt.status, 1);
  assert.equal(receipt.gasPrice, 100000000n);
  assert.equal(await counter.number(), 8n);
  assert.equal(await counter.number({ blockTag: receipt.blockNumber - 1 }), 5n);
  assert.equal(await provider.getStorage(counter, 0), ethers.toBeHex(8, 32));
  // Many at once, each with its nonce.
  const nonce = await provider.getTransactionCount(wallet.address);
  const many = await Promise.all(
    [0, 1, 2].map((after) => counter.increase(1, { nonce: nonce + after })),
  );
  await Promise.all(many.map((each) => each.wait()));
  assert.equal(await counter.number(), 11n);
  return counter;
}

async function isToldWhy(counter) {
  await assert.rejects(counter.increase.staticCall(11), (error) => {
    assert.equal(error.code, "CALL_EXCEPTION");
    assert.equal(error.revert.name, "TooMuch");
    assert.deepEqual([...error.revert.args], [11n, 10n]);
    return true;
  });
}

async function pollsAndSubscribes(counter, wallet) {
  const past = await counter.queryFilter(counter.filters.Increased(wallet.address), 0);
  assert.deepEqual(past.map((event) => event.args.number), [8n, 9n, 10n, 11n]);
  const socket = new ethers.WebSocketProvider(ws);
  const subscriptions = answersTo(socket, "eth_subscribe");
  let [seen, heard] = [undefined, undefined];
  const head = new Promise((done) => (seen = done));
  const log = new Promise((done) => (heard = done));
  await socket.on("block", seen);
  await counter.connect(socket).on("Increased", (by, number) => heard([by, number]));
  await Promise.all(subscriptions);
  const receipt = await (await counter.increase(1)).wait();
  assert.equal(await head, receipt.blockNumber);
  assert.deepEqual(await log, [wallet.address, 12n]);
  await socket.destroy();
}

async function signs(wallet) {
  const signature = await wallet.signMessage("hello");
  assert.equal(ethers.verifyMessage("hello", signature), wallet.address);
  // The node has the dev account's key too.
  const unlocked = await wallet.provider.getSigner(wallet.address);
  assert.equal(await unlocked.signMessage("hello"), signature);
  const domain = { name: "Counter", chainId: 412346 };
  const types = { Vote: [{ name: "amount", type: "uint256" }] };
  const typed = await wallet.signTypedData(domain, types, { amount: 3 });
  assert.equal(ethers.verifyTypedData(domain, types, { amount: 3 }, typed), wallet.address);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
