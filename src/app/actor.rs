//! Who speaks, and in which capacities towards a case.

use std::sync::Arc;
use std::time::Duration;

use entity::cases;
use entity::kinds::{
    AccountId, ActorRole, CaseState, DutyRole, GridId, StaffId, StreetRole, Timestamp,
};

use futures::future::BoxFuture;
use sea_orm::DbErr;

use crate::app::case::report::Idempotency;
use crate::auth::Who;
use crate::auth::jwt::TokenRefused;
use crate::error::{Code, Error, Result};
use crate::gather::{Gather, Size};
use crate::services::Services;
use crate::store::people::SignedIn;
use crate::store::scope::{Belongs, Scope};
use crate::store::{self, db::Db};

/// Where it is asked whose account may still act; those who ask at the same time share a query.
pub type SignIns = Gather<AccountId, std::result::Result<Option<SignedIn>, DbErr>>;

/// Several queries run side by side, so that one that hangs holds up nobody else for long; a few
/// that come while one runs wait for it, and are one query then.
const SIZE: Size =
    Size { width: 4, beside: 16, patience: Duration::from_millis(20), ..Size::one_by_one(64) };

/// Makes the place to ask and the task that somebody must drive; it ends when the handle is dropped.
pub fn sign_ins(db: &Db) -> (SignIns, BoxFuture<'static, ()>) {
    let read = db.read.clone();
    Gather::new(SIZE, move |accounts: Vec<AccountId>| {
        let read = read.clone();
        async move {
            let found = store::people::signed_in(&read, &accounts).await;
            let of = |account: AccountId| match &found {
                Ok(found) => Ok(found.iter().find(|one| one.id == account).copied()),
                Err(error) => Err(error.clone()),
            };
            accounts.iter().map(|&account| of(account)).collect()
        }
    })
}

/// Finds out who presents an access token. Fails with `token_expired` or `unauthenticated`; a
/// blocked account's token is worthless at once.
pub async fn authenticate(s: &Services, token: &str) -> Result<Actor> {
    let now = s.clock.now();
    let claims = s.tokens.verify(token, now).map_err(|refused| match refused {
        TokenRefused::Expired => Error::new(Code::TokenExpired, "登录已过期，请刷新令牌"),
        TokenRefused::Invalid => Error::new(Code::Unauthenticated, "令牌无效，请重新登录"),
    })?;
    let signed_in = s.sign_ins.hand_in(claims.sub).await;
    let signed_in = signed_in
        .ok_or_else(|| Error::internal("the program stopped before the account was found"))??
        .filter(|account| i64::from(account.token_version) == claims.ver)
        .ok_or_else(|| Error::new(Code::Unauthenticated, "登录已失效，请重新登录"))?;
    let who = (claims.sub, signed_in.staff_id);
    Actor::of(&s.db, who, claims.who == Who::Console, now).await
}

/// An authenticated person with everything he is responsible for at this instant.
#[derive(Clone, Debug)]
pub struct Actor {
    pub account: AccountId,
    pub staff: Option<StaffId>,
    pub grids: Vec<(GridId, DutyRole)>,
    pub street: Vec<StreetRole>,
    /// Signed in at the console; a resident's own cases live in the mini-program.
    pub console: bool,
    /// The key under which he asks, when the change is to be made once.
    pub once: Option<Arc<Idempotency>>,
}

/// No account has this id.
const NOBODY: AccountId = AccountId(0);

impl Actor {
    /// Loads what the account may do now: rights follow the roster, not the token.
    pub async fn load(db: &Db, account: AccountId, console: bool, now: Timestamp) -> Result<Self> {
        let staff = store::people::staff_of_account(&db.read, account).await?;
        Self::of(db, (account, staff), console, now).await
    }

    async fn of(
        db: &Db,
        (account, staff): (AccountId, Option<StaffId>),
        console: bool,
        now: Timestamp,
    ) -> Result<Self> {
        let duties = match staff {
            Some(staff) => store::duty::of_staff(&db.read, staff, now).await?,
            None => store::duty::Duties::default(),
        };
        Ok(Self { account, staff, grids: duties.grids, street: duties.street, console, once: None })
    }

    /// Tells whether the person holds a street-wide role.
    pub fn is(&self, role: StreetRole) -> bool {
        self.street.contains(&role)
    }

