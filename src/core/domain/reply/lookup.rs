//! Which macro of an account belongs to which file.

use std::collections::BTreeMap;

use super::{AccountMacro, Finding};

/// How the account's macros are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// Stands before the file's name in the title.
    pub prefix: String,
    /// Those that are found by their numbers, by the files' names.
    pub ids: BTreeMap<String, i64>,
}

impl Lookup {
    /// The title under which a file's macro is found, where it has no number.
    pub fn title(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The file's macro among those of the account. Of several with its title, those that are switched off do not count.
    pub fn find(&self, name: &str, macros: &[AccountMacro]) -> Finding {
        if let Some(id) = self.ids.get(name) {
            let found = macros.iter().find(|known| known.id == *id);
            let missing = || Finding::Missing { wanted: format!("번호가 {id}") };
            return found.map_or_else(missing, |found| Finding::Found(found.clone()));
        }
        let title = self.title(name);
        let titled: Vec<&AccountMacro> = macros.iter().filter(|known| known.title.trim() == title).collect();
        let active: Vec<&AccountMacro> = titled.iter().copied().filter(|known| known.active).collect();
        match (active.as_slice(), titled.first()) {
            ([only], _) => Finding::Found((*only).clone()),
            ([], Some(off)) => Finding::Found((*off).clone()),
            ([], None) => Finding::Missing { wanted: format!("제목이 `{title}`") },
            (several, _) => Finding::Several { ids: several.iter().map(|known| known.id).collect() },
        }
    }

    /// What the account has for each of these files.
    pub fn find_all<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
        macros: &[AccountMacro],
    ) -> BTreeMap<String, Finding> {
        names.map(|name| (name.to_owned(), self.find(name, macros))).collect()
    }
}
