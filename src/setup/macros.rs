//! Transfers macros between files and the account, one by one. Each transfer is recorded beside the files, so that no later
//! edit is overwritten unnoticed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use super::admin_client;
use crate::app::lookup;
use crate::config::{AdminDeployment, Files};
use crate::domain::reply::{self, AccountMacro, Bounds, Compared, Finding, Lookup, Settled};
use crate::domain::rule::RuleAction;
use crate::ports::Clock;
use crate::zendesk::admin::{AdminClient, Macro};

/// The record beside the files: each macro's state at its last transfer.
const RECORD: &str = "account.json";

/// Compares files with the account.
#[derive(Debug)]
pub struct MacroSync {
    admin: AdminClient,
    files: Files,
    lookup: Lookup,
    bounds: Bounds,
    /// The folder of the files; `None`: they are built in.
    folder: Option<PathBuf>,
    settled: BTreeMap<String, Settled>,
}

impl MacroSync {
    /// For the files in `folder`, or the built-in ones. Makes no call.
    ///
    /// # Errors
    /// If the address or the credentials cannot be used, or the record of transfers cannot be read.
    pub fn new(
        files: Files,
        deployment: &AdminDeployment,
        folder: Option<&Path>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let admin = admin_client(&files.settings, deployment, clock)?;
        let folder = folder.map(|folder| folder.join("macros"));
        let settled = folder.as_deref().map(read_record).transpose()?.unwrap_or_default();
        let (lookup, bounds) = (lookup(&files.settings), files.settings.macro_bounds());
        Ok(Self { admin, files, lookup, bounds, folder, settled })
    }

    /// Every macro on both sides. Changes nothing.
    ///
    /// # Errors
    /// If the account cannot be read.
    pub async fn look(&self) -> anyhow::Result<Vec<Compared>> {
        let macros = self.admin.account_macros().await?;
        let findings = self.lookup.find_all(self.files.macros.names(), &macros);
        Ok(self.compare(&findings))
    }

    fn compare(&self, findings: &BTreeMap<String, Finding>) -> Vec<Compared> {
        reply::compare(&self.files.macros, findings, &self.settled, &self.files.policy, &self.bounds)
    }

    /// The last editor of the account's macro, if known.
    pub async fn changed_by(&self, compared: &Compared) -> Option<String> {
        self.admin.macro_changed_by(compared.there.as_ref()?.id).await
    }

    /// Writes a file's macro, as shown, to the account; if the macro was edited since, nothing is done.
    ///
    /// # Errors
    /// If it was edited since, or Zendesk rejects it.
    pub async fn push(&mut self, shown: &Compared) -> anyhow::Result<()> {
        let made = if let Some(there) = &shown.there {
            self.replace(there, &shown.here).await?
        } else {
            if let Some(id) = self.lookup.ids.get(&shown.name) {
                let name = &shown.name;
                bail!("`macros.ids.{name}`의 번호 {id}인 매크로가 계정에 없습니다");
            }
            Some(self.admin.create::<Macro>(self.body(&shown.name, &shown.here)).await?)
        };
        let made = made.and_then(Macro::of_account).context("이제 계정에 없습니다")?;
        self.settle(shown, &made)
    }

    async fn replace(&self, there: &AccountMacro, actions: &[RuleAction]) -> anyhow::Result<Option<Macro>> {
        let id = there.id.to_string();
        let now = self.admin.get::<Macro>(&id).await?.and_then(Macro::of_account);
        ensure!(now.as_ref() == Some(there), "보여 드리는 동안 계정에서 바뀌었습니다. 다시 확인해 주세요");
        self.admin.change::<Macro>(&id, json!({ "actions": actions, "active": true })).await?;
        Ok(self.admin.get(&id).await?)
    }

    fn body(&self, name: &str, actions: &[RuleAction]) -> Value {
        let macros = &self.files.macros;
        let of_paragraph = || macros.paragraphs().find(|(known, _)| *known == name);
        let (title, description) = match (macros.get(name), of_paragraph()) {
            (Some(found), _) => (found.title.as_str(), found.description.as_deref()),
            (None, Some((_, found))) => (found.title.as_str(), found.description.as_deref()),
            (None, None) => (name, None),
        };
        let description = description.map_or(title.to_owned(), |text| format!("{title}\n{text}"));
        json!({ "title": self.lookup.title(name), "description": description, "active": true, "actions": actions })
    }

    /// Records that both are equal; Zendesk may have stored something other than it was sent.
    fn settle(&mut self, shown: &Compared, made: &AccountMacro) -> anyhow::Result<()> {
        let findings = BTreeMap::from([(shown.name.clone(), Finding::Found(made.clone()))]);
        let same = self.compare(&findings).into_iter().find(|compared| compared.name == shown.name);
        let same = same.is_some_and(|compared| compared.read.as_ref() == Some(&shown.here));
        ensure!(
            same,
            "Zendesk에 보낸 것과 다르게 저장되었습니다. `misread macros diff {}`로 확인해 주세요",
            shown.name
        );
        self.record(&shown.name, Compared::settled(made, &shown.here))
    }

    /// Replaces the file by the account's macro, as shown.
    ///
    /// # Errors
    /// If there is no folder of files, or it cannot be written.
    pub fn pull(&mut self, shown: &Compared) -> anyhow::Result<()> {
        let folder = self.folder.clone().context(
            "내장 파일은 바꿀 수 없습니다. config/를 복사하고 MISREAD_CONFIG에 그 폴더를 적어 주세요",
        )?;
        let (Some(there), Some(text), Some(read)) = (&shown.there, &shown.text, &shown.read) else {
            bail!("계정에 파일로 만들 것이 없습니다");
        };
        write(&folder.join(format!("{}.toml", shown.name)), text)?;
        self.record(&shown.name, Compared::settled(there, read))
    }

    /// Records macros that are equal on both sides.
    ///
    /// # Errors
    /// If the record cannot be written.
    pub fn note_same(&mut self, compared: &[Compared]) -> anyhow::Result<()> {
        for same in compared.iter().filter(|compared| compared.standing == reply::SyncState::Same) {
            if let Some(there) = &same.there {
                self.record(&same.name, Compared::settled(there, &same.here))?;
            }
        }
        Ok(())
    }

    fn record(&mut self, name: &str, settled: Settled) -> anyhow::Result<()> {
        if self.settled.get(name) == Some(&settled) {
            return Ok(());
        }
        self.settled.insert(name.to_owned(), settled);
        let Some(folder) = &self.folder else { return Ok(()) };
        let text = serde_json::to_string_pretty(&self.settled)? + "\n";
        write(&folder.join(RECORD), &text)
    }
}

fn read_record(folder: &Path) -> anyhow::Result<BTreeMap<String, Settled>> {
    let path = folder.join(RECORD);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("{}을(를) 읽을 수 없습니다", path.display()));
        }
    };
    serde_json::from_str(&text).with_context(|| {
        format!(
            "{}을(를) 읽을 수 없습니다. 되살리거나 삭제해 주세요. 삭제하면 다른 것을 모두 충돌로 보여 줍니다",
            path.display()
        )
    })
}

/// Atomic: a truncated file would keep the service from starting.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let beside = path.with_extension("new");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.with_context(|| format!("{}에 쓸 수 없습니다", path.display()))
}
