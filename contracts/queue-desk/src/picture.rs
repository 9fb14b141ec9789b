//! A position as JSON with a picture (ERC-721 metadata), all of it in the answer.
//!
//! Whatever goes into the texts is a number or a word of this file, so there is nothing to escape,
//! and nobody's script to run. The longest text is below 2,000 bytes.

use alloc::vec::Vec;

use alloy_primitives::U256;
use glue::router::Text;
use queue_state::Error;

use crate::{
    QueueDesk,
    text::{push_base64, push_eth, push_number},
};

/// What a picture shows.
#[derive(Clone, Copy)]
struct Facts {
    id: u128,
    /// Wei asked for.
    nominal: u128,
    /// Wei filled so far.
    filled: u128,
    /// Whether nothing is left to fill.
    finalized: bool,
    /// When it was asked for.
    timestamp: u64,
}

impl QueueDesk {
    pub fn token_uri(&self, id: U256) -> Result<Text, Error> {
        let place = self.state.token(id)?;
        let asked = self.state.line.asked(id);
        let facts = Facts {
            id: id.saturating_to(),
            nominal: asked.nominal,
            filled: place.paid,
            finalized: self.state.line.request(id, &place).shares == 0,
            timestamp: asked.timestamp,
        };
        Ok(Text(facts.uri()))
    }
}

impl Facts {
    const fn status(&self) -> &'static [u8] {
        if self.finalized {
            b"claimable"
        } else if self.filled != 0 {
            b"filled in part"
        } else {
            b"waiting"
        }
    }

    /// Thousandths of the nominal that are filled.
    fn progress(&self) -> u128 {
        if self.finalized {
            return 1_000;
        }
        // Both have 88 bits, and a nominal is not zero.
        let scaled = self.filled.saturating_mul(1_000);
        scaled.checked_div(self.nominal).unwrap_or_default()
    }

    fn uri(&self) -> Vec<u8> {
        let mut uri = b"data:application/json;base64,".to_vec();
        push_base64(&mut uri, &self.json());
        uri
    }

    fn json(&self) -> Vec<u8> {
        let mut json = b"{\"name\":\"lsETH withdrawal #".to_vec();
        push_number(&mut json, self.id);
        json.extend(
            b"\",\"description\":\"A place in the withdrawal queue of lsETH. \
            Its owner is paid once it is claimable.\",\
            \"image\":\"data:image/svg+xml;base64,",
        );
        push_base64(&mut json, &self.svg());
        json.extend(b"\",\"attributes\":[{\"trait_type\":\"Amount (ETH)\",\"value\":\"");
        push_eth(&mut json, self.nominal, 18);
        json.extend(b"\"},{\"trait_type\":\"Filled (ETH)\",\"value\":\"");
        push_eth(&mut json, self.filled, 18);
        json.extend(b"\"},{\"trait_type\":\"Status\",\"value\":\"");
        json.extend(self.status());
        json.extend(b"\"},{\"trait_type\":\"Requested\",\"display_type\":\"date\",\"value\":");
        push_number(&mut json, self.timestamp.into());
        json.extend(b"}]}");
        json
    }

    fn svg(&self) -> Vec<u8> {
        let mut svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 1200\" \
            font-family=\"sans-serif\" fill=\"#e8eef7\">\
            <rect width=\"1200\" height=\"1200\" fill=\"#12233f\"/>\
            <g font-size=\"56\"><text x=\"100\" y=\"180\">lsETH withdrawal</text>\
            <text x=\"100\" y=\"270\">#"
            .to_vec();
        push_number(&mut svg, self.id);
        svg.extend(b"</text></g><text x=\"100\" y=\"620\" font-size=\"110\" font-weight=\"bold\">");
        push_eth(&mut svg, self.nominal, 6);
        svg.extend(
            b" ETH</text>\
            <rect x=\"100\" y=\"760\" width=\"1000\" height=\"40\" rx=\"20\" fill=\"#2b4470\"/>\
            <rect x=\"100\" y=\"760\" width=\"",
        );
        push_number(&mut svg, self.progress());
        svg.extend(
            b"\" height=\"40\" rx=\"20\" fill=\"#5fd0a5\"/>\
            <g font-size=\"56\"><text x=\"100\" y=\"920\">filled: ",
        );
        push_eth(&mut svg, self.filled, 6);
        svg.extend(b" ETH</text><text x=\"100\" y=\"1010\">");
        svg.extend(self.status());
        svg.extend(b"</text></g></svg>");
        svg
    }
}