    /// Returns the cases this person may see because of his office, or those that he brought.
    pub fn part(&self, brought: bool) -> Scope {
        match (brought, self.scope()) {
            (true, _) => Scope::of_reporter(self.account),
            (false, Scope::Person { small, large, .. }) => {
                Scope::Person { reporter: NOBODY, small, large }
            }
            (false, Scope::Street) => Scope::Street,
        }
    }

    /// Returns the cases this person may see.
    pub fn scope(&self) -> Scope {
        const WHOLE_STREET: [StreetRole; 4] = [
            StreetRole::TriageDesk,
            StreetRole::Command,
            StreetRole::Auditor,
            StreetRole::Verifier,
        ];
        if WHOLE_STREET.iter().any(|&role| self.is(role)) {
            return Scope::Street;
        }
        let of = |roles: [DutyRole; 2]| {
            let held = self.grids.iter().filter(move |(_, role)| roles.contains(role));
            held.map(|&(grid, _)| grid).collect()
        };
        Scope::Person {
            reporter: self.account,
            small: of([DutyRole::Primary, DutyRole::Backup]),
            large: of([DutyRole::Cadre, DutyRole::Secretary]),
        }
    }

    /// Tells whether the case exists for this person: he has a capacity towards it, or he wrote it
    /// down for somebody whose grid is not his. Then he follows it, masked, and changes nothing.
    pub fn sees(&self, case: &cases::Model) -> bool {
        self.sees_one_of(&Belongs::of(case))
    }

    /// The same for a case of which is only known whom it belongs to.
    pub fn sees_one_of(&self, case: &Belongs) -> bool {
        case.reporter_id == self.account || !self.roles_towards(case).is_empty()
    }

    /// Tells whether his office concerns him with the case, and not only that he asked.
    pub fn handles(&self, case: &cases::Model) -> bool {
        self.roles_for(case).iter().any(|role| *role != ActorRole::Resident)
    }

    /// Lists the capacities in which this person stands to the case; empty: he can do nothing there.
    pub fn roles_for(&self, case: &cases::Model) -> Vec<ActorRole> {
        self.roles_towards(&Belongs::of(case))
    }

    fn roles_towards(&self, case: &Belongs) -> Vec<ActorRole> {
        let mut roles = Vec::new();
        if case.reporter_id == self.account && case.reported_by_staff.is_none() {
            roles.push(ActorRole::Resident);
        }
        for &(grid, role) in &self.grids {
            let role = match role {
                DutyRole::Primary if case.small_grid_id == Some(grid) => ActorRole::Primary,
                DutyRole::Backup if case.small_grid_id == Some(grid) => ActorRole::Backup,
                DutyRole::Cadre if case.large_grid_id == Some(grid) => ActorRole::Cadre,
                DutyRole::Secretary if case.large_grid_id == Some(grid) => ActorRole::Secretary,
                _ => continue,
            };
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        roles.extend(self.street.iter().filter_map(|role| match role {
            StreetRole::TriageDesk => Some(ActorRole::TriageDesk),
            StreetRole::Command => Some(ActorRole::Command),
            StreetRole::Verifier => Some(ActorRole::Verifier),
            StreetRole::Auditor => Some(ActorRole::Auditor),
            // The three admins have no edges and see no case (domain §2).
            StreetRole::SystemAdmin | StreetRole::SecurityAdmin | StreetRole::AuditAdmin => None,
        }));
        roles
    }

    /// Tells whether the person is measured by this case.
    pub fn is_assessed_by(&self, case: &cases::Model) -> bool {
        let handler = self.staff.is_some() && case.acknowledged_by == self.staff;
        handler
            || self
                .grids
                .iter()
                .any(|&(grid, role)| case.small_grid_id == Some(grid) && role == DutyRole::Primary)
    }

    /// Tells whether everything personal is masked for this person: auditors see figures, not
    /// people; a verifier needs the phone while a result waits for his callback, and no longer.
    pub fn sees_masked(&self, case: &cases::Model) -> bool {
        let calls_back = case.state == CaseState::Resolved && !self.is_assessed_by(case);
        self.roles_for(case).iter().all(|role| match role {
            ActorRole::Auditor => true,
            ActorRole::Verifier => !calls_back,
            _ => false,
        })
    }
}
