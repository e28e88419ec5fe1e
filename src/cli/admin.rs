//! `zhinan admin`: first administrator, console links, staff and binding codes.
//!
//! Whoever holds the machine needs no account; what is printed is shown once and stored nowhere.

use clap::Subcommand;
use secrecy::ExposeSecret;

use super::{CommandError, ConfigArg};
use crate::app::staff::add::{self, NewStaff};
use crate::app::staff::code;
use crate::app::staff::console_link::{self, Invited};
use crate::app::staff::list::{self, Page};
use crate::app::staff::view::{Names, StaffView};
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::calendar::local_minute;
use crate::services::Services;
use crate::store;
use entity::kinds::StreetRole;

/// What to administer.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    config: ConfigArg,
    #[command(subcommand)]
    verb: Verb,
}

/// One command.
#[derive(Clone, Debug, Subcommand)]
pub enum Verb {
    /// Write the key files that do not exist yet; back them up before anything is sealed.
    Keys,
    /// Print the link by which the first administrator enrols; only while nobody has.
    FirstLink,
    /// Print the link by which a person enrols at the console; adds the person if need be.
    AddConsole {
        #[arg(long)]
        name: String,
        #[arg(long)]
        staff_no: String,
        /// Street roles, separated by commas.
        #[arg(long, value_delimiter = ',', value_parser = role)]
        roles: Vec<StreetRole>,
    },
    /// Add a member of staff.
    AddStaff {
        #[arg(long)]
        name: String,
        #[arg(long)]
        staff_no: String,
        #[arg(long, default_value = "")]
        office_phone: String,
        /// Street roles, separated by commas.
        #[arg(long, value_delimiter = ',', value_parser = role)]
        roles: Vec<StreetRole>,
    },
    /// Print the code by which a member of staff binds his WeChat.
    BindingCode {
        #[arg(long)]
        staff_no: String,
    },
    /// List staff in office, one a line.
    ListStaff,
}

fn role(word: &str) -> Result<StreetRole, String> {
    StreetRole::from_word(word).ok_or_else(|| {
        let known: Vec<&str> = StreetRole::ALL.iter().map(|role| role.word()).collect();
        format!("no such role; one of {}", known.join(", "))
    })
}

/// Runs one command against the configured database.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let config = Config::load(args.config.config.as_deref())?;
    if matches!(args.verb, Verb::Keys) {
        for path in boot::generate_missing(&config)? {
            println!("已写入 {}，请立即备份", path.display());
        }
        return Ok(());
    }
    let s = boot::services(&config, Clock::System).await?;
    let text = perform(&s, &public_url(&config), args.verb).await?;
    println!("{text}");
    Ok(())
}

fn public_url(config: &Config) -> String {
    if config.server.public_url.is_empty() {
        format!("http://{}", config.server.listen)
    } else {
        config.server.public_url.clone()
    }
}

/// Performs one command and returns what to print. Fails as the use case does.
pub async fn perform(
    s: &Services,
    public_url: &str,
    verb: Verb,
) -> Result<String, crate::error::Error> {
    match verb {
        // Needs no services: answered before they are built.
        Verb::Keys => Ok(String::new()),
        Verb::FirstLink => {
            let link = console_link::first(s, public_url).await?;
            Ok(once("24小时内打开一次有效", link.expose_secret()))
        }
        Verb::AddConsole { name, staff_no, roles } => {
            let link = console_link::invite(s, public_url, Invited { staff_no, name, roles });
            Ok(once("24小时内打开一次有效", link.await?.expose_secret()))
        }
        Verb::AddStaff { name, staff_no, office_phone, roles } => {
            let new = NewStaff {
                staff_no,
                name,
                office_phone,
                mobile: None,
                wecom_userid: None,
                duties: Vec::new(),
                street_roles: roles,
            };
            Ok(format!("已添加，编号 {}", add::insert(s, new).await?))
        }
        Verb::BindingCode { staff_no } => binding_code(s, &staff_no).await,
        Verb::ListStaff => list_staff(s).await,
    }
}

fn once(note: &str, secret: &str) -> String {
    format!("{secret}\n（{note}；不会再次显示）")
}

async fn binding_code(s: &Services, staff_no: &str) -> Result<String, crate::error::Error> {
    let staff = store::staff::find_by_no(&s.db.read, staff_no).await?;
    let staff = staff.ok_or_else(|| crate::error::Error::not_found("该工号"))?;
    let issued = code::for_staff(s, staff.id).await?;
    let note = format!("{} 前使用一次有效", local_minute(issued.expires_at));
    Ok(once(&note, issued.code.expose_secret()))
}

async fn list_staff(s: &Services) -> Result<String, crate::error::Error> {
    const PAGE: u64 = 500;
    let (mut lines, mut after) = (Vec::new(), 0);
    loop {
        let page = list::find(s, Page { grid: None, after, most: PAGE }, Names::Masked).await?;
        let Some(last) = page.last() else { break };
        after = last.id.0;
        lines.extend(page.iter().map(line));
    }
    Ok(lines.join("\n"))
}

fn line(person: &StaffView) -> String {
    let roles: Vec<String> = person
        .roles
        .iter()
        .map(|role| match &role.grid {
            Some(grid) => format!("{}@{}", role.role, grid.id),
            None => role.role.to_owned(),
        })
        .collect();
    let bound = if person.bound { "已绑定" } else { "未绑定" };
    format!("{}\t{}\t{bound}\t{}", person.staff_no, person.name, roles.join(","))
}
