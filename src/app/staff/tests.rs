//! Staff: adding with duties, binding once, demo people.

use std::time::{Duration, Instant};

use entity::kinds::{DutyRole, StreetRole, WechatApp};
use secrecy::ExposeSecret;

use super::add::{self, NewDuty, NewStaff};
use super::view::Names;
use super::{bind, code, demo, list, unbind};
use crate::app::actor::Actor;
use crate::app::import;
use crate::app::session::wechat;
use crate::app::testkit::{START, each_database, services};
use crate::demo::staff::{Place, invent};
use crate::error::{Code, Result};
use crate::gateway::wechat::Session;
use crate::services::Services;
use crate::store;

/// Imports the tiny street: grids G1 and G2, communities …001 and …002, staff W1 and W2.
async fn street(s: &Services) {
    let dir = tempfile::tempdir().unwrap();
    import::tests::tiny(dir.path(), "", "", "");
    let (files, _) = import::prepare(dir.path()).unwrap_or_else(|r| panic!("{:?}", r.errors));
    let (s2, now) = (s.clone(), START);
    s.writer
        .commit(move |tx| {
            Box::pin(async move {
                let seal = |name: &str| s2.vault.seal(super::NAME, name).unwrap();
                import::write(tx, &files, &seal, now).await?;
                Ok::<_, crate::error::Error>(())
            })
        })
        .await
        .unwrap();
    s.places.reload(&s.db, s.clock.now()).await.unwrap();
}

async fn resident(s: &Services, openid: &str) -> Actor {
    let session = Session { openid: openid.to_owned(), unionid: None };
    let signed = wechat::enter(s, session).await.unwrap();
    Actor::load(&s.db, signed.account, false, s.clock.now()).await.unwrap()
}

async fn admin(s: &Services) -> Actor {
    let mut admin = resident(s, "o-admin").await;
    admin.street.push(StreetRole::SystemAdmin);
    admin.console = true;
    admin
}

fn person(staff_no: &str, roles: &[StreetRole], duties: &[(&str, DutyRole)]) -> NewStaff {
    NewStaff {
        staff_no: staff_no.to_owned(),
        name: "赵六".to_owned(),
        office_phone: "05306282222".to_owned(),
        mobile: None,
        wecom_userid: None,
        duties: duties
            .iter()
            .map(|(grid, role)| NewDuty {
                grid: (*grid).to_owned(),
                role: *role,
                from: None,
                to: None,
                shift: None,
            })
            .collect(),
        street_roles: roles.to_vec(),
    }
}

fn refusal<T>(answer: Result<T>) -> Code {
    answer.map(|_| ()).unwrap_err().code
}

#[tokio::test]
async fn only_an_administrator_at_the_console_adds_staff() {
    let s = services().await;
    let mut actor = admin(&s).await;
    assert!(add::run(&s, &actor, person("N1", &[], &[])).await.is_ok());
    actor.console = false;
    assert_eq!(refusal(add::run(&s, &actor, person("N2", &[], &[])).await), Code::Forbidden);
    actor.console = true;
    actor.street = vec![StreetRole::SecurityAdmin, StreetRole::Command];
    assert_eq!(refusal(add::run(&s, &actor, person("N2", &[], &[])).await), Code::Forbidden);
}

#[tokio::test]
async fn every_bad_duty_is_named_and_nothing_is_written() {
    for s in each_database("staff_duties").await {
        street(&s).await;
        let actor = admin(&s).await;
        let wrong = [
            ("G9", DutyRole::Primary),
            ("371702003001", DutyRole::Backup),
            ("G1", DutyRole::Primary),
            ("G1", DutyRole::Cadre),
        ];
        let refused = add::run(&s, &actor, person("N1", &[], &wrong)).await.unwrap_err();
        let named: Vec<_> =
            refused.faults.iter().map(|f| (f.pointer.as_str(), f.code.as_ref())).collect();
        assert_eq!(
            named,
            [
                ("/duties/0/grid", "unknown_grid"),
                ("/duties/1/grid", "wrong_kind"),
                ("/duties/3/grid", "wrong_kind")
            ]
        );
        let good = [("G1", DutyRole::Primary), ("371702003002", DutyRole::Cadre)];
        let added =
            add::run(&s, &actor, person("N1", &[StreetRole::Verifier], &good)).await.unwrap();
        let held: Vec<_> = added
            .roles
            .iter()
            .map(|r| (r.role, r.grid.as_ref().map_or("", |g| g.id.as_str())))
            .collect();
        let expected = [("grid_worker_primary", "G1"), ("cadre", "371702003002"), ("verifier", "")];
        assert_eq!(held, expected);
        let again = add::run(&s, &actor, person("N1", &[], &[])).await.unwrap_err();
        assert_eq!(again.faults[0].pointer, "/staff_no");
    }
}

