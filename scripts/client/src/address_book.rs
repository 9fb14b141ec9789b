//! Where the contracts are: one file per chain, `deployments/<chain id>.json`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256, keccak256};
use alloy::providers::{DynProvider, Provider};
use serde::{Deserialize, Serialize};

use crate::contract::{Contract, Program};
use crate::proxy;
use crate::send::SendError;

/// Why an address book cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// There is no book for this chain.
    #[error("nothing is deployed on chain {chain_id}: there is no {}", path.display())]
    Missing {
        /// The chain.
        chain_id: u64,
        /// Where its book would be.
        path: PathBuf,
    },
    /// The book exists and does not list this contract.
    #[error("{contract} is not deployed on chain {chain_id}")]
    NotDeployed {
        /// The contract.
        contract: Contract,
        /// The chain.
        chain_id: u64,
    },
    /// The book does not list the program.
    #[error("the book of chain {chain_id} does not list the program {program}")]
    NoProgram {
        /// The program.
        program: Program,
        /// The chain.
        chain_id: u64,
    },
    /// The chain does not have what the book lists: it was reset, or never had it.
    #[error("chain {chain_id} has other code at {address} than {name}: was it reset?")]
    OtherCode {
        /// The contract or program.
        name: &'static str,
        /// The chain.
        chain_id: u64,
        /// Where it should be.
        address: Address,
    },
    /// The contract runs another program than the book lists: it was upgraded since.
    #[error(
        "{contract} runs the program at {found}, and the book lists {listed}: if it was upgraded, the book has to say so"
    )]
    OtherProgram {
        /// The contract.
        contract: Contract,
        /// The program that it runs.
        found: Address,
        /// The program in the book.
        listed: Address,
    },
    /// The node did not answer.
    #[error(transparent)]
    Node(#[from] SendError),
    /// The book is for another chain than its name says.
    #[error("{} is the book of chain {found}, not {expected}", path.display())]
    OtherChain {
        /// The book.
        path: PathBuf,
        /// Chain id inside the file.
        found: u64,
        /// Chain id in the name of the file.
        expected: u64,
    },
    /// The file could not be read or written.
    #[error("cannot access {}", path.display())]
    Access {
        /// The book.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not an address book.
    #[error("{} is not an address book", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense.
        source: serde_json::Error,
    },
}

/// The contracts of one chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddressBook {
    /// The chain.
    pub chain_id: u64,
    /// The contracts on it.
    pub contracts: BTreeMap<Contract, Entry>,
    /// The programs that they run.
    pub programs: BTreeMap<Program, Code>,
}

/// One program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Code {
    /// Where its code is.
    pub address: Address,
    /// Hash of its code.
    pub codehash: B256,
}

/// One contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// Where users call it.
    pub address: Address,
    /// Hash of its proxy's code, which names who may upgrade.
    pub codehash: B256,
    /// The program behind the proxy; another one after an upgrade.
    pub program: Address,
    /// Block in which it was created: where an indexer starts.
    pub block: u64,
}

impl AddressBook {
    /// A book without entries.
    pub fn empty(chain_id: u64) -> Self {
        Self {
            chain_id,
            contracts: BTreeMap::new(),
            programs: BTreeMap::new(),
        }
    }

    /// Where the book of a chain is, under the folder of all books.
    pub fn path(folder: &Path, chain_id: u64) -> PathBuf {
        folder.join(format!("{chain_id}.json"))
    }

    /// Address of a contract.
    ///
    /// # Errors
    /// [`BookError::NotDeployed`] if the book does not list it.
    pub fn address(&self, contract: Contract) -> Result<Address, BookError> {
        let entry = self.contracts.get(&contract);
        entry
            .map(|entry| entry.address)
            .ok_or(BookError::NotDeployed {
                contract,
                chain_id: self.chain_id,
            })
    }

    /// Address of a program.
    ///
    /// # Errors
    /// [`BookError::NoProgram`] if the book does not list it.
    pub fn program(&self, program: Program) -> Result<Address, BookError> {
        let chain_id = self.chain_id;
        let code = self.programs.get(&program);
        code.map(|code| code.address)
            .ok_or(BookError::NoProgram { program, chain_id })
    }

