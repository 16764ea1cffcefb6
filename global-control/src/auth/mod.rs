//! Who is signed in on the app host: e-mail and password, opaque session cookie.
//!
//! Every session is minted by `start_session`, with a fresh secret, and only its hash is stored.

use contracts::{SessionId, UserId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config;
use crate::db::{self, GlobalTx};

pub mod http;

pub mod limits;

pub mod origin;

pub mod password;

pub mod person;

pub mod session;

mod store;

use password::Hash;
use person::{Email, PersonName};

/// A signed-in person, as the API shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct User {
    pub user_id: UserId,
    pub email: String,
    pub name: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Email(#[from] person::EmailError),
    #[error("{0}")]
    Name(#[from] person::NameError),
    #[error("{0}")]
    Weak(#[from] password::Weak),
    #[error("this e-mail address has an account already")]
    EmailTaken,
    #[error("the e-mail address or the password is wrong")]
    BadCredentials,
    #[error("too many attempts")]
    Limited { retry_seconds: u32 },
    #[error("too many people are signing in at this moment")]
    Busy,
    #[error("the password could not be hashed")]
    Hash(#[source] password::HashError),
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<password::HashError> for Error {
    fn from(error: password::HashError) -> Self {
        match error {
            password::HashError::Busy => Self::Busy,
            other => Self::Hash(other),
        }
    }
}

/// Adds a person. The unique e-mail decides between two who sign up at once.
pub async fn create_user(
    tx: &mut GlobalTx,
    email: &Email,
    name: &PersonName,
    hash: &Hash,
) -> Result<User, Error> {
    let user = User {
        user_id: UserId::new(),
        email: email.as_str().to_owned(),
        name: name.as_str().to_owned(),
    };
    if store::insert_user(tx, &user, hash.as_str()).await? {
        Ok(user)
    } else {
        Err(Error::EmailTaken)
    }
}

/// A person with the hash of their password, if the address has an account.
pub async fn find_credentials(
    tx: &mut GlobalTx,
    email: &str,
) -> Result<Option<(User, String)>, db::Error> {
    match Email::parse(email) {
        Ok(email) => store::find_user(tx, email.as_str()).await,
        Err(_) => Ok(None),
    }
}

/// Checks a password. An unknown address costs the same work and gives the same answer.
///
/// Takes no transaction: hashing is slow, and connections are few.
pub async fn check_password(
    hasher: &password::Hasher,
    known: Option<(User, String)>,
    password: SecretString,
) -> Result<User, Error> {
    let (user, hash) = known.unzip();
    let fits = hasher.verify(password, hash).await?;
    user.filter(|_| fits).ok_or(Error::BadCredentials)
}

/// The one place where a session begins. The caller gives the secret to the browser.
pub async fn start_session(
    tx: &mut GlobalTx,
    user: UserId,
    times: &config::Sessions,
) -> Result<session::Secret, db::Error> {
    let secret = session::Secret::new();
    let hash = hash_secret(&secret);
    store::insert_session(tx, SessionId::new(), &hash, user, times).await?;
    Ok(secret)
}

/// The person behind a cookie, if its session still lives; renews the idle time.
pub async fn find_session(
    tx: &mut GlobalTx,
    secret: &session::Secret,
    times: &config::Sessions,
) -> Result<Option<User>, db::Error> {
    store::find_session_user(tx, &hash_secret(secret), times).await
}

pub async fn end_session(
    tx: &mut GlobalTx,
    secret: &session::Secret,
) -> Result<Option<UserId>, db::Error> {
    store::delete_session(tx, &hash_secret(secret)).await
}

/// Deletes what has expired. Returns how many.
pub async fn clean_up(tx: &mut GlobalTx) -> Result<u64, db::Error> {
    store::delete_expired_sessions(tx).await
}

fn hash_secret(secret: &session::Secret) -> Vec<u8> {
    Sha256::digest(secret.bytes()).to_vec()
}
