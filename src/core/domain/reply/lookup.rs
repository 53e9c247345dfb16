//! Maps the account's macros to files.

use std::collections::BTreeMap;

use super::{AccountMacro, Finding};

/// How the account's macros are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The prefix of the file's name in the title.
    pub prefix: String,
    /// The ids of macros that are looked up by id, by file name.
    pub ids: BTreeMap<String, i64>,
}

impl Lookup {
    /// The title by which a file's macro is looked up, if it has no id.
    pub fn title(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The file's macro among those of the account. If several have its title, inactive ones do not count.
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

    /// The look-up results for these files.
    pub fn find_all<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
        macros: &[AccountMacro],
    ) -> BTreeMap<String, Finding> {
        names.map(|name| (name.to_owned(), self.find(name, macros))).collect()
    }
}