#[tokio::test]
async fn nobody_holds_two_of_the_three_administrations() {
    use StreetRole::{AuditAdmin, Command, SecurityAdmin, SystemAdmin};
    let s = services().await;
    let actor = admin(&s).await;
    for (roles, good) in [
        (&[SystemAdmin, SecurityAdmin][..], false),
        (&[SystemAdmin, AuditAdmin], false),
        (&[Command, SecurityAdmin, AuditAdmin], false),
        (&[Command, SystemAdmin], true),
    ] {
        let answer = add::run(&s, &actor, person("N1", roles, &[])).await;
        assert_eq!(answer.is_ok(), good, "{roles:?}");
        assert!(good || refusal(answer) == Code::RuleRefused);
    }
}

#[tokio::test]
async fn a_code_binds_one_account_to_one_person_once() {
    for s in each_database("staff_binding").await {
        let boss = admin(&s).await;
        let one = add::run(&s, &boss, person("N1", &[StreetRole::Command], &[])).await.unwrap();
        let two = add::run(&s, &boss, person("N2", &[], &[])).await.unwrap();
        let (mine, other) = (resident(&s, "o-1").await, resident(&s, "o-2").await);
        let first = code::run(&s, &boss, one.id).await.unwrap();
        let second = code::run(&s, &boss, two.id).await.unwrap();
        let first = first.code.expose_secret();
        assert_eq!(refusal(bind::run(&s, &mine, "ABCD2345").await), Code::BindingCodeRefused);

        let typed = format!("{}-{}", &first[..4], first[4..].to_lowercase());
        let bound = bind::run(&s, &mine, &typed).await.unwrap();
        assert_eq!(
            (bound.bound, bound.roles[0].role, bound.name.as_str()),
            (true, "command", "赵六")
        );
        let now = s.clock.now();
        let loaded = Actor::load(&s.db, mine.account, false, now).await.unwrap();
        assert!(loaded.is(StreetRole::Command));

        assert_eq!(refusal(bind::run(&s, &other, first).await), Code::BindingCodeRefused);
        let twice = bind::run(&s, &mine, second.code.expose_secret()).await;
        assert_eq!(refusal(twice), Code::Conflict);
        assert!(bind::run(&s, &other, second.code.expose_secret()).await.is_ok());
        assert_eq!(refusal(code::run(&s, &boss, one.id).await), Code::Conflict);

        unbind::run(&s, &boss, one.id).await.unwrap();
        assert_eq!(refusal(unbind::run(&s, &boss, one.id).await), Code::Conflict);
        let loaded = Actor::load(&s.db, mine.account, false, now).await.unwrap();
        assert!(loaded.street.is_empty() && loaded.staff.is_none());
    }
}

#[tokio::test]
async fn two_people_with_one_code_and_one_person_with_two_codes_bind_once() {
    for s in each_database("staff_races").await {
        let boss = admin(&s).await;
        let one = add::run(&s, &boss, person("N1", &[], &[])).await.unwrap();
        let two = add::run(&s, &boss, person("N2", &[], &[])).await.unwrap();
        let three = add::run(&s, &boss, person("N3", &[], &[])).await.unwrap();
        let (ann, bob, cai) =
            (resident(&s, "o-1").await, resident(&s, "o-2").await, resident(&s, "o-3").await);
        let shared = code::run(&s, &boss, one.id).await.unwrap().code;
        let shared = shared.expose_secret();
        let (first, second) =
            tokio::join!(bind::run(&s, &ann, shared), bind::run(&s, &bob, shared));
        assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);

        let left = code::run(&s, &boss, two.id).await.unwrap().code;
        let right = code::run(&s, &boss, three.id).await.unwrap().code;
        let (first, second) = tokio::join!(
            bind::run(&s, &cai, left.expose_secret()),
            bind::run(&s, &cai, right.expose_secret())
        );
        assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);
    }
}

