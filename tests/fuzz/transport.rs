//! Another system whose answers are the fuzzer's bytes, and a way to wait for what never waits.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use axum::http::{HeaderName, HeaderValue};
use misread::http::Transport;
use reqwest::{Error, Request, Response};

use super::input::Input;

/// More requests than any call may make.
const MOST_REQUESTS: usize = 210;

/// Answers in their order, then 500s.
#[derive(Debug)]
pub(super) struct Canned(Mutex<State>);

#[derive(Debug)]
struct State {
    answers: VecDeque<axum::http::Response<Vec<u8>>>,
    requests: usize,
}

impl Canned {
    /// Each answer is a byte for the status, a line of headers and a body, the last two ended by a byte 0.
    pub(super) fn read(input: &mut Input<'_>) -> Arc<Self> {
        let mut answers = VecDeque::new();
        while !input.is_empty() && answers.len() < MOST_REQUESTS {
            answers.push_back(answer(input));
        }
        Arc::new(Self(Mutex::new(State { answers, requests: 0 })))
    }
}

fn answer(input: &mut Input<'_>) -> axum::http::Response<Vec<u8>> {
    let status = input.pick(&[200, 401, 404, 409, 422, 429, 400, 500, 503, 302, 204, 403, 413, 408]);
    let headers = input.text();
    let mut answer = axum::http::Response::new(input.part().to_vec());
    *answer.status_mut() = axum::http::StatusCode::from_u16(status).expect("it is one");
    for header in headers.split('|') {
        let (name, value) = header.split_once(':').unwrap_or_default();
        let name = HeaderName::from_bytes(name.trim().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.trim().as_bytes())) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}

#[async_trait::async_trait]
impl Transport for Canned {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        if request.url().path() == "/api/v2/users/me" {
            let me = br#"{"user":{"id":8}}"#;
            return Ok(Response::from(axum::http::Response::new(me.to_vec())));
        }
        let mut state = self.0.lock().expect("one thread");
        state.requests += 1;
        assert!(state.requests <= MOST_REQUESTS, "one call asks without end");
        let end = || {
            let mut end = axum::http::Response::new(Vec::new());
            *end.status_mut() = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
            end
        };
        Ok(Response::from(state.answers.pop_front().unwrap_or_else(end)))
    }
}

/// The outcome of what has all that it needs.
pub(super) fn at_once<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..10_000 {
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            return outcome;
        }
    }
    panic!("it waits for something")
}
