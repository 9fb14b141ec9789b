//! Requests drawn from an input: mostly what a method takes, now and then something else.
use alloy::{
    hex,
    primitives::{Address, U256},
};
use arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

use super::{
    methods::{Kind, METHODS},
    server::Known,
};
use crate::{choice, world::known_addresses};

const TRACERS: [&str; 8] = [
    "callTracer",
    "prestateTracer",
    "stylusTracer",
    "4byteTracer",
    "flatCallTracer",
    "muxTracer",
    "noopTracer",
    "{}",
];

const TEXTS: [&str; 5] = [
    "newHeads",
    "logs",
    "newPendingTransactions",
    "syncing",
    "eth_\u{0}",
];

/// One request, or a batch of up to four.
pub(super) fn batch(u: &mut Unstructured<'_>, known: &Known) -> Result<Value> {
    let mut draw = Draw { u, known };
    if draw.u.ratio(1, 2)? {
        return draw.request(1);
    }
    let requests = (1..=draw.u.int_in_range(1..=4)?).map(|id| draw.request(id));
    Ok(Value::Array(requests.collect::<Result<_>>()?))
}

struct Draw<'a, 'b> {
    u: &'a mut Unstructured<'b>,
    known: &'a Known,
}

impl Draw<'_, '_> {
    fn request(&mut self, id: u64) -> Result<Value> {
        let (method, kinds) = self.u.choose(&METHODS)?;
        let mut params = Vec::new();
        for kind in *kinds {
            let odd = self.u.ratio(1, 16)?;
            let kind = match kind {
                // Anything includes many.
                Kind::Few => Kind::Few,
                _ if odd => Kind::Any,
                kind => *kind,
            };
            params.push(self.value(kind)?);
        }
        if self.u.ratio(1, 16)? {
            params.truncate(self.u.int_in_range(0..=params.len())?);
        }
        Ok(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
    }

    fn value(&mut self, kind: Kind) -> Result<Value> {
        Ok(match kind {
            Kind::Address => json!(self.address()?),
            Kind::Block => self.block()?,
            Kind::Hash => json!(self.hash()?),
            Kind::Number => self.number()?,
            Kind::Few => json!(self.u.int_in_range(0..=5)?),
            Kind::Bool => json!(self.u.arbitrary::<bool>()?),
            Kind::Bytes => json!(choice::bytes(self.u, 200)?),
            Kind::Word => json!(format!("{:#066x}", choice::number(self.u)?)),
            Kind::Request => self.call()?,
            Kind::Filter => self.filter()?,
            Kind::FilterId => json!(format!("{:#x}", self.u.int_in_range(0..=5)?)),
            Kind::Accounts => self.accounts()?,
            Kind::Values => self.some(&[
                ("number", Kind::Number),
                ("time", Kind::Number),
                ("baseFeePerGas", Kind::Number),
                ("gasLimit", Kind::Number),
                ("prevRandao", Kind::Word),
            ])?,
            Kind::Blocks => self.blocks()?,
            Kind::Tracer => self.tracer()?,
            Kind::Signed => json!(self.u.choose(&self.known.signed)?),
            Kind::Save => json!(choice::bytes(self.u, 200)?),
            Kind::List => {
                let items = (0..self.u.int_in_range(0..=4)?).map(|_| self.value(Kind::Word));
                Value::Array(items.collect::<Result<_>>()?)
            }
            Kind::Text => json!(self.u.choose(&TEXTS)?),
            Kind::Any => self.anything(3)?,
        })
    }

    fn address(&mut self) -> Result<Address> {
        choice::address(self.u, &known_addresses())
    }

    fn hash(&mut self) -> Result<String> {
        Ok(match self.u.ratio(1, 8)? {
            true => hex::encode_prefixed(self.u.arbitrary::<[u8; 32]>()?),
            false => self.u.choose(&self.known.hashes)?.to_string(),
        })
    }

    fn number(&mut self) -> Result<Value> {
        let number = choice::number(self.u)?;
        Ok(match (u64::try_from(number), self.u.arbitrary()?) {
            (Ok(number), true) => json!(number),
            _ => json!(format!("{number:#x}")),
        })
    }

    fn block(&mut self) -> Result<Value> {
        Ok(match self.u.int_in_range(0..=9)? {
            0 => json!("earliest"),
            1 => json!("pending"),
            2 => json!("safe"),
            3 | 4 => json!(format!("{:#x}", self.u.int_in_range(0..=9)?)),
            5 => json!({ "blockHash": self.hash()?, "requireCanonical": true }),
            6 => json!(self.hash()?),
            7 => self.number()?,
            _ => json!("latest"),
        })
    }

    /// An object with some of these fields.
    fn some(&mut self, fields: &[(&str, Kind)]) -> Result<Value> {
        let mut object = Map::new();
        for (name, kind) in fields {
            if self.u.ratio(1, 3)? {
                object.insert((*name).to_owned(), self.value(*kind)?);
            }
        }
        Ok(Value::Object(object))
    }

    fn blocks(&mut self) -> Result<Value> {
        let blocks = (0..self.u.int_in_range(0..=2)?).map(|_| {
            let calls = (0..self.u.int_in_range(0..=3)?).map(|_| self.call());
            let calls: Vec<_> = calls.collect::<Result<_>>()?;
            let mut block = self.some(&[
                ("stateOverrides", Kind::Accounts),
                ("blockOverrides", Kind::Values),
            ])?;
            block["calls"] = json!(calls);
            Ok(block)
        });
        let blocks: Vec<_> = blocks.collect::<Result<_>>()?;
        let mut payload = self.some(&[
            ("traceTransfers", Kind::Bool),
            ("validation", Kind::Bool),
            ("returnFullTransactions", Kind::Bool),
        ])?;
        payload["blockStateCalls"] = json!(blocks);
        Ok(payload)
    }

    fn call(&mut self) -> Result<Value> {
        let mut call = self.some(&[
            ("from", Kind::Address),
            ("to", Kind::Address),
            ("value", Kind::Number),
            ("gasPrice", Kind::Number),
            ("maxFeePerGas", Kind::Number),
            ("maxPriorityFeePerGas", Kind::Number),
            ("type", Kind::Number),
            ("chainId", Kind::Number),
            ("skipL1Charging", Kind::Bool),
            ("input", Kind::Bytes),
        ])?;
        // Endless loops end soon, and nonces do not make the node wait.
        call["gas"] = json!(format!("{:#x}", 1_000_000_u64));
        if self.u.ratio(1, 2)? {
            let mut data = self.u.arbitrary::<[u8; 4]>()?.to_vec();
            data.extend(choice::arguments(self.u, &known_addresses())?);
            call["data"] = json!(hex::encode_prefixed(data));
        }
        if self.u.ratio(1, 6)? {
            let slots = self.value(Kind::List)?;
            call["accessList"] = json!([{ "address": self.address()?, "storageKeys": slots }]);
        }
        Ok(call)
    }

    fn filter(&mut self) -> Result<Value> {
        let mut filter = self.some(&[
            ("fromBlock", Kind::Block),
            ("toBlock", Kind::Block),
            ("blockHash", Kind::Hash),
            ("address", Kind::Address),
        ])?;
        if self.u.ratio(1, 2)? {
            filter["topics"] = json!([self.value(Kind::List)?, null, self.value(Kind::Word)?]);
        }
        Ok(filter)
    }

    fn accounts(&mut self) -> Result<Value> {
        let mut accounts = Map::new();
        for _ in 0..self.u.int_in_range(0..=2)? {
            let mut account = self.some(&[
                ("balance", Kind::Number),
                ("nonce", Kind::Number),
                ("code", Kind::Bytes),
                ("movePrecompileToAddress", Kind::Address),
            ])?;
            for field in ["state", "stateDiff"] {
                if self.u.ratio(1, 4)? {
                    let slot = format!("{:#066x}", choice::number(self.u)?);
                    account[field] = json!({ slot: self.value(Kind::Word)? });
                }
            }
            accounts.insert(self.address()?.to_string(), account);
        }
        Ok(Value::Object(accounts))
    }

    fn tracer(&mut self) -> Result<Value> {
        let mut options = self.some(&[
            ("stateOverrides", Kind::Accounts),
            ("blockOverrides", Kind::Values),
            ("limit", Kind::Few),
            ("disableStack", Kind::Bool),
            ("enableMemory", Kind::Bool),
            ("enableReturnData", Kind::Bool),
        ])?;
        if self.u.ratio(3, 4)? {
            options["tracer"] = json!(self.u.choose(&TRACERS)?);
            if self.u.ratio(1, 2)? {
                options["tracerConfig"] = self.some(&[
                    ("onlyTopCall", Kind::Bool),
                    ("withLog", Kind::Bool),
                    ("diffMode", Kind::Bool),
                    ("callTracer", Kind::Any),
                ])?;
            }
        }
        Ok(options)
    }

    fn anything(&mut self, depth: u8) -> Result<Value> {
        Ok(match self.u.int_in_range(0..=9)? {
            0 => Value::Null,
            1 => json!(-1),
            2 => json!(1.5e300),
            3 => json!(self.u.arbitrary::<u64>()?),
            4 => json!(format!("{:#x}", choice::number(self.u)?)),
            5 => json!(self.u.arbitrary::<String>()?),
            6 => json!("0x"),
            7 | 8 if depth > 0 => {
                let items = (0..self.u.int_in_range(0..=3)?).map(|_| self.anything(depth - 1));
                Value::Array(items.collect::<Result<_>>()?)
            }
            9 if depth > 0 => {
                json!({ self.u.choose(&TEXTS)?.to_string(): self.anything(depth - 1)? })
            }
            _ => json!(U256::MAX.to_string()),
        })
    }
}
