//! One implementation of a standard, and whether two of them say the same.

use alloy::primitives::{Address, B256, Bytes, Log, LogData, U256, keccak256};
use eyre::{Result, ensure, eyre};
use operations::record::{RECORDED, Record};

use super::ground::{Answer, Ground};
use super::seed;

/// Events that a standard defines; others are one's own affair.
const EVENTS: [&str; 7] = [
    "Transfer(address,address,uint256)",
    "Approval(address,address,uint256)",
    "ApprovalForAll(address,address,bool)",
    "Deposit(address,address,uint256,uint256)",
    "Withdraw(address,address,address,uint256,uint256)",
    "RoleGranted(bytes32,address,address)",
    "RoleRevoked(bytes32,address,address)",
];

/// An implementation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) name: &'static str,
    /// Its contracts, in the order that all sides have them in. The operations go to the first.
    pub(super) contracts: Vec<Address>,
    /// The name of its EIP-712 domain, if it has permits.
    pub(super) domain: &'static str,
    /// Whether it leaves out checks that the standard does not ask for, to save gas, as Solady does:
    /// zero addresses, and `s` in the upper half. Ours refuses these.
    pub(super) lenient: bool,
}

impl Side {
    /// The contract that the operations go to.
    pub(super) fn address(&self) -> Address {
        self.contract(0)
    }

    pub(super) fn contract(&self, number: usize) -> Address {
        self.contracts.get(number).copied().unwrap_or_default()
    }

    /// The standard's events of an answer, by these contracts and by `witnesses`, in words that are the
    /// same on every side.
    fn events(&self, answer: &Answer, witnesses: &[Address]) -> Vec<Log> {
        let known = |log: &&Log| match log.topics().first() {
            // Witnesses log what they are asked, without a topic.
            None => witnesses.contains(&log.address),
            Some(topic) => {
                let standard = EVENTS.iter().any(|event| keccak256(event) == *topic);
                standard && self.contracts.contains(&log.address)
            }
        };
        let plain = |log: &Log| {
            let topics = log.topics().iter().map(|topic| self.plain(*topic));
            let mut data = self.plain_bytes(&log.data.data).to_vec();
            if log.topics().is_empty() {
                // Solady does not fill the last word of what it asks a receiver.
                let length = data.iter().rposition(|byte| *byte != 0).unwrap_or_default();
                data.truncate(length + 1);
            }
            let data = data.into();
            Log {
                address: self.plain_address(log.address),
                data: LogData::new_unchecked(topics.collect(), data),
            }
        };
        answer.logs.iter().filter(known).map(plain).collect()
    }

    /// What was returned, in words that are the same on every side.
    pub(super) fn plain_bytes(&self, data: &[u8]) -> Bytes {
        let words = data.chunks(32).flat_map(|word| match B256::try_from(word) {
            Ok(word) => self.plain(word).to_vec(),
            Err(_) => word.to_vec(),
        });
        words.collect()
    }

    fn plain(&self, word: B256) -> B256 {
        let address = Address::from_word(word);
        match address.into_word() == word {
            true => self.plain_address(address).into_word(),
            false => word,
        }
    }

    /// The place of a contract among those of its side stands for it.
    fn plain_address(&self, address: Address) -> Address {
        let place = self.contracts.iter().position(|one| *one == address);
        place.map_or(address, |place| Address::with_last_byte(0xa0 + place as u8))
    }
}

/// Our implementation, others, and the ground they stand on.
pub(super) struct Sides {
    pub(super) ours: Side,
    pub(super) twins: Vec<Side>,
    /// Wei by which numbers may differ: zero where the standard determines them.
    pub(super) tolerance: U256,
}

