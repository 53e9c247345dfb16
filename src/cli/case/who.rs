//! The name of the person who gives an order by the command line; the journal records it.

use clap::Args;

use crate::cli::wrong::Mistyped;
use crate::config::{Environment as _, ProcessEnvironment};
use crate::domain::person::LONGEST_NAME;

/// Who it is.
#[derive(Debug, Args)]
pub(super) struct By {
    /// 기록에 남길 지시한 사람의 이름. 없으면 이 컴퓨터의 사용자 이름을 씁니다.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl By {
    /// The given name, or else the user name of this machine, without control characters.
    pub(super) fn name(&self) -> Result<String, Mistyped> {
        let known = || {
            let name = |name| ProcessEnvironment.variable(name)?.into_string().ok();
            ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(name)
        };
        let name = self.by.clone().or_else(known).unwrap_or_default();
        let name: String = name.trim().chars().filter(|character| !character.is_control()).collect();
        match name.chars().count() {
            0 => Err(Mistyped("누구인지 알 수 없습니다. `--by NAME`으로 이름을 적어 주세요.".to_owned())),
            1..=LONGEST_NAME => Ok(name),
            _ => Err(Mistyped(format!("`--by`의 이름이 {LONGEST_NAME}자를 넘습니다."))),
        }
    }
}
