//! The console's door: enrolment, password, second factor, lock.

use std::time::Duration;

use entity::kinds::StreetRole;
use secrecy::{ExposeSecret, SecretString};

use super::console::{self, SignIn};
use super::enrol::{self, Enrolment};
use super::refresh;
use crate::app::actor;
use crate::app::staff::console_link::{self, Invited};
use crate::app::testkit::{each_database, services};
use crate::error::{Code, Error, Result};
use crate::services::Services;

const PASSWORD: &str = "a long enough passphrase";

/// Takes the token out of a printed link.
fn token(link: &SecretString) -> String {
    let text = link.expose_secret();
    assert!(text.starts_with("https://street.example/console/first?token="), "{text}");
    text.rsplit('=').next().unwrap().to_owned()
}

async fn enrol(s: &Services, token: &str, name: &str) -> Result<SecretString> {
    let password = SecretString::from(PASSWORD);
    let cmd = Enrolment { token: token.to_owned(), name: name.to_owned(), password };
    enrol::run(s, cmd).await.map(|enrolled| enrolled.otpauth_url)
}

async fn first_admin(s: &Services) -> SecretString {
    let link = console_link::first(s, "https://street.example/").await.unwrap();
    enrol(s, &token(&link), "admin.one").await.unwrap()
}

fn six_digits(s: &Services, otpauth: &SecretString) -> String {
    let totp = totp_rs::Totp::from_url(otpauth.expose_secret()).unwrap();
    totp.generate(u64::try_from(s.clock.now().0 / 1_000_000).unwrap()).to_string()
}

async fn sign_in(s: &Services, password: &str, code: Option<String>) -> Result<super::Signed> {
    from(s, "admin.one", password, code, "10.0.0.1").await
}

async fn from(
    s: &Services,
    name: &str,
    password: &str,
    code: Option<String>,
    address: &str,
) -> Result<super::Signed> {
    let password = SecretString::from(password);
    let cmd = SignIn { name: name.to_owned(), password, code, address: address.to_owned() };
    console::run(s, cmd).await
}

fn code<T>(answer: Result<T>) -> Code {
    answer.map(|_| ()).unwrap_err().code
}

#[tokio::test]
async fn the_first_administrator_enrols_by_a_link_and_needs_both_factors() {
    for s in each_database("console_first").await {
        let otpauth = first_admin(&s).await;
        assert_eq!(code(sign_in(&s, PASSWORD, None).await), Code::SecondFactorRequired);
        let digits = six_digits(&s, &otpauth);
        assert_eq!(code(sign_in(&s, "wrong", Some(digits.clone())).await), Code::SignInRefused);
        let signed = sign_in(&s, PASSWORD, Some(digits.clone())).await.unwrap();
        assert_eq!(signed.staff.unwrap().roles[0].role, "system_admin");
        let who = actor::authenticate(&s, &signed.access_token).await.unwrap();
        assert!(who.console && who.is(StreetRole::SystemAdmin));
        assert_eq!(code(sign_in(&s, PASSWORD, Some(digits)).await), Code::SignInRefused);
        s.clock.advance(Duration::from_secs(30));
        let next = six_digits(&s, &otpauth);
        assert!(sign_in(&s, PASSWORD, Some(next)).await.is_ok());
    }
}

#[tokio::test]
async fn a_code_of_the_second_factor_opens_one_session_however_many_ask_at_once() {
    for s in each_database("console_race").await {
        let otpauth = first_admin(&s).await;
        let digits = six_digits(&s, &otpauth);
        let tries = (0..4).map(|_| sign_in(&s, PASSWORD, Some(digits.clone())));
        let answers = futures::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    }
}

#[tokio::test]
async fn a_link_works_once_within_a_day_and_only_while_there_is_no_account() {
    let s = services().await;
    let old = console_link::first(&s, "https://street.example").await.unwrap();
    let new = console_link::first(&s, "https://street.example").await.unwrap();
    assert_eq!(code(enrol(&s, &token(&old), "admin.one").await), Code::BindingCodeRefused);
    s.clock.advance(Duration::from_hours(24));
    assert_eq!(code(enrol(&s, &token(&new), "admin.one").await), Code::BindingCodeRefused);
    let fresh = console_link::first(&s, "https://street.example").await.unwrap();
    assert!(enrol(&s, &token(&fresh), "admin.one").await.is_ok());
    assert_eq!(code(enrol(&s, &token(&fresh), "admin.two").await), Code::BindingCodeRefused);
    let again = console_link::first(&s, "https://street.example").await;
    assert_eq!(code(again), Code::Conflict);
}

