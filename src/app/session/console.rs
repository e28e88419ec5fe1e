//! Signs in at the console: name, password, and the code of the second factor.
//!
//! Order: lock, password, second factor. A name that does not exist takes the same way and the
//! same time as a wrong password.

use entity::console_account::Model;
use entity::kinds::StreetRole;
use secrecy::SecretString;

use super::attempt::Attempt;
use super::{Family, Signed, hashing};
use crate::auth::{Who, totp};
use crate::error::{Code, Error, Result};
use crate::services::Services;
use crate::store::{self, writer::Tx};

/// The column context under which second-factor secrets are sealed.
pub(super) const TOTP: &str = "console_account.totp";

/// Roles that never sign in without a second factor.
pub const ADMINS: [StreetRole; 3] =
    [StreetRole::SystemAdmin, StreetRole::SecurityAdmin, StreetRole::AuditAdmin];

/// What a person typed, and from where.
#[derive(Debug)]
pub struct SignIn {
    pub name: String,
    pub password: SecretString,
    pub code: Option<String>,
    pub address: String,
}

/// Signs in. Fails with `account_locked`, `sign_in_refused`, or `second_factor_required` once the
/// password was right.
pub async fn run(s: &Services, cmd: SignIn) -> Result<Signed> {
    let attempt = Attempt::begin(s, &cmd.name, &cmd.address).await?;
    let account = store::console::find(&s.db.read, &cmd.name).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let right = hashing::verify(cmd.password, stored).await?;
    let account = account.filter(|_| right).ok_or_else(refused)?;
    let step = match second_factor(s, &account, cmd.code.as_deref()).await {
        // Nothing was guessed: the form asks for the code next.
        Err(asked) if asked.code == Code::SecondFactorRequired => {
            attempt.take_back(s).await?;
            return Err(asked);
        }
        checked => checked?,
    };
    let services = s.clone();
    let (id, granted) = s
        .writer
        .commit(move |tx| {
            Box::pin(async move { open(&services, tx, &attempt, &account, step).await })
        })
        .await?;
    super::signed(s, id, granted).await
}

async fn open(
    s: &Services,
    tx: &Tx,
    attempt: &Attempt,
    console: &Model,
    step: Option<i64>,
) -> Result<(entity::kinds::AccountId, super::Granted)> {
    let account = store::people::find_account(tx, console.account_id).await?.ok_or_else(refused)?;
    let staff = match console.staff_id {
        Some(id) => store::staff::find(tx, id).await?,
        None => None,
    };
    if staff.is_none() {
        return Err(refused());
    }
    if let Some(step) = step
        && store::console::take_step(tx, console.id, step).await? == 0
    {
        return Err(refused());
    }
    attempt.succeed(tx).await?;
    let family = Family::new(s, Who::Console, s.clock.now());
    let granted = super::grant(s, tx, &account, Who::Console, &family).await?;
    Ok((account.id, granted))
}

/// Checks the code; returns its time step, which the unit takes once.
async fn second_factor(s: &Services, account: &Model, code: Option<&str>) -> Result<Option<i64>> {
    let Some(sealed) = &account.totp_sealed else {
        if is_admin(s, account).await? {
            return Err(asked("管理员账号必须绑定动态码，请联系系统管理员重新开通"));
        }
        return Ok(None);
    };
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        return Err(asked("请输入身份验证器上的六位动态码"));
    };
    let secret = SecretString::from(s.vault.open(TOTP, sealed).map_err(Error::internal)?);
    match totp::check(&secret, code, s.clock.now(), account.totp_last_step) {
        Ok(step) => Ok(Some(step)),
        Err(totp::TotpRefused::Wrong | totp::TotpRefused::Replayed) => Err(refused()),
        Err(damaged) => Err(Error::internal(damaged)),
    }
}

async fn is_admin(s: &Services, account: &Model) -> Result<bool> {
    let Some(staff) = account.staff_id else { return Ok(false) };
    let roles = store::staff::roles(&s.db.read, &[staff], s.clock.now()).await?;
    Ok(roles.iter().any(|held| ADMINS.contains(&held.role)))
}

fn asked(detail: &str) -> Error {
    Error::new(Code::SecondFactorRequired, detail)
}

fn refused() -> Error {
    Error::new(Code::SignInRefused, "账号、密码或动态码不对，请核对后重试")
}
