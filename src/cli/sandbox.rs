//! `zhinan sandbox`: the stand-in for WeChat alone.

use std::net::{SocketAddr, TcpListener};

use super::CommandError;
use crate::clock::Clock;
use crate::sandbox::{self, Settings};

/// Where it listens.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address and port.
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
}

/// Serves the stand-in until asked to stop.
pub async fn run(args: Args) -> Result<(), CommandError> {
    let settings =
        Settings { clock: Clock::System, mini: None, oa: None, sms: None, wecom: None, workers: 1 };
    let running = sandbox::serve(bind(args.listen, "--listen")?, settings)?;
    println!("微信替身 http://{}/", running.address);
    let handle = running.handle;
    let stopping = async {
        crate::lifecycle::asked_to_stop().await;
        handle.stop(true).await;
    };
    let (served, ()) = tokio::join!(running.server, stopping);
    Ok(served?)
}

/// Takes a port, or says which option chooses another.
pub fn bind(address: SocketAddr, option: &str) -> Result<TcpListener, CommandError> {
    TcpListener::bind(address).map_err(|why| {
        format!("{address} 无法监听（{why}）；端口可能被别的程序占用，请用 {option} 换一个").into()
    })
}
