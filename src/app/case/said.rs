//! What whoever asked for help left with his case, unsealed; the reader's sight decides what of it shows.

use entity::cases;

use super::report::OnBehalf;
use super::sight::Sight;
use crate::app::session::phone;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::vault::{mask_name, mask_phone};

/// What he wrote.
pub(super) struct Words {
    pub text: String,
    pub address: Option<String>,
    pub phone: Option<String>,
}

/// Opens what the resident wrote.
pub(super) fn words(s: &Services, case: &cases::Model) -> Result<Words> {
    let open = |context: &str, sealed: &str| s.vault.open(context, sealed).map_err(Error::internal);
    let any = |context: &str, sealed: &Option<String>| {
        sealed.as_ref().map(|sealed| open(context, sealed)).transpose()
    };
    Ok(Words {
        text: open("cases.text", &case.text_sealed)?,
        address: any("cases.address", &case.address_sealed)?,
        phone: any("cases.contact_phone", &case.contact_phone_sealed)?,
    })
}

/// Whoever verified his phone for the street is called there when he wrote no other number.
pub(super) async fn verified(s: &Services, case: &cases::Model) -> Result<Option<String>> {
    let own = case.on_behalf_sealed.is_none() && case.reported_by_staff.is_none();
    if !own || case.contact_phone_sealed.is_some() {
        return Ok(None);
    }
    phone::of(s, case.reporter_id).await
}

/// Opens whose request it is, when somebody else brought it.
pub(super) fn on_behalf(
    s: &Services,
    case: &cases::Model,
    sight: Sight,
) -> Result<Option<OnBehalf>> {
    let Some(sealed) = &case.on_behalf_sealed else { return Ok(None) };
    let other = s.vault.open("cases.on_behalf", sealed).map_err(Error::internal)?;
    let other: OnBehalf = serde_json::from_str(&other).map_err(Error::internal)?;
    Ok(Some(OnBehalf {
        name: sight.show(other.name, mask_name),
        phone: sight.show(other.phone, mask_phone),
        relation: other.relation,
    }))
}
