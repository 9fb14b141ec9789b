//! From calldata to a method and from its answer to return data.
//!
//! The SDK's router decodes and encodes through alloy's general coders. They cost a third of a
//! program: one copy for each list of types, and the texts of their errors, which are paid at every
//! start. All arguments here are words, one string and arrays of words, so a page of code does.
//! As strict as alloy's validating decoder: short data, dirty padding and wild offsets are refused.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, FixedBytes, U256, aliases::U80};

use crate::revert::Word;

/// Calldata behind the selector, read word by word.
pub struct Input<'a> {
    data: &'a [u8],
    position: usize,
}

impl<'a> Input<'a> {
    /// Begins with the first argument.
    pub const fn new(data: &'a [u8]) -> Self {
        Self { data, position: 0 }
    }

    /// The next argument; `None` if the data is not one.
    pub fn argument<A: Argument>(&mut self) -> Option<A> {
        A::read(self)
    }

    #[inline(never)]
    fn word(&mut self) -> Option<U256> {
        let end = self.position.checked_add(32)?;
        let word = self.data.get(self.position..end)?;
        self.position = end;
        U256::try_from_be_slice(word)
    }

    /// A number that must not exceed the length of the data, as offsets and lengths.
    fn size(&mut self) -> Option<usize> {
        match *self.word()?.as_limbs() {
            [size, 0, 0, 0] if size <= self.data.len() as u64 => Some(size as usize),
            _ => None,
        }
    }

    /// The place an offset points to.
    #[inline(never)]
    fn tail(&mut self) -> Option<Self> {
        let position = self.size()?;
        Some(Self {
            data: self.data,
            position,
        })
    }
}

/// A value that can be an argument.
pub trait Argument: Sized {
    /// Reads one; `None` if there is none or it is not canonical.
    fn read(input: &mut Input<'_>) -> Option<Self>;
}

impl Argument for U256 {
    fn read(input: &mut Input<'_>) -> Option<Self> {
        input.word()
    }
}

impl Argument for B256 {
    fn read(input: &mut Input<'_>) -> Option<Self> {
        input.word().map(Self::from)
    }
}

impl Argument for FixedBytes<4> {
    fn read(input: &mut Input<'_>) -> Option<Self> {
        let word = B256::from(input.word()?);
        let (value, padding) = word.split_at(4);
        padding
            .iter()
            .all(|byte| *byte == 0)
            .then(|| Self::from_slice(value))
    }
}

impl Argument for Address {
    #[inline(never)]
    fn read(input: &mut Input<'_>) -> Option<Self> {
        let word = B256::from(input.word()?);
        let (padding, _) = word.split_at(12);
        padding
            .iter()
            .all(|byte| *byte == 0)
            .then(|| Self::from_word(word))
    }
}

macro_rules! argument_of_uint {
    ($($uint:ty)*) => {
        $(impl Argument for $uint {
            fn read(input: &mut Input<'_>) -> Option<Self> {
                match *input.word()?.as_limbs() {
                    [low, 0, 0, 0] => Self::try_from(low).ok(),
                    _ => None,
                }
            }
        })*
    };
}

argument_of_uint!(u8 u16 u32 u64);

impl Argument for bool {
    fn read(input: &mut Input<'_>) -> Option<Self> {
        match *input.word()?.as_limbs() {
            [0, 0, 0, 0] => Some(false),
            [1, 0, 0, 0] => Some(true),
            _ => None,
        }
    }
}

impl Argument for U80 {
    fn read(input: &mut Input<'_>) -> Option<Self> {
        Self::checked_from_limbs_slice(input.word()?.as_limbs())
    }
}

impl Argument for Vec<U256> {
    fn read(input: &mut Input<'_>) -> Option<Self> {
        let mut tail = input.tail()?;
        // At most as many as there are bytes; each missing word ends the reading.
        let length = tail.size()?;
        let mut items = Self::new();
        for _ in 0..length {
            items.push(tail.word()?);
        }
        Some(items)
    }
}

impl Argument for Text {
    fn read(input: &mut Input<'_>) -> Option<Self> {
        let mut tail = input.tail()?;
        let length = tail.size()?;
        let end = tail.position.checked_add(length)?;
        let text = tail.data.get(tail.position..end)?;
        Some(Self(text.to_vec()))
    }
}

/// A value of one or more words.
pub trait Words {
    /// Appends the words.
    fn append(self, data: &mut Vec<u8>);
}

impl<W: Word> Words for W {
    fn append(self, data: &mut Vec<u8>) {
        append_word(data, self.word());
    }
}

#[inline(never)]
fn append_word(data: &mut Vec<u8>, word: U256) {
    data.extend_from_slice(&word.to_be_bytes::<32>());
}

macro_rules! words_of_tuple {
    ($($name:ident)*) => {
        impl<$($name: Word),*> Words for ($($name,)*) {
            #[expect(non_snake_case, reason = "one name serves for type and value")]
            fn append(self, data: &mut Vec<u8>) {
                let ($($name,)*) = self;
                $(append_word(data, $name.word());)*
            }
        }
    };
}

impl Words for () {
    fn append(self, _: &mut Vec<u8>) {}
}

words_of_tuple!(A B);
words_of_tuple!(A B C);
words_of_tuple!(A B C D);
words_of_tuple!(A B C D E);
words_of_tuple!(A B C D E F);
words_of_tuple!(A B C D E F G);
words_of_tuple!(A B C D E F G H);

/// A value that can be returned.
pub trait Output {
    /// Appends the return data.
    fn output(self, data: &mut Vec<u8>);
}

impl<W: Words> Output for W {
    fn output(self, data: &mut Vec<u8>) {
        self.append(data);
    }
}

impl<W: Words> Output for Vec<W> {
    fn output(self, data: &mut Vec<u8>) {
        append_word(data, U256::from(32));
        append_list(self, data);
    }
}

impl<W: Words, X: Words> Output for (Vec<W>, Vec<X>) {
    fn output(self, data: &mut Vec<u8>) {
        let mut first = Vec::new();
        append_list(self.0, &mut first);
        append_word(data, U256::from(64));
        append_word(data, U256::from(first.len().saturating_add(64)));
        data.extend_from_slice(&first);
        append_list(self.1, data);
    }
}

impl Output for &'static str {
    fn output(self, data: &mut Vec<u8>) {
        append_word(data, U256::from(32));
        append_text(data, self.as_bytes());
    }
}

