//! Reads WeChat's small XML documents into the shape of their JSON twins, so that everything
//! after it knows one shape: elements become keys, repeated elements arrays, leaves strings.
//!
//! Documents come from the network: DTDs and unknown entities are refused, depth is bounded.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use serde_json::{Map, Value};

const MAX_DEPTH: usize = 8;
const DATA: (&str, &str) = ("<![CDATA[", "]]>");

/// Parses a document and returns its root's content; `None` when it is not well formed or not
/// the plain kind WeChat sends. An official example has blanks after `<`.
pub(super) fn parse(text: &str) -> Option<Value> {
    read(text).or_else(|| read(&mended(text)?))
}

/// Takes blanks after `<` away, but for what stands as data.
fn mended(text: &str) -> Option<String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, inner)) = rest.split_once(DATA.0) {
        let (data, after) = inner.split_once(DATA.1)?;
        out.extend([&*tight(before), DATA.0, data, DATA.1]);
        rest = after;
    }
    Some(out + &tight(rest))
}

fn tight(text: &str) -> String {
    let mut pieces = text.split('<');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| out + "<" + piece.trim_start())
}

fn read(text: &str) -> Option<Value> {
    let mut open: Vec<Element> = vec![Element::default()];
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if open.len() <= MAX_DEPTH => {
                open.push(Element::named(tag.name().as_ref()));
            }
            Event::Start(_) | Event::DocType(_) => return None,
            Event::Empty(tag) => open.last_mut()?.adopt(Element::named(tag.name().as_ref())),
            Event::End(_) => {
                let done = open.pop()?;
                open.last_mut()?.adopt(done);
            }
            Event::Text(part) => open.last_mut()?.text.push_str(&part),
            Event::CData(part) => open.last_mut()?.text.push_str(&part),
            Event::GeneralRef(part) => open.last_mut()?.text.push(character(&part)?),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let document = open.pop().filter(|_| open.is_empty())?;
    document.children.into_iter().next().map(|(_, root)| root)
}

#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Map<String, Value>,
}

impl Element {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    fn adopt(&mut self, child: Self) {
        let value = if child.children.is_empty() {
            Value::String(child.text.trim().to_owned())
        } else {
            Value::Object(child.children)
        };
        match self.children.get_mut(&child.name) {
            None => drop(self.children.insert(child.name, value)),
            Some(Value::Array(many)) => many.push(value),
            Some(one) => *one = Value::Array(vec![one.take(), value]),
        }
    }
}

fn character(reference: &BytesRef<'_>) -> Option<char> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character);
    }
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_blank_before_a_name_is_none_of_it_and_data_stays_as_it_is() {
        for (text, read) in [
            ("<xml><A>x</A>< B>y</B></xml>", Some(json!({ "A": "x", "B": "y" }))),
            (
                "< xml>\n< A><![CDATA[1 < 2 <![CDATA[]]></A>< \tB>< C>z</C></B></xml>",
                Some(json!({ "A": "1 < 2 <![CDATA[", "B": { "C": "z" } })),
            ),
            ("<xml>< A><![CDATA[x</A></xml>", None),
            ("<xml>< A>x</B></xml>", None),
            ("< !DOCTYPE x [<!ENTITY e \"boom\">]>< xml>< A>&e;</A></xml>", None),
        ] {
            assert_eq!(parse(text), read, "{text}");
        }
    }
}
