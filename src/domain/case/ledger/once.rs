//! JSON whose objects name everything once: of two values with one name some readers take the first
//! and others the last, so that what is proven would not be what is read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Reads an object of values by name. Fails where a name stands twice.
pub(super) fn map<'de, D, T>(from: D) -> Result<Option<BTreeMap<String, T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    from.deserialize_map(Named(PhantomData)).map(Some)
}

/// Reads any value. Fails where a name stands twice in one of its objects.
pub(super) fn value<'de, D: Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
    from.deserialize_any(Any)
}

/// Returns the name that stands twice, where a line was refused for that.
pub(super) fn doubled(why: &serde_json::Error) -> Option<String> {
    let text = why.to_string();
    let (name, _) = text.strip_prefix(TWICE)?.split_once('`')?;
    Some(name.to_owned())
}

/// As readers say it whose fields are known beforehand.
const TWICE: &str = "duplicate field `";

fn twice<E: Error>(name: &str) -> E {
    E::custom(format_args!("{TWICE}{name}`"))
}

struct Named<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Named<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut all = BTreeMap::new();
        while let Some((name, value)) = from.next_entry::<String, T>()? {
            match all.entry(name) {
                Entry::Vacant(place) => drop(place.insert(value)),
                Entry::Occupied(there) => return Err(twice(there.key())),
            }
        }
        Ok(all)
    }
}

struct One(Value);

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        value(from).map(Self)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, one: bool) -> Result<Value, E> {
        Ok(one.into())
    }

    fn visit_i64<E>(self, one: i64) -> Result<Value, E> {
        Ok(one.into())
    }

    fn visit_u64<E>(self, one: u64) -> Result<Value, E> {
        Ok(one.into())
    }

    fn visit_f64<E>(self, one: f64) -> Result<Value, E> {
        Ok(one.into())
    }

    fn visit_str<E>(self, one: &str) -> Result<Value, E> {
        Ok(one.into())
    }

    fn visit_string<E>(self, one: String) -> Result<Value, E> {
        Ok(one.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(One(one)) = from.next_element()? {
            all.push(one);
        }
        Ok(all.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some((name, One(one))) = from.next_entry::<String, One>()? {
            if all.contains_key(&name) {
                return Err(twice(&name));
            }
            all.insert(name, one);
        }
        Ok(all.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_names_everything_once_is_read_as_it_is_and_nothing_else_is() {
        let text = r#"{"a":[1,-2,2.5,"x",null,true,{"b":{},"a":[]}],"c":""}"#;
        let read: One = serde_json::from_str(text).unwrap();
        assert_eq!(read.0, serde_json::from_str::<Value>(text).unwrap());
        for (text, name) in
            [(r#"{"a":1,"a":1}"#, "a"), (r#"{"a":1,"b":[{"c":{"d":1,"e":2,"d":3}}]}"#, "d")]
        {
            let why = serde_json::from_str::<One>(text).err().unwrap();
            assert_eq!(doubled(&why).as_deref(), Some(name));
        }
        let other = serde_json::from_str::<One>("{").err().unwrap();
        assert_eq!(doubled(&other), None);
        let mut from = serde_json::Deserializer::from_str(r#"{"b":2,"a":1}"#);
        let read: BTreeMap<String, Value> = map(&mut from).unwrap().unwrap();
        assert_eq!(read, BTreeMap::from([("a".into(), json!(1)), ("b".into(), json!(2))]));
    }
}
