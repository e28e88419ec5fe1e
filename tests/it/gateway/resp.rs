//! As much of Redis as sharing a token needs: GET, SET NX, PSETEX and DEL, without expiry.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::kit::spawn;

type Keys = Arc<Mutex<HashMap<String, String>>>;

pub async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let keys = Keys::default();
    spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            spawn(serve(stream, Arc::clone(&keys)));
        }
    });
    address
}

async fn serve(stream: TcpStream, keys: Keys) {
    let mut stream = BufReader::new(stream);
    while let Some(command) = command(&mut stream).await {
        let answer = answer(&command, &keys);
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

async fn command(stream: &mut BufReader<TcpStream>) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for _ in 0..number(stream, '*').await? {
        let length = number(stream, '$').await?;
        let mut word = vec![0; length + 2];
        stream.read_exact(&mut word).await.ok()?;
        word.truncate(length);
        words.push(String::from_utf8(word).unwrap());
    }
    Some(words)
}

async fn number(stream: &mut BufReader<TcpStream>, mark: char) -> Option<usize> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    line.trim().strip_prefix(mark)?.parse().ok()
}

fn answer(command: &[String], keys: &Keys) -> String {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let mut keys = keys.lock().unwrap();
    match words.as_slice() {
        ["GET", key] => match keys.get(*key) {
            Some(value) => format!("${}\r\n{value}\r\n", value.len()),
            None => "$-1\r\n".into(),
        },
        ["SET", key, _, "NX", ..] if keys.contains_key(*key) => "$-1\r\n".into(),
        ["SET", key, value, ..] | ["PSETEX", key, _, value] => {
            keys.insert((*key).into(), (*value).into());
            "+OK\r\n".into()
        }
        ["DEL", key] => format!(":{}\r\n", usize::from(keys.remove(*key).is_some())),
        _ => "+OK\r\n".into(),
    }
}