impl Sides {
    /// Whether an answer of ours is that of a twin.
    pub(super) fn same(
        &self,
        twin: &Side,
        ground: &Ground,
        ours: &Answer,
        theirs: &Answer,
    ) -> Result<()> {
        ensure!(
            ours.accepted == theirs.accepted,
            "ours {}, {} {}",
            shown(ours),
            twin.name,
            shown(theirs)
        );
        if !ours.accepted {
            // Errors are not part of the standards.
            return Ok(());
        }
        let returned = (
            self.ours.plain_bytes(&ours.data),
            twin.plain_bytes(&theirs.data),
        );
        ensure!(
            self.close(&returned.0, &returned.1),
            "ours returns {}, {} {}",
            returned.0,
            twin.name,
            returned.1
        );
        let witnesses = &ground.contracts;
        let events = self.ours.events(ours, witnesses);
        let expected = twin.events(theirs, witnesses);
        let same = events.len() == expected.len()
            && events.iter().zip(&expected).all(|(ours, theirs)| {
                ours.address == theirs.address
                    && ours.topics() == theirs.topics()
                    && self.close(&ours.data.data, &theirs.data.data)
            });
        ensure!(same, "ours emits {events:#?}, {} {expected:#?}", twin.name);
        Ok(())
    }

    /// Whether views of contract number `place` answer the same on every side.
    pub(super) fn same_views(
        &self,
        ground: &Ground,
        place: usize,
        questions: &[Vec<u8>],
    ) -> Result<()> {
        for question in questions {
            let ours = ground.view(self.ours.contract(place), question);
            for twin in &self.twins {
                self.same_view(twin, ground, place, question, &ours)?;
            }
        }
        Ok(())
    }

    fn same_view(
        &self,
        twin: &Side,
        ground: &Ground,
        place: usize,
        question: &[u8],
        ours: &Result<Bytes, Bytes>,
    ) -> Result<()> {
        let theirs = ground.view(twin.contract(place), question);
        let same = match (ours, &theirs) {
            (Ok(ours), Ok(theirs)) => {
                self.close(&self.ours.plain_bytes(ours), &twin.plain_bytes(theirs))
            }
            (ours, theirs) => ours.is_err() && theirs.is_err(),
        };
        if same {
            return Ok(());
        }
        let question = alloy::hex::encode(question);
        Err(eyre!("{question}: ours {ours:?}, {} {theirs:?}", twin.name))
    }

    /// Whether two answers are the same but for numbers that may differ.
    fn close(&self, ours: &[u8], theirs: &[u8]) -> bool {
        let near = |(ours, theirs): (&[u8], &[u8])| {
            let number = |word| U256::try_from_be_slice(word).unwrap_or_default();
            ours == theirs || number(ours).abs_diff(number(theirs)) <= self.tolerance
        };
        ours.len() == theirs.len() && ours.chunks(32).zip(theirs.chunks(32)).all(near)
    }
}

fn shown(answer: &Answer) -> String {
    match answer.accepted {
        true => format!("accepts and returns {}", answer.data),
        false => format!("refuses with {}", answer.data),
    }
}

/// How many operations were accepted and refused, and the record of the first.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    accepted: u64,
    refused: u64,
    record: Record,
}

impl Tally {
    pub(super) fn count(&mut self, answer: &Answer) {
        match answer.accepted {
            true => self.accepted += 1,
            false => self.refused += 1,
        }
        if self.accepted + self.refused <= RECORDED {
            self.record.outcome(answer.accepted);
        }
    }

    /// The record, in the moment in which it is full.
    pub(super) fn record(&self) -> Option<Record> {
        let now = self.accepted + self.refused == RECORDED && seed() == 0;
        now.then(|| self.record.clone())
    }

    /// Says how many there were, and refuses to call it a comparison if one kind hardly occurs.
    pub(super) fn conclude(self, what: &str, sides: &Sides) -> Result<()> {
        let Self {
            accepted, refused, ..
        } = self;
        let names: Vec<_> = sides.twins.iter().map(|twin| twin.name).collect();
        let names = names.join(", ");
        println!("figure: {what} beside {names}: {accepted} accepted, {refused} refused");
        ensure!(accepted > refused / 4, "too little is accepted");
        ensure!(refused > accepted / 10, "too little is refused");
        Ok(())
    }
}

/// Whether a record is the one that OpenZeppelin's contracts leave natively.
pub(super) fn is_recorded(record: &Record, expected: &str) -> Result<()> {
    let found = record.text();
    ensure!(found == expected, "this is not what motsu leaves:\n{found}");
    Ok(())
}
