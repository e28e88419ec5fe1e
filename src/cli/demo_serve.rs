//! `zhinan demo serve`: stand-in, street, people and server in one process, in seconds.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use serde_json::{Value, json};

use super::{CommandError, demo, demo_apart, import, sandbox as stand_in};
use crate::app;
use crate::boot::{self, Role};
use crate::clock::Clock;
use crate::config::Config;
use crate::demo::story::RESIDENTS;
use crate::demo::{self as street, SEED, house};
use crate::gateway::http::{Http, Timeouts};
use crate::sandbox::{self, Agent, Credentials, Settings, TextAccount};
use crate::services::Services;

/// Where it lives and listens.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the demo's database, keys, photos and configuration.
    #[arg(long, default_value = "data/demo")]
    dir: PathBuf,
    /// Where the server listens; a first start writes it into the configuration.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Where the stand-in for WeChat listens.
    #[arg(long, default_value = "127.0.0.1:8081")]
    sandbox: SocketAddr,
    /// Serve with two processes, api and engine, as a grown street does. Needs PostgreSQL.
    #[arg(long)]
    apart: bool,
}

/// Serves until asked to stop; the data stays for the next start.
pub async fn run(args: Args) -> Result<(), CommandError> {
    crate::telemetry::start(false, "warn,zhinan=info,sqlx=warn");
    let listener = stand_in::bind(args.sandbox, "--sandbox")?;
    let config = configured(&args, listener.local_addr()?)?;
    if let Some(why) = demo_apart::refused(&config).filter(|_| args.apart) {
        return Err(why.into());
    }
    // Taken early, so that a busy port is told before a street is imported; given back at once.
    drop(stand_in::bind(config.server.listen, "--listen")?);
    let running = sandbox::serve(listener, sandbox_settings(&config))?;
    let handle = running.handle;
    let house = Box::pin(keep_house(&config, args.apart, &handle));
    let (served, kept) = tokio::join!(running.server, house);
    kept?;
    Ok(served?)
}

fn configured(args: &Args, sandbox: SocketAddr) -> Result<Config, CommandError> {
    let path = house::config_path(&args.dir);
    if !path.exists() {
        let listen = args.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)));
        house::write_config(&args.dir, (listen, sandbox), &mut rand::rng())?;
    }
    let mut config = Config::load(Some(&path))?;
    config.server.listen = args.listen.unwrap_or(config.server.listen);
    config.wechat.base_url = format!("http://{sandbox}");
    config.wecom.base_url.clone_from(&config.wechat.base_url);
    Ok(config)
}

fn sandbox_settings(config: &Config) -> Settings {
    let account = |app: &crate::config::WechatApp| {
        Some(Credentials { appid: app.appid.clone(), secret: app.secret.expose().to_owned() })
    };
    let (mini, oa) = (account(&config.wechat.mini), account(&config.wechat.oa));
    let text = &config.sms;
    let sms = (!text.secret_id.is_empty()).then(|| TextAccount {
        secret_id: text.secret_id.clone(),
        secret_key: text.secret_key.expose().to_owned(),
        app_id: text.app_id.clone(),
    });
    let card = &config.wecom;
    let wecom = (!card.secret.is_empty()).then(|| Agent {
        corpid: card.corpid.clone(),
        agentid: card.agentid,
        secret: card.secret.expose().to_owned(),
    });
    Settings { clock: Clock::System, mini, oa, sms, wecom, workers: 1 }
}

/// Prepares and serves; whatever happens, the stand-in ends with it.
async fn keep_house(
    config: &Config,
    apart: bool,
    sandbox: &ServerHandle,
) -> Result<(), CommandError> {
    let outcome = async {
        let s = boot::services(config, Clock::System).await?;
        let people = settle(&s).await?;
        introduce(config, &people).await?;
        if apart {
            import::close(&s).await?;
            return demo_apart::run(config, || announce(config)).await;
        }
        announce(config);
        boot::run(s, config, Role::All).await?;
        Ok(())
    }
    .await;
    sandbox.stop(true).await;
    outcome
}

