//! The binary: parses the command line, runs it, prints why it failed.

use std::process::ExitCode;

use clap::Parser;
use zhinan::cli::{self, Cli};

#[expect(clippy::expect_used, reason = "without threads there is nobody to tell")]
fn main() -> ExitCode {
    let cli = Cli::parse();
    let system = actix_web::rt::System::with_tokio_rt(|| {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("the operating system gives threads and timers")
    });
    match system.block_on(cli::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("zhinan: {error}");
            let mut cause = error.source();
            while let Some(next) = cause {
                eprintln!("  because: {next}");
                cause = next.source();
            }
            ExitCode::FAILURE
        }
    }
}
