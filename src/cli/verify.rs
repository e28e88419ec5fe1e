//! `zhinan verify`: proves that nobody changed the record, and that what was published follows from it.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{CommandError, ConfigArg, days, import, told};
use crate::app::proof::verify::{self, Expected, Report};
use crate::boot;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::case::ledger::checkpoint::Signed;
use crate::domain::case::ledger::proof::{Finding, Verdict};
use crate::vault::signing::Verifier;

/// How many findings are named.
const NAMED: usize = 20;

/// What to verify.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Entries as `zhinan ledger export` wrote them; nothing else is asked then.
    #[arg(long, value_name = "FILE", requires = "checkpoints", requires = "key", conflicts_with_all = ["database", "config", "case"])]
    export: Option<PathBuf>,
    /// Checkpoints that were kept elsewhere; without them the database is held against its own.
    #[arg(long, value_name = "FILE")]
    checkpoints: Option<PathBuf>,
    /// The public key that verifies them.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The day from which the export holds every case, where it was made with --from.
    #[arg(long, value_name = "DAY", requires = "export")]
    from: Option<String>,
    /// The last day of the export, where it was made with --to.
    #[arg(long, value_name = "DAY", requires = "export")]
    to: Option<String>,
    /// Address of the database, where it is not the configured one.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Only one case by itself, e.g. NC-20261123-00042.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["checkpoints", "key"])]
    case: Option<String>,
    #[command(flatten)]
    config: ConfigArg,
}

/// Verifies; fails when a single entry or figure is not what was sealed.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let began = Instant::now();
    days([args.from.as_deref(), args.to.as_deref()])?;
    let key = args.key.as_deref().map(read_key).transpose()?;
    let read = args.checkpoints.as_deref().map(read_checkpoints).transpose()?;
    let (sealed, faults) = read.unzip();
    let with_faults = |mut report: Report| {
        report.verdict.findings.splice(0..0, faults.unwrap_or_default());
        tell(&report, began)
    };
    if let (Some(export), Some(key)) = (&args.export, &key) {
        let expected = Expected { from: args.from.as_deref(), to: args.to.as_deref() };
        let sealed = (sealed.unwrap_or_default(), key);
        return with_faults(verify::files(open(export)?, sealed, expected)?);
    }
    let mut config = Config::load(args.config.config.as_deref())?;
    if let Some(url) = args.database {
        config.database.url = url;
    }
    let s = boot::services(&config, Clock::System).await?;
    if let Some(number) = &args.case {
        let verdict = verify::one(&s, number).await;
        import::close(&s).await?;
        let verdict = verdict.map_err(|why| told(&why))?;
        return tell(&Report { verdict, ..Report::default() }, began);
    }
    let report = verify::database(&s, sealed, key).await;
    import::close(&s).await?;
    with_faults(report.map_err(|why| told(&why))?)
}

fn open(path: &Path) -> Result<BufReader<File>, CommandError> {
    let file = File::open(path).map_err(|why| format!("不能读取 {}：{why}", path.display()))?;
    Ok(BufReader::with_capacity(1 << 20, file))
}

fn read_key(path: &Path) -> Result<Verifier, CommandError> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|why| format!("不能读取 {}：{why}", path.display()))?;
    Ok(Verifier::read(&text).ok_or(format!("{} 不是 Ed25519 公钥（PEM）", path.display()))?)
}

fn read_checkpoints(path: &Path) -> Result<(Vec<Signed>, Vec<Finding>), CommandError> {
    Ok(verify::checkpoints(open(path)?)?)
}

fn tell(report: &Report, began: Instant) -> Result<(), CommandError> {
    let Verdict { cases, entries, erased, unexplained, findings, remarks } = &report.verdict;
    for finding in findings.iter().take(NAMED) {
        println!("✗ {finding}");
    }
    for one in &report.differs {
        for wrong in one.figures.iter().take(NAMED) {
            println!("✗ {} {wrong}", one.period);
        }
        println!("✗ {}{}", one.period, one.moved);
    }
    if let Some((first, last, days)) = &report.days {
        println!("{days} 个检查点，{first} 至 {last}");
    }
    if let Some(from) = &report.from {
        println!("{from} 起有记录的工单都应在导出文件里");
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{cases} 件工单，{entries} 条记录，其中 {erased} 条的内容已依法删除；用时 {seconds:.1} 秒"
    );
    if *unexplained > 0 {
        println!("！其中 {unexplained} 条的删除记录尚未封存，这份文件无从核对；指标不读取这些内容");
    }
    for remark in remarks {
        println!("！{remark}");
    }
    println!("{} 个已发布指标由记录重算", report.figures);
    if report.is_whole() {
        println!("✓ 记录完整，未被改动；公布的指标与记录一致");
        return Ok(());
    }
    let (changed, months) = (findings.len(), report.differs.len());
    let figures: usize = report.differs.iter().map(|one| one.figures.len()).sum();
    Err(format!(
        "{changed} 处记录被改动或无从核对，{months} 个月的印发与记录不符，涉及 {figures} 个指标"
    )
    .into())
}
