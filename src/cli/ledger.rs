//! `zhinan ledger`: takes the record out of the house, so that anybody can verify it.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{CommandError, ConfigArg, days, import, told};
use crate::app::proof::export;
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::services::Services;

/// What to do with the record.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Write sealed entries, checkpoints and the public key, without any personal words.
    Export(ExportArgs),
}

/// Which days, and where to.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Cases that were written to since this day, e.g. 2026-11-01; without it every case.
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day; without it the last sealed one.
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// The file of entries; checkpoints.jsonl and checkpoint-key.pem are written beside it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    config: ConfigArg,
}

/// Exports; what is there already is not replaced.
pub async fn run(command: Command) -> Result<(), CommandError> {
    let Command::Export(args) = command;
    days([args.from.as_deref(), args.to.as_deref()])?;
    let config = Config::load(args.config.config.as_deref())?;
    let s = boot::services(&config, Clock::System).await?;
    let written = write(&s, &args).await;
    import::close(&s).await?;
    println!("{}", written?);
    Ok(())
}

async fn write(s: &Services, args: &ExportArgs) -> Result<String, CommandError> {
    let beside = |name: &str| args.out.with_file_name(name);
    let (checkpoints, key) = (beside("checkpoints.jsonl"), beside("checkpoint-key.pem"));
    let files = [args.out.as_path(), &checkpoints, &key];
    let [mut events, mut sealed, mut public] = create(files)?;
    let days = (args.from.as_deref(), args.to.as_deref());
    let written = export::run(s, days, &mut events, &mut sealed).await;
    let held = written.map_err(|why| told(&why));
    let held = match held {
        Ok(held) => held,
        Err(why) => {
            // Empty files would pass for an export of nothing.
            let _removed = files.map(std::fs::remove_file);
            return Err(why.into());
        }
    };
    events.flush()?;
    sealed.flush()?;
    public.write_all(s.signer.public().as_bytes())?;
    public.flush()?;
    // As much as there was to write: what was asked for may begin before, or end behind it.
    let day = |name: &str, asked: &Option<String>, held: &str| {
        asked.as_ref().map_or_else(String::new, |_| format!(" --{name} {held}"))
    };
    let (from, to) = &held.span;
    let part = day("from", &args.from, from) + &day("to", &args.to, to);
    let left_out = held.unreadable.iter().map(|why| format!("！{why}；没有写入\n"));
    let left_out: String = left_out.collect();
    Ok(format!(
        "{left_out}已写入 {} 件工单的 {} 条记录、{} 个已发布指标，{} 个检查点\n核验：zhinan verify --export {} --checkpoints {} --key {}{part}",
        held.cases,
        held.entries,
        held.figures,
        held.days,
        args.out.display(),
        checkpoints.display(),
        key.display()
    ))
}

/// Creates the files, or none of them where one is there already or cannot be written.
fn create(paths: [&Path; 3]) -> Result<[BufWriter<File>; 3], CommandError> {
    match paths.map(File::create_new) {
        [Ok(events), Ok(sealed), Ok(public)] => Ok([events, sealed, public].map(BufWriter::new)),
        made => Err(unmade(paths.into_iter().zip(made)).into()),
    }
}

/// Removes those that were made; says why the first one was not.
fn unmade<'a>(made: impl Iterator<Item = (&'a Path, std::io::Result<File>)>) -> String {
    let mut said = None;
    for (path, one) in made {
        match one {
            Ok(_empty) => drop(std::fs::remove_file(path)),
            Err(why) => {
                said.get_or_insert_with(|| format!("不能写入 {}：{why}", path.display()));
            }
        }
    }
    said.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_one_file_is_there_already_none_is_left_behind_and_that_one_stays() {
        for there in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            let paths = ["events.jsonl", "checkpoints.jsonl", "checkpoint-key.pem"];
            let paths = paths.map(|name| folder.path().join(name));
            std::fs::write(&paths[there], "kept").unwrap();
            let said = create(paths.each_ref().map(PathBuf::as_path)).unwrap_err().to_string();
            assert!(said.starts_with(&format!("不能写入 {}：", paths[there].display())), "{said}");
            let left: Vec<bool> = paths.iter().map(|path| path.exists()).collect();
            assert_eq!(left, [there == 0, there == 1, there == 2]);
            assert_eq!(std::fs::read_to_string(&paths[there]).unwrap(), "kept");
        }
        let folder = tempfile::tempdir().unwrap();
        let one = folder.path().join("checkpoints.jsonl");
        assert!(create([&one, &one, &folder.path().join("key")]).is_err(), "each has its own");
        assert!(!one.exists());
    }
}