    /// Checks that the chain still has the code that was deployed, and that each contract runs it.
    ///
    /// # Errors
    /// [`BookError::OtherCode`] or [`BookError::OtherProgram`] for the first that differs.
    pub async fn check(&self, provider: &DynProvider) -> Result<(), BookError> {
        for (program, code) in &self.programs {
            let name = program.package();
            self.check_code(provider, name, code.address, code.codehash)
                .await?;
        }
        for (&contract, entry) in &self.contracts {
            let name = contract.name();
            self.check_code(provider, name, entry.address, entry.codehash)
                .await?;
            let found = proxy::program(provider, entry.address).await?;
            if found != entry.program {
                return Err(BookError::OtherProgram {
                    contract,
                    found,
                    listed: entry.program,
                });
            }
        }
        Ok(())
    }

    async fn check_code(
        &self,
        provider: &DynProvider,
        name: &'static str,
        address: Address,
        codehash: B256,
    ) -> Result<(), BookError> {
        let code = provider.get_code_at(address).await;
        if keccak256(code.map_err(SendError::from)?) == codehash {
            return Ok(());
        }
        Err(BookError::OtherCode {
            name,
            chain_id: self.chain_id,
            address,
        })
    }

    /// Reads the book of a chain.
    ///
    /// # Errors
    /// [`BookError`] if there is none, or if it is not the book of this chain.
    pub fn read(folder: &Path, chain_id: u64) -> Result<Self, BookError> {
        let path = Self::path(folder, chain_id);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
                return Err(BookError::Missing { chain_id, path });
            }
            Err(source) => return Err(BookError::Access { path, source }),
        };
        let book: Self = match serde_json::from_str(&text) {
            Ok(book) => book,
            Err(source) => return Err(BookError::Malformed { path, source }),
        };
        if book.chain_id == chain_id {
            Ok(book)
        } else {
            Err(BookError::OtherChain {
                path,
                found: book.chain_id,
                expected: chain_id,
            })
        }
    }

    /// Writes the book; a reader sees the old one or the new one, never a part.
    ///
    /// # Errors
    /// [`BookError::Access`] if the file system refuses.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, BookError> {
        let path = Self::path(folder, self.chain_id);
        match self.replace(folder, &path) {
            Ok(()) => Ok(path),
            Err(source) => Err(BookError::Access { path, source }),
        }
    }

    fn replace(&self, folder: &Path, path: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let draft = folder.join(format!(".{}.{}", self.chain_id, std::process::id()));
        let mut file = File::create(&draft)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&draft, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that only this test uses and that is gone afterwards.
    struct Folder(PathBuf);

    impl Folder {
        fn named(name: &str) -> Self {
            let name = format!("lst-{name}-{}", std::process::id());
            Self(std::env::temp_dir().join(name))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn book() -> AddressBook {
        let mut book = AddressBook::empty(412_346);
        let entry = Entry {
            address: Address::repeat_byte(1),
            codehash: B256::repeat_byte(2),
            program: Address::repeat_byte(3),
            block: 12,
        };
        book.contracts.insert(Contract::StakingPool, entry);
        let code = Code {
            address: Address::repeat_byte(3),
            codehash: B256::repeat_byte(4),
        };
        book.programs.insert(Program::StakingPool, code);
        book
    }

    #[test]
    fn a_written_book_is_read_back() {
        let folder = Folder::named("written");
        let path = book()
            .write(&folder.0)
            .expect("the folder can be written to");
        assert_eq!(path, folder.0.join("412346.json"));
        assert_eq!(
            AddressBook::read(&folder.0, 412_346).expect("just written"),
            book()
        );
    }

    #[test]
    fn a_chain_without_a_book_is_named() {
        let folder = Folder::named("missing");
        let missing = AddressBook::read(&folder.0, 7).expect_err("nothing was written");
        assert!(
            matches!(missing, BookError::Missing { chain_id: 7, .. }),
            "{missing}"
        );
    }

    #[test]
    fn the_book_of_another_chain_is_refused() {
        let folder = Folder::named("other");
        let path = book()
            .write(&folder.0)
            .expect("the folder can be written to");
        fs::copy(path, folder.0.join("1.json")).expect("the folder can be written to");
        let other = AddressBook::read(&folder.0, 1).expect_err("it is another chain's");
        assert!(
            matches!(other, BookError::OtherChain { found: 412_346, .. }),
            "{other}"
        );
    }

    #[test]
    fn a_contract_that_is_not_listed_is_named() {
        let missing = book()
            .address(Contract::WithdrawalQueue)
            .expect_err("not listed");
        assert_eq!(
            missing.to_string(),
            "withdrawal-queue is not deployed on chain 412346"
        );
    }
}
