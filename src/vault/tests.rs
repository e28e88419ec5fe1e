use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;

fn vault() -> (tempfile::TempDir, PathBuf, Vault) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let vault = Vault::generate(&path, &mut StdRng::seed_from_u64(7)).unwrap();
    (folder, path, vault)
}

#[test]
fn the_key_file_is_private_and_never_overwritten() {
    let (_folder, path, _) = vault();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let before = std::fs::read(&path).unwrap();
    let again = Vault::generate(&path, &mut StdRng::seed_from_u64(8));
    assert!(matches!(again, Err(VaultError::Write { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let (_folder, path, _) = vault();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(Vault::load(&path), Err(VaultError::Exposed { mode: 0o640, .. })));
}

#[test]
fn a_malformed_key_file_is_refused_without_quoting_it() {
    let (_folder, path, _) = vault();
    let good = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
    for text in [
        "not json SECRET".to_owned(),
        format!(r#"{{"active":"k2","keys":{{"k1":"{good}"}},"index_key":"{good}"}}"#),
        format!(r#"{{"active":"k1","keys":{{"k1":"SECRET"}},"index_key":"{good}"}}"#),
        format!(r#"{{"active":"k1","keys":{{"k1":"{good}"}},"index_key":"SECRET"}}"#),
        format!(r#"{{"active":"k.1","keys":{{"k.1":"{good}"}},"index_key":"{good}"}}"#),
        format!(r#"{{"active":"k1","keys":{{"k1":"{good}"}},"index_key":"{good}","SECRET":1}}"#),
    ] {
        std::fs::write(&path, &text).unwrap();
        let why = Vault::load(&path).unwrap_err();
        assert!(matches!(why, VaultError::Malformed { .. }), "{text}: {why:?}");
        assert!(!format!("{why:?} {why}").contains("SECRET"));
    }
    std::fs::write(
        &path,
        format!(r#"{{"active":"k1","keys":{{"k1":"{good}"}},"index_key":"{good}"}}"#),
    )
    .unwrap();
    assert!(Vault::load(&path).is_ok());
}

#[test]
fn a_value_of_one_column_does_not_open_in_another() {
    let (_folder, _, vault) = vault();
    let sealed = vault.seal("account.phone", "13812345678").unwrap();
    let why = vault.open("case.phone", &sealed).unwrap_err();
    assert!(matches!(why, VaultError::Refused { .. }));
    assert!(!format!("{why:?} {why}").contains("138"));
}

#[test]
fn equal_values_are_sealed_to_different_texts() {
    let (_folder, _, vault) = vault();
    assert_ne!(vault.seal("a.b", "x").unwrap(), vault.seal("a.b", "x").unwrap());
}

#[test]
fn after_rotation_old_values_open_and_are_sealed_again_under_the_new_key() {
    let (_folder, path, old) = vault();
    let sealed = old.seal("a.b", "张三").unwrap();
    let new = Vault::add_key(&path, &mut StdRng::seed_from_u64(9)).unwrap();
    assert_eq!((old.active_key(), new.active_key()), ("k1", "k2"));
    assert_eq!(new.open("a.b", &sealed).unwrap(), "张三");
    let again = new.reseal("a.b", &sealed).unwrap().unwrap();
    assert!(again.starts_with("v1.k2."));
    assert_eq!(new.reseal("a.b", &again).unwrap(), None);
    assert_eq!(Vault::load(&path).unwrap().open("a.b", &again).unwrap(), "张三");
    assert!(matches!(old.open("a.b", &again), Err(VaultError::UnknownKey { key }) if key == "k2"));
    assert_eq!(old.blind_index("a.b", "x"), new.blind_index("a.b", "x"));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_crashed_rotation_does_not_stop_the_next_one() {
    let (_folder, path, _) = vault();
    std::fs::write(path.with_extension("new"), "half a fi").unwrap();
    assert_eq!(Vault::add_key(&path, &mut StdRng::seed_from_u64(9)).unwrap().active_key(), "k2");
}

#[test]
fn what_was_never_sealed_is_called_so() {
    let (_folder, _, vault) = vault();
    for text in ["", "13812345678", "v1.k1", "v2.k1.AAAA", "v1.k1.!!", "v1.k1.AAAA", "v1..AAAA"] {
        assert!(matches!(vault.open("a.b", text), Err(VaultError::NotSealed)), "{text}");
    }
}

#[test]
fn the_blind_index_depends_on_context_and_key_and_is_32_hex_digits() {
    let (_folder, _, one) = vault();
    let index = one.blind_index("account.phone", "13812345678");
    assert_eq!(index, one.blind_index("account.phone", "13812345678"));
    assert_eq!(index.len(), 32);
    assert!(index.bytes().all(|b| b.is_ascii_hexdigit()));
    assert_ne!(index, one.blind_index("staff.phone", "13812345678"));
    assert_ne!(one.blind_index("ab", "c"), one.blind_index("a", "bc"));
    let folder = tempfile::tempdir().unwrap();
    let other = Vault::generate(&folder.path().join("k"), &mut StdRng::seed_from_u64(8)).unwrap();
    assert_ne!(index, other.blind_index("account.phone", "13812345678"));
}

#[test]
fn the_blind_index_is_plain_hmac_sha256_with_the_32_byte_key() {
    let (_folder, path, vault) = vault();
    let key = keyfile::decode(keyfile::read(&path).unwrap().index_key()).unwrap();
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).unwrap();
    mac.update(b"a.b\0value");
    let expected = hex::encode(mac.finalize().into_bytes());
    assert_eq!(vault.blind_index("a.b", "value"), expected[..32]);
}

#[test]
fn masks_show_what_a_list_needs_and_no_more() {
    assert_eq!(mask_phone("13812345678"), "138****5678");
    assert_eq!(mask_phone("05306282222"), "053****2222");
    assert_eq!(mask_phone("6282222"), "*******");
    for (text, shown) in [
        (
            "阳光花园3号楼2单元501没水了，电话13812345678",
            "阳光花园3号楼*单元***没水了，电话***********",
        ),
        ("501室，3号楼没电", "***室，3号楼没电"),
        ("楼下路灯坏了", "楼下路灯坏了"),
        ("康复路7号门口", "康复路*号门口"),
    ] {
        assert_eq!(mask_numbers(text), shown);
    }
    assert_eq!(mask_name("张三丰"), "张**");
    assert_eq!(mask_name("张"), "*");
    assert_eq!(mask_name(""), "");
    for (address, shown) in [
        ("中山社区阳光花园3号楼2单元501", "中山社区阳光花园3号楼…"),
        ("阳光花园A座1203室", "阳光花园A座…"),
        ("阳光花园12栋", "阳光花园12栋"),
        ("501室，3号楼", "***室，3号楼"),
        ("阳光花园3-2-501", "阳光花园…"),
        ("八一路88号", "八一路…"),
        ("中山社区老粮食局家属院门口", "中山社区老粮…"),
        ("阳光花园", "阳光花园"),
        ("", ""),
    ] {
        assert_eq!(mask_address(address), shown, "{address}");
    }
}

#[test]
fn the_ring_does_not_print_its_keys() {
    let (_folder, _, vault) = vault();
    assert_eq!(format!("{vault:?}"), r#"Vault { active: "k1", .. }"#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_sealed_opens_to_itself(plain in ".{0,80}", context in "[a-z]{1,8}\\.[a-z]{1,8}") {
        let (_folder, _, vault) = vault();
        let sealed = vault.seal(&context, &plain).unwrap();
        prop_assert!(plain.chars().count() < 4 || !sealed.contains(&plain));
        prop_assert_eq!(vault.open(&context, &sealed).unwrap(), plain);
    }

    #[test]
    fn one_flipped_bit_anywhere_is_refused(plain in ".{1,40}", at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let (_folder, _, vault) = vault();
        let sealed = vault.seal("a.b", &plain).unwrap();
        let body = sealed.strip_prefix("v1.k1.").unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(body).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let changed = format!("v1.k1.{}", URL_SAFE_NO_PAD.encode(bytes));
        let refused = matches!(vault.open("a.b", &changed), Err(VaultError::Refused { .. }));
        prop_assert!(refused);
    }
}

#[test]
fn whoever_goes_there_reads_building_and_unit_and_no_room_and_no_telephone() {
    for (text, shown) in [
        ("阳光花园3号楼2单元501没水", "阳光花园3号楼2单元***没水"),
        ("阳光花园3号楼2单元，打138 0000 1234", "阳光花园3号楼2单元，打*** **** ****"),
        ("501室，3号楼2单元6楼", "***室，3号楼2单元6楼"),
        ("3号楼2-501，0530-5-1-2", "3号楼*-***，****-*-*-*"),
        ("没水了", "没水了"),
    ] {
        assert_eq!(mask_rooms(text), shown);
    }
}