#[tokio::test]
async fn a_weak_password_and_a_taken_name_are_named_together_and_use_nothing_up() {
    let s = services().await;
    first_admin(&s).await;
    let person = Invited {
        staff_no: "S-2".into(),
        name: "王五".into(),
        roles: vec![StreetRole::AuditAdmin],
    };
    let link = console_link::invite(&s, "https://street.example", person).await.unwrap();
    let cmd = Enrolment {
        token: token(&link),
        name: "admin.one".into(),
        password: SecretString::from("short"),
    };
    let refused: Error = enrol::run(&s, cmd).await.unwrap_err();
    let pointers: Vec<_> = refused.faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/password", "/name"]);
    let otpauth = enrol(&s, &token(&link), "auditor").await.unwrap();
    let digits = Some(six_digits(&s, &otpauth));
    let signed = from(&s, "auditor", PASSWORD, digits, "10.0.0.2").await.unwrap();
    assert_eq!(signed.staff.unwrap().staff_no, "S-2");
}

#[tokio::test]
async fn nobody_is_invited_into_two_of_the_three_administrations() {
    let s = services().await;
    let person = |roles: &[StreetRole]| Invited {
        staff_no: "S-2".into(),
        name: "王五".into(),
        roles: roles.to_vec(),
    };
    let invite = async |roles: &[StreetRole]| {
        console_link::invite(&s, "https://street.example", person(roles)).await
    };
    let both = [StreetRole::SystemAdmin, StreetRole::AuditAdmin];
    assert_eq!(code(invite(&both).await), Code::RuleRefused);
    assert!(invite(&[StreetRole::SecurityAdmin]).await.is_ok());
    assert_eq!(code(invite(&[StreetRole::AuditAdmin]).await), Code::RuleRefused);
    assert!(invite(&[StreetRole::SecurityAdmin, StreetRole::Auditor]).await.is_ok());
}

#[tokio::test]
async fn five_failures_lock_the_name_and_the_address_for_ten_minutes() {
    for s in each_database("console_lock").await {
        let otpauth = first_admin(&s).await;
        for n in 0..5 {
            let address = format!("10.0.1.{n}");
            let wrong = from(&s, "admin.one", "wrong", None, &address).await;
            assert_eq!(code(wrong), Code::SignInRefused);
        }
        let digits = Some(six_digits(&s, &otpauth));
        let locked = sign_in(&s, PASSWORD, digits).await.unwrap_err();
        assert_eq!(locked.code, Code::AccountLocked);
        assert_eq!(locked.retry_after, Some(Duration::from_mins(10)));
        s.clock.advance(Duration::from_mins(10));
        let digits = Some(six_digits(&s, &otpauth));
        assert!(sign_in(&s, PASSWORD, digits).await.is_ok(), "refused tries kept it locked");

        for n in 0..5 {
            let unknown = from(&s, &format!("nobody.{n}"), "wrong", None, "10.0.2.1").await;
            assert_eq!(code(unknown), Code::SignInRefused);
        }
        let locked = from(&s, "somebody", "wrong", None, "10.0.2.1").await;
        assert_eq!(code(locked), Code::AccountLocked);
    }
}

#[tokio::test]
async fn guesses_that_come_at_once_are_all_counted() {
    let s = services().await;
    first_admin(&s).await;
    let tries = (0..12).map(|_| sign_in(&s, "wrong", None));
    let answers = futures::future::join_all(tries).await;
    let judged =
        answers.into_iter().filter(|a| a.as_ref().unwrap_err().code == Code::SignInRefused);
    assert!(judged.count() <= 5);
}

#[tokio::test]
async fn a_console_session_rests_half_an_hour() {
    let s = services().await;
    let otpauth = first_admin(&s).await;
    let signed = sign_in(&s, PASSWORD, Some(six_digits(&s, &otpauth))).await.unwrap();
    s.clock.advance(Duration::from_mins(29));
    let next = refresh::run(&s, &signed.refresh_token).await.unwrap();
    assert!(actor::authenticate(&s, &next.access_token).await.unwrap().console);
    s.clock.advance(Duration::from_mins(30));
    assert_eq!(code(refresh::run(&s, &next.refresh_token).await), Code::RefreshRefused);
}