/// Imports the street and binds its people when the data folder has none; returns the people.
async fn settle(s: &Services) -> Result<Vec<street::staff::Person>, CommandError> {
    if s.places.now().all().next().is_none() {
        println!("首次启动：正在生成南城街道演示数据……");
        let folder = tempfile::tempdir()?;
        street::folder::write_folder(&street::street::generate(SEED), folder.path())?;
        let (files, _report) = app::import::prepare(folder.path())
            .map_err(|report| format!("演示街道有 {} 处错误", report.errors.len()))?;
        import::print_counts(&app::import::run::run(s, files).await?);
    }
    demo::bind_people(s, SEED).await?;
    Ok(street::staff::invent(SEED, &demo::places(s)))
}

/// Tells the stand-in whose phones its page shows, and what the cards' fields are called.
async fn introduce(config: &Config, people: &[street::staff::Person]) -> Result<(), CommandError> {
    let patience = Timeouts { connect: Duration::from_secs(2), total: Duration::from_secs(5) };
    let http = Http::new(patience)?;
    let tell = async |path: &str, body: Value| -> Result<(), CommandError> {
        let url = format!("{}/_sandbox/{path}", config.wechat.base_url);
        let reply = http.post_json(&url, &[], &body).await?;
        if reply.status < 300 { Ok(()) } else { Err(format!("{url}: {}", reply.status).into()) }
    };
    for person in people {
        let role = role_of(person);
        for openid in [&person.openid_mini, &person.openid_oa] {
            tell("people", json!({ "openid": openid, "name": person.name, "role": role })).await?;
        }
    }
    let card = &config.wecom;
    if !card.token.is_empty() {
        let url = format!("http://{}/wecom", config.server.listen);
        let (token, aes_key) = (card.token.expose(), card.aes_key.expose());
        tell("wecom/ear", json!({ "url": url, "token": token, "aes_key": aes_key })).await?;
    }
    for (openid, name) in RESIDENTS {
        tell("people", json!({ "openid": openid, "name": name, "role": "居民" })).await?;
    }
    for (id, title, labels) in templates(config) {
        tell("templates", json!({ "template_id": id, "title": title, "labels": labels })).await?;
    }
    Ok(())
}

fn role_of(person: &street::staff::Person) -> String {
    let duties = person.duties.iter().map(|(grid, role)| format!("{} {grid}", role.zh()));
    let street = person.street_roles.iter().map(|role| role.zh().to_owned());
    duties.chain(street).collect::<Vec<_>>().join("、")
}

fn templates(config: &Config) -> [(&str, &'static str, Value); 4] {
    let ids = &config.wechat.templates;
    let told = json!({ "character_string1": "工单号", "thing2": "事项", "phrase3": "状态", "time4": "时间", "thing5": "说明" });
    [
        (
            &ids.staff_case,
            "工单提醒",
            json!({ "character_string1": "工单号", "thing2": "事项", "thing3": "网格", "time4": "签收时限", "thing5": "说明" }),
        ),
        (&ids.resident_acknowledged, "受理进度提醒", told.clone()),
        (&ids.resident_resolved, "办理结果提醒", told),
        (
            &ids.resident_question,
            "请补充地址",
            json!({ "character_string1": "工单号", "thing2": "请回答", "time3": "时间" }),
        ),
    ]
}

fn announce(config: &Config) {
    let server = config.server.listen;
    let program = std::env::args().next().unwrap_or_else(|| "zhinan".to_owned());
    println!("\n智南演示已就绪");
    println!("  服务与接口说明 http://{server}/");
    println!(
        "  微信替身      {}/   （发到每个人微信里的通知；亲手试小程序用 make phones）",
        config.wechat.base_url
    );
    println!(
        "  演一遍故事    {program} demo story --url http://{server} --sandbox {} --config {}",
        config.wechat.base_url,
        house::config_path(&config.data.dir).display()
    );
    println!("  按 Ctrl-C 结束；数据保留在 {}\n", config.data.dir.display());
}
