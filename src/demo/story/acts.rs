//! What the people do, case by case.

use serde_json::{Value, json};

use super::Message;
use super::client::{Actor, Stage, StoryError, text};

/// A case whose story is told to its end.
#[derive(Debug)]
pub struct Ended {
    /// What happened, in a word.
    pub act: &'static str,
    /// The case as the resident sees it.
    pub detail: Value,
}

/// A case under way.
struct Case<'a> {
    stage: &'a Stage,
    resident: Actor,
    id: i64,
    number: String,
    /// Small grid; empty in triage.
    grid: String,
}

/// Plays one message to its end. Fails with the first expectation that is not met.
pub async fn play(
    stage: &Stage,
    message: &Message,
    resident: &str,
    run: &str,
) -> Result<Ended, StoryError> {
    let resident = stage.sign_in(resident).await?;
    let body = json!({
        "text": message.text, "category": message.category, "location": message.gps,
        "urgency": { "danger": message.danger, "stuck": message.stuck },
        "contact_phone": "13900000001",
    });
    let key = format!("story-{run}-{}", message.id);
    let view = stage.report(&resident, &key, &body).await?;
    let mut case = Case {
        stage,
        resident,
        id: view.pointer("/id").and_then(Value::as_i64).unwrap_or_default(),
        number: text(&view, "/number").to_owned(),
        grid: text(&view, "/grid/small/id").to_owned(),
    };
    expect(&case, message, &view)?;
    let act = Box::pin(case.goes_on(message, &view)).await?;
    let detail = stage.get(&case.resident, &format!("/api/v1/cases/{}", case.id)).await?;
    Ok(Ended { act, detail })
}

/// The tables decide where a message goes; the server must say the same.
fn expect(case: &Case<'_>, message: &Message, view: &Value) -> Result<(), StoryError> {
    let state = text(view, "/state");
    let wanted = message.expected.grid.as_deref().unwrap_or_default();
    let met = if message.expected.action == "route" {
        state == "assigned" && case.grid == wanted
    } else {
        state == "triage"
    };
    if met {
        return Ok(());
    }
    Err(StoryError::new(format!(
        "应当 {} {wanted}，实际是 {state} {}（{}）",
        message.expected.action,
        case.grid,
        text(view, "/place_reason")
    )))
}

