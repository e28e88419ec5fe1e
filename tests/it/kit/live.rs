//! A client of the live connection over a real socket.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const PATIENCE: Duration = Duration::from_mins(1);

pub struct Live(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Live {
    /// Connects without saying anything; `base` is the address of the server.
    pub async fn connect(base: &str) -> Self {
        let url = format!("{}/api/v1/live", base.replace("http://", "ws://"));
        Self(connect_async(url).await.unwrap().0)
    }

    /// Connects and brings a token, going on after an event where one is named.
    pub async fn open(base: &str, token: &str, after: Option<i64>) -> Self {
        let mut live = Self::connect(base).await;
        let mut hello = json!({ "token": token });
        if let Some(after) = after {
            hello["after"] = after.into();
        }
        live.say(&hello).await;
        live
    }

    /// Connects and waits until the server is ready; returns what it said.
    pub async fn ready(base: &str, token: &str, after: Option<i64>) -> (Self, Value) {
        let mut live = Self::open(base, token, after).await;
        let ready = live.next().await;
        assert_eq!(ready["kind"], "ready", "{ready}");
        (live, ready)
    }

    pub async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// Returns the next message that is no hint; fails when the server closes instead.
    pub async fn next(&mut self) -> Value {
        loop {
            let said = self.any().await;
            if said["kind"] != "changed" {
                return said;
            }
        }
    }

    /// Returns the ids of the next hint, whatever comes before it.
    pub async fn changed(&mut self) -> Vec<i64> {
        loop {
            let mut said = self.any().await;
            if said["kind"] == "changed" {
                assert_eq!(said.as_object().unwrap().len(), 2, "a hint says ids only: {said}");
                return serde_json::from_value(said["cases"].take()).unwrap();
            }
        }
    }

    /// Returns the next message, whatever it is.
    pub async fn any(&mut self) -> Value {
        match self.frame().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("not an event: {other:?}"),
        }
    }

    /// Returns the next `count` events.
    pub async fn events(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        while events.len() < count {
            events.push(self.next().await);
        }
        events
    }

    /// Returns the code and the word with which the server closed, whatever it sent before.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Message::Close(reason) = self.frame().await {
                let reason = reason.unwrap();
                return (reason.code.into(), reason.reason.to_string());
            }
        }
    }

    async fn frame(&mut self) -> Message {
        let frame = async {
            loop {
                match self.0.next().await.expect("the connection broke").unwrap() {
                    Message::Ping(_) | Message::Pong(_) => {}
                    frame => return frame,
                }
            }
        };
        timeout(PATIENCE, frame).await.expect("the server says nothing")
    }
}