#[tokio::test]
async fn a_binding_code_is_good_for_a_day_and_until_the_next_one() {
    let s = services().await;
    let boss = admin(&s).await;
    let one = add::run(&s, &boss, person("N1", &[], &[])).await.unwrap();
    let old = code::run(&s, &boss, one.id).await.unwrap().code;
    let new = code::run(&s, &boss, one.id).await.unwrap().code;
    let me = resident(&s, "o-1").await;
    let replaced = bind::run(&s, &me, old.expose_secret()).await;
    assert_eq!(refusal(replaced), Code::BindingCodeRefused);
    s.clock.advance(Duration::from_hours(24));
    let late = bind::run(&s, &me, new.expose_secret()).await;
    assert_eq!(refusal(late), Code::BindingCodeRefused);
}

#[tokio::test]
async fn names_are_whole_for_the_administrator_masked_for_staff_and_hidden_from_residents() {
    for s in each_database("staff_list").await {
        street(&s).await;
        let page =
            |grid: Option<&str>| list::Page { grid: grid.map(str::to_owned), after: 0, most: 50 };
        let names = |found: Vec<super::view::StaffView>| -> Vec<String> {
            found.into_iter().map(|person| person.name).collect()
        };
        let mut boss = admin(&s).await;
        assert_eq!(refusal(list::run(&s, &boss, page(None)).await), Code::Forbidden);
        boss.staff = Some(entity::kinds::StaffId(0));
        let whole = list::run(&s, &boss, page(None)).await.unwrap();
        assert_eq!(names(whole), ["张三", "李四"]);
        boss.console = false;
        let of_grid = list::run(&s, &boss, page(Some("G1"))).await.unwrap();
        assert_eq!(names(of_grid), ["张*"]);
        let nowhere = list::run(&s, &boss, page(Some("G9"))).await;
        assert_eq!(refusal(nowhere), Code::NotFound);
        let rest = list::Page { grid: None, after: 1, most: 50 };
        assert_eq!(list::find(&s, rest, Names::Open).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn invented_people_are_bound_once_and_sign_in_with_their_roles() {
    for s in each_database("staff_demo").await {
        street(&s).await;
        resident(&s, "demo-gw-G1").await;
        let places = [
            Place::Large("371702003001".into()),
            Place::Small("G1".into()),
            Place::Small("G2".into()),
        ];
        let people = invent(7, &places);
        let count = people.len();
        let bound = demo::bind(&s, people.clone()).await.unwrap();
        assert_eq!(bound, demo::Bound { added: count, kept: 0 });
        let again = demo::bind(&s, people.clone()).await.unwrap();
        assert_eq!(again, demo::Bound { added: 0, kept: count });

        let worker = resident(&s, "demo-gw-G1").await;
        let g1 = s.places.now().find("G1").unwrap().id;
        assert_eq!(worker.grids, [(g1, DutyRole::Primary)]);
        let oa = store::people::identity(&s.db.read, worker.account, WechatApp::Oa).await.unwrap();
        assert_eq!(oa.unwrap().openid, "demo-oa-gw-G1");
        assert!(resident(&s, "demo-command").await.is(StreetRole::Command));

        let lost = invent(7, &[Place::Small("G9".into())]);
        assert_eq!(refusal(demo::bind(&s, lost).await), Code::InvalidFields);
    }
}

#[tokio::test]
async fn five_hundred_invented_people_are_bound_in_two_seconds() {
    let s = services().await;
    street(&s).await;
    let mut people = Vec::new();
    for n in 0..125 {
        for mut person in
            invent(n, &[Place::Small("G1".into()), Place::Small("G2".into())]).into_iter().take(4)
        {
            person.staff_no = format!("{}-{n}", person.staff_no);
            person.openid_mini = format!("{}-{n}", person.openid_mini);
            person.openid_oa = format!("{}-{n}", person.openid_oa);
            people.push(person);
        }
    }
    let began = Instant::now();
    assert_eq!(demo::bind(&s, people).await.unwrap().added, 500);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}