impl Case<'_> {
    async fn goes_on(
        &mut self,
        message: &Message,
        view: &Value,
    ) -> Result<&'static str, StoryError> {
        match (message.id.as_str(), message.expected.action.as_str()) {
            ("m02", _) => self.reopened().await,
            ("m08", _) => self.returned().await,
            ("m19", _) => self.nobody_answers().await,
            (_, "route") => self.handled().await,
            (_, "reject") => self.rejected().await,
            (_, "route_big") => self.placed_by_community(view).await,
            _ => self.placed_by_answer(view).await,
        }
    }

    async fn act(&self, who: &Actor, verb: &str, body: Value) -> Result<Value, StoryError> {
        self.stage.act(who, self.id, verb, body).await
    }

    async fn become_state(&self, wanted: &str) -> Result<(), StoryError> {
        let path = format!("/api/v1/cases/{}", self.id);
        let seen = self.stage.get(&self.resident, &path).await?;
        match text(&seen, "/state") {
            state if state == wanted => Ok(()),
            state => {
                Err(StoryError::new(format!("{} 应当是 {wanted}，实际是 {state}", self.number)))
            }
        }
    }

    /// The grid worker gets the card, acknowledges, calls, works and resolves.
    async fn worked(&self) -> Result<Actor, StoryError> {
        self.stage.arrives(&format!("demo-oa-gw-{}", self.grid), &self.number).await?;
        let worker = self.stage.sign_in(&format!("demo-gw-{}", self.grid)).await?;
        self.act(&worker, "acknowledgement", json!({})).await?;
        self.stage.arrives(&self.resident.openid, &self.number).await?;
        self.carried_out(&worker).await?;
        Ok(worker)
    }

    async fn carried_out(&self, worker: &Actor) -> Result<(), StoryError> {
        let call = json!({ "method": "phone", "outcome": "reached", "note": "约好马上到现场" });
        self.act(worker, "contacts", call).await?;
        self.act(worker, "updates", json!({ "text": "已到现场查看，正在联系维修" })).await?;
        self.resolved(worker, "问题已处理，请您确认").await
    }

    async fn resolved(&self, worker: &Actor, words: &str) -> Result<(), StoryError> {
        self.act(worker, "resolution", json!({ "result_type": "solved", "text": words })).await?;
        Ok(())
    }

    async fn confirmed(&self) -> Result<(), StoryError> {
        let marks = json!({ "result": 5, "attitude": 5, "comment": "来得很快，谢谢" });
        self.act(&self.resident, "confirmation", marks).await?;
        self.become_state("closed").await
    }

    async fn handled(&self) -> Result<&'static str, StoryError> {
        self.worked().await?;
        self.confirmed().await?;
        Ok("网格员办结，居民确认并评价")
    }

    async fn reopened(&self) -> Result<&'static str, StoryError> {
        let worker = self.worked().await?;
        let reason = json!({ "reason": "修好半小时又停了" });
        self.act(&self.resident, "reopening", reason).await?;
        self.become_state("in_progress").await?;
        self.resolved(&worker, "更换了控制板，已试运行").await?;
        self.confirmed().await?;
        Ok("居民不满意重开，再次办结后确认")
    }

    async fn returned(&mut self) -> Result<&'static str, StoryError> {
        self.stage.arrives(&format!("demo-oa-gw-{}", self.grid), &self.number).await?;
        let worker = self.stage.sign_in(&format!("demo-gw-{}", self.grid)).await?;
        let why = json!({ "reason": "这段路灯归相邻网格管", "proposed_unit": "G00702" });
        self.act(&worker, "return", why).await?;
        self.become_state("triage").await?;
        self.placed("demo-triage-desk", "G00702").await?;
        self.worked().await?;
        self.confirmed().await?;
        Ok("退单后由分拣员重新派单")
    }

    /// Nobody answers: the chain climbs until the community's secretary takes it.
    async fn nobody_answers(&self) -> Result<&'static str, StoryError> {
        let community = self.community().await?;
        for step in [format!("gw-{}", self.grid), format!("gb-{}", self.grid)] {
            self.stage.arrives(&format!("demo-oa-{step}"), &self.number).await?;
        }
        let more = json!({ "text": "家里只有一位老人，行动不便" });
        self.act(&self.resident, "updates", more).await?;
        let command = self.stage.sign_in("demo-command").await?;
        self.act(&command, "supervision", json!({ "note": "请社区书记跟进" })).await?;
        self.stage.arrives(&format!("demo-oa-secretary-{community}"), &self.number).await?;
        let secretary = self.stage.sign_in(&format!("demo-secretary-{community}")).await?;
        self.act(&secretary, "acknowledgement", json!({})).await?;
        self.carried_out(&secretary).await?;
        self.confirmed().await?;
        Ok("网格员一直没有签收，居民补充、街道督办，逐级升级到社区书记")
    }

    async fn community(&self) -> Result<String, StoryError> {
        let seen = self.stage.get(&self.resident, &format!("/api/v1/cases/{}", self.id)).await?;
        Ok(text(&seen, "/grid/large/id").to_owned())
    }

    async fn placed(&mut self, who: &str, grid: &str) -> Result<(), StoryError> {
        let person = self.stage.sign_in(who).await?;
        let where_to = json!({ "grid": grid, "reason": "核对地址后指派" });
        self.act(&person, "assignment", where_to).await?;
        grid.clone_into(&mut self.grid);
        self.become_state("assigned").await
    }

    async fn rejected(&self) -> Result<&'static str, StoryError> {
        let desk = self.stage.sign_in("demo-triage-desk").await?;
        let why =
            json!({ "code": "outside_duty", "explanation": "不在南城街道范围，请联系当地镇政府" });
        self.act(&desk, "rejection", why).await?;
        self.become_state("rejected").await?;
        Ok("不在本街道，分拣员告知去向")
    }

    /// Only the community is certain: its own cadre knows which grid.
    async fn placed_by_community(&mut self, view: &Value) -> Result<&'static str, StoryError> {
        let community = text(view, "/grid/large/id").to_owned();
        let short = community.get(community.len().saturating_sub(2)..).unwrap_or_default();
        self.placed(&format!("demo-cadre-{community}"), &format!("G0{short}01")).await?;
        self.worked().await?;
        self.confirmed().await?;
        Ok("只确定到社区，由社区干部派单")
    }

    /// A question with answers goes to the resident; without, the triage desk decides.
    async fn placed_by_answer(&mut self, view: &Value) -> Result<&'static str, StoryError> {
        let first = text(view, "/triage/question/answers/0/grid").to_owned();
        let act = if first.is_empty() {
            self.placed("demo-triage-desk", "G00101").await?;
            "地址无法判断，由分拣员派单"
        } else {
            self.act(&self.resident, "answer", json!({ "grid": first })).await?;
            self.grid = first;
            self.become_state("assigned").await?;
            "问了一句，居民点选后派单"
        };
        self.worked().await?;
        self.confirmed().await?;
        Ok(act)
    }
}
