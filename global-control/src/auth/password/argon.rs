//! Argon2id in memory that the caller keeps: 19 MiB allocated anew for each hash, on ever other
//! threads, made the allocator hold on to hundreds of megabytes.

use argon2::password_hash::phc::{self, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// OWASP's parameters: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("argon2 failed")]
    Argon2(#[from] argon2::Error),
    #[error("the hash cannot be written down")]
    Params(#[from] argon2::password_hash::Error),
    #[error("a stored hash cannot be read")]
    Stored(#[from] phc::Error),
    #[error("a stored hash is not whole or not ours")]
    Foreign,
}

/// Memory of one hash at a time.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// A PHC string with a fresh salt.
    pub(super) fn hash(&mut self, password: &[u8]) -> Result<String, Error> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES))?;
        let salt = phc::Salt::generate();
        let mut output = [0; OUTPUT_BYTES];
        let text = phc::ParamsString::try_from(&params)?;
        self.fill(params, password, &salt, &mut output)?;
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: text,
            salt: Some(salt),
            hash: Some(phc::Output::new(&output)?),
        };
        Ok(hash.to_string())
    }

    /// With the stored parameters, so that ours may be raised later. Compares in constant time.
    pub(super) fn verify(&mut self, password: &[u8], stored: &str) -> Result<bool, Error> {
        let stored = PasswordHash::new(stored)?;
        let ours = stored.algorithm == Algorithm::Argon2id.ident()
            && stored.version == Some(Version::V0x13.into());
        let (Some(salt), Some(expected), true) = (stored.salt, stored.hash, ours) else {
            return Err(Error::Foreign);
        };
        let params = Params::try_from(&stored)?;
        let mut output = vec![0; expected.len()];
        self.fill(params, password, &salt, &mut output)?;
        Ok(phc::Output::new(&output)? == expected)
    }

    fn fill(
        &mut self,
        params: Params,
        password: &[u8],
        salt: &phc::Salt,
        output: &mut [u8],
    ) -> Result<(), Error> {
        self.0.resize(params.block_count(), Block::new());
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into_with_memory(password, salt, output, &mut self.0)?;
        Ok(())
    }
}
