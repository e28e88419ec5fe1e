//! Little room on the disk is said once, shown to whoever asks, and taken back.

use tracing::Level;
use zhinan::app::readiness;
use zhinan::config::Config;
use zhinan::engine::sweep;

use super::kit::{World, on_each_with};
use crate::kit::logs::Logs;

fn lines(logs: &Logs, level: Level, words: &str) -> usize {
    logs.lines().iter().filter(|line| line.level == level && line.text.contains(words)).count()
}

fn shown(w: &World) -> String {
    let all = w.s.metrics.render().unwrap();
    all.lines().find(|line| line.starts_with("zhinan_low_space")).unwrap().to_owned()
}

#[tokio::test]
async fn little_room_is_an_alarm_once_and_ends_when_there_is_room() {
    let most = |config: &mut Config| config.database.low_space_mb = u64::MAX;
    on_each_with(most, async |w| {
        let logs = Logs::default();
        let _listening = logs.listen();
        for _ in 0..3 {
            sweep::run(&w.s).await.unwrap();
        }
        assert_eq!(lines(&logs, Level::ERROR, "little room"), 1, "{:?}", logs.lines());
        assert_eq!(shown(&w), "zhinan_low_space 1");
        assert!(readiness::run(&w.s).await.unwrap().low_space);
    })
    .await;
    on_each_with(
        |config| config.database.low_space_mb = 0,
        async |w| {
            let logs = Logs::default();
            let _listening = logs.listen();
            w.s.metrics.low_space.set(1);
            for _ in 0..2 {
                sweep::run(&w.s).await.unwrap();
            }
            assert_eq!(lines(&logs, Level::INFO, "room again"), 1, "{:?}", logs.lines());
            assert_eq!(shown(&w), "zhinan_low_space 0");
            assert!(!readiness::run(&w.s).await.unwrap().low_space);
        },
    )
    .await;
}
