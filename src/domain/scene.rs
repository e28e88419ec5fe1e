//! What a printed code carries: a word that means nothing by itself, because paper cannot be
//! changed while a building may be given to another grid.

/// What WeChat allows beside letters and digits.
const SIGNS: &str = "!#$&'()*+,/:;=?@-._~";
const LONGEST: usize = 32;

/// A well-formed scene; whether anything was printed with it is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene(String);

impl Scene {
    /// Makes a scene of 26 characters out of 96 unpredictable bits.
    pub fn new(random: [u8; 32]) -> Self {
        Self(format!("b={}", hex::encode(random.split_at(12).0)))
    }

    /// Reads a scene: 1 to 32 characters that WeChat allows; `None` otherwise.
    pub fn parse(raw: &str) -> Option<Self> {
        let legal = |c: char| c.is_ascii_alphanumeric() || SIGNS.contains(c);
        let fits = (1..=LONGEST).contains(&raw.len()) && raw.chars().all(legal);
        fits.then(|| Self(raw.to_owned()))
    }

    /// Returns the text as it is printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_scene_is_one_that_wechat_allows_and_differs_with_chance() {
        let made = Scene::new([0xab; 32]);
        assert_eq!(Scene::parse(made.as_str()), Some(made.clone()));
        assert_eq!(made.as_str().len(), 26);
        assert_ne!(made, Scene::new([0xac; 32]));
    }

    #[test]
    fn what_wechat_would_refuse_is_no_scene() {
        for good in ["b", "g=0123456789", "!#$&'()*+,/:;=?@-._~", &"x".repeat(32)] {
            assert!(Scene::parse(good).is_some(), "{good}");
        }
        for bad in ["", "b%3Dx", "1号楼", "a b", "a\"b", "b\n", &"x".repeat(33)] {
            assert!(Scene::parse(bad).is_none(), "{bad}");
        }
    }
}
