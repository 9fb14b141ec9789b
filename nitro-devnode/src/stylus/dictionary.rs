//! Reads streams of Nitro's shared dictionary without its text, as far as they do without it.
//!
//! The dictionary is part of Nitro and in no package registry. A stream is decoded against two
//! dictionaries of its length that have no byte in common: what a copied byte is tells them
//! apart, so a stream that decodes to the same with both copies none, and decodes to that with
//! Nitro's too.

use std::ptr;

use brotlic_sys as sys;

/// Bytes of the dictionary. Distances beyond it reach brotli's own, so that its length counts
/// even where it is not read.
const LEN: usize = 112_640;

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It is complete.
    Complete,
    /// It is malformed, ends early or holds more than there is room for.
    Broken,
}

/// What came of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    /// How it ended.
    pub(super) end: End,
    /// The bytes until then.
    pub(super) bytes: Vec<u8>,
    /// Bytes of the stream that were read.
    read: usize,
}

/// What `stream` decodes to with the dictionary, at most `room` bytes; nothing if that depends on
/// the dictionary's text.
///
/// A stream that breaks within the very byte that first refers to the dictionary counts as one
/// that does without.
pub(super) fn decode(stream: &[u8], room: usize) -> Option<Decoded> {
    let decoded = decode_with(&vec![0x00; LEN], stream, room)?;
    (decode_with(&vec![0xff; LEN], stream, room).as_ref() == Some(&decoded)).then_some(decoded)
}

/// Decodes `stream` with a dictionary; nothing if memory is short.
///
/// The decoder gets the stream byte by byte, as it shows what it has decoded when it asks for
/// more, and not when it fails.
fn decode_with(dictionary: &[u8], stream: &[u8], room: usize) -> Option<Decoded> {
    let decoder = Decoder::new(dictionary)?;
    let mut bytes = vec![0; room];
    let mut written = 0;
    let mut end = End::Broken;
    let mut read = 0;
    for byte in stream.chunks(1) {
        read += 1;
        match decoder.feed(byte, &mut bytes, &mut written) {
            sys::BrotliDecoderResult_BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT => {}
            sys::BrotliDecoderResult_BROTLI_DECODER_RESULT_SUCCESS => {
                end = End::Complete;
                break;
            }
            _ => break,
        }
    }
    bytes.truncate(written);
    Some(Decoded { end, bytes, read })
}

/// A decoder of brotli's library and the dictionary that it reads.
struct Decoder<'a> {
    state: *mut sys::BrotliDecoderState,
    _dictionary: &'a [u8],
}

#[expect(unsafe_code, reason = "brotlic attaches no dictionaries")]
impl<'a> Decoder<'a> {
    fn new(dictionary: &'a [u8]) -> Option<Self> {
        // SAFETY: without allocators of its own the library uses the system's.
        let state = unsafe { sys::BrotliDecoderCreateInstance(None, None, ptr::null_mut()) };
        if state.is_null() {
            return None;
        }
        let decoder = Self {
            state,
            _dictionary: dictionary,
        };
        // SAFETY: the state is new, and the dictionary is borrowed for as long as it lives.
        let attached = unsafe {
            sys::BrotliDecoderAttachDictionary(
                state,
                sys::BrotliSharedDictionaryType_BROTLI_SHARED_DICTIONARY_RAW,
                dictionary.len(),
                dictionary.as_ptr(),
            )
        };
        (attached == sys::BROTLI_TRUE).then_some(decoder)
    }

    /// Decodes `input` into `output` from `written` on, which it raises.
    fn feed(
        &self,
        input: &[u8],
        output: &mut [u8],
        written: &mut usize,
    ) -> sys::BrotliDecoderResult {
        let free = output.get_mut(*written..).unwrap_or_default();
        let (mut left, mut next) = (input.len(), input.as_ptr());
        let (mut room, mut place) = (free.len(), free.as_mut_ptr());
        // SAFETY: both pointers are followed by as many bytes as said.
        let result = unsafe {
            sys::BrotliDecoderDecompressStream(
                self.state,
                &raw mut left,
                &raw mut next,
                &raw mut room,
                &raw mut place,
                ptr::null_mut(),
            )
        };
        *written += free.len() - room;
        result
    }
}

#[expect(unsafe_code, reason = "see above")]
impl Drop for Decoder<'_> {
    fn drop(&mut self) {
        // SAFETY: the state was created once and is destroyed once.
        unsafe { sys::BrotliDecoderDestroyInstance(self.state) };
    }
}