/// The bytes of a string of the ABI; whether they are text is for the contract to say.
pub struct Text(pub Vec<u8>);

impl Output for Text {
    fn output(self, data: &mut Vec<u8>) {
        append_word(data, U256::from(32));
        append_text(data, &self.0);
    }
}

/// Length and text, padded to whole words.
pub(crate) fn append_text(data: &mut Vec<u8>, text: &[u8]) {
    append_word(data, U256::from(text.len()));
    data.extend_from_slice(text);
    while !data.len().is_multiple_of(32) {
        data.push(0);
    }
}

fn append_list<W: Words>(list: Vec<W>, data: &mut Vec<u8>) {
    append_word(data, U256::from(list.len()));
    for item in list {
        item.append(data);
    }
}

/// What a method answers: a value, or an error.
pub trait Answer {
    /// As return data or revert data.
    fn answer(self) -> Result<Vec<u8>, Vec<u8>>;
}

impl<O: Output> Answer for O {
    fn answer(self) -> Result<Vec<u8>, Vec<u8>> {
        let mut data = Vec::new();
        self.output(&mut data);
        Ok(data)
    }
}

impl<O: Output, E: Into<Vec<u8>>> Answer for Result<O, E> {
    fn answer(self) -> Result<Vec<u8>, Vec<u8>> {
        match self {
            Ok(value) => value.answer(),
            Err(error) => Err(error.into()),
        }
    }
}

/// Routes a contract's calls: each line names a call of the interface and the method that answers it.
///
/// Selectors come from the interface. A call that is not routed, and one with value that is not
/// routed as payable, goes to the program that `fallback` names, if it names one. What nobody routes
/// is refused with empty data, and so are arguments that are not what the ABI says.
/// There is no constructor: a program has no state of its own, and a proxy is initialised by a call.
#[macro_export]
macro_rules! router {
    (
        $contract:ident: $interface:ident
        receive($receive:expr)
        fallback($fallback:expr)
        payable {
            $($paid_call:ident => $paid:ident($($paid_name:ident: $paid_type:ty),*);)*
        }
        unpaid {
            $($call:ident => $method:ident($($name:ident: $type:ty),*);)*
        }
    ) => {
        impl ::stylus_sdk::abi::Router<$contract> for $contract {
            type Storage = Self;

            fn route(
                contract: &mut $contract,
                selector: u32,
                input: &[u8],
            ) -> Option<::stylus_sdk::ArbResult> {
                use $crate::router::Answer;
                let mut input = $crate::router::Input::new(input);
                $(
                    if selector == $crate::router::selector::<$interface::$paid_call>() {
                        $(let Some($paid_name) = input.argument::<$paid_type>() else {
                            return Some(Err(Vec::new()));
                        };)*
                        return Some(contract.$paid($($paid_name),*).answer());
                    }
                )*
                if !contract.vm().msg_value().is_zero() {
                    return None;
                }
                $(
                    if selector == $crate::router::selector::<$interface::$call>() {
                        $(let Some($name) = input.argument::<$type>() else {
                            return Some(Err(Vec::new()));
                        };)*
                        return Some(contract.$method($($name),*).answer());
                    }
                )*
                None
            }

            fn receive(contract: &mut $contract) -> Option<Result<(), Vec<u8>>> {
                let receive: fn(&mut $contract) -> Option<Result<(), Error>> = $receive;
                receive(contract).map(|answer| answer.map_err(Into::into))
            }

            fn fallback(contract: &mut $contract, input: &[u8]) -> Option<::stylus_sdk::ArbResult> {
                let fallback: fn(&$contract) -> Option<Address> = $fallback;
                let program = fallback(contract)?;
                Some($crate::calls::delegate(contract.vm(), program, input))
            }

            fn constructor(_: &mut $contract, _: &[u8]) -> Option<::stylus_sdk::ArbResult> {
                None
            }
        }
    };
}

/// The selector of a call as the SDK passes it.
pub const fn selector<C: alloy_sol_types::SolCall>() -> u32 {
    u32::from_be_bytes(C::SELECTOR)
}
